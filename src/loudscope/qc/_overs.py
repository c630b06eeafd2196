"""Inter-sample overs: where the true peak exceeds a level."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .._columns import TICKS
from .._levels import decibels
from .._table import BlockTable
from ._ticks import TickLevels

__all__ = ["Over", "Overs", "overs_of"]


@dataclass(frozen=True, slots=True)
class Over:
    """A contiguous region over the level, in steps of 10 ms.

    Attributes:
        start: Seconds.
        stop: Seconds.
        peak_dbtp: Largest true peak in it, dBTP.
        channel: Label of the channel that peaks.
    """

    start: float
    stop: float
    peak_dbtp: float
    channel: str


@dataclass(frozen=True, slots=True)
class Overs:
    """Where the true peak exceeds a level.

    Attributes:
        level_dbtp: The level that is exceeded, dBTP.
        count: Regions.
        max_dbtp: Largest true peak, dBTP; None without regions.
        regions: The regions in the order of time.
    """

    level_dbtp: float
    count: int
    max_dbtp: float | None
    regions: tuple[Over, ...]


def overs_of(table: BlockTable, levels: TickLevels, level_dbtp: float) -> Overs:
    """The regions over a level.

    Args:
        table: Of one programme, with peaks.
        levels: Of the same audio.
        level_dbtp: dBTP.

    Returns:
        Consecutive 100 ms blocks whose true peak exceeds the level are one region. It lasts from
        the first 10 ms to the last that hold a block's true peak, or whose samples exceed the level
        when raised by what the block's true peak has over its sample peak.
    """
    assert table.true_peak is not None  # `inspect` measures peaks
    level = 10.0 ** (level_dbtp / 20.0)
    over = table.true_peak > level
    rows = np.flatnonzero(over.any(axis=1))
    if len(rows) == 0:
        return Overs(level_dbtp, 0, None, ())
    marked = _marked_ticks(table, levels, over, level)
    regions = []
    for run in np.split(rows, np.flatnonzero(np.diff(rows) > 1) + 1):
        first, last = int(run[0]), int(run[-1])
        ticks = first * TICKS + np.flatnonzero(marked[first * TICKS : (last + 1) * TICKS])
        peaks = table.true_peak[first : last + 1].max(axis=0)
        channel = int(peaks.argmax())
        begin, end = levels.starts[[ticks[0], ticks[-1] + 1]] / levels.rate_hz
        label = table.layout.labels[channel]
        regions.append(Over(float(begin), float(end), decibels(float(peaks[channel])), label))
    return Overs(level_dbtp, len(regions), max(r.peak_dbtp for r in regions), tuple(regions))


def _marked_ticks(
    table: BlockTable, levels: TickLevels, over: NDArray[np.bool_], level: float
) -> NDArray[np.bool_]:
    """(T,) ticks over the level: that of each block's true peak, and others by their samples.

    Their true peak is taken to exceed their samples as much as it does in the block.
    """
    assert table.true_peak is not None
    assert table.true_peak_at is not None
    assert table.sample_peak is not None
    excess = np.where(over, table.true_peak / np.maximum(table.sample_peak, 1e-30), 0.0)
    estimate = levels.peak * np.repeat(excess, TICKS, axis=0)[: len(levels.peak)]
    marked = np.asarray((estimate > level).any(axis=1))
    rows, channels = np.nonzero(over)
    frames = table.starts[rows] + table.true_peak_at[rows, channels]
    marked[np.searchsorted(levels.starts, frames, side="right") - 1] = True
    return marked
