"""Tracks inspected side by side."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from os import PathLike
from typing import BinaryIO

from ..qc import Inspection, inspect

__all__ = ["Progress", "Source", "inspect_all"]

Progress = Callable[[float, float | None], object]
Source = str | PathLike[str] | BinaryIO | Inspection


class _CancelledError(Exception):
    """Raised out of an inspection's progress to make it stop."""


def inspect_all(
    sources: Sequence[Source], threads: int | None, progress: Progress | None
) -> list[Inspection]:
    """Inspect what is not inspected yet, all cores shared out among the tracks.

    The first error in the order of the sources is raised, and the other tracks are given up.
    """
    cores = threads or _cores()
    new = [it for it in sources if not isinstance(it, Inspection)]
    if not new:
        return [it for it in sources if isinstance(it, Inspection)]
    workers = max(1, min(cores, len(new)))
    joint = _Joint(len(new), progress)
    with ThreadPoolExecutor(workers) as pool:
        futures = [
            pool.submit(inspect, it, threads=max(1, cores // workers), progress=joint.of(index))
            for index, it in enumerate(new)
        ]
        try:
            wait(futures, return_when=FIRST_EXCEPTION)
            joint.check(futures)
        finally:
            joint.stop.set()
            pool.shutdown(cancel_futures=True)
    found = iter([future.result() for future in futures])
    return [it if isinstance(it, Inspection) else next(found) for it in sources]


class _Joint:
    """The progress of all tracks as one, and the way to stop them."""

    def __init__(self, count: int, progress: Progress | None) -> None:
        self.stop = threading.Event()
        self._progress = progress
        self._lock = threading.Lock()
        self._done = [0.0] * count
        self._total: list[float | None] = [None] * count

    def of(self, index: int) -> Progress:
        """The progress of one of the tracks."""

        def watch(done: float, total: float | None) -> None:
            if self.stop.is_set():
                raise _CancelledError
            if self._progress is None:
                return
            with self._lock:
                self._done[index], self._total[index] = done, total
                known = [it for it in self._total if it is not None]
                whole = sum(known) if len(known) == len(self._total) else None
                self._progress(sum(self._done), whole)

        return watch

    @staticmethod
    def check(futures: Sequence[Future[Inspection]]) -> None:
        """Raise the first error there is."""
        for future in futures:
            if future.done() and (error := future.exception()) is not None:
                raise error


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
