"""Transients: onsets, attack time and how far attacks stand out of what comes before them.

An onset is a tick of 10 ms whose level lies 2.5 dB or more over that of the 200 ms up to it, in the
mean of the bands from 500 Hz up, and more so than any within 50 ms; that rose by as much in 50 ms;
and that passes the gates of the integrated loudness. Bands below 500 Hz are left out, for their
level of 10 ms sways even when they are steady.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .._analysis import Analysis
from .._bands import BandProfile
from .._notes import present
from ._shifted import shifted

__all__ = ["BandTransients", "TransientFigures", "transient_figures"]

TICK_SECONDS = 0.01
SLOW_TICKS = 20
ONSET_DB = 2.5
UPPER_HZ = 500.0
NEAREST_TICKS = 5
ATTACK_TICKS = 10
MASKED = 1e-4
TINY = 1e-30

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class BandTransients:
    """Transient ratio of one band.

    Attributes:
        name: For example ``"Low-mids"``.
        ratio: As in `TransientFigures`; None for an empty band or without an onset.
    """

    name: str
    ratio: float | None


@dataclass(frozen=True, slots=True)
class TransientFigures:
    """Attacks. A figure that does not exist is None.

    Attributes:
        onsets: When, in seconds.
        onsets_per_second: How many in a second of audio.
        attack_ms: Median time from 10 to 90 % of the rise of the 10 ms envelope (RMS,
            K-weighted), ms; a click reads 8, for the envelope resolves no less.
        ratio: 95th percentile (nearest rank) over the onsets of the 10 ms level minus the level of
            the 200 ms up to it, K-weighted, dB; at most 13.0, a click after silence.
        ratio_per_band: The same in each band, unweighted.
    """

    onsets: tuple[float, ...]
    onsets_per_second: float
    attack_ms: float | None
    ratio: float | None
    ratio_per_band: tuple[BandTransients, ...]


def transient_figures(
    analysis: Analysis, band_ticks: NDArray[np.float32]
) -> TransientFigures | None:
    """The figures.

    Args:
        analysis: Of a table with loudness and bands.
        band_ticks: (10 B, E, C) sum of squares per tick and band: below, the bands, above; as the
            engine gives with its detail (`band_tick_energy`).

    Returns:
        The figures; None where the table has no loudness or no bands.
    """
    table, power = analysis.table, present(analysis._loudness.tick_power)
    profile = analysis.band_profile
    if power is None or profile is None:
        return None
    frames = np.maximum(table.tick_frames, 1)
    level, bands = power / frames, _band_levels(band_ticks, analysis) / frames[:, None]
    # What lies 40 dB below the mean is not heard as an attack, nor is the skirt of another band.
    floor = MASKED * float(bands.sum(axis=1).mean()) + TINY
    levels = np.column_stack([level, bands]) + floor
    stands_out = _over_before(levels)
    rows = [row for row, band in enumerate(profile.bands, start=1) if band.level is not None]
    upper = _upper(profile, rows)
    onsets = _onsets(stands_out[:, upper], _risen(levels[:, upper]), level > _gate(analysis))
    ratios = _ratios(stands_out, onsets)
    starts = np.cumsum(table.tick_frames, dtype=np.int64) - table.tick_frames
    return TransientFigures(
        onsets=tuple((starts[onsets] / table.rate_hz).tolist()),
        onsets_per_second=len(onsets) / table.duration,
        attack_ms=_attack_ms(np.sqrt(level), onsets),
        ratio=ratios[0] if ratios else None,
        ratio_per_band=tuple(
            BandTransients(band.name, ratios[1 + row] if ratios and row in rows else None)
            for row, band in enumerate(profile.bands, start=1)
        ),
    )


def _band_levels(band_ticks: NDArray[np.float32], analysis: Analysis) -> Floats:
    """(T, E) sum of squares over the channels but LFE."""
    heard = [index for index, channel in enumerate(analysis.layout.channels) if not channel.lfe]
    return np.asarray(band_ticks[:, :, heard].sum(axis=2, dtype=np.float64))


def _upper(profile: BandProfile, rows: list[int]) -> list[int]:
    """Columns of `_over_before` with the bands that tell onsets: from 500 Hz up, or all."""
    upper = [row for row in rows if profile.bands[row - 1].low_hz >= UPPER_HZ]
    return [1 + row for row in upper or rows]


def _gate(analysis: Analysis) -> float:
    """Mean square that a tick must pass; infinite where no gating block did."""
    threshold = analysis.relative_threshold
    if threshold is None:
        return np.inf
    return float(10.0 ** ((max(threshold, -70.0) + 0.691) / 10.0))


def _over_before(levels: Floats) -> Floats:
    """Each tick's mean square over that of the 200 ms that end with it, dB; 13 at most."""
    below = np.concatenate([np.zeros((1, levels.shape[1])), np.cumsum(levels, axis=0)])
    ends = np.arange(1, len(below))
    begins = np.maximum(0, ends - SLOW_TICKS)  # at the start, what there was so far
    slow = (below[ends] - below[begins]) / (ends - begins)[:, None]
    return np.asarray(10.0 * np.log10(levels / slow))


def _risen(levels: Floats) -> Floats:
    """Each tick's level over the lowest of the 50 ms before it, dB, from 0 up."""
    early = np.pad(levels, ((NEAREST_TICKS, 0), (0, 0)), mode="edge")
    before = np.minimum.reduce(shifted(early, NEAREST_TICKS + 1))
    return np.asarray(10.0 * np.log10(levels / before))


def _onsets(stands_out: Floats, risen: Floats, loud: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Ticks at which an onset is, ascending."""
    if stands_out.shape[1] == 0:
        return np.zeros(0, np.int64)
    novelty = np.maximum(stands_out, 0.0).mean(axis=1)
    around = np.pad(novelty, NEAREST_TICKS, constant_values=-1.0)
    nearby = np.maximum.reduce(shifted(around, NEAREST_TICKS))
    before, after = nearby[: len(novelty)], nearby[NEAREST_TICKS + 1 :]
    peaks = (novelty > before) & (novelty >= after) & (novelty >= ONSET_DB)
    return np.flatnonzero(peaks & (risen.mean(axis=1) >= ONSET_DB) & loud)


def _ratios(stands_out: Floats, onsets: NDArray[np.int64]) -> list[float]:
    """95th percentile over the onsets of what stands out most, in each column."""
    if len(onsets) == 0:
        return []
    near = np.clip(onsets[:, None] + np.arange(-1, 4), 0, len(stands_out) - 1)
    ranked = np.sort(stands_out[near].max(axis=1), axis=0)
    percentile: list[float] = ranked[int((len(onsets) - 1) * 0.95 + 0.5)].tolist()
    return percentile


def _attack_ms(envelope: Floats, onsets: NDArray[np.int64]) -> float | None:
    """Median time from 10 to 90 % of the rise, from the lowest tick before to the highest after."""
    padded = np.pad(envelope, ATTACK_TICKS, mode="edge")
    spans = np.lib.stride_tricks.sliding_window_view(padded, 2 * ATTACK_TICKS + 1)[onsets]
    foot = spans[:, : ATTACK_TICKS + 1].argmin(axis=1)[:, None]
    top = ATTACK_TICKS + spans[:, ATTACK_TICKS:].argmax(axis=1)[:, None]
    low, high = np.take_along_axis(spans, foot, axis=1), np.take_along_axis(spans, top, axis=1)
    rises = (high > low)[:, 0]
    if not rises.any():
        return None
    spans, foot, top, low, high = (it[rises] for it in (spans, foot, top, low, high))
    rise, tick = (spans - low) / (high - low), np.arange(2 * ATTACK_TICKS + 1)
    reached = ((rise >= 0.9) & (tick >= foot) & (tick <= top)).argmax(axis=1)
    early = (rise <= 0.1) & (tick >= foot) & (tick < reached[:, None])
    left = 2 * ATTACK_TICKS - early[:, ::-1].argmax(axis=1)  # the last; the foot is one
    times = _crossings(rise, reached - 1, 0.9) - _crossings(rise, left, 0.1)
    return 1000.0 * TICK_SECONDS * float(np.median(times))


def _crossings(rise: Floats, at: NDArray[np.int64], height: float) -> Floats:
    """Where the straight line from one tick of each row to the next is so high."""
    rows = np.arange(len(rise))
    return np.asarray(at + (height - rise[rows, at]) / (rise[rows, at + 1] - rise[rows, at]))
