"""Collects spectra of 8192 frames on the way past, in constant memory.

Which windows the relative gate keeps shows only at the end, so spectra are summed by loudness, and
`spectrum_of` adds up those above the gate.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .. import _core
from .._layouts import Layout
from ._collector import Chunk
from ._level_counts import GROUP_BINS, LevelCounts
from ._steps import LoudnessSteps

__all__ = ["Ltas", "LtasSums", "window_size"]

SIZE_AT_48_KHZ = 8192
BATCH_WINDOWS = 16  # transforms at a time: 1 MB, which stays in the cache
BASS_HZ = (20.0, 120.0)
DELAY_EVERY = 4  # the cross spectrum of every fourth window tells a delay
NUMPY_TRANSFORMS_SINGLES = np.lib.NumpyVersion(np.__version__) >= "2.0.0"

Floats = NDArray[np.float64]
Singles = NDArray[np.float32]
Complexes = NDArray[np.complex64]


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


def k_weights(rate_hz: int, bins_hz: Floats) -> Singles:
    """|H|² of the K-weighting at each bin."""
    z = np.exp(-2j * np.pi * bins_hz / rate_hz)
    gain = np.ones(len(bins_hz))
    for b0, b1, b2, a1, a2 in _core.k_weighting(rate_hz):
        gain *= np.abs((b0 + z * (b1 + z * b2)) / (1.0 + z * (a1 + z * a2))) ** 2
    return gain.astype(np.float32)


def transform(windowed: Singles, spectra: Complexes) -> None:
    """Real transforms of the rows in single precision; NumPy 1 knows double only."""
    if NUMPY_TRANSFORMS_SINGLES:
        out: Any = spectra  # NumPy's stub knows complex128 only
        np.fft.rfft(windowed, out=out)
    else:
        spectra[:] = np.fft.rfft(windowed)


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
        every_frame = np.lib.stride_tricks.sliding_window_view(self.buffer, self.size, axis=1)
        self.framed = every_frame[:, :: self.hop]
        turn = 2 * np.pi * np.arange(self.size) / self.size
        hann = 0.5 - 0.5 * np.cos(turn)
        # Both halves of the spectrum together: mean square = sum of 2 |X|² / (size · sum of hann²).
        self.hann = (hann * np.sqrt(2.0 / (self.size * np.sum(hann**2)))).astype(np.float32)
        bins_hz = frequencies(self.size, rate_hz)
        self.weighting = k_weights(rate_hz, bins_hz)
        self.bass = slice(*np.searchsorted(bins_hz, BASS_HZ).tolist())
        self.bass_bins = self.bass.stop - self.bass.start
        self.cross = np.zeros(self.bins, np.complex128)
        self.steps = LoudnessSteps(BATCH_WINDOWS, self.bins + 3 * self.bass_bins)
        self.levels = LevelCounts(self.hop // GROUP_BINS)
        # Work space: fresh memory for every batch would cost more than the transforms.
        self.windowed = np.empty((BATCH_WINDOWS, self.size), np.float32)
        self.spectra = np.empty((2, BATCH_WINDOWS, self.bins), np.complex64)
        self.power = np.empty((2, BATCH_WINDOWS, self.bins), np.float32)

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
        rows, loudness = self.steps.room(windows)
        for index, weight in enumerate(self.weights):
            spectra, power = self._spectra(index, windows)
            rows[:, : self.bins] += power
            loudness += np.float32(weight) * np.einsum("ij,j->i", power, self.weighting)
            if index < len(self.front):
                rows[:, self._bass_columns(index)] = power[:, self.bass]
            if self.front and index == 1:
                self._take_cross(self.spectra[0, :windows], spectra, rows)
        rows[:, : self.bins] *= np.float32(1.0 / max(1, len(self.channels)))
        self.levels.add(self.steps.add(windows)[:, : self.hop])

    def _spectra(self, index: int, windows: int) -> tuple[Complexes, Singles]:
        """Spectra of a channel, and their one-sided power."""
        windowed, spectra = self.windowed[:windows], self.spectra[min(index, 1), :windows]
        np.multiply(self.framed[index, :windows], self.hann, out=windowed)
        transform(windowed, spectra)
        power, imaginary = self.power[:, :windows]
        np.square(spectra.real, out=power)
        power += np.square(spectra.imag, out=imaginary)
        power[:, [0, -1]] *= np.float32(0.5)  # these have no other half
        return spectra, power

    def _bass_columns(self, index: int) -> slice:
        return slice(self.bins + index * self.bass_bins, self.bins + (index + 1) * self.bass_bins)

    def _take_cross(self, left: Complexes, right: Complexes, rows: Singles) -> None:
        product = left[:, self.bass] * right[:, self.bass].conj()
        rows[:, self._bass_columns(2)] = product.real
        self.cross += np.einsum("ij,ij->j", left[::DELAY_EVERY], right[::DELAY_EVERY].conj())

    def finish(self, frames: int) -> LtasSums:
        """The sums, once all `frames` were fed; an incomplete last window is not used."""
        del frames
        left = self.held // self.hop - 1
        if left > 0:
            self._take(left)
        self.levels.add(self.steps.finish()[:, : self.hop])
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
