"""Notes on an analysis: which figures do not exist and why, and what else to know."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ._levels import largest
from ._loudness import STABLE_RANGE_SECONDS
from ._notes import Absent, Note, NoteCode

if TYPE_CHECKING:
    from ._analysis import Analysis

__all__ = ["remarks_on"]

FAR_OVER_FULL_SCALE_DBFS = 6.0


def remarks_on(analysis: Analysis) -> tuple[Note, ...]:
    """Every absent figure with its reason, then remarks on those that exist."""
    absent = [
        Note(figure.code, name, f"{name} does not exist: {figure.message}")
        for name, figure in _figures(analysis)
        if isinstance(figure, Absent)
    ]
    return (*absent, *_cautions(analysis))


def _figures(analysis: Analysis) -> Iterator[tuple[str, Any]]:
    # Figures and the notes share one source: the reason travels with the absent figure.
    loudness, levels, stereo = analysis._loudness, analysis._levels, analysis._stereo
    yield "integrated", loudness.integrated
    yield "momentary_max", loudness.momentary_max
    yield "short_term_max", loudness.short_term_max
    yield "loudness_range", loudness.loudness_range()
    yield "true_peak", largest(levels.true_peaks)[0]
    yield "sample_peak", largest(levels.sample_peaks)[0]
    yield "psr_min", analysis._psr
    yield "rms", levels.rms
    if analysis.layout.count > 1:
        yield "balance", stereo.balance
        yield "correlation", stereo.correlation
        yield "mid_side_ratio", stereo.mid_side_ratio
        yield "mono_loss", stereo.mono_loss
    if analysis.band_profile is None:
        yield "band_profile", Absent(NoteCode.NOT_MEASURED, "bands were not measured")


def _cautions(analysis: Analysis) -> Iterator[Note]:
    table, peak = analysis.table, analysis.sample_peak
    if analysis.mono == "single":
        yield Note(
            NoteCode.SINGLE_MONO,
            "integrated",
            "one channel, measured as BS.1770 has it; played on two loudspeakers it is 3.01 LU "
            "louder (dual_mono=True)",
        )
    if analysis.loudness_range is not None and analysis.duration < STABLE_RANGE_SECONDS:
        yield Note(
            NoteCode.UNSTABLE_RANGE,
            "loudness_range",
            "loudness range means little below 60 s (Tech 3343); "
            f"this is {analysis.duration:.1f} s",
        )
    yield from _bands_above_nyquist(analysis)
    if peak is not None and peak > FAR_OVER_FULL_SCALE_DBFS:
        yield Note(
            NoteCode.FAR_OVER_FULL_SCALE,
            "sample_peak",
            f"samples reach {peak:+.1f} dBFS at {analysis.sample_peak_at:.3f} s: "
            "is the audio scaled as intended?",
        )
    if table.zeroed:
        yield Note(
            NoteCode.ZEROED_SAMPLES, "", f"{table.zeroed} samples were not finite and read as zero"
        )
    if table.partial:
        yield Note(
            NoteCode.TRUNCATED, "", f"the audio is cut short: figures are of {table.duration:.3f} s"
        )


def _bands_above_nyquist(analysis: Analysis) -> Iterator[Note]:
    profile = analysis.band_profile
    for band in profile.bands if profile else ():
        if not band.level_per_channel or band.low_hz >= 0.49 * analysis.rate_hz:
            yield Note(
                NoteCode.ABOVE_NYQUIST,
                f"band_profile.{band.name}",
                f"{band.name} begins at {band.low_hz:g} Hz: it does not exist at "
                f"{analysis.rate_hz} Hz",
            )
