"""An exact rate limit within one process: the times of the last requests of each client."""

from __future__ import annotations

import threading
from collections import deque

__all__ = ["LocalLimiter"]

SWEEP = 4096  # calls between two looks for clients that are gone


class LocalLimiter:
    """At most so many requests in any window: a log of them, no counter that estimates."""

    def __init__(self, most: int, window_seconds: float) -> None:
        self._most, self._window = most, window_seconds
        self._log: dict[str, deque[float]] = {}
        self._lock = threading.Lock()
        self._calls = 0

    async def ping(self) -> None:
        """There is nothing that could be away."""

    async def hit(self, who: str, now: float) -> float:
        """0.0: admitted and counted; else not counted, and the seconds until it would be."""
        return self.take(who, now)

    def take(self, who: str, now: float) -> float:
        """As `hit`, from any thread."""
        with self._lock:
            self._calls += 1
            if self._calls % SWEEP == 0:
                self._forget(now)
            times = self._log.setdefault(who, deque(maxlen=self._most))
            while times and not now - self._window < times[0] <= now + self._window:
                times.popleft()  # over, or written by a clock that has been set back since
            if len(times) >= self._most:
                return times[0] + self._window - now
            times.append(max(now, times[-1]) if times else now)
            return 0.0

    def _forget(self, now: float) -> None:
        """Memory is for clients of this window only."""
        gone = [who for who, log in self._log.items() if not log or log[-1] <= now - self._window]
        for who in gone:
            del self._log[who]
