"""Mains hum: 50 or 60 Hz and two harmonics, steady through the quietest passages."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .._layouts import Layout
from ._collector import Chunk
from ._hann import hann_window, power_scale
from ._limits import LIMITS
from ._span_levels import SpanLevels

__all__ = ["Hum", "QuietPassages", "hum_of"]

MAINS_HZ = (50.0, 60.0)
LINES = 3  # the fundamental and two harmonics
LINE_HZ = (0.5, 0.75, 1.0)  # how far off each line may lie
BESIDE_HZ = (3.0, 9.0)  # where its neighbours lie: from, to
LOW_RATE_HZ = 4000  # at which lines are looked for
PASSAGES = 8  # at most; of less than a minute, the quietest quarter
LACKING = 0.25  # of them, at most, may lack a line

Singles = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Hum:
    """Mains hum that was found.

    Attributes:
        fundamental_hz: 50.0 or 60.0.
        harmonics_hz: The two harmonics that stand out with it.
        above_neighbours_db: How far the weakest of the three lines stands above the spectrum
            beside it, dB.
        level_dbfs: Level of the strongest of the three lines, dBFS (a full-scale sine: -3.01).
    """

    fundamental_hz: float
    harmonics_hz: tuple[float, ...]
    above_neighbours_db: float
    level_dbfs: float


class Quiet(NamedTuple):
    """A passage of 2 s at a low rate, (C, n), and the energy that it had."""

    energy: float
    first_frame: int
    samples: Singles


class QuietPassages:
    """A collector of the quietest passages of 2 s without digital silence."""

    def __init__(self, rate_hz: int, layout: Layout) -> None:
        del layout
        self.rate_hz = rate_hz
        most = max(1, rate_hz // LOW_RATE_HZ)
        self.factor = next(f for f in range(most, 0, -1) if rate_hz % f == 0)
        self.mean = np.full(self.factor, 1.0 / self.factor, np.float32)
        self.kept: list[Quiet] = []
        self.count = 0  # of passages without digital silence
        self.first: Quiet | None = None  # half of a passage, if it may be a quiet one

    def feed(self, chunk: Chunk, first_frame: int, peaks: SpanLevels) -> None:
        """Takes the next second and its ticks."""
        begins = first_frame // self.rate_hz % 2 == 0
        silent = (np.maximum(peaks.high, -peaks.low).max(axis=0) == 0.0).any()
        first, self.first = self.first, None
        if silent or len(chunk) < self.rate_hz or (first is None and not begins):
            return
        energy = float(peaks.energy.sum()) + (first.energy if first else 0.0)
        low = np.zeros((0, 0), np.float32)
        if len(self.kept) < PASSAGES or energy < self.kept[-1].energy:
            groups = chunk.T.reshape(chunk.shape[1], -1, self.factor)
            # No BLAS: the order in which it adds, and so the last digits, depend on the CPU.
            low = np.einsum("cgi,i->cg", groups, self.mean)
        if first is None:
            self.first = Quiet(energy, first_frame, low)
            return
        self.count += 1
        if low.size:
            joined = np.concatenate([first.samples, low], axis=1)
            self.kept.append(Quiet(energy, first.first_frame, joined))
            self.kept = sorted(self.kept, key=lambda passage: passage[:2])[:PASSAGES]

    def finish(self, frames: int) -> tuple[float, list[Singles]]:
        """The low rate in Hz, and the quietest passages."""
        del frames
        quietest = self.kept[: -(-self.count // 4)]
        return self.rate_hz / self.factor, [passage.samples for passage in quietest]


def hum_of(rate_hz: float, passages: list[Singles]) -> Hum | None:
    """Looks for hum in passages of 2 s, each (C, n).

    A line must stand 10 dB over the median of what lies 3 to 9 Hz beside it, in three quarters of
    the passages at least, and all three lines must. Resolution is 0.5 Hz: G1 (49.0 Hz) and
    its harmonics are no hum.

    Returns:
        The hum; None if there is none, or no passage.
    """
    if not passages:
        return None
    count = passages[0].shape[1]
    hann = hann_window(count)
    power = np.array([_spectrum(passage, hann) for passage in passages])
    resolution = rate_hz / count
    found = [_lines(power, resolution, mains) for mains in MAINS_HZ]
    best = max(found, key=lambda hum: hum.above_neighbours_db)
    return best if best.above_neighbours_db > LIMITS["hum_db"] else None


def _spectrum(passage: Singles, hann: NDArray[np.float64]) -> NDArray[np.float64]:
    """One-sided, mean of the channels: the bins of a line add up to its mean square."""
    spectra = np.fft.rfft(passage * hann)
    power: NDArray[np.float64] = np.square(np.abs(spectra)).mean(axis=0)
    power *= power_scale(hann)
    return power


def _lines(power: NDArray[np.float64], resolution: float, mains_hz: float) -> Hum:
    above, levels = [], []
    for order, off_hz in enumerate(LINE_HZ, 1):
        line = _bins(order * mains_hz - off_hz, order * mains_hz + off_hz, resolution)
        low, high = BESIDE_HZ
        beside = np.concatenate(
            [
                power[:, _bins(order * mains_hz - high, order * mains_hz - low, resolution)],
                power[:, _bins(order * mains_hz + low, order * mains_hz + high, resolution)],
            ],
            axis=1,
        )
        peak = np.maximum(power[:, line].max(axis=1), 1e-30)
        ratio = np.sort(peak / np.maximum(np.median(beside, axis=1), 1e-30))
        above.append(10.0 * math.log10(ratio[int(LACKING * len(ratio))]))
        wide = slice(line.start - 1, line.stop + 1)
        levels.append(10.0 * math.log10(max(1e-30, float(np.median(power[:, wide].sum(axis=1))))))
    harmonics = tuple(mains_hz * order for order in range(2, LINES + 1))
    return Hum(mains_hz, harmonics, min(above), max(levels))


def _bins(low_hz: float, high_hz: float, resolution: float) -> slice:
    return slice(math.ceil(low_hz / resolution - 1e-9), math.floor(high_hz / resolution + 1e-9) + 1)
