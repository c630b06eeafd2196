"""The measuring processes of a machine: as many as work at a time, whoever asks for work."""

from __future__ import annotations

import os
import queue
from collections.abc import Iterator
from contextlib import contextmanager

from ._sandbox import Sandbox

__all__ = ["Sandboxes", "cores"]


class Sandboxes:
    """A fixed number of sandboxes. Those that rested the shortest are used first."""

    def __init__(self, count: int = 0) -> None:
        """`count`: how many; 0: one for each core that this process may use."""
        self.count = count or cores()
        threads = max(1, cores() // self.count)
        self._all = [Sandbox(threads) for _ in range(self.count)]
        self._free: queue.LifoQueue[Sandbox] = queue.LifoQueue()
        for sandbox in self._all:
            self._free.put(sandbox)

    def start(self) -> None:
        """Starts all processes, so that the first upload need not wait for one."""
        for sandbox in self._all:
            sandbox.start()

    @contextmanager
    def use(self) -> Iterator[Sandbox]:
        """A sandbox for this thread alone; waits until one is free."""
        sandbox = self._free.get()
        try:
            yield sandbox
        finally:
            self._free.put(sandbox)

    def check(self) -> None:
        """Raises RuntimeError where a process could not even start."""
        if any(sandbox.broken for sandbox in self._all):
            raise RuntimeError("a measuring process does not start; its error is in the log")

    def close(self) -> None:
        """Ends all processes."""
        for sandbox in self._all:
            sandbox.close()


def cores() -> int:
    """Cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
