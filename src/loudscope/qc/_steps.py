"""Spectra summed by the loudness around them, for a gate whose height shows only at the end."""

from __future__ import annotations

from collections.abc import Callable
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from .._loudness import loudness_of
from ._shifted import shifted

__all__ = ["LoudnessSteps"]

STEP_LU = 0.2
ABSOLUTE_GATE_LUFS = -70.0  # BS.1770-5
BLOCK_WINDOWS = 4  # half-overlapped windows of 8192 frames: 427 ms at 48 kHz, a gating block
WAITING = BLOCK_WINDOWS - 1

Floats = NDArray[np.float64]
Singles = NDArray[np.float32]


class LoudnessSteps:
    """Sums of rows, one for each step of 0.2 LU; at or below -70 LUFS nothing is kept.

    A row counts by the loudest four windows in a row that hold it, as a gating block would: a
    pause between two beats passes with them. So three rows wait until those after them are known.

    Args:
        most_rows: That are added at a time.
        columns: Of a row.
        passed: Called with rows above the absolute gate, in memory that is used again.
    """

    def __init__(self, most_rows: int, columns: int, passed: Callable[[Singles], object]) -> None:
        self.passed = passed
        self.sums: dict[int, Floats] = {}
        self.counts: dict[int, int] = {}
        # Rows that wait, then new ones; power of three rows before them, theirs, that of new ones.
        self.rows: Singles = np.zeros((WAITING + most_rows, columns), np.float32)
        self.power: Singles = np.zeros(2 * WAITING + most_rows, np.float32)
        self.waiting = 0

    def room(self, rows: int) -> tuple[Singles, Singles]:
        """Zeros to write the next rows and their K-weighted power to, before `add`."""
        first = self.waiting
        self.rows[first : first + rows] = 0.0
        self.power[WAITING + first : WAITING + first + rows] = 0.0
        return self.rows[first : first + rows], self.power[WAITING + first :][:rows]

    def add(self, rows: int) -> None:
        """Takes so many rows that were written to `room`."""
        held = self.waiting + rows
        decided = max(0, held - WAITING)
        self.waiting = held - decided
        if decided == 0:
            return
        power = self.power[: WAITING + held]
        blocks = np.add.reduce(shifted(power, BLOCK_WINDOWS)) / np.float32(BLOCK_WINDOWS)
        loudest = np.maximum.reduce(shifted(blocks, BLOCK_WINDOWS))
        self._sum(self.rows[:decided], loudness_of(loudest.astype(np.float64)))
        self.rows[: self.waiting] = self.rows[decided:held].copy()
        self.power[: WAITING + self.waiting] = power[decided:].copy()

    def finish(self) -> None:
        """Decides on the rows that wait: silence follows the end."""
        self.room(WAITING)
        self.add(WAITING)

    def _sum(self, rows: Singles, loudness: Floats) -> None:
        above = loudness > ABSOLUTE_GATE_LUFS
        if not above.all():
            rows, loudness = rows[above], loudness[above]
        self.passed(rows)
        steps = ((loudness - ABSOLUTE_GATE_LUFS) / STEP_LU).astype(np.int64).tolist()
        for step, group in groupby(range(len(steps)), key=steps.__getitem__):
            held = list(group)
            total = rows[held[0]] if len(held) == 1 else rows[held[0] : held[-1] + 1].sum(axis=0)
            added = total.astype(np.float64)  # to add singles to doubles takes twice as long
            if step in self.sums:
                self.sums[step] += added
            else:
                self.sums[step] = added
            self.counts[step] = self.counts.get(step, 0) + len(held)

    def taken(self) -> tuple[Floats, NDArray[np.int64], Floats]:
        """(N,) LUFS at the middle of each step there was, (N,) rows in it, (N, columns) sums."""
        steps = sorted(self.sums)
        loudness = np.array([ABSOLUTE_GATE_LUFS + STEP_LU * (step + 0.5) for step in steps])
        counts = np.array([self.counts[step] for step in steps], np.int64)
        columns = self.rows.shape[1]
        sums = np.stack([self.sums[step] for step in steps]) if steps else np.zeros((0, columns))
        return loudness, counts, sums
