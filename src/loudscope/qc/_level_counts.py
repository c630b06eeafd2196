"""Percentiles of spectra in constant memory: windows counted by level."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["GROUP_BINS", "LevelCounts", "percentile"]

GROUP_BINS = 8  # 47 Hz at 48 kHz
LOWEST_DB = -160  # what lies below counts as this
STEP_DB = 0.5
LEVELS = 400
FLUSH_ROWS = 128

Floats = NDArray[np.float64]


class LevelCounts:
    """(groups, levels) counts of how often the mean power of eight bins lay at each level."""

    def __init__(self, groups: int) -> None:
        self.counts = np.zeros((groups, LEVELS), np.int64)
        self.cells = np.arange(groups, dtype=np.int32) * LEVELS
        self.waiting: list[NDArray[np.int32]] = []

    def add(self, power: NDArray[np.float32]) -> None:
        """Counts windows, (n, groups · 8) power of the bins."""
        grouped = np.einsum("ijk->ij", power.reshape(len(power), len(self.cells), GROUP_BINS))
        floor = np.float32(GROUP_BINS * 10.0 ** (LOWEST_DB / 10))
        level = np.float32(10.0 / STEP_DB) * np.log10(np.maximum(grouped, floor) / floor)
        self.waiting.append(np.minimum(level.astype(np.int32), LEVELS - 1) + self.cells)
        if sum(map(len, self.waiting)) >= FLUSH_ROWS:
            self._flush()

    def _flush(self) -> None:
        cells = np.concatenate([np.zeros((0, len(self.cells)), np.int32), *self.waiting])
        self.waiting.clear()
        counted = np.bincount(cells.ravel(), minlength=self.counts.size)
        self.counts += counted.reshape(self.counts.shape)

    def taken(self) -> NDArray[np.int64]:
        """The counts."""
        self._flush()
        return self.counts


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
