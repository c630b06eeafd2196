"""Short spectra of the treble over time: is an edge of the spectrum always there?"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from .._layouts import Layout
from ._collector import Chunk
from ._hann import hann_window, power_scale

__all__ = ["Treble", "TrebleFrames"]

WINDOWS = 2  # in each second
BATCH_WINDOWS = 16
SIZE_AT_48_KHZ = 2048
GROUP_BINS = 4  # 94 Hz
LOWEST_HZ = 8500.0
SILENT_DB = -115.0  # of a bin: 16-bit noise reads -126

Singles = NDArray[np.float32]


class TrebleFrames:
    """Levels of groups of bins in windows of 43 ms, two in each second.

    Attributes:
        hz: (G,) centres of the groups.
        levels_db: (N, G) mean power of a group's bins, dBFS.
    """

    def __init__(self, hz: NDArray[np.float64], levels_db: Singles) -> None:
        self.hz, self.levels_db = hz, levels_db

    def level(self, low_hz: float, high_hz: float) -> Singles:
        """(N,) mean level between two frequencies."""
        groups = (self.hz >= low_hz) & (self.hz <= high_hz)
        levels: Singles = self.levels_db[:, groups].mean(axis=1)
        return levels


class Treble:
    """A collector of such spectra, 0.5 kB for each second of audio at 44.1 or 48 kHz.

    Windows are transformed some seconds at a time: one by one, the calls would cost as much as what
    they do.
    """

    def __init__(self, rate_hz: int, layout: Layout) -> None:
        channels = layout.count
        self.size = 2 ** round(math.log2(rate_hz / 48000 * SIZE_AT_48_KHZ))
        hann = hann_window(self.size)
        self.hann, self.scale = hann.astype(np.float32), np.float32(power_scale(hann))
        bins = np.arange(0, self.size // 2, GROUP_BINS)
        bins = bins[bins * rate_hz >= LOWEST_HZ * self.size]
        self.bins = slice(int(bins.min(initial=self.size // 2)), self.size // 2)
        self.hz = (bins + (GROUP_BINS - 1) / 2) * rate_hz / self.size
        self.every = rate_hz // WINDOWS
        self.held = 0  # windows in the buffer
        self.windows = np.zeros((BATCH_WINDOWS, channels, self.size), np.float32)
        self.levels: list[Singles] = []

    def feed(self, chunk: Chunk, first_frame: int) -> None:
        """Takes the next second."""
        del first_frame
        for begin in range(0, WINDOWS * self.every, self.every):
            if begin + self.size <= len(chunk) and len(self.hz):
                np.multiply(
                    chunk[begin : begin + self.size].T, self.hann, out=self.windows[self.held]
                )
                self.held += 1
                if self.held == BATCH_WINDOWS:
                    self._transform()

    def _transform(self) -> None:
        spectra = np.fft.rfft(self.windows[: self.held])[:, :, self.bins]
        power = np.square(spectra.real) + np.square(spectra.imag)
        groups = power.mean(axis=1).reshape(self.held, -1, GROUP_BINS).mean(axis=2)
        self.levels.append(10.0 * np.log10(groups * self.scale + np.float32(1e-20)))
        self.held = 0

    def finish(self, frames: int) -> TrebleFrames:
        """All of them."""
        del frames
        if self.held:
            self._transform()
        empty = np.zeros((0, len(self.hz)), np.float32)
        return TrebleFrames(self.hz, np.concatenate([empty, *self.levels], dtype=np.float32))
