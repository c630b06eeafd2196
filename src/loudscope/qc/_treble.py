"""Short spectra of the treble over time: is an edge of the spectrum always there?"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from .._layouts import Layout
from ._collector import Chunk

__all__ = ["Treble", "TrebleFrames"]

WINDOWS = 2  # in each second
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
    """A collector of such spectra, 0.5 kB for each second of audio at 44.1 or 48 kHz."""

    def __init__(self, rate_hz: int, layout: Layout) -> None:
        del layout
        self.size = 2 ** round(math.log2(rate_hz / 48000 * SIZE_AT_48_KHZ))
        count = np.arange(self.size)
        hann = 0.5 - 0.5 * np.cos(2 * np.pi * count / self.size)
        self.hann = hann.astype(np.float32)
        self.scale = np.float32(2.0 / (self.size * np.square(hann).sum()))
        bins = np.arange(0, self.size // 2, GROUP_BINS)
        bins = bins[bins * rate_hz >= LOWEST_HZ * self.size]
        self.bins = slice(int(bins.min(initial=self.size // 2)), self.size // 2)
        self.hz = (bins + (GROUP_BINS - 1) / 2) * rate_hz / self.size
        self.every = rate_hz // WINDOWS
        self.levels: list[Singles] = []

    def feed(self, chunk: Chunk, first_frame: int) -> None:
        """Takes the next second."""
        del first_frame
        planar = chunk.T
        begins = [i * self.every for i in range(WINDOWS)]
        begins = [begin for begin in begins if begin + self.size <= planar.shape[1]]
        if not begins or len(self.hz) == 0:
            return
        windows = np.stack([planar[:, begin : begin + self.size] for begin in begins])
        spectra = np.fft.rfft(windows * self.hann)[:, :, self.bins]
        power = np.square(spectra.real) + np.square(spectra.imag)
        groups = power.mean(axis=1).reshape(len(begins), -1, GROUP_BINS).mean(axis=2)
        self.levels.append(10.0 * np.log10(groups * self.scale + np.float32(1e-20)))

    def finish(self, frames: int) -> TrebleFrames:
        """All of them."""
        del frames
        empty = np.zeros((0, len(self.hz)), np.float32)
        return TrebleFrames(self.hz, np.concatenate([empty, *self.levels], dtype=np.float32))
