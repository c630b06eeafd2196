"""Tracks inspected side by side: a few that share out the cores, or many, one on each core."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import FIRST_COMPLETED, FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from functools import partial
from os import PathLike
from typing import BinaryIO, TypeAlias, TypeVar

from .._errors import LoudscopeError
from .._request import thread_count
from ..typing import Progress
from ._inspect import inspect
from ._inspection import Inspection

__all__ = ["Inspectable", "inspect_all", "inspect_each"]

POLL_SECONDS = 0.1  # Ctrl-C is heard between two looks, on Windows too

Found = TypeVar("Found")

Inspectable: TypeAlias = "str | PathLike[str] | BinaryIO | Inspection"
"""A track: a path, an open binary file, or what `inspect` found in it."""


class _CancelledError(Exception):
    """Raised out of an inspection's progress to make it stop."""


def inspect_all(
    sources: Sequence[Inspectable],
    *,
    threads: int | None = None,
    progress: Progress | None = None,
) -> list[Inspection]:
    """Inspects some tracks side by side, the cores shared out among them.

    Args:
        sources: The tracks; an `Inspection` among them stays as it is.
        threads: Cores to use; None: all.
        progress: Called with (seconds done, seconds in all or None) over all tracks, from the
            threads that work. An error that it raises cancels the work and goes on to the caller.

    Returns:
        One for each track.

    Raises:
        InvalidArgument: `threads` is less than 1.
        LoudscopeError: As in `inspect`: the first in the order of the sources. The other tracks are
            given up.
    """
    cores = thread_count(threads)
    new = [it for it in sources if not isinstance(it, Inspection)]
    if not new:
        return [it for it in sources if isinstance(it, Inspection)]
    workers = min(cores, len(new))
    joint = _Joint(len(new), progress)
    with ThreadPoolExecutor(workers) as pool:
        futures = [
            pool.submit(inspect, it, threads=max(1, cores // workers), progress=joint.of(index))
            for index, it in enumerate(new)
        ]
        pending = set(futures)
        try:
            while pending:
                _, pending = wait(pending, POLL_SECONDS, FIRST_EXCEPTION)
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


def inspect_each(
    paths: Sequence[str | PathLike[str]],
    then: Callable[[int, Inspection], Found],
    *,
    threads: int | None = None,
) -> Generator[tuple[int, Found | LoudscopeError]]:
    """Inspects any number of files, one on each core, and keeps what `then` makes of each.

    The largest is begun first, so that at the end no core is left alone with a long one.

    Args:
        paths: The files.
        then: Called with the place in `paths` and the inspection, in the thread that inspected.
        threads: Cores to use; None: all.

    Yields:
        The place in `paths`, and what `then` gave or the `LoudscopeError` that came instead; in the
        order in which they end. To close the iterator cancels the rest: what is pending never
        begins, what runs is given up.

    Raises:
        InvalidArgument: `threads` is less than 1.
        Exception: Any other that `then` raises; it cancels the rest.
    """
    stop = threading.Event()
    one = partial(_inspect_one, then=then, stop=stop)
    order = sorted(range(len(paths)), key=lambda index: -_size(paths[index]))
    with ThreadPoolExecutor(max(1, min(thread_count(threads), len(paths)))) as pool:
        pending = {pool.submit(one, index, paths[index]): index for index in order}
        try:
            while pending:
                ended, _ = wait(pending, POLL_SECONDS, FIRST_COMPLETED)
                for future in ended:
                    yield pending.pop(future), future.result()
        finally:
            stop.set()
            pool.shutdown(cancel_futures=True)


def _inspect_one(
    index: int,
    path: str | PathLike[str],
    then: Callable[[int, Inspection], Found],
    stop: threading.Event,
) -> Found | LoudscopeError:
    def watch(_done: float, _total: float | None) -> None:
        if stop.is_set():
            raise _CancelledError

    try:
        return then(index, inspect(path, threads=1, progress=watch))
    except LoudscopeError as error:
        return error


def _size(path: str | PathLike[str]) -> int:
    try:
        return os.stat(path).st_size
    except (OSError, ValueError):
        return 0  # whoever opens it will say
