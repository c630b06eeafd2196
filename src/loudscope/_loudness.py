"""Loudness figures of a block table: BS.1770-5 Annex 1, EBU Tech 3341, EBU Tech 3342."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from . import _core
from ._columns import TICKS
from ._notes import Absent, NoteCode
from ._table import BlockTable

__all__ = ["Gating", "Loudness", "LoudnessRange", "Series", "loudness_of"]

MOMENTARY_TICKS = 40  # 400 ms, BS.1770-5 and Tech 3341 2.2
SHORT_TERM_TICKS = 300  # 3 s
# Tech 3342's note on files: the signal "should be followed by at least 1.5 s of silence".
TRAILING_TICKS = 150
STABLE_RANGE_SECONDS = 60.0  # Tech 3343: below, loudness range is not meaningful

Floats = NDArray[np.float64]


class Gating(NamedTuple):
    """How many 400 ms gating blocks there were and what became of them (BS.1770-5 eqs 3-7)."""

    blocks: int
    below_absolute: int
    below_relative: int
    kept: int


class LoudnessRange(NamedTuple):
    """Loudness range in LU with its ends in LUFS (Tech 3342: 10th and 95th percentile)."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, eq=False, slots=True)
class Series:
    """A figure over time.

    Attributes:
        times: (N,) seconds, the end of each window.
        values: (N,) the figure; -inf where the window is digital silence.
    """

    times: Floats
    values: Floats

    def __len__(self) -> int:
        return len(self.times)


class Extreme(NamedTuple):
    value: float
    seconds: float


def loudness_of(power: Floats) -> Floats:
    """-0.691 + 10 log10(power) in LUFS (BS.1770-5 eq. 2); -inf for zero."""
    with np.errstate(divide="ignore"):
        return -0.691 + 10.0 * np.log10(power)


@dataclass(frozen=True, eq=False)
class Loudness:
    """The loudness figures of `table`; `gain` is 2 where mono is measured as dual mono."""

    table: BlockTable
    gain: float = 1.0

    @cached_property
    def tick_power(self) -> Floats | Absent:
        """(10 B,) channel-weighted sum of squares of each tick."""
        energy = self.table.tick_energy
        if energy is None:
            return Absent(NoteCode.NOT_MEASURED, "loudness was not measured in this table")
        weights = [weight * self.gain for weight in self.table.layout.weights]
        power: Floats = _core.weighted_power(energy, weights)
        return power

    def windows(self, power: Floats, length: int, hop: int) -> tuple[Floats, Floats]:
        """Mean square and end time of every window of complete ticks within a programme."""
        table = self.table
        mean, end = _core.windows(power, table.tick_frames, table.ticks, table.seams, length, hop)
        ends = np.cumsum(table.tick_frames, dtype=np.int64)
        return mean, ends[end - 1] / table.rate_hz if len(end) else np.zeros(0)

    def _series(self, length: int, hop: int) -> tuple[Floats, Floats] | Absent:
        if isinstance(self.tick_power, Absent):
            return self.tick_power
        return self.windows(self.tick_power, length, hop)

    @cached_property
    def gating_power(self) -> tuple[Floats, Floats] | Absent:
        """Mean squares of the gating blocks: 400 ms every 100 ms, incomplete ones not used."""
        return self._series(MOMENTARY_TICKS, TICKS)

    @cached_property
    def momentary_power(self) -> tuple[Floats, Floats] | Absent:
        """400 ms every 10 ms: a 100 ms grid misses Tech 3341 case 13 by 0.45 LU."""
        return self._series(MOMENTARY_TICKS, 1)

    @cached_property
    def short_term_power(self) -> tuple[Floats, Floats] | Absent:
        """3 s every 100 ms, the 10 Hz of Tech 3342."""
        return self._series(SHORT_TERM_TICKS, TICKS)

    @cached_property
    def gated(self) -> tuple[Gating, float, float] | Absent:
        """Gate counts, relative threshold and integrated loudness."""
        power = self.gating_power
        if isinstance(power, Absent):
            return power
        blocks, absolute, relative, kept, threshold, integrated = _core.gate(power[0])
        return Gating(blocks, absolute, relative, kept), threshold, integrated

    @cached_property
    def integrated(self) -> float | Absent:
        """Integrated loudness in LUFS."""
        gated = self.gated
        if isinstance(gated, Absent):
            return gated
        return self._too_quiet(gated[0], 0.4) or gated[2]

    @cached_property
    def relative_threshold(self) -> float | Absent:
        """The relative gate in LUFS."""
        gated = self.gated
        if isinstance(gated, Absent):
            return gated
        return self._too_quiet(gated[0], 0.4) or gated[1]

    def _too_quiet(self, gating: Gating, seconds: float) -> Absent | None:
        if gating.blocks == 0:
            return self._too_short(seconds)
        if gating.kept > 0:
            return None
        if not isinstance(self.tick_power, Absent) and not self.tick_power.any():
            return Absent(NoteCode.SILENT, "the audio is digital silence")
        return Absent(NoteCode.GATED_OUT, "every gating block lies at or below -70 LUFS")

    def _too_short(self, seconds: float) -> Absent:
        return Absent(
            NoteCode.TOO_SHORT,
            f"{self.table.duration:.3f} s of audio hold no whole window of {seconds:g} s",
        )

    def _maximum(self, found: tuple[Floats, Floats] | Absent, seconds: float) -> Extreme | Absent:
        if isinstance(found, Absent):
            return found
        power, times = found
        if len(power) == 0:
            return self._too_short(seconds)
        at = int(power.argmax())
        if power[at] <= 0.0:
            return Absent(NoteCode.SILENT, "the audio is digital silence")
        return Extreme(float(loudness_of(power[at : at + 1])[0]), float(times[at]))

    @cached_property
    def momentary_max(self) -> Extreme | Absent:
        """Largest momentary loudness, LUFS, and the end of its window."""
        return self._maximum(self.momentary_power, 0.4)

    @cached_property
    def short_term_max(self) -> Extreme | Absent:
        """Largest short-term loudness, on a 10 ms grid, and the end of its window."""
        return self._maximum(self._series(SHORT_TERM_TICKS, 1), 3.0)

    def loudness_range(self, trailing_silence: bool = False) -> LoudnessRange | Absent:
        """Loudness range by Tech 3342: nearest rank, no interpolation."""
        found = self.short_term_power
        if isinstance(found, Absent):
            return found
        power = found[0]
        if trailing_silence:
            power = np.concatenate([power, self._after_the_end()])
        if len(power) == 0:
            return self._too_short(3.0)
        kept, low, high = _core.loudness_range(power)
        if kept == 0 and not power.any():
            return Absent(NoteCode.SILENT, "the audio is digital silence")
        if kept == 0:
            return Absent(NoteCode.GATED_OUT, "no short-term value reaches -70 LUFS")
        return LoudnessRange(high - low, low, high)

    def _after_the_end(self) -> Floats:
        """Short-term windows that reach into 1.5 s of silence after each programme's end.

        The silence fills up an incomplete last tick, whose energy counts.
        """
        table, power = self.table, self.tick_power
        if isinstance(power, Absent):
            return np.zeros(0)
        windows = []
        for begin, end in pairwise([*table.seams.tolist(), table.blocks]):
            whole = int(table.ticks[begin:end].sum())
            first, last = begin * TICKS, begin * TICKS + whole
            next_start = max(0, (whole - SHORT_TERM_TICKS) // TICKS + 1) * TICKS
            for tick in range(next_start, whole + TRAILING_TICKS - SHORT_TERM_TICKS + 1, TICKS):
                held = power[first + tick : min(last + 1, end * TICKS)]
                frames = int(table.tick_frames[first + tick : last].sum(dtype=np.int64))
                silent = SHORT_TERM_TICKS - (whole - tick)
                windows.append(held.sum() / (frames + silent * table.rate_hz / 100))
        return np.array(windows)
