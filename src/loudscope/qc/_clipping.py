"""Clipping: flat tops at the audio's own ceiling, wherever that lies."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .._layouts import Layout
from .._levels import decibels
from ._collector import Chunk
from ._flat_runs import Ceiling, ChunkOfChannel, FlatRuns
from ._span_levels import SpanLevels

__all__ = ["ClippedRuns", "Clipping"]


@dataclass(frozen=True, slots=True)
class ClippedRuns:
    """Flat runs of three samples or more at the peak of a channel and polarity.

    Attributes:
        count: Runs, over all channels and both polarities.
        longest: Samples in the longest run; 0 without runs.
        per_minute: Runs for each minute of audio.
        level_dbfs: The ceiling of the channel with most runs, dBFS; None without runs.
        at: Seconds at which runs begin, ascending, at most one for each 100 ms.
        stepped: The waveform is flat off its peaks as well, as a square wave or chip music is, or
            clipping beyond recognition. Such flat tops prove nothing, so none are counted.
    """

    count: int
    longest: int
    per_minute: float
    level_dbfs: float | None
    at: tuple[float, ...]
    stepped: bool


class Clipping:
    """A collector of flat runs at the ceilings of all channels, upwards and downwards."""

    def __init__(self, rate_hz: int, layout: Layout) -> None:
        self.rate_hz = rate_hz
        self.upper = [Ceiling(rate_hz, 1.0) for _ in layout.channels]
        self.lower = [Ceiling(rate_hz, -1.0) for _ in layout.channels]
        self.last = np.full(layout.count, np.nan, np.float32)

    def feed(self, chunk: Chunk, first_frame: int, peaks: SpanLevels) -> None:
        """Takes the next second and its ticks."""
        high, low = peaks.high.max(axis=1).tolist(), peaks.low.min(axis=1).tolist()
        for channel, (upper, lower) in enumerate(zip(self.upper, self.lower, strict=True)):
            samples = ChunkOfChannel(chunk[:, channel], first_frame, float(self.last[channel]))
            upper.feed(samples, high[channel])
            lower.feed(samples, -low[channel])
        self.last = chunk[-1].copy()

    def finish(self, frames: int) -> ClippedRuns:
        """What was found."""
        ceilings = [*self.upper, *self.lower]
        for ceiling in ceilings:
            ceiling.finish(frames)
        clipped = [ceiling for ceiling in ceilings if not ceiling.stepped]
        runs = [ceiling.within for ceiling in clipped]
        count = sum(run.count for run in runs)
        most = max(clipped, key=lambda ceiling: ceiling.within.count, default=None)
        return ClippedRuns(
            count=count,
            longest=max((run.longest for run in runs), default=0),
            per_minute=count * 60.0 * self.rate_hz / frames,
            level_dbfs=decibels(most.peak) if count and most is not None else None,
            at=_times(runs, self.rate_hz),
            stepped=any(c.stepped and c.within.count for c in ceilings),
        )


def _times(runs: list[FlatRuns], rate_hz: int) -> tuple[float, ...]:
    """When runs begin, the first of each block."""
    first: dict[int, int] = {}
    for run in runs:
        for block, frame in run.blocks.items():
            first[block] = min(frame, first.get(block, frame))
    return tuple(frame / rate_hz for _, frame in sorted(first.items()))
