"""Peaks and energy of every 10 ms: what most faults are looked for in first."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .._layouts import Layout
from ._collector import Chunk

__all__ = ["SECOND_TICKS", "TickLevels", "TickPeaks", "Ticks"]

SECOND_TICKS = 100

Singles = NDArray[np.float32]


class TickPeaks(NamedTuple):
    """Peaks and energy of the ticks of one chunk, each (C, T).

    Attributes:
        high: Largest sample.
        low: Smallest sample.
        energy: Sum of squares.
    """

    high: Singles
    low: Singles
    energy: Singles


@dataclass(frozen=True, eq=False)
class TickLevels:
    """Peaks and energy of all ticks.

    Attributes:
        rate_hz: Sampling rate.
        layout: The channels.
        frames: Frames of audio.
        peak: (T, C) largest magnitude of the samples.
        energy: (T, C) sum of squares.
    """

    rate_hz: int
    layout: Layout
    frames: int
    peak: Singles
    energy: Singles

    @cached_property
    def starts(self) -> NDArray[np.int64]:
        """(T + 1,) first frame of each tick, and the end."""
        starts = tick_starts(len(self.peak) + 1, self.rate_hz)
        starts[-1] = self.frames
        return starts

    @property
    def complete(self) -> int:
        """Ticks without the last, if that is incomplete."""
        count = len(self.peak)
        whole = int(tick_starts(count + 1, self.rate_hz)[-1]) == self.frames
        return count if whole else count - 1

    @cached_property
    def power(self) -> NDArray[np.float64]:
        """(T, C) mean square."""
        return self.energy.astype(np.float64) / np.diff(self.starts)[:, np.newaxis]

    @property
    def heard(self) -> NDArray[np.bool_]:
        """(C,) channels that are no LFE; all, if there is nothing else."""
        heard = np.array([not channel.lfe for channel in self.layout.channels])
        return heard if heard.any() else ~heard


def tick_starts(count: int, rate_hz: int) -> NDArray[np.int64]:
    """First frames of that many ticks: tick k begins at round(k · rate / 100)."""
    ticks = np.arange(count, dtype=np.int64)
    return (2 * ticks * rate_hz + SECOND_TICKS) // (2 * SECOND_TICKS)


class Ticks:
    """A collector of tick levels, 12 bytes for each channel and 10 ms."""

    def __init__(self, rate_hz: int, layout: Layout) -> None:
        self.rate_hz, self.layout = rate_hz, layout
        self.starts = tick_starts(SECOND_TICKS, rate_hz)
        self.gathered: list[tuple[Singles, Singles]] = []

    def feed(self, chunk: Chunk, first_frame: int) -> TickPeaks:
        """Takes the next second and gives its ticks."""
        del first_frame
        planar = chunk.T
        whole = self.rate_hz % SECOND_TICKS == 0 and planar.shape[1] == self.rate_hz
        peaks = self._regular(planar) if whole else self._any(planar)
        self.gathered.append((np.maximum(peaks.high, -peaks.low).T, peaks.energy.T))
        return peaks

    def _regular(self, planar: Singles) -> TickPeaks:
        ticks = planar.reshape(len(planar), SECOND_TICKS, -1)
        energy = np.matmul(ticks[:, :, np.newaxis, :], ticks[:, :, :, np.newaxis])
        return TickPeaks(ticks.max(axis=2), ticks.min(axis=2), energy[:, :, 0, 0])

    def _any(self, planar: Singles) -> TickPeaks:
        starts = self.starts[self.starts < planar.shape[1]]
        return TickPeaks(
            np.maximum.reduceat(planar, starts, axis=1),
            np.minimum.reduceat(planar, starts, axis=1),
            np.add.reduceat(np.square(planar), starts, axis=1),
        )

    def finish(self, frames: int) -> TickLevels:
        """All ticks, the last of them perhaps incomplete."""
        peaks, energies = zip(*self.gathered, strict=True)
        return TickLevels(
            self.rate_hz, self.layout, frames, np.concatenate(peaks), np.concatenate(energies)
        )
