"""From a track and a baseline to a judgement."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from .. import Analysis
from ._judgement import BandJudgement, FigureJudgement, Judgement, ReferenceDifference, Word
from ._ranges import BandRange, FigureRange, Range
from ._reference import Values, codec_cutoff, figures_of
from ._statistics import FEWEST
from ._tone import MID, aligned, band_levels

if TYPE_CHECKING:
    from ..qc import Inspection
    from ._baseline import Baseline

__all__ = ["judge", "place_in", "word_for"]

AIR = 5
AIR_HZ = (6000.0, 20000.0)
FULL_AIR_HZ = 16000.0  # a cut-off from here on takes nothing off the weight of air
NYQUIST_SHARE = 0.49  # the highest edge of a band that is measured, as a part of the rate
UNKNOWN_CUTOFF = (
    "Whether a codec cut the highs off is not known of this track: inspect it to have air weighed."
)


def judge(baseline: Baseline, measured: Analysis | Inspection) -> Judgement:
    """See `Baseline.judge`."""
    analysis = measured if isinstance(measured, Analysis) else measured.analysis
    levels = aligned(band_levels(analysis))
    weights = [(1.0, None)] * AIR + [_weight_of_air(measured)]
    limits = (UNKNOWN_CUTOFF,) if isinstance(measured, Analysis) else ()
    return Judgement(
        baseline=baseline.name,
        requested=baseline.fallback_for or baseline.name,
        source=baseline.source,
        n=baseline.n,
        method=baseline.method,
        confidence=baseline.confidence,
        bands=tuple(
            _judge_band(place, *found)
            for place, found in enumerate(zip(baseline.bands, levels, weights, strict=True))
        ),
        figures=tuple(
            _judge_figure(*found)
            for found in zip(baseline.figures, figures_of(measured), strict=False)
        ),
        differences=_differences(baseline, levels),
        limits=baseline.limits + limits,
    )


def _judge_band(
    place: int, band: BandRange, measured: float | None, weighed: tuple[float, str | None]
) -> BandJudgement:
    weight, reason = weighed
    missing = _missing(band, measured)
    if place == MID and missing is None:
        missing = "the other bands are aligned on it"
    if weight == 0.0:
        missing = reason
    z = None if missing else place_in(band, measured)
    if z is not None and band.low is None and z < 0.0:
        z, reason = 0.0, "less than usual is not judged here"
    return BandJudgement(
        name=band.name,
        low_hz=band.low_hz,
        high_hz=band.high_hz,
        measured=measured,
        mean=band.mean,
        sd=band.sd,
        low=band.low,
        high=band.high,
        z=None if z is None else z * weight,
        word=word_for(None if z is None else z * weight),
        weight=weight,
        reason=missing or reason,
    )


def _judge_figure(figure: FigureRange, measured: float | None) -> FigureJudgement:
    missing = _missing(figure, measured)
    z = None if missing else place_in(figure, measured)
    return FigureJudgement(
        name=figure.name,
        unit=figure.unit,
        measured=measured,
        mean=figure.mean,
        sd=figure.sd,
        low=figure.low,
        high=figure.high,
        z=z,
        word=word_for(z),
        reason=missing,
    )


def _missing(known: Range, measured: float | None) -> str | None:
    """Why there is nothing to judge, or None."""
    if measured is None:
        return "the track has no such level or figure"
    if known.high is None:
        return f"{known.n} of the references have it; a range takes {FEWEST}"
    return None


def place_in(known: Range, measured: float | None) -> float | None:
    """Signed distance from the mean in half-widths of the typical range.

    Returns:
        The distance; None without a value or without a range that has a width.
    """
    if measured is None or known.mean is None or known.high is None:
        return None
    half = known.high - known.mean
    return (measured - known.mean) / half if half > 0.0 else None


def word_for(z: float | None) -> Word:
    """The word for a distance: typical within 1, unusual within 2, far out beyond."""
    if z is None:
        return "not judged"
    return "typical" if abs(z) <= 1.0 else "unusual" if abs(z) <= 2.0 else "far out"


def _weight_of_air(measured: Analysis | Inspection) -> tuple[float, str | None]:
    """The part of the band, in octaves, that the audio can hold, and why it is not all of it."""
    analysis = measured if isinstance(measured, Analysis) else measured.analysis
    cutoff = None if isinstance(measured, Analysis) else codec_cutoff(measured)
    nyquist = NYQUIST_SHARE * analysis.rate_hz
    reach = nyquist if cutoff is None else min(cutoff, nyquist)
    if reach >= FULL_AIR_HZ:
        return 1.0, None
    why = "the sampling rate" if reach == nyquist else "a lossy codec"
    low, high = AIR_HZ
    weight = max(0.0, math.log2(reach / low) / math.log2(high / low))
    return weight, f"{why} leaves nothing above {reach / 1000.0:.1f} kHz"


def _differences(baseline: Baseline, levels: Values) -> tuple[ReferenceDifference, ...]:
    """The track minus each reference, if they are too few for a range."""
    if baseline.n >= FEWEST:
        return ()
    return tuple(
        ReferenceDifference(
            name=reference.name,
            bands=tuple(
                None if mine is None or its is None else mine - its
                for mine, its in zip(levels, reference.bands, strict=True)
            ),
        )
        for reference in baseline.references
    )
