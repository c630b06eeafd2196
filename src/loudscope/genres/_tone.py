"""Gated levels of the bands: the measurement that ranges and comparisons share."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from .. import DEFAULT_EDGES_HZ, Analysis, BandProfile, InvalidArgument
from ._once import once

__all__ = ["MID", "BandLevel", "aligned", "band_levels"]

ABSOLUTE_GATE_LUFS = -70.0  # BS.1770-5 eq. 5
GATING_BLOCKS = 4  # a gating block is four blocks of 100 ms
MID = 3  # place of the band from 500 to 2000 Hz among the default ones


@dataclass(frozen=True, slots=True)
class BandLevel:
    """The gated level of a band.

    Attributes:
        name: As in `BandProfile`: "Sub" to "Air".
        low_hz: Lower edge.
        high_hz: Upper edge.
        level: dBFS of the mean of the channels but LFE; None where there is nothing.
    """

    name: str
    low_hz: float
    high_hz: float
    level: float | None


@once
def band_levels(analysis: Analysis) -> tuple[BandLevel, ...]:
    """Power means over the gating blocks that count for the integrated loudness.

    A block of 100 ms counts as often as gating blocks that hold it pass both gates of BS.1770-5.

    Args:
        analysis: With loudness and the six default bands.

    Returns:
        From "Sub" to "Air"; without levels where nothing passes the gates.

    Raises:
        InvalidArgument: The bands were not measured, or with other edges.
    """
    profile = analysis.band_profile
    if profile is None or analysis.table.edges_hz != DEFAULT_EDGES_HZ:
        raise InvalidArgument(
            f"analysis: its band edges are {analysis.table.edges_hz}; "
            f"analyze it with the default ones, {DEFAULT_EDGES_HZ}"
        )
    levels = _levels(analysis, profile)
    return tuple(
        BandLevel(name, low, high, level)
        for name, (low, high), level in zip(
            profile.names, pairwise(DEFAULT_EDGES_HZ), levels, strict=True
        )
    )


def _levels(analysis: Analysis, profile: BandProfile) -> list[float | None]:
    table = analysis.table
    passes = _passes(analysis)
    heard = [i for i, channel in enumerate(table.layout.channels) if not channel.lfe]
    frames = float(passes @ table.frames.astype(np.float64)) * max(1, len(heard))
    if table.band_energy is None or frames == 0.0:
        return [None] * len(profile.bands)
    energy = np.tensordot(passes, table.band_energy[:, :, heard], 1).sum(axis=1)
    between = energy[1:-1].tolist()  # what lies below and above the bands left out
    missing = len(profile.bands) - len(between)
    return [_decibels(power / frames) for power in between] + [None] * missing


def _decibels(power: float) -> float | None:
    return 10.0 * math.log10(power) if power > 0.0 else None


def _passes(analysis: Analysis) -> NDArray[np.float64]:
    """For each block of 100 ms, how many gating blocks hold it and pass both gates."""
    table = analysis.table
    threshold = analysis.relative_threshold
    if threshold is None:
        return np.zeros(table.blocks)
    momentary = analysis.momentary
    loud = momentary.times[momentary.values > max(threshold, ABSOLUTE_GATE_LUFS)]
    ends = np.isin(table.starts[1:] / table.rate_hz, loud)  # momentary windows end there too
    passing = np.convolve(ends, np.ones(GATING_BLOCKS))[GATING_BLOCKS - 1 :]
    return passing[: table.blocks]


def aligned(levels: tuple[BandLevel, ...]) -> tuple[float | None, ...]:
    """The levels above that of the mid band, 500 to 2000 Hz, in dB: what no gain changes."""
    mid = levels[MID].level
    return tuple(None if mid is None or band.level is None else band.level - mid for band in levels)
