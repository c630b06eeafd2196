"""Percentiles of spectra in constant memory: windows counted by level."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .. import _core

__all__ = ["GROUP_BINS", "LevelCounts", "percentile"]

GROUP_BINS = 8  # 47 Hz at 48 kHz
LOWEST_DB = -160  # what lies below counts as this
STEP_DB = 0.5
LEVELS = 400

Floats = NDArray[np.float64]


class LevelCounts:
    """(groups, levels) counts of how often the mean power of eight bins lay at each level."""

    def __init__(self, groups: int) -> None:
        self.counts = np.zeros((groups, LEVELS), np.int32)  # half the cache lines of int64
        levels_db = LOWEST_DB + STEP_DB * np.arange(LEVELS)
        self.steps = _core.LevelSteps((GROUP_BINS * 10.0 ** (levels_db / 10)).tolist())

    def add(self, power: NDArray[np.float32]) -> None:
        """Counts windows, (n, groups · 8 or more) power of the bins and what may follow them."""
        bins = len(self.counts) * GROUP_BINS
        self.steps.count(power[:, :bins], GROUP_BINS, self.counts)

    def taken(self) -> NDArray[np.int64]:
        """The counts."""
        return self.counts.astype(np.int64)


def percentile(counts: NDArray[np.int64], share: float) -> Floats:
    """(groups,) dB below which that share of the windows lies, linear within a step of 0.5 dB."""
    below = np.cumsum(counts, axis=1)
    wanted = share * below[:, -1:]
    at = (below < wanted).sum(axis=1, keepdims=True)
    upto = np.take_along_axis(below, at, axis=1)
    held = np.take_along_axis(counts, at, axis=1)
    within = 1.0 - (upto - wanted) / np.maximum(held, 1)
    level: Floats = (LOWEST_DB + STEP_DB * (at + np.where(at > 0, within, 0.0)))[:, 0]
    return level
