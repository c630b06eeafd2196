"""Files in parallel: one outcome per file, failures kept apart, and a clean way out."""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from functools import partial
from queue import Empty, SimpleQueue
from typing import Generic, Protocol, TypeVar

import loudscope

from .arguments import Options
from .gather import Found

__all__ = ["Failure", "Job", "Outcome", "Watch", "measure", "pool"]

Row = TypeVar("Row")

_POLL_SECONDS = 0.1  # a wait without end cannot be interrupted on Windows
_GRACE_SECONDS = 3.0


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a file has no figures: the name of the error's type, and its message."""

    type: str
    message: str


@dataclass(frozen=True, slots=True)
class Outcome(Generic[Row]):
    """What became of one file.

    Attributes:
        index: Place of the file among all files.
        path: The path of the file.
        row: What the report keeps of the analysis, or None after a failure.
        table: The block table when an album is to be pooled, else None.
        failure: None, or why there is no row.
    """

    index: int
    path: str
    row: Row | None
    table: loudscope.BlockTable | None = None
    failure: Failure | None = None


class Watch(Protocol):
    """Whoever follows the work; called from the threads that do it."""

    def moved(self, index: int, done: float, total: float | None) -> None:
        """A file has been measured this far, in seconds."""

    def ended(self, index: int) -> None:
        """A file is done, well or not."""


@dataclass(frozen=True, slots=True)
class Job(Generic[Row]):
    """How each file is measured and what is kept of it.

    Attributes:
        options: What the command line asked for.
        distil: From an analysis to what the report keeps; runs in the thread that measured.
        watch: Follows the work.
    """

    options: Options
    distil: Callable[[loudscope.Analysis], Row]
    watch: Watch


class _CancelledError(Exception):
    """Raised out of the progress callback to make the engine stop."""


def measure(files: Sequence[Found], job: Job[Row]) -> Generator[Outcome[Row]]:
    """Measure files, as many at once as there are cores to use.

    The cores are shared out: each running file has the same number of threads, at least one.
    Closing the iterator, and any error in the consumer, cancels what is pending and stops what is
    running at its next progress report.

    Yields:
        Outcomes in the order in which the files finish.
    """
    cores = job.options.jobs
    workers = max(1, min(cores, len(files)))
    one = partial(_measure_one, job=job, threads=cores // workers, cancelled=threading.Event())
    executor = ThreadPoolExecutor(workers)
    pending = {executor.submit(one, index, found) for index, found in enumerate(files)}
    finished: SimpleQueue[Future[Outcome[Row]]] = SimpleQueue()
    for future in pending:
        future.add_done_callback(finished.put)
    try:
        while pending:
            future = _next(finished)
            pending.remove(future)
            yield future.result()
    finally:
        one.keywords["cancelled"].set()
        executor.shutdown(wait=False, cancel_futures=True)
        _let_stop(pending)


def _next(finished: SimpleQueue[Future[Outcome[Row]]]) -> Future[Outcome[Row]]:
    while True:
        with contextlib.suppress(Empty):
            return finished.get(timeout=_POLL_SECONDS)


def _let_stop(pending: set[Future[Outcome[Row]]]) -> None:
    wait({future for future in pending if not future.cancelled()}, _GRACE_SECONDS)


def _measure_one(
    index: int, found: Found, *, job: Job[Row], threads: int, cancelled: threading.Event
) -> Outcome[Row]:
    def progress(done_seconds: float, total_seconds: float | None) -> None:
        if cancelled.is_set():
            raise _CancelledError
        job.watch.moved(index, done_seconds, total_seconds)

    try:
        analysis = _analyse(found, job.options, threads, progress)
        row = job.distil(analysis)
    except Exception as error:  # whatever ails one file, the others are still to be measured
        return Outcome(index, found.path, None, failure=_failure(error))
    finally:
        job.watch.ended(index)
    return Outcome(index, found.path, row, analysis.table if job.options.album else None)


def _analyse(
    found: Found,
    options: Options,
    threads: int,
    progress: Callable[[float, float | None], None],
) -> loudscope.Analysis:
    if found.problem is not None:
        raise loudscope.FileError(found.problem, found.path)
    table = loudscope.scan(
        found.path,
        layout=options.layout,
        start=options.start,
        stop=options.stop,
        threads=threads,
        progress=progress,
        on_nonfinite=options.on_nonfinite,
        partial=options.partial,
    )
    return _interpret(table, options, os.path.basename(found.path))


def _interpret(table: loudscope.BlockTable, options: Options, name: str) -> loudscope.Analysis:
    """Among many files, --dual-mono concerns those that have one channel."""
    return loudscope.Analysis(table, options.dual_mono and table.layout.count == 1, name)


def _failure(error: Exception) -> Failure:
    return Failure(type(error).__name__, str(error) or "no message")


def pool(outcomes: Sequence[Outcome[Row]], job: Job[Row]) -> Outcome[Row] | None:
    """Join the files that were measured, in the order of the arguments: `a + b + ...`.

    Returns:
        The outcome of the album, which may be a failure (tables that do not fit each other);
        None if no file was measured.
    """
    ordered = sorted(outcomes, key=lambda outcome: outcome.index)
    tables = [outcome.table for outcome in ordered if outcome.table is not None]
    if not tables:
        return None
    try:
        analysis = _interpret(loudscope.BlockTable.album(tables), job.options, "album")
        return Outcome(len(outcomes), "album", job.distil(analysis))
    except loudscope.LoudscopeError as error:
        return Outcome(len(outcomes), "album", None, failure=_failure(error))
