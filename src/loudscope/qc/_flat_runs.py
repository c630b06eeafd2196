"""Flat runs at a ceiling that rises as the audio goes by."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = ["LEVELS", "Ceiling", "ChunkOfChannel", "FlatRuns"]

LEVELS = 32768  # per unit: one LSB of 16 bits
SHORTEST_RUN = 3
MOST_WEIGHED = 5  # seconds of samples that tell whether a waveform is stepped

Singles = NDArray[np.float32]


class ChunkOfChannel(NamedTuple):
    """The next samples of one channel.

    Attributes:
        samples: (n,) the samples.
        first_frame: Frame of the first.
        last: The sample before it; NaN at the beginning of the audio.
    """

    samples: Singles
    first_frame: int
    last: float


class Open(NamedTuple):
    """A run that reaches the end of a chunk."""

    begin: int  # frame
    before: float  # sample before it; NaN at the beginning of the audio


class Runs(NamedTuple):
    """Runs that have ended.

    Attributes:
        begins: First frame of each.
        lengths: Samples in each.
        before: The sample before each; NaN at the beginning of the audio.
        after: The sample after each; NaN at its end.
    """

    begins: NDArray[np.int64]
    lengths: NDArray[np.int64]
    before: Singles
    after: Singles

    def where(self, kept: NDArray[np.bool_]) -> Runs:
        """Those of the runs."""
        return Runs(self.begins[kept], self.lengths[kept], self.before[kept], self.after[kept])


@dataclass
class FlatRuns:
    """Runs at or over one level, counted as they end."""

    rate_hz: int
    sign: float  # -1: runs downwards; levels are those of the sign times the samples
    count: int = 0
    longest: int = 0
    blocks: dict[int, int] = field(default_factory=dict)  # 100 ms block: frame of its first run
    open: Open | None = None

    def add(self, chunk: ChunkOfChannel, at: NDArray[np.int64], level: int) -> int:
        """Takes the indices `at` of the samples at or over the level, ascending.

        Args:
            chunk: The samples.
            at: Indices of some of them.
            level: In LSB.

        Returns:
            How many runs ended here that count.
        """
        samples, first_frame = chunk.samples, chunk.first_frame
        if self.open is None and not _may_count(at, len(samples)):
            return 0
        gaps = np.flatnonzero(at[1:] - at[:-1] > 1)
        starts = np.concatenate([at[:1], at[gaps + 1]])
        stops = np.concatenate([at[gaps], at[-1:]]) + 1
        before, begins = self.sign * samples[starts - 1], starts + first_frame
        if self.open is not None:
            if len(starts) == 0 or starts[0] != 0:  # it ended with the chunk before
                stops = np.append(0, stops)
                before, begins = np.append(np.float32(0), before), np.append(0, begins)
            before[0], begins[0] = self.open.before, self.open.begin
            self.open = None
        elif starts[0] == 0:
            before[0] = self.sign * chunk.last
        if len(stops) and stops[-1] == len(samples):
            self.open = Open(int(begins[-1]), float(before[-1]))
            stops, before, begins = stops[:-1], before[:-1], begins[:-1]
        lengths = stops + first_frame - begins
        return self._count(Runs(begins, lengths, before, self.sign * samples[stops]), level)

    def _count(self, runs: Runs, level: int) -> int:
        runs = runs.where(runs.lengths >= SHORTEST_RUN)
        runs = runs.where(corners(runs, level))
        if len(runs.begins) == 0:
            return 0
        self.count += len(runs.begins)
        self.longest = max(self.longest, int(runs.lengths.max()))
        blocks, first = np.unique(runs.begins * 10 // self.rate_hz, return_index=True)
        for block, begin in zip(blocks.tolist(), runs.begins[first].tolist(), strict=True):
            self.blocks.setdefault(block, begin)
        return len(runs.begins)

    def end(self, frames: int, level: int) -> None:
        """Ends a run that reaches the end of the audio."""
        if self.open is not None:
            begin, length = np.array([self.open.begin]), np.array([frames - self.open.begin])
            before, after = np.array([[self.open.before], [np.nan]], np.float32)
            self._count(Runs(begin, length, before, after), level)
            self.open = None


def _may_count(at: NDArray[np.int64], count: int) -> bool:
    """Whether there is a run that is long enough, or that may become so after the last sample."""
    ends_open = len(at) > 0 and int(at[-1]) == count - 1
    return ends_open or bool((at[2:] - at[:-2] == SHORTEST_RUN - 1).any())


def corners(runs: Runs, level: int) -> NDArray[np.bool_]:
    """Whether the waveform bends into and out of each run more sharply than a rounded peak can.

    A peak that is smooth is a parabola: n samples within d of its top leave the next ones within
    d (1 + 2 / (n - 1))² of it. Here d is two levels, and one more on either side is rounding.
    """
    bound = 2.0 * (1.0 + 2.0 / (runs.lengths - 1.0)) ** 2
    outside = np.fmax(runs.before, runs.after).astype(np.float64)  # the nearer one, if there is one
    bent: NDArray[np.bool_] = level - outside * LEVELS > bound
    return bent


class Ceiling:
    """The highest level of one channel and polarity so far, and the flat runs there.

    Runs within one LSB of the peak are wanted, and the peak may still rise by one: so runs are
    counted at the level of the peak as well as at one below. A peak that is higher by two or more
    leaves nothing of the old ones.
    """

    def __init__(self, rate_hz: int, sign: float) -> None:
        self.rate_hz, self.sign = rate_hz, sign
        self.peak = 0.0
        self.level = 0  # of the peak, in LSB
        self.within = FlatRuns(rate_hz, sign)  # at or over the level below
        self.top = FlatRuns(rate_hz, sign)  # at or over the level
        self.flat = self.between = self.at_top = 0  # see `stepped`

    def wants(self, high: float) -> bool:
        """Whether a second with that peak must be looked at."""
        return high * LEVELS >= max(1, self.level - 1) or self.within.open is not None

    def feed(self, chunk: ChunkOfChannel, high: float) -> None:
        """Takes the next chunk and its peak, upwards or downwards."""
        if not self.wants(high):
            return
        self._rise(high)
        threshold = np.float32((self.level - 1) / LEVELS)
        samples = chunk.samples
        at = np.flatnonzero(samples >= threshold if self.sign > 0 else samples <= -threshold)
        top = at[self.sign * samples[at] >= np.float32(self.level / LEVELS)]
        ended = self.within.add(chunk, at, self.level - 1)
        self.top.add(chunk, top, self.level)
        if ended and self.between + self.at_top < MOST_WEIGHED * self.rate_hz:
            self._weigh(samples, len(at), float(threshold))

    def _rise(self, high: float) -> None:
        self.peak = max(self.peak, high)
        rise = int(self.peak * LEVELS) - self.level
        if rise > 0:
            self.within = self.top if rise == 1 else FlatRuns(self.rate_hz, self.sign)
            self.top = FlatRuns(self.rate_hz, self.sign)
            self.level += rise
        if rise > 1:
            self.flat = self.between = self.at_top = 0

    def _weigh(self, samples: Singles, at_top: int, threshold: float) -> None:
        size = np.abs(samples)
        between = (size > threshold / 8) & (size < threshold)
        self.flat += int(np.count_nonzero(between[1:] & (samples[1:] == samples[:-1])))
        self.between += int(np.count_nonzero(between))
        self.at_top += at_top

    @property
    def stepped(self) -> bool:
        """Whether flat runs prove nothing: the waveform is flat elsewhere, or nowhere else."""
        return self.flat > self.between / 2 or self.between < self.at_top / 4

    def finish(self, frames: int) -> FlatRuns:
        """The runs within one LSB of the peak of everything."""
        self.within.end(frames, self.level - 1)
        return self.within
