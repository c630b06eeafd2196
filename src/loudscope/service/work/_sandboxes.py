"""The measuring processes of a machine: as many as work at a time, whoever asks for work."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

from loudscope import available_cores

from .._errors import StartError
from ._sandbox import START_SECONDS, Sandbox

__all__ = ["Sandboxes"]


class Sandboxes:
    """A fixed number of sandboxes. Those that rested the shortest are used first.

    One whose process did not start is used last, so that others do the work if they can.
    """

    def __init__(self, count: int = 0, start_seconds: float = START_SECONDS) -> None:
        """Sandboxes without processes.

        Args:
            count: How many; 0: one for each core that this process may use.
            start_seconds: How long a process may take until it is ready.
        """
        self.count = count or available_cores()
        threads = max(1, available_cores() // self.count)
        self._all = [Sandbox(threads, start_seconds) for _ in range(self.count)]
        self._free = deque(self._all)
        self._places = threading.Semaphore(self.count)

    def start(self) -> None:
        """Starts all processes, so that the first upload need not wait for one."""
        for sandbox in self._all:
            sandbox.start()

    @contextmanager
    def use(self) -> Iterator[Sandbox]:
        """A sandbox for this thread alone; waits until one is free."""
        with self._places:
            sandbox = self._free.pop()
            try:
                yield sandbox
            finally:
                if sandbox.trouble is None:
                    self._free.append(sandbox)
                else:
                    self._free.appendleft(sandbox)

    def check(self) -> None:
        """Raises StartError where no process starts; it is tried again for the next check."""
        for sandbox in self._all:
            sandbox.look()
        troubles = [sandbox.trouble for sandbox in self._all]
        if all(troubles):
            raise StartError(f"no measuring process starts ({troubles[0]})")

    def close(self) -> None:
        """Ends all processes."""
        for sandbox in self._all:
            sandbox.close()
