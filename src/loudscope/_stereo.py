"""Left and right of a block table: correlation, mid and side, balance, mono compatibility."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from . import _core
from ._columns import TICKS
from ._levels import power_decibels
from ._loudness import MOMENTARY_TICKS, Loudness
from ._notes import Absent, NoteCode

__all__ = ["RINGING", "PairSums", "Stereo"]

Floats = NDArray[np.float64]

# Less than the square of any float32 but zero: a filter that rings out in digital silence. Products
# and ratios of such energies would leave the range of a double.
RINGING = 2.0**-298


@dataclass(frozen=True, slots=True)
class PairSums:
    """Energies of left and right and their product, over the same frames."""

    left: float
    right: float
    cross: float

    @classmethod
    def over(cls, left: Floats, right: Floats, cross: Floats) -> PairSums:
        """The sums over all blocks, each rounded once: equal channels leave no side at all."""
        return cls(*(math.fsum(column.tolist()) for column in (left, right, cross)))

    @property
    def correlation(self) -> float | Absent:
        """Sum LR / sqrt(sum L^2 sum R^2), -1 to 1."""
        if self.left < RINGING or self.right < RINGING:
            return Absent(NoteCode.CHANNEL_SILENT, "left or right is digital silence")
        # Rounding may carry identical channels a hair beyond one.
        return min(1.0, max(-1.0, self.cross / math.sqrt(self.left * self.right)))

    @property
    def mid_side_ratio(self) -> float | Absent:
        """10 log10 of the energies of (L+R)/2 over (L-R)/2, dB."""
        mid = self.left + self.right + 2.0 * self.cross
        side = self.left + self.right - 2.0 * self.cross
        if self.left + self.right < RINGING:
            return Absent(NoteCode.SILENT, "left and right are digital silence")
        if side <= 0.0:
            return Absent(NoteCode.IDENTICAL_CHANNELS, "left and right are the same: no side")
        if mid <= 0.0:
            return Absent(NoteCode.CANCELS_IN_MONO, "right is left inverted: no mid")
        return power_decibels(mid / side)


@dataclass(frozen=True, eq=False)
class Stereo:
    """The front pair's figures."""

    loudness: Loudness

    @cached_property
    def pair(self) -> tuple[int, int] | Absent:
        """Indices of left and right."""
        table = self.loudness.table
        pair = table.layout.front_pair
        if pair is None:
            return Absent(NoteCode.NO_FRONT_PAIR, f"{table.layout} has no front left and right")
        if table.energy is None or table.cross is None:
            return Absent(NoteCode.NOT_MEASURED, "levels were not measured in this table")
        return pair

    @cached_property
    def sums(self) -> PairSums | Absent:
        """Unweighted energies of the whole table."""
        pair, table = self.pair, self.loudness.table
        if isinstance(pair, Absent) or table.energy is None or table.cross is None:
            return pair if isinstance(pair, Absent) else _unmeasured()
        return PairSums.over(table.energy[:, pair[0]], table.energy[:, pair[1]], table.cross)

    @cached_property
    def correlation(self) -> float | Absent:
        """Of the whole table."""
        return self.sums if isinstance(self.sums, Absent) else self.sums.correlation

    @cached_property
    def mid_side_ratio(self) -> float | Absent:
        """Of the whole table, dB."""
        return self.sums if isinstance(self.sums, Absent) else self.sums.mid_side_ratio

    @cached_property
    def _weighted_sides(self) -> tuple[Floats, Floats, Floats] | Absent:
        """K-weighted energy of left and right and their product, per block."""
        pair, table = self.pair, self.loudness.table
        if isinstance(pair, Absent):
            return pair
        if table.tick_energy is None or table.k_cross is None:
            return Absent(NoteCode.NOT_MEASURED, "loudness was not measured in this table")
        blocks = table.tick_energy.reshape(-1, TICKS, table.layout.count).sum(axis=1)
        return blocks[:, pair[0]], blocks[:, pair[1]], table.k_cross

    def _gating_power(self, blocks: Floats) -> Floats:
        # A gating block is four whole blocks, so where in a block its energy lies does not matter.
        ticks = np.zeros(len(blocks) * TICKS)
        ticks[::TICKS] = blocks
        return self.loudness.windows(ticks, MOMENTARY_TICKS, TICKS)[0]

    @cached_property
    def balance(self) -> float | Absent:
        """10 log10(E_left / E_right) in dB, K-weighted, over the blocks that pass the gates."""
        sides, threshold = self._weighted_sides, self.loudness.relative_threshold
        total = self.loudness.gating_power
        if isinstance(sides, Absent):
            return sides
        if isinstance(threshold, Absent) or isinstance(total, Absent):
            return threshold if isinstance(threshold, Absent) else _unmeasured()
        gate = 10.0 ** ((max(threshold, -70.0) + 0.691) / 10.0)
        kept = total[0] > gate
        left, right = (float(self._gating_power(side)[kept].sum()) for side in sides[:2])
        if left < RINGING or right < RINGING:
            return Absent(NoteCode.CHANNEL_SILENT, "left or right is digital silence")
        return power_decibels(left / right)

    @cached_property
    def mono_loss(self) -> float | Absent:
        """LUFS of the pair minus LUFS of (L+R)/2 on both channels, each gated by itself, in LU."""
        sides = self._weighted_sides
        if isinstance(sides, Absent):
            return sides
        left, right, cross = sides
        stereo = _core.gate(self._gating_power(left + right))
        # Rounding may carry cancellation a hair below nothing.
        mono = _core.gate(self._gating_power(np.maximum(0.0, (left + right + 2.0 * cross) / 2.0)))
        if stereo[3] == 0:
            return self.loudness.integrated if isinstance(
                self.loudness.integrated, Absent
            ) else Absent(NoteCode.GATED_OUT, "the front pair lies below the gate")  # fmt: skip
        if mono[3] == 0:
            return Absent(NoteCode.CANCELS_IN_MONO, "summed to mono, nothing passes the gate")
        return float(stereo[5] - mono[5])


def _unmeasured() -> Absent:
    return Absent(NoteCode.NOT_MEASURED, "loudness was not measured in this table")
