"""Dynamics: peak to short-term ratio, DR14, crest factor per band."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .._analysis import Analysis
from .._dynamics import peak_to_short_term
from .._levels import decibels
from .._notes import present
from ._dr14 import DrBlocks

__all__ = ["BandCrest", "DynamicsFigures", "dynamics_figures"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class BandCrest:
    """Crest factor of one band.

    Attributes:
        name: For example ``"Low-mids"``.
        crest: Peak minus RMS of the band's signal in dB, the largest of the channels; a sine reads
            3.01. None for an empty or missing band.
    """

    name: str
    crest: float | None


@dataclass(frozen=True, slots=True)
class DynamicsFigures:
    """How far peaks stand out of loudness. A figure that does not exist is None.

    Attributes:
        psr_min: Smallest true peak of 3 s minus short-term loudness over the gated windows, dB.
        psr_p5: 5th percentile (nearest rank) of the same.
        psr_median: Median of the same.
        dr14: DR as printed: `dr14_exact`, rounded.
        dr14_exact: Mean of `dr14_per_channel` over the channels that sound, dB.
        dr14_per_channel: Second largest block peak over the RMS of the loudest fifth of the
            blocks, each about 3 s, in dB; a sine reads 0.
        crest_per_band: Of each band; None where the engine's detail was not asked for.
        plr: True peak minus integrated loudness, dB.
        loudness_range: LU (Tech 3342).
    """

    psr_min: float | None
    psr_p5: float | None
    psr_median: float | None
    dr14: int | None
    dr14_exact: float | None
    dr14_per_channel: tuple[float | None, ...]
    crest_per_band: tuple[BandCrest, ...] | None
    plr: float | None
    loudness_range: float | None


def dynamics_figures(
    analysis: Analysis,
    band_peak: NDArray[np.float32] | None = None,
    dr_blocks: DrBlocks | None = None,
) -> DynamicsFigures:
    """The figures.

    Args:
        analysis: Of a table with levels, loudness and peaks.
        band_peak: (B, E, C) largest magnitude per block and band: below, the bands, above; as the
            engine gives with its detail; None: no crest per band.
        dr_blocks: What `DrCollector` collected of the same audio; None: no DR14.
    """
    ratios = present(peak_to_short_term(analysis._loudness))
    absent = (None,) * analysis.layout.count
    per_channel = absent if dr_blocks is None else dr_blocks.per_channel()
    there = [value for value in per_channel if value is not None]
    exact = sum(there) / len(there) if there else None
    return DynamicsFigures(
        psr_min=_ranked(ratios, 0.0),
        psr_p5=_ranked(ratios, 0.05),
        psr_median=_ranked(ratios, 0.5),
        dr14=None if exact is None else math.floor(exact + 0.5),
        dr14_exact=exact,
        dr14_per_channel=per_channel,
        crest_per_band=None if band_peak is None else tuple(_crests(analysis, band_peak)),
        plr=analysis.plr,
        loudness_range=analysis.loudness_range,
    )


def _ranked(ordered: Floats | None, share: float) -> float | None:
    if ordered is None:
        return None
    return float(ordered[int((len(ordered) - 1) * share + 0.5)])


def _crests(analysis: Analysis, band_peak: NDArray[np.float32]) -> Iterator[BandCrest]:
    profile = analysis.band_profile
    heard = [index for index, channel in enumerate(analysis.layout.channels) if not channel.lfe]
    for row, band in enumerate(profile.bands if profile else (), start=1):
        peaks = [
            float(band_peak[:, row, c].max()) if band.level is not None else 0.0 for c in heard
        ]
        levels = [band.level_per_channel[channel] for channel in heard]
        crests = [
            decibels(peak) - level
            for peak, level in zip(peaks, levels, strict=True)
            if level is not None and peak > 0.0
        ]
        yield BandCrest(band.name, max(crests, default=None))
