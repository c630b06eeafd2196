"""Loudness over time in as many columns as a small chart has: the largest value of each."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ._loudness import Series

if TYPE_CHECKING:
    from ._analysis import Analysis

__all__ = ["clock", "columns_of", "round_step", "scale_of"]

LEAST_LU, MOST_LU = 24.0, 60.0  # what a scale spans

ROUND_SECONDS = (
    *(0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30),
    *(60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600),
)

Floats = NDArray[np.float64]


def columns_of(series: Series, duration: float, count: int) -> Floats:
    """(count,) the largest value that ends in each column of time.

    A column in which none ends has that of the column before it; NaN before the first, and where
    all is digital silence.
    """
    found = np.full(count, -np.inf)
    if len(series) == 0:
        return np.full(count, np.nan)
    times, values = np.asarray(series.times), np.asarray(series.values)
    index = np.clip(np.ceil(times / duration * count - 1e-9).astype(np.int64) - 1, 0, count - 1)
    np.maximum.at(found, index, values)
    ends = np.zeros(count, bool)
    ends[index] = True
    last = np.maximum.accumulate(np.where(ends, np.arange(count), -1))
    held = np.where(last >= 0, found[last], -np.inf)
    return np.where(np.isfinite(held), held, np.nan)


def scale_of(analysis: Analysis) -> tuple[float, float] | None:
    """Lowest and highest LUFS that a chart has to show; None where there is no loudness."""
    high, level = analysis.momentary_max, analysis.integrated
    if high is None:
        return None
    range_low = analysis.loudness_range_low
    lows = [] if level is None else [level - 24.0]
    lows += [] if range_low is None else [range_low - 6.0]
    return min(max(min(lows, default=-math.inf), high - MOST_LU), high - LEAST_LU), high


def round_step(duration: float, most: int) -> float:
    """The shortest round time of which no more than so many fit into a duration."""
    return next((step for step in ROUND_SECONDS if duration / step <= most), 86400.0)


def clock(seconds: float, decimals: int = 0) -> str:
    """m:ss, or h:mm:ss from one hour up."""
    scale = 10**decimals
    minutes, rest = divmod(round(seconds * scale), 60 * scale)
    tail = f"{rest / scale:0{3 + decimals if decimals else 2}.{decimals}f}"
    if minutes < 60:
        return f"{minutes}:{tail}"
    return f"{minutes // 60}:{minutes % 60:02d}:{tail}"
