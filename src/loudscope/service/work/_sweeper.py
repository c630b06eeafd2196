"""The sweep: what fell through is picked up, what is over is deleted. Several may sweep at once."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from .._logs import caused_by, get_logger, named
from .._ports import Depot, Hub, Store
from .._records import Reason, Task
from .._settings import Settings

__all__ = ["Sweeper"]

GAVE_UP = Reason("gave_up", "The worker went away each time that it was tried.")
# Folders of files that are on their way; what a process left there when it died is swept.
PASSING = ("incoming", "copies")
LONGEST_PAUSE_SECONDS = 600.0  # between two wake-up calls for the same task
log = get_logger(__name__)


class Sweeper:
    """Sweeps now and then, in a thread of its own."""

    def __init__(
        self,
        store: Store,
        depot: Depot,
        hub: Hub,
        enqueue: Callable[[Task], None],
        settings: Settings,
        *,
        idle_seconds: float,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """A sweeper that does not run yet.

        Args:
            store: What is to be done.
            depot: Where uploads lie.
            hub: Whom to tell.
            enqueue: Asks for a task to be done; OSError where that cannot be.
            settings: Times, limits and the folder.
            idle_seconds: How long a task may wait before somebody is woken up for it again.
            clock: Unix seconds.
        """
        self._store, self._depot, self._hub, self._enqueue = store, depot, hub, enqueue
        self._settings, self._idle, self._clock = settings, idle_seconds, clock
        self._pauses: dict[Task, tuple[float, float]] = {}  # next call, and how long after it
        self._first = True
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="loudscope-sweep", daemon=True)

    def start(self) -> None:
        """Sweeps from now on, and now."""
        self._thread.start()

    def stop(self) -> None:
        """Sweeps no more."""
        self._over.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        while not self._over.is_set():
            self.sweep()
            self._over.wait(self._settings.sweep_seconds)

    def sweep(self) -> None:
        """Sweeps once. A step that fails is tried again the next time; the others go on."""
        for step in (self._give_up, self._wake, self._purge, self._left_over, self._left_passing):
            try:
                step()
            except Exception as error:
                log.warning("sweep", stage=step.__name__, error=type(error).__name__)

    def _give_up(self) -> None:
        found = self._store.give_up(self._clock(), self._settings.limits.attempts, GAVE_UP)
        for task in found:
            with caused_by(task.request_id):
                log.warning("given up", **named(task))
        if found:
            self._hub.nudge(*(task.id for task in found))

    def _wake(self) -> None:
        """Enqueues what waits; for the same task at ever longer intervals.

        Right after the start everything is enqueued: a queue in memory was lost with its process.
        """
        pending = self._store.pending(self._clock(), 0.0 if self._first else self._idle)
        now, pauses = time.monotonic(), self._pauses
        first = self._settings.sweep_seconds
        self._pauses = {task: pauses.get(task, (now, first)) for task in pending}
        for task in pending:
            due, pause = self._pauses[task]
            if due > now:
                continue
            try:
                self._enqueue(task)
            except OSError as error:
                log.warning("not enqueued", count=len(pending), error=type(error).__name__)
                return
            self._pauses[task] = (now + pause, min(2 * pause, LONGEST_PAUSE_SECONDS))
        self._first = False

    def _purge(self) -> None:
        for audio in self._store.purge(self._clock()).audio:
            self._depot.delete(audio)

    def _left_over(self) -> None:
        """Audio that no analysis knows, and that is too old to be on its way to one."""
        before = self._clock() - self._settings.limits.upload_seconds - self._settings.lease_seconds
        names = tuple(self._depot.names(before))  # first: what is admitted meanwhile is known then
        if names:
            for audio in set(names) - self._store.known_audio():
                self._depot.delete(audio)

    def _left_passing(self) -> None:
        limits = self._settings.limits
        longest = max(limits.upload_seconds, limits.wall_seconds) + self._settings.lease_seconds
        before = time.time() - 2 * longest
        for name in PASSING:
            folder = self._settings.folder / name
            for path in folder.iterdir() if folder.is_dir() else ():
                with suppress(FileNotFoundError):  # another sweeper was faster
                    if path.stat().st_mtime < before:
                        _remove(path)


def _remove(path: Path) -> None:
    if path.is_dir():
        for inner in path.iterdir():
            inner.unlink(missing_ok=True)
        path.rmdir()
    else:
        path.unlink(missing_ok=True)
