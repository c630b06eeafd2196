"""Nudges within one process."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress
from typing import Self

__all__ = ["Board", "LocalHub"]


class Listener:
    """Somebody who watches some channels from an event loop: yields at each nudge.

    No generator: a wait that is cancelled, as by a timeout, does not end it.
    """

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._event = asyncio.Event()
        self._over = False

    def wake(self, *, over: bool = False) -> None:
        """Wakes it from any thread; nudges that come before it looks are one."""
        self._over = self._over or over
        with suppress(RuntimeError):  # its loop is closed
            self._loop.call_soon_threadsafe(self._event.set)

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> None:
        await self._event.wait()
        if self._over:
            raise StopAsyncIteration
        self._event.clear()


class Board:
    """Who listens to what in this process."""

    def __init__(self) -> None:
        self._listeners: dict[str, set[Listener]] = {}
        self._lock = threading.Lock()

    @asynccontextmanager
    async def listen(self, *channels: str) -> AsyncIterator[AsyncIterator[None]]:
        """Subscribed once entered; yields at each nudge, several at once as one."""
        listener = Listener()
        with self._lock:
            for channel in channels:
                self._listeners.setdefault(channel, set()).add(listener)
        try:
            yield listener
        finally:
            with self._lock:
                for channel in channels:
                    others = self._listeners.get(channel, set())
                    others.discard(listener)
                    if not others:
                        self._listeners.pop(channel, None)

    def wake(self, channels: Iterable[str]) -> None:
        """Nudges who listens to any of these."""
        with self._lock:
            found = {it for name in channels for it in self._listeners.get(name, ())}
        for listener in found:
            listener.wake()

    def wake_all(self, *, over: bool = False) -> None:
        """Nudges everybody: something may have been missed, or it is over."""
        with self._lock:
            found = {it for listeners in self._listeners.values() for it in listeners}
        for listener in found:
            listener.wake(over=over)


class LocalHub:
    """Nudges for one process that serves and works."""

    def __init__(self) -> None:
        self._board = Board()
        self.listen = self._board.listen

    async def ping(self) -> None:
        """There is nothing that could be away."""

    def nudge(self, *channels: str) -> None:
        """Tells all who listen."""
        self._board.wake(channels)

    async def close(self) -> None:
        """Ends all subscriptions."""
        self._board.wake_all(over=True)
