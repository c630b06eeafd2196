"""Collects spectra of 8192 frames on the way past, in constant memory.

Which windows the relative gate keeps shows only at the end, so spectra are summed by loudness, and
`spectrum_of` adds up those above the gate.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .. import _core
from .._layouts import Layout
from ._collector import Chunk
from ._hann import hann_window, power_scale
from ._level_counts import GROUP_BINS, LevelCounts
from ._steps import LoudnessSteps

__all__ = ["Ltas", "LtasSums", "window_size"]

SIZE_AT_48_KHZ = 8192
BATCH_WINDOWS = 16  # the engine's lanes: transforms at a time
BASS_HZ = (20.0, 120.0)

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False, slots=True)
class LtasSums:
    """What `Ltas` leaves. Spectra are one-sided; a spectrum's sum is the window's mean square.

    Attributes:
        rate_hz: Sampling rate.
        size: Frames in a window.
        loudness: (N,) LUFS at the middle of each step of loudness that there was, above -70.
        windows: (N,) windows in each step.
        power: (N, K) sum over them of the mean of the channels but LFE.
        bass: (N, 3, M) sum over them of left², right² and left · right per bin, 20 to 120 Hz.
        cross: (K,) sum of left times conjugated right over every fourth window.
        counts: (G, L) windows above -70 LUFS by level; see `LevelCounts`.
    """

    rate_hz: int
    size: int
    loudness: Floats
    windows: NDArray[np.int64]
    power: Floats
    bass: Floats
    cross: NDArray[np.complex128]
    counts: NDArray[np.int64]

    @property
    def bins_hz(self) -> Floats:
        """(K,) frequencies of the bins."""
        return frequencies(self.size, self.rate_hz)

    def kept(self, gate_lufs: float | None) -> NDArray[np.bool_]:
        """(N,) steps above the relative threshold in LUFS; none where there is no threshold."""
        return np.asarray(self.loudness > (math.inf if gate_lufs is None else gate_lufs))


def window_size(rate_hz: int) -> int:
    """8192 at 44.1 and 48 kHz; at other rates the power of two that lasts about as long."""
    return int(SIZE_AT_48_KHZ * 2.0 ** round(math.log2(rate_hz / 48000)))


def frequencies(size: int, rate_hz: int) -> Floats:
    """Frequencies of the bins, 0 to half the rate."""
    return np.arange(size // 2 + 1, dtype=np.float64) * (rate_hz / size)


def k_weights(rate_hz: int, bins_hz: Floats) -> Floats:
    """|H|² of the K-weighting at each bin."""
    z = np.exp(-2j * np.pi * bins_hz / rate_hz)
    gain = np.ones(len(bins_hz))
    for b0, b1, b2, a1, a2 in _core.k_weighting(rate_hz):
        gain *= np.abs((b0 + z * (b1 + z * b2)) / (1.0 + z * (a1 + z * a2))) ** 2
    return gain


class Ltas:
    """A collector of spectra: Hann windows, half overlapped, from the first frame on.

    Batches lie at fixed frames, so that any cut into chunks gives the same bits.
    """

    def __init__(self, rate_hz: int, layout: Layout) -> None:
        self.rate_hz, self.size = rate_hz, window_size(rate_hz)
        self.hop, self.bins = self.size // 2, self.size // 2 + 1
        self.front = layout.front_pair or ()
        rest = [index for index, channel in enumerate(layout.channels) if not channel.lfe]
        self.channels = [*self.front, *(index for index in rest if index not in self.front)]
        self.weights = [layout.weights[index] for index in self.channels]
        self.held = 0  # frames in the buffer
        self.buffer = np.zeros((len(self.channels), (BATCH_WINDOWS + 1) * self.hop), np.float32)
        turn = 2 * np.pi * np.arange(self.size) / self.size
        hann = hann_window(self.size)
        hann *= math.sqrt(power_scale(hann))
        turns = np.stack([np.cos(turn), -np.sin(turn)], axis=1)
        bins_hz = frequencies(self.size, rate_hz)
        bass = np.searchsorted(bins_hz, BASS_HZ).tolist()
        self.bass_bins = bass[1] - bass[0]
        self.spectra = _core.Spectra(
            hann.tolist(), k_weights(rate_hz, bins_hz).tolist(), turns.ravel().tolist(), *bass
        )
        self.cross = np.zeros(self.bins, np.complex128)
        self.levels = LevelCounts(self.hop // GROUP_BINS)
        self.steps = LoudnessSteps(BATCH_WINDOWS, self.bins + 3 * self.bass_bins, self.levels.add)

    def feed(self, chunk: Chunk, first_frame: int) -> None:
        """Takes the next frames, (n, C); `first_frame` is where they lie."""
        del first_frame
        done, whole = 0, self.buffer.shape[1]
        while done < len(chunk):
            part = chunk[done : done + whole - self.held]
            for samples, channel in zip(self.buffer, self.channels, strict=True):
                samples[self.held : self.held + len(part)] = part[:, channel]
            self.held += len(part)
            done += len(part)
            if self.held == whole:
                self._take(BATCH_WINDOWS)
                self.buffer[:, : self.hop] = self.buffer[:, -self.hop :]
                self.held = self.hop

    def _take(self, windows: int) -> None:
        """Transforms the first so many windows of the buffer."""
        if self.channels:
            self.spectra.take(
                self.buffer,
                windows,
                self.weights,
                bool(self.front),
                *self.steps.room(windows),
                self.cross,
            )
        self.steps.add(windows)

    def finish(self, frames: int) -> LtasSums:
        """The sums, once all `frames` were fed; an incomplete last window is not used."""
        del frames
        left = self.held // self.hop - 1
        if left > 0:
            self._take(left)
        self.steps.finish()
        loudness, windows, sums = self.steps.taken()
        power, bass = np.split(sums, [self.bins], axis=1)
        return LtasSums(
            rate_hz=self.rate_hz,
            size=self.size,
            loudness=loudness,
            windows=windows,
            power=power,
            bass=bass.reshape(-1, 3, self.bass_bins),
            cross=self.cross,
            counts=self.levels.taken(),
        )
