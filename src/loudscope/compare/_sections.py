"""The mix in stretches of equal length, each beside the references."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .. import Analysis
from ..genres import BandLevel, band_levels
from ._comparison import FigureDifference, SectionDifference
from ._differences import compare_bands, difference, raised

__all__ = ["Sections", "compare_sections"]

SHORTEST_SECONDS = 10.0
SAME_LENGTH = 0.01  # the difference in length up to which two tracks count as one arrangement
BLOCKS_PER_SECOND = 10  # spans snap to blocks of 100 ms

Span = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Sections:
    """The sections, how they were cut, and what has to be known of it."""

    sections: tuple[SectionDifference, ...]
    words: str
    limits: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Stretch:
    loudness: float | None
    bands: tuple[BandLevel, ...]


def compare_sections(
    mix: Analysis, references: Sequence[Analysis], gains: Sequence[float | None], most: int
) -> Sections:
    """Cut the mix into stretches of equal length, and hold each against the references.

    A reference that is as long as the mix, within 1 %, is taken for the same arrangement: its own
    stretch of the same time stands beside that of the mix. Any other stands there as a whole, for
    its parts would not be the mix's.
    """
    count = min(most, int(mix.duration / SHORTEST_SECONDS))
    if count < 2:
        return Sections((), f"The mix is too short to be cut: {mix.duration:.1f} s")
    alike = [_alike(mix, it) for it in references]
    whole = [_stretch(it) for it in references]
    sections = []
    for start, stop in _spans(mix.duration, count):
        others = [
            _stretch(it, (start, stop)) if same else entire
            for it, same, entire in zip(references, alike, whole, strict=True)
        ]
        sections.append(_section((start, stop), _stretch(mix, (start, stop)), others, gains))
    limits = () if all(alike) else (_other_lengths(alike),)
    return Sections(
        tuple(sections), f"The mix is cut into {count} stretches of equal length", limits
    )


def _alike(mix: Analysis, reference: Analysis) -> bool:
    return abs(mix.duration - reference.duration) <= SAME_LENGTH * mix.duration


def _other_lengths(alike: Sequence[bool]) -> str:
    return (
        f"{alike.count(False)} of {len(alike)} references differ in length from the mix: their "
        "parts are not the mix's, so each section stands beside the whole of them."
    )


def _spans(seconds: float, count: int) -> list[Span]:
    """Neighbouring stretches; the last one ends with the track."""
    blocks = seconds * BLOCKS_PER_SECOND
    edges = [round(blocks * k / count) / BLOCKS_PER_SECOND for k in range(count)]
    return list(zip(edges, [*edges[1:], seconds], strict=True))


def _stretch(analysis: Analysis, span: Span | None = None) -> _Stretch:
    if span is not None:
        start, stop = span
        analysis = analysis.between(start, stop if stop < analysis.duration else None)
    return _Stretch(analysis.integrated, band_levels(analysis))


def _section(
    span: Span, mix: _Stretch, references: Sequence[_Stretch], gains: Sequence[float | None]
) -> SectionDifference:
    loudness = [raised(it.loudness, gain) for it, gain in zip(references, gains, strict=True)]
    return SectionDifference(
        start=span[0],
        stop=span[1],
        loudness=FigureDifference(
            name="integrated", unit="LUFS", matched=True, **difference(mix.loudness, loudness)
        ),
        bands=compare_bands(mix.bands, [it.bands for it in references], gains),
    )
