"""From a mix and its references to their differences."""

from __future__ import annotations

from collections.abc import Sequence

from .. import InvalidArgument
from ..genres import band_levels
from ..qc import Inspectable, Inspection, inspect_all
from ..typing import Progress
from ._comparison import Comparison, ThirdDifference, Track
from ._differences import compare_bands, difference, raised
from ._figures import compare_figures
from ._sections import compare_sections

__all__ = ["compare"]

FEWEST = 5  # references; under that there is no range
MOST_SECTIONS = 100
FULL_AIR_HZ = 16000.0  # a cut-off below takes something off the level of air
FEW_TRACKS = 3  # up to which each is named
THIRD_EDGE = 10.0**0.05  # IEC 61260-1: from the centre of a third octave to its edge


def compare(
    mix: Inspectable,
    *references: Inspectable,
    sections: int = 8,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Comparison:
    """Compare a mix with references at equal loudness.

    Each reference is brought to the integrated loudness of the mix; no audio is changed. Tracks
    that were not inspected before are inspected side by side, on all cores.

    Args:
        mix: A path, an open binary file, or an `Inspection`.
        references: Likewise; at least one.
        sections: How many stretches of equal length the mix is cut into, 1 to 100; fewer where
            they would last under 10 s.
        threads: Cores to use; None: all.
        progress: Called with (seconds done, seconds in all or None) over all tracks, from the
            threads that work. An error that it raises cancels the work and goes on to the caller.

    Raises:
        InvalidArgument: There is no reference, or an argument is outside.
        LoudscopeError: As in `loudscope.qc.inspect`.
    """
    if not references:
        raise InvalidArgument("references: there are none; give at least one track")
    if isinstance(sections, bool) or not 1 <= sections <= MOST_SECTIONS:
        raise InvalidArgument(f"sections={sections}: give 1 to {MOST_SECTIONS}")
    return _compared(inspect_all((mix, *references), threads=threads, progress=progress), sections)


def _compared(tracks: Sequence[Inspection], sections: int) -> Comparison:
    mix, *references = tracks
    gains = [_gain(mix, it) for it in references]
    levels = [band_levels(it.analysis) for it in tracks]
    cut = compare_sections(mix.analysis, [it.analysis for it in references], gains, sections)
    return Comparison(
        mix=_track(mix, 0.0 if mix.analysis.integrated is not None else None),
        references=tuple(map(_track, references, gains)),
        figures=compare_figures(mix, references, gains),
        bands=compare_bands(levels[0], levels[1:], gains),
        thirds=_thirds(tracks, gains),
        sections=cut.sections,
        cut=cut.words,
        confidence=_confidence(len(references)),
        limits=(*_limits(tracks, gains), *cut.limits),
    )


def _gain(mix: Inspection, reference: Inspection) -> float | None:
    """What brings the reference to the loudness of the mix, dB."""
    target, own = mix.analysis.integrated, reference.analysis.integrated
    return None if target is None or own is None else target - own


def _track(inspection: Inspection, gain: float | None) -> Track:
    analysis = inspection.analysis
    return Track(
        name=analysis.name, duration=analysis.duration, integrated=analysis.integrated, gain=gain
    )


def _thirds(
    tracks: Sequence[Inspection], gains: Sequence[float | None]
) -> tuple[ThirdDifference, ...]:
    mix, *references = map(_third_levels, tracks)
    return tuple(
        ThirdDifference(
            hz=hz,
            **difference(
                level,
                [raised(it.get(hz), gain) for it, gain in zip(references, gains, strict=True)],
            ),
        )
        for hz, level in mix.items()
    )


def _third_levels(track: Inspection) -> dict[float, float | None]:
    """Level of each third octave by its centre; None where a codec left nothing."""
    spectrum, cutoff = track.spectrum, _cutoff(track)
    if spectrum is None:
        return {}
    return {
        hz: level if cutoff is None or hz * THIRD_EDGE <= cutoff else None
        for hz, level in zip(spectrum.frequencies_hz, spectrum.levels_db, strict=True)
    }


def _cutoff(track: Inspection) -> float | None:
    codec = track.faults.codec
    return codec.cutoff_hz if codec is not None and codec.likely_lossy else None


def _confidence(n: int) -> str:
    if n == 1:
        return "A difference from one reference, which may itself be the unusual one; no range"
    if n < FEWEST:
        return f"Differences from {n} references; a range takes {FEWEST}"
    return f"Ranges of {n} references: where eight of ten further tracks like them would lie"


def _limits(tracks: Sequence[Inspection], gains: Sequence[float | None]) -> tuple[str, ...]:
    limits = ["A difference is a fact, not a fault: references show what was done elsewhere."]
    if None in gains:
        limits.append(
            "The mix or a reference has no integrated loudness: without it nothing is matched."
        )
    return (*limits, *_codec_limits(tracks))


def _codec_limits(tracks: Sequence[Inspection]) -> list[str]:
    """What codecs cut off: of each track, or of many in one sentence."""
    found = [(track.analysis.name, cut) for track in tracks if (cut := _cutoff(track)) is not None]
    if len(found) <= FEW_TRACKS:
        return [
            f"{name}: a lossy codec leaves nothing above {cut / 1000:.1f} kHz; "
            f"{_what_is_lost(cut)}."
            for name, cut in found
        ]
    low, high = min(cut for _, cut in found), max(cut for _, cut in found)
    return [
        f"Lossy codecs cut {len(found)} of {len(tracks)} tracks off, at {low / 1000:.1f} to "
        f"{high / 1000:.1f} kHz; {_what_is_lost(low)}."
    ]


def _what_is_lost(cutoff_hz: float) -> str:
    left_out = "third octaves above are left out"
    return f"its air reads low, and {left_out}" if cutoff_hz < FULL_AIR_HZ else left_out
