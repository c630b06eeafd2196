"""Times that can be believed: runs interleaved, repeated until their spread is known."""

from __future__ import annotations

import gc
import math
import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np

Answer = tuple[float, ...]
Run = Callable[[], tuple[float, Answer]]  # seconds, and what was measured
Clock = Callable[[], float]

CPU: Clock = time.process_time
WALL: Clock = time.perf_counter


@dataclass(frozen=True)
class Effort:
    """How long to go on: at least `fewest` rounds, then until the medians are known or time is up.

    Attributes:
        fewest: Rounds in any case.
        most: Rounds at most.
        seconds: No further round begins after so many seconds.
        wanted: Half-width of the median's interval, relative, at which to stop.
    """

    fewest: int = 7
    most: int = 60
    seconds: float = 60.0
    wanted: float = 0.02


@dataclass(frozen=True)
class Times:
    """What a contestant took, round by round, and what it said."""

    seconds: tuple[float, ...]
    answer: Answer

    @property
    def median(self) -> float:
        """Median, s."""
        return float(np.median(self.seconds))

    @property
    def iqr(self) -> float:
        """Interquartile range, s."""
        low, high = np.percentile(self.seconds, [25, 75])
        return float(high - low)

    @property
    def doubt(self) -> float:
        """Half-width of the median's 95 % interval over the median, from the IQR."""
        return 1.57 * self.iqr / math.sqrt(len(self.seconds)) / self.median


def timed(call: Callable[[], Answer], clock: Clock = CPU) -> Run:
    """A run that takes its own time."""

    def run() -> tuple[float, Answer]:
        began = clock()
        answer = call()
        return clock() - began, answer

    return run


def interleave(runs: Mapping[str, Run], effort: Effort) -> dict[str, Times]:
    """A B C A B C …: whatever else the machine does falls on all alike.

    The first round is thrown away: it fills caches and loads what is loaded late.
    """
    seconds: dict[str, list[float]] = {name: [] for name in runs}
    answers = {name: run()[1] for name, run in runs.items()}
    stop = time.perf_counter() + effort.seconds
    gc.collect()
    gc.disable()
    try:
        for number in range(effort.most):
            for name, run in runs.items():
                seconds[name].append(run()[0])
            times = {name: Times(tuple(seconds[name]), answers[name]) for name in runs}
            known = all(t.doubt <= effort.wanted for t in times.values())
            if number + 1 >= effort.fewest and (known or time.perf_counter() > stop):
                break
    finally:
        gc.enable()
    return times


@contextmanager
def one_core() -> Iterator[None]:
    """Keeps this process on one core, where the system can."""
    if not hasattr(os, "sched_setaffinity"):
        yield
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {max(before)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def spread(values: Sequence[float]) -> tuple[float, float]:
    """Median and interquartile range."""
    low, middle, high = np.percentile(values, [25, 50, 75])
    return float(middle), float(high - low)
