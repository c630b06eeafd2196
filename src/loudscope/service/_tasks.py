"""Tasks of an event loop that end when they are told to."""

from __future__ import annotations

import asyncio

__all__ = ["end"]

AGAIN_SECONDS = 0.5


async def end(task: asyncio.Task[None]) -> None:
    """Cancels a task until it has ended, in whatever way.

    Once is not always enough: `asyncio.wait_for` of Python 3.11, which the client of Redis sends
    with, loses a cancellation that comes together with the result (CPython issue 86296).
    """
    while not task.done():
        task.cancel()
        await asyncio.wait([task], timeout=AGAIN_SECONDS)
