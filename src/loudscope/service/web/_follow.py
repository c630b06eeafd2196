"""A request's status as it changes: subscribed first, read then, so that no change is missed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import AsyncExitStack, suppress
from typing import Any

from .._logs import get_logger
from .._records import Status
from ._site import Site

__all__ = ["follow"]

LOOK_SECONDS = 2.0  # without a nudge
APART_SECONDS = 0.1  # between two looks
log = get_logger(__name__)


async def follow(
    site: Site, first: Status, until: asyncio.Future[Any] | None = None
) -> AsyncGenerator[Status | None, None]:
    """Yields at each look, whether or not something has changed, up to a final stage.

    Where nudges do not come, because the hub is away, it looks every two seconds all the same.

    Args:
        site: Where.
        first: A status read before; it says what to listen to.
        until: Ends the following once it is done.

    Yields:
        The status; None, at the end, if the request has expired or was deleted.
    """
    request = first.result.request
    async with AsyncExitStack() as stack:
        nudges = await _listening(site, stack, request.token_hash, *request.keys)
        nudge: asyncio.Future[None] | None = None
        try:
            while until is None or not until.done():
                status = await site.status(request.token_hash)
                yield status
                if status is None or status.stage.final:
                    return
                nudge = nudge or asyncio.ensure_future(anext(nudges))
                waited = {nudge} if until is None else {nudge, until}
                await asyncio.wait(waited, timeout=LOOK_SECONDS, return_when="FIRST_COMPLETED")
                await asyncio.sleep(APART_SECONDS)
                nudge = _awaited(nudge)
        finally:
            if nudge is not None:
                nudge.cancel()
                with suppress(asyncio.CancelledError, Exception):
                    await nudge


async def _listening(site: Site, stack: AsyncExitStack, *channels: str) -> AsyncIterator[None]:
    try:
        return await stack.enter_async_context(site.parts.hub.listen(*channels))
    except Exception as error:
        log.warning("hub_lost", error=type(error).__name__)
        return _never()


async def _never() -> AsyncIterator[None]:
    await asyncio.get_running_loop().create_future()
    yield


def _awaited(nudge: asyncio.Future[None]) -> asyncio.Future[None] | None:
    """The nudge that is still awaited, or None if it has come; a lost hub brings no more."""
    if not nudge.done():
        return nudge
    error = nudge.exception()
    if error is None:
        return None
    log.warning("hub_lost", error=type(error).__name__)
    return asyncio.get_running_loop().create_future()
