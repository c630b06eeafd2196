"""DR14, as "Measuring DR" v1.3 (Pleasurize Music Foundation, 2009) has it.

What that text leaves open is done as the two open meters do that the tests name: blocks of exactly
3 s at rates other than 44.1 kHz, the last block even if it is short, a fifth of the blocks rounded
down but one at least, nothing for less than three blocks.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .._layouts import Layout
from .._levels import power_decibels
from ._collector import Chunk
from ._span_levels import span_levels

__all__ = ["DrBlocks", "DrCollector", "block_frames"]

LEAST_BLOCKS = 3

Floats = NDArray[np.float64]


def block_frames(rate_hz: int) -> int:
    """Frames in a block: 3 s, and 3 · (44100 + 60) at 44.1 kHz as the text has it."""
    return 3 * (44160 if rate_hz == 44100 else rate_hz)


@dataclass(frozen=True, eq=False, slots=True)
class DrBlocks:
    """What `DrCollector` leaves.

    Attributes:
        power: (N, C) mean square of each block.
        peak: (N, C) largest magnitude of each block's samples.
    """

    power: Floats
    peak: Floats

    def per_channel(self) -> tuple[float | None, ...]:
        """DR of each channel, dB: second largest peak of a block over RMS of the loudest fifth.

        RMS is that of a sine's peak, sqrt(2 mean x²), so a sine reads 0.

        Returns:
            One figure a channel; None for digital silence or for less than three blocks.
        """
        if len(self.power) < LEAST_BLOCKS:
            return (None,) * int(self.power.shape[1])
        loudest = max(1, len(self.power) // 5)
        square = 2.0 * np.sort(self.power, axis=0)[-loudest:].mean(axis=0)
        second = np.sort(self.peak, axis=0)[-2]
        found: list[float | None] = [
            power_decibels(peak**2 / mean) if peak > 0.0 and mean > 0.0 else None
            for peak, mean in zip(second.tolist(), square.tolist(), strict=True)
        ]
        return tuple(found)


class DrCollector:
    """A collector of peak and mean square of the blocks of DR14."""

    def __init__(self, rate_hz: int, layout: Layout) -> None:
        self.length, self.channels = block_frames(rate_hz), layout.count
        self.power: list[Floats] = []
        self.peak: list[Floats] = []
        self._begin()

    def _begin(self) -> None:
        self.held = 0  # frames
        self.energy, self.highest = np.zeros(self.channels), np.zeros(self.channels)

    def feed(self, chunk: Chunk, first_frame: int) -> None:
        """Takes the next frames, (n, C); `first_frame` is where they lie."""
        del first_frame
        done = 0
        while done < len(chunk):
            part = chunk[done : done + self.length - self.held]
            levels = span_levels(part, np.array([0, len(part)]))
            self.energy += levels.energy[:, 0]
            self.highest = np.maximum(self.highest, np.maximum(levels.high, -levels.low)[:, 0])
            self.held += len(part)
            done += len(part)
            if self.held == self.length:
                self._end()

    def _end(self) -> None:
        self.power.append(self.energy / self.held)
        self.peak.append(self.highest)
        self._begin()

    def finish(self, frames: int) -> DrBlocks:
        """The blocks, once all `frames` were fed; the last may be short."""
        del frames
        if self.held:
            self._end()
        shape = (len(self.power), self.channels)
        return DrBlocks(np.reshape(self.power, shape), np.reshape(self.peak, shape))
