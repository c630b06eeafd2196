"""Peaks and energy of every 10 ms: what most faults are looked for in first."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from .._layouts import Layout
from ._collector import Chunk
from ._span_levels import SpanLevels, span_levels

__all__ = ["SECOND_TICKS", "TickLevels", "Ticks"]

SECOND_TICKS = 100


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
    peak: NDArray[np.float32]
    energy: NDArray[np.float64]

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
        return self.energy / np.diff(self.starts)[:, np.newaxis]

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
        self.bounds = tick_starts(SECOND_TICKS + 1, rate_hz)
        self.gathered: list[tuple[NDArray[np.float32], NDArray[np.float64]]] = []

    def feed(self, chunk: Chunk, first_frame: int) -> SpanLevels:
        """Takes the next second and gives its ticks."""
        del first_frame
        bounds = self.bounds
        if len(chunk) < self.rate_hz:
            bounds = np.append(bounds[bounds < len(chunk)], len(chunk))
        peaks = span_levels(chunk, bounds)
        self.gathered.append((np.maximum(peaks.high, -peaks.low).T, peaks.energy.T))
        return peaks

    def finish(self, frames: int) -> TickLevels:
        """All ticks, the last of them perhaps incomplete."""
        peaks, energies = zip(*self.gathered, strict=True)
        return TickLevels(
            self.rate_hz, self.layout, frames, np.concatenate(peaks), np.concatenate(energies)
        )
