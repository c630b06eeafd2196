"""Nudges between processes and machines, by Redis.

All nudges go through one channel, and each process picks what its own sockets wait for. A channel
for each token would take a subscription, and its acknowledgement, for each socket; a nudge is some
hundred bytes, and a worker sends a few a second.
"""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import redis
import redis.asyncio
from redis.asyncio.retry import Retry as AsyncRetry
from redis.backoff import NoBackoff
from redis.retry import Retry

from .._logs import get_logger
from .._tasks import end
from ._local import Board

__all__ = ["RedisHub"]

CHANNEL = "loudscope:nudges"
TIMEOUT_SECONDS = 0.25  # a nudge is worth no more of a worker's time
SILENCE_SECONDS = 1.0  # after a failure: who is told nothing looks by itself
HEALTH_SECONDS = 10.0
LONGEST_PAUSE_SECONDS = 2.0
log = get_logger(__name__)


class RedisHub:
    """Nudges through Redis; lost while it is away, and it comes back by itself."""

    def __init__(self, url: str) -> None:
        """`url`: as ``redis://host:port/number``."""
        self._url = url
        self._board = Board()
        self._me = secrets.token_hex(8)
        self._sender = redis.Redis.from_url(
            url,
            socket_timeout=TIMEOUT_SECONDS,
            socket_connect_timeout=TIMEOUT_SECONDS,
            retry=Retry(NoBackoff(), 0),
        )
        self._silent_until = 0.0
        self._reader: asyncio.Task[None] | None = None
        self._subscribed: asyncio.Event | None = None

    async def ping(self) -> None:
        """Raises if Redis does not answer."""
        await asyncio.to_thread(self._sender.ping)

    def nudge(self, *channels: str) -> None:
        """Tells all who listen, here and elsewhere; never raises, never waits long."""
        self._board.wake(channels)
        if not channels or time.monotonic() < self._silent_until:
            return
        try:
            self._sender.publish(CHANNEL, "\n".join((self._me, *channels)))
        except (redis.RedisError, OSError) as error:
            self._silent_until = time.monotonic() + SILENCE_SECONDS
            log.warning("nudge lost", error=type(error).__name__)

    @asynccontextmanager
    async def listen(self, *channels: str) -> AsyncIterator[AsyncIterator[None]]:
        """Subscribed once entered, unless Redis is away: then as soon as it is back."""
        if self._reader is None or self._reader.done():
            self._subscribed = asyncio.Event()
            self._reader = asyncio.create_task(self._read(self._subscribed))
        assert self._subscribed is not None
        async with self._board.listen(*channels) as nudges:
            with suppress(TimeoutError):
                async with asyncio.timeout(TIMEOUT_SECONDS):
                    await self._subscribed.wait()
            yield nudges

    async def close(self) -> None:
        """Ends all subscriptions."""
        self._board.wake_all(over=True)
        reader, self._reader = self._reader, None
        if reader is not None:
            await end(reader)
        self._sender.close()

    async def _read(self, subscribed: asyncio.Event) -> None:
        """Reads nudges as long as the process lives, however often Redis goes and comes."""
        pause = 0.05
        while True:
            try:
                async with redis.asyncio.Redis.from_url(
                    self._url, health_check_interval=HEALTH_SECONDS,
                    socket_connect_timeout=LONGEST_PAUSE_SECONDS, retry=AsyncRetry(NoBackoff(), 0),
                ) as client, client.pubsub() as inbox:  # fmt: skip
                    await inbox.subscribe(CHANNEL)
                    async for message in inbox.listen():
                        pause = 0.05
                        self._take(message, subscribed)
            except (redis.RedisError, OSError, TimeoutError) as error:
                log.warning("hub away", error=type(error).__name__)
            subscribed.clear()
            await asyncio.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE_SECONDS)

    def _take(self, message: dict[str, object], subscribed: asyncio.Event) -> None:
        if message["type"] == "subscribe":
            subscribed.set()
            self._board.wake_all()  # whatever was missed
        elif message["type"] == "message" and isinstance(data := message["data"], bytes):
            sender, *channels = data.decode("utf-8", "replace").split("\n")
            if sender != self._me:
                self._board.wake(channels)
