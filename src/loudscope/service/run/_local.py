"""Work in this process: threads that each lead a measuring process."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable
from queue import PriorityQueue

from .._logs import get_logger
from .._records import Task

__all__ = ["LocalRunner"]

# Judging takes a tenth of what measuring does, and somebody has waited for it already.
URGENCY = {"judge": 0, "measure": 1}
LAST = 2
LAST_SECONDS = 5.0  # until what was handed back has come to its end
log = get_logger(__name__)


class LocalRunner:
    """So many threads and a queue in memory, in which no task stands twice."""

    def __init__(
        self,
        run: Callable[[Task], None],
        hand_back: Callable[[], None],
        threads: int,
        check: Callable[[], None] | None = None,
    ) -> None:
        """A runner that does not run yet.

        Args:
            run: Does a task.
            hand_back: Makes every `run` under way end soon, its task handed back.
            threads: How many tasks at a time.
            check: Raises if tasks could not be done now.
        """
        self._run_task, self._hand_back, self._check = run, hand_back, check
        self._queue: PriorityQueue[tuple[int, int, Task | None]] = PriorityQueue()
        self._order = itertools.count()
        self._waiting: set[Task] = set()
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._threads = [
            threading.Thread(target=self._work, name=f"loudscope-work-{number}", daemon=True)
            for number in range(threads)
        ]

    def start(self) -> None:
        """Begins to take tasks."""
        for thread in self._threads:
            thread.start()

    def enqueue(self, task: Task) -> None:
        """Puts a task into the queue, unless it stands there."""
        with self._lock:
            if task in self._waiting:
                return
            self._waiting.add(task)
        self._queue.put((URGENCY[task.kind], next(self._order), task))

    def ping(self) -> None:
        """Raises RuntimeError if a thread has ended, none was started, or none can work."""
        alive = sum(thread.is_alive() for thread in self._threads)
        if alive < len(self._threads):
            raise RuntimeError(f"{alive} of {len(self._threads)} threads work")
        if self._check is not None:
            self._check()

    def stop(self, grace: float) -> None:
        """Ends: what is under way may take `grace` seconds more, then it is handed back.

        To stop it again does nothing.
        """
        self._over.set()
        for _ in self._threads:
            self._queue.put((LAST, next(self._order), None))
        started = [thread for thread in self._threads if thread.is_alive()]
        until = time.monotonic() + grace
        for thread in started:
            thread.join(max(0.0, until - time.monotonic()))
        self._hand_back()
        until = time.monotonic() + LAST_SECONDS
        for thread in started:  # one that waits for a part that is away leaves its lease to lapse
            thread.join(max(0.0, until - time.monotonic()))

    def _work(self) -> None:
        while not self._over.is_set():
            _, _, task = self._queue.get()
            if task is None or self._over.is_set():
                return
            with self._lock:
                self._waiting.discard(task)
            try:
                self._run_task(task)
            except Exception as error:  # a thread that ends would not be missed
                log.error("task raised", task=task.kind, error=type(error).__name__)
