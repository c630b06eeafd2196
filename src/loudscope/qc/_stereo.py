"""Left and right: width, mono compatibility, correlation over time, faults of the pair.

All of it is a function of the block table, but the correlation below 120 Hz and the delay, which
come from the spectra of `Ltas`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .._analysis import Analysis
from .._bands import DEFAULT_EDGES_HZ, pair_sums
from .._columns import TICKS
from .._levels import power_decibels
from .._loudness import MOMENTARY_TICKS, Series, loudness_of
from .._notes import Absent, NoteCode, present
from .._stereo import RINGING, PairSums
from ._delay import delay_of
from ._ltas import LtasSums

__all__ = ["BandStereo", "StereoFigures", "stereo_figures"]

Floats = NDArray[np.float64]

# What a band's width counts, sub to air: low bands are meant to be narrow, theirs says little.
WIDTH_WEIGHTS = (0.05, 0.10, 0.25, 0.40, 0.70, 0.90)
DUAL_MONO_DB = 60.0
INVERTED_BELOW = -0.9
SILENT_DBFS = -90.0  # the noise of 16-bit dither is -96


@dataclass(frozen=True, slots=True)
class BandStereo:
    """Left and right in one band. A figure of an empty or missing band is None.

    Attributes:
        name: For example ``"Low-mids"``.
        low_hz: Lower edge.
        high_hz: Upper edge.
        correlation: -1 to 1.
        side_share: Energy of side over that of mid and side, 0 to 1.
        mid_side_ratio: Energy of mid over that of side, dB; None also where there is no side.
        width: 0 mono to 1: side as strong as mid, or stronger.
        mono_loss: Level of the pair minus that of its mono sum on both channels, dB: 0 for equal
            channels, 3 for unrelated ones; None where nothing is left.
    """

    name: str
    low_hz: float
    high_hz: float
    correlation: float | None
    side_share: float | None
    mid_side_ratio: float | None
    width: float | None
    mono_loss: float | None


@dataclass(frozen=True, eq=False, slots=True)
class StereoFigures:
    """Front left and right. A figure that does not exist is None.

    Attributes:
        correlation: Sum LR / sqrt(sum L² sum R²), -1 to 1; unweighted, over everything.
        correlation_p5: 5th percentile (nearest rank) of the 400 ms windows that pass the gates of
            the integrated loudness.
        correlation_min: The smallest of those.
        negative_share: Share of those below 0, from 0 to 1.
        windows: Correlation of every window of 400 ms, each 100 ms, in which both channels sound.
        bands: The same per band.
        width_score: 0 (mono) to 100: 100 Σ k w / Σ k over the six default bands, w the band's
            width, k .05 .1 .25 .4 .7 .9 from sub to air; None with other bands.
        balance: Left over right in dB, K-weighted and gated.
        side_share: Energy of side over that of mid and side, 0 to 1.
        mid_side_ratio: Energy of mid over that of side, dB.
        mono_loss: LUFS of the pair minus LUFS of (L+R)/2 on both channels, LU: 0 for equal
            channels, 3 for unrelated ones; None where nothing is left.
        bass_correlation: Correlation of 20 to 120 Hz, from the gated cross spectrum.
        dual_mono: Side lies more than 60 dB under mid.
        silent_channels: Labels of channels but LFE whose RMS is below -90 dBFS.
        inverted: Correlation below -0.9.
        delay_ms: Right after left, by GCC-PHAT up to ±20 ms; None where no delay stands out.
        delay_confidence: Height of its peak, 0 to 1; 1: all frequencies agree.
    """

    correlation: float | None
    correlation_p5: float | None
    correlation_min: float | None
    negative_share: float | None
    windows: Series
    bands: tuple[BandStereo, ...]
    width_score: float | None
    balance: float | None
    side_share: float | None
    mid_side_ratio: float | None
    mono_loss: float | None
    bass_correlation: float | None
    dual_mono: bool
    silent_channels: tuple[str, ...]
    inverted: bool
    delay_ms: float | None
    delay_confidence: float | None


def stereo_figures(analysis: Analysis, sums: LtasSums | None = None) -> StereoFigures | None:
    """The figures of the front pair.

    Args:
        analysis: Of a table with levels, loudness and bands.
        sums: What `Ltas` collected of the same audio; None: no bass correlation, no delay.

    Returns:
        The figures; None where the layout has no front pair or the table no levels.
    """
    pair, sums_of_pair = present(analysis._stereo.pair), present(analysis._stereo.sums)
    if pair is None or sums_of_pair is None:
        return None
    correlation, bands = present(sums_of_pair.correlation), tuple(_bands(analysis))
    windows, kept = _windows(analysis, pair)
    delay = None if sums is None else delay_of(sums)
    return StereoFigures(
        correlation=correlation,
        correlation_p5=_ranked(kept, 0.05),
        correlation_min=_ranked(kept, 0.0),
        negative_share=float(np.mean(kept < 0.0)) if len(kept) else None,
        windows=windows,
        bands=bands,
        width_score=_width_score(bands) if analysis.table.edges_hz == DEFAULT_EDGES_HZ else None,
        balance=analysis.balance,
        side_share=_side_share(sums_of_pair),
        mid_side_ratio=present(sums_of_pair.mid_side_ratio),
        mono_loss=analysis.mono_loss,
        bass_correlation=None if sums is None else _bass_correlation(sums, analysis),
        dual_mono=_is_dual_mono(sums_of_pair),
        silent_channels=_silent_channels(analysis),
        inverted=correlation is not None and correlation < INVERTED_BELOW,
        delay_ms=None if delay is None else delay.milliseconds,
        delay_confidence=None if delay is None else delay.confidence,
    )


def _side_share(sums: PairSums) -> float | None:
    """Energies: mid (L+R)²/4, side (L-R)²/4, both together (L²+R²)/2."""
    total = sums.left + sums.right
    # Rounding may carry equal channels a hair below nothing.
    return min(1.0, max(0.0, 0.5 - sums.cross / total)) if total > 0.0 else None


def _is_dual_mono(sums: PairSums) -> bool:
    ratio = sums.mid_side_ratio
    if isinstance(ratio, Absent):
        return ratio.code == NoteCode.IDENTICAL_CHANNELS
    return ratio > DUAL_MONO_DB


def _bands(analysis: Analysis) -> Iterator[BandStereo]:
    profile = analysis.band_profile
    for row, band in enumerate(profile.bands if profile else (), start=1):
        there = band.level is not None
        sums = pair_sums(analysis.table, row) if there else None
        share = _side_share(sums) if sums else None
        yield BandStereo(
            name=band.name,
            low_hz=band.low_hz,
            high_hz=band.high_hz,
            correlation=band.correlation,
            side_share=share,
            mid_side_ratio=band.mid_side_ratio,
            width=None if share is None else min(1.0, 2.0 * share),
            mono_loss=None if share is None or share >= 1.0 else -power_decibels(1.0 - share),
        )


def _width_score(bands: tuple[BandStereo, ...]) -> float | None:
    weighted = [
        (weight, band.width)
        for weight, band in zip(WIDTH_WEIGHTS, bands, strict=True)
        if band.width is not None
    ]
    total = sum(weight for weight, _ in weighted)
    wide = sum(weight * width for weight, width in weighted)
    return 100.0 * wide / total if weighted else None


def _windows(analysis: Analysis, pair: tuple[int, int]) -> tuple[Series, Floats]:
    """Correlation of each window of 400 ms that has one; those that pass the gates, sorted."""
    table, loudness = analysis.table, analysis._loudness
    power, threshold = loudness.gating_power, loudness.relative_threshold
    if table.energy is None or table.cross is None or isinstance(power, Absent):
        return Series(np.zeros(0), np.zeros(0)), np.zeros(0)
    left, right, cross = (
        loudness.windows(_at_first_ticks(blocks), MOMENTARY_TICKS, TICKS)[0]
        for blocks in (table.energy[:, pair[0]], table.energy[:, pair[1]], table.cross)
    )
    sounding = (left >= RINGING) & (right >= RINGING)
    values = cross[sounding] / np.sqrt(left[sounding] * right[sounding])
    values = np.clip(values, -1.0, 1.0)
    gate = math.inf if isinstance(threshold, Absent) else max(threshold, -70.0)
    kept = loudness_of(power[0][sounding]) > gate
    return Series(power[1][sounding], values), np.sort(values[kept])


def _at_first_ticks(blocks: Floats) -> Floats:
    # A window is four whole blocks, so where in a block its energy lies does not matter.
    ticks = np.zeros(len(blocks) * TICKS)
    ticks[::TICKS] = blocks
    return ticks


def _ranked(ordered: Floats, share: float) -> float | None:
    """Nearest rank, as Tech 3342 has it."""
    return float(ordered[int((len(ordered) - 1) * share + 0.5)]) if len(ordered) else None


def _bass_correlation(sums: LtasSums, analysis: Analysis) -> float | None:
    kept = sums.kept(analysis.relative_threshold)
    left, right, cross = sums.bass[kept].sum(axis=(0, 2)).tolist()
    if not (left >= RINGING and right >= RINGING):
        return None
    return min(1.0, max(-1.0, float(cross / math.sqrt(left * right))))


def _silent_channels(analysis: Analysis) -> tuple[str, ...]:
    return tuple(
        channel.label
        for channel, rms in zip(analysis.layout.channels, analysis.rms_per_channel, strict=True)
        if not channel.lfe and (rms is None or rms < SILENT_DBFS)
    )
