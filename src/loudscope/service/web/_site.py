"""What every handler needs: the parts, the settings, and threads in which parts may block."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import copy_context
from functools import partial
from typing import TYPE_CHECKING, Annotated, ParamSpec, TypeVar

from fastapi import Depends
from starlette.requests import HTTPConnection

from .._logs import get_logger
from .._records import Counts, Status
from .._tokens import digest
from ._problems import Problem, nowhere, over

if TYPE_CHECKING:
    from .._build import Parts

__all__ = ["AtSite", "Places", "Site", "away"]

P = ParamSpec("P")
T = TypeVar("T")

PATIENCE_S = 10.0  # for one call of a part
log = get_logger(__name__)


class Site:
    """The service as its handlers see it.

    Attributes:
        parts: Store, depot and the others.
        keys: API keys by the account that each means.
        uploads, sockets, live: How many of each there are now.
        ending: Set once the process is told to end.
    """

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        self.settings = parts.settings
        self.metrics = parts.metrics
        self.keys = {digest(key): key for key in self.settings.api_keys}
        self.incoming = self.settings.folder / "incoming"
        limits = self.settings.limits
        self.uploads = Places(limits.uploads)
        self.sockets = Places(limits.sockets)
        self.live = Places(self.settings.live.sessions)
        # Uploads have threads of their own: a slow disk does not hold up who asks for a result.
        self._asking = ThreadPoolExecutor(8, "loudscope-ask")
        self.writing = ThreadPoolExecutor(4, "loudscope-write")
        self.pinging = ThreadPoolExecutor(4, "loudscope-ping")
        self.ending = asyncio.Event()
        self._counts: tuple[float, Counts] | None = None

    async def ask(self, name: str, work: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Calls a part in a thread.

        Raises:
            Problem: The part failed, or did not answer in time.
        """
        loop = asyncio.get_running_loop()
        call = partial(work, *args, **kwargs)
        context = copy_context()  # its lines of the log have the request's id, too
        future = loop.run_in_executor(self._asking, lambda: context.run(call))
        try:
            async with asyncio.timeout(PATIENCE_S):
                return await future
        except Exception as error:
            raise away(name, error) from error

    async def status(self, token_hash: str) -> Status | None:
        """How far a request is."""
        return await self.ask("store", self.parts.store.status, token_hash, time.time())

    async def missing(self, token_hash: str) -> Problem:
        """Why a request is not there: it has expired, or nothing is known of it."""
        at = await self.ask("store", self.parts.store.expired, token_hash, time.time())
        return nowhere() if at is None else over(at)

    async def counts(self) -> Counts:
        """What waits and runs, as of a second ago at most."""
        now = time.monotonic()
        if self._counts is None or now - self._counts[0] > 1.0:
            found = await self.ask("store", self.parts.store.counts, time.time())
            self._counts = (now, found)
        return self._counts[1]

    def close(self) -> None:
        """Lets the threads go; what they do now they still do."""
        for pool in (self._asking, self.writing, self.pinging):
            pool.shutdown(wait=False, cancel_futures=True)


class Places:
    """So many at once, and nobody waits for a place."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.taken = 0

    @contextmanager
    def take(self) -> Iterator[bool]:
        """Holds a place while the body runs; False: there was none."""
        free = self.taken < self.most
        self.taken += free
        try:
            yield free
        finally:
            self.taken -= free


def away(name: str, error: Exception) -> Problem:
    """The problem for a client when a part fails; the log says what happened."""
    log.error("part_failed", part=name, error=type(error).__name__, message=str(error)[:500])
    detail = f"The {name} does not answer. Nothing is lost; try again in a moment."
    return Problem("unavailable", detail, retry_after=5, part=name)


async def _site_of(connection: HTTPConnection) -> Site:
    site: Site = connection.app.state.site
    return site


AtSite = Annotated[Site, Depends(_site_of)]
