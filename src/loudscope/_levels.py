"""Peaks, RMS, crest factor, DC offset and clipping of a block table, channel by channel."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ._notes import Absent, NoteCode
from ._table import BlockTable

__all__ = ["Clipping", "Levels", "Peak", "decibels", "power_decibels"]

_NOT_MEASURED = Absent(NoteCode.NOT_MEASURED, "peaks were not measured in this table")
_SILENT = Absent(NoteCode.SILENT, "digital silence")


class Clipping(NamedTuple):
    """Clipped samples of one channel: |x| >= 32767/32768.

    Attributes:
        samples: How many.
        runs: Runs of three or more in a row.
        longest: Samples in the longest run.
    """

    samples: int
    runs: int
    longest: int


class Peak(NamedTuple):
    """A peak in dBFS or dBTP and when it is, in seconds."""

    value: float
    seconds: float


def decibels(amplitude: float) -> float:
    """20 log10 of a positive amplitude."""
    return 20.0 * math.log10(amplitude)


def power_decibels(power: float) -> float:
    """10 log10 of a positive power."""
    return 10.0 * math.log10(power)


@dataclass(frozen=True, eq=False)
class Levels:
    """Figures of `table` that need neither weighting nor gating."""

    table: BlockTable

    def _peaks(
        self, peaks: NDArray[np.float32] | None, at: NDArray[np.uint16] | None
    ) -> tuple[Peak | Absent, ...]:
        if peaks is None or at is None:
            return (_NOT_MEASURED,) * self.table.layout.count
        starts = self.table.starts
        found: list[Peak | Absent] = []
        for channel in range(self.table.layout.count):
            row = int(peaks[:, channel].argmax())
            value = float(peaks[row, channel])
            frame = int(starts[row]) + int(at[row, channel])
            peak = Peak(decibels(value), frame / self.table.rate_hz) if value > 0 else _SILENT
            found.append(peak)
        return tuple(found)

    @cached_property
    def true_peaks(self) -> tuple[Peak | Absent, ...]:
        """True peak of each channel, dBTP (BS.1770-5 Annex 2)."""
        return self._peaks(self.table.true_peak, self.table.true_peak_at)

    @cached_property
    def sample_peaks(self) -> tuple[Peak | Absent, ...]:
        """Sample peak of each channel, dBFS."""
        return self._peaks(self.table.sample_peak, self.table.sample_peak_at)

    @cached_property
    def mean_squares(self) -> NDArray[np.float64] | Absent:
        """(C,) mean square of each channel."""
        if self.table.energy is None:
            return Absent(NoteCode.NOT_MEASURED, "levels were not measured in this table")
        mean: NDArray[np.float64] = self.table.energy.sum(axis=0) / self.table.frame_count
        return mean

    @cached_property
    def rms_per_channel(self) -> tuple[float | Absent, ...]:
        """RMS of each channel in dBFS; a full-scale sine reads -3.01."""
        if isinstance(self.mean_squares, Absent):
            return (self.mean_squares,) * self.table.layout.count
        return tuple(power_decibels(p) if p > 0 else _SILENT for p in self.mean_squares.tolist())

    @cached_property
    def rms(self) -> float | Absent:
        """RMS over all channels but LFE, in dBFS."""
        if isinstance(self.mean_squares, Absent):
            return self.mean_squares
        heard = [
            power
            for power, channel in zip(
                self.mean_squares.tolist(), self.table.layout.channels, strict=True
            )
            if not channel.lfe
        ]
        power = sum(heard) / len(heard) if heard else 0.0
        return power_decibels(power) if power > 0 else _SILENT

    @cached_property
    def crest_per_channel(self) -> tuple[float | Absent, ...]:
        """Sample peak minus RMS of each channel in dB, unweighted; a sine reads 3.01."""
        crests: list[float | Absent] = []
        for peak, rms in zip(self.sample_peaks, self.rms_per_channel, strict=True):
            if isinstance(peak, Absent):
                crests.append(peak)
            else:
                crests.append(rms if isinstance(rms, Absent) else peak.value - rms)
        return tuple(crests)

    @cached_property
    def dc_offset_per_channel(self) -> tuple[float, ...] | Absent:
        """Mean of each channel as a fraction of full scale."""
        if self.table.total is None:
            return Absent(NoteCode.NOT_MEASURED, "levels were not measured in this table")
        return tuple((self.table.total.sum(axis=0) / self.table.frame_count).tolist())

    @cached_property
    def clipping(self) -> tuple[Clipping, ...] | Absent:
        """Clipped samples and runs of each channel."""
        clips = self.table.clips
        if clips is None:
            return _NOT_MEASURED
        return tuple(
            _joined_runs(clips[:, channel], self.table) for channel in range(clips.shape[1])
        )


def _joined_runs(clips: NDArray[np.uint32], table: BlockTable) -> Clipping:
    """Runs of one channel; one that crosses a block boundary counts once, a seam parts it."""
    runs, longest, carried, previous = 0, 0, 0, -2
    seams = set(table.seams.tolist())
    for row in np.flatnonzero(clips[:, 0]).tolist():
        samples, lead, trail, within, inner = clips[row].tolist()
        if row != previous + 1 or row in seams:
            runs, carried = runs + (carried >= 3), 0
        previous = row
        if samples == int(table.frames[row]):
            carried += samples
            longest = max(longest, carried)
            continue
        runs += (carried + lead >= 3) + inner
        longest = max(longest, carried + lead, within)
        carried = trail
    return Clipping(int(clips[:, 0].sum()), int(runs + (carried >= 3)), longest)


def largest(peaks: tuple[Any, ...]) -> tuple[Any, int]:
    """The largest of the peaks that exist and its index; else the first's absence and 0."""
    there = [(peak.value, -i) for i, peak in enumerate(peaks) if not isinstance(peak, Absent)]
    if not there:
        return peaks[0], 0
    at = -max(there)[1]
    return peaks[at], at
