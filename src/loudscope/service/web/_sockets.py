"""WS /ws/{token}: the status of a request whenever it changes."""

from __future__ import annotations

import asyncio
import json
import time
from contextlib import aclosing, suppress
from typing import Any, Final

from fastapi import APIRouter, WebSocket
from starlette.websockets import WebSocketDisconnect
from structlog.contextvars import bind_contextvars

from .._records import Status
from .._tokens import digest
from ._address import foreign
from ._follow import follow
from ._problems import Problem
from ._results import found, links_of
from ._site import AtSite, Site
from ._views import view_of

__all__ = ["CLOSED", "PROTOCOL", "Socket", "router"]

router = APIRouter()

PROTOCOL: Final = "loudscope"
CLOSED: Final = {404: 4404, 410: 4410}
"""Codes to close with, by status; any other refusal passes by itself."""
SILENCE_SECONDS: Final = 15.0
SEND_SECONDS: Final = 10.0


class Socket:
    """A socket to which nothing is sent that it does not take in time."""

    def __init__(self, socket: WebSocket) -> None:
        self.raw = socket

    async def open(self, site: Site) -> bool:
        """Accepts it, unless a page of another website asks."""
        if foreign(site, self.raw):
            detail = "A page of another website may not do this; see `origins`."
            await self.raw.send_denial_response(Problem("origin", detail).response())
            return False
        offered = self.raw.scope.get("subprotocols") or []
        await self.raw.accept(subprotocol=PROTOCOL if PROTOCOL in offered else None)
        return True

    async def send(self, kind: str, members: dict[str, Any]) -> None:
        """Sends a message, strict JSON.

        Raises:
            TimeoutError: The other side does not read.
            WebSocketDisconnect: It is gone.
        """
        text = json.dumps({**members, "type": kind}, allow_nan=False, separators=(",", ":"))
        async with asyncio.timeout(SEND_SECONDS):
            await self.raw.send_text(text)

    async def close(self, code: int, reason: str = "") -> None:
        """Closes it, if it is still open; `reason` is cut to what a frame holds."""
        short = reason.encode()[:123].decode("utf-8", "ignore")
        with suppress(RuntimeError, WebSocketDisconnect, TimeoutError):
            async with asyncio.timeout(SEND_SECONDS):
                await self.raw.close(code, short)


@router.websocket("/ws/{token}")
async def status_socket(websocket: WebSocket, token: str, site: AtSite) -> None:
    """Sends the status at once and whenever it changes; closes after the last one."""
    socket = Socket(websocket)
    if not await socket.open(site):
        return
    with site.sockets.take() as free, site.metrics.socket():
        if not free:
            await socket.close(1013, "too many sockets; poll GET /result")
            return
        with suppress(TimeoutError, WebSocketDisconnect):
            try:
                first = await found(site, digest(token))
                if first.result.request.request_id:  # beside the connection's own
                    bind_contextvars(request=first.result.request.request_id)
                await _tell(site, socket, token, first)
            except Problem as problem:
                await socket.send("problem", problem.document())
                await socket.close(CLOSED.get(problem.status, 1013), problem.code)


async def _tell(site: Site, socket: Socket, token: str, first: Status) -> None:
    gone = asyncio.ensure_future(_until_gone(socket.raw))
    links, shown, sent_at = links_of(token), None, 0.0
    try:
        async with aclosing(follow(site, first, gone)) as statuses:
            async for status in statuses:
                if status is None:
                    raise await site.missing(first.result.request.token_hash)
                view = view_of(status, links)
                if view != shown:
                    shown, sent_at = view, time.monotonic()
                    await socket.send("status", view)
                elif time.monotonic() - sent_at > SILENCE_SECONDS:
                    sent_at = time.monotonic()
                    await socket.send("ping", {})
    finally:
        gone.cancel()
    await socket.close(1000)


async def _until_gone(socket: WebSocket) -> None:
    """Takes what the client sends, which means nothing here, until it leaves."""
    while (await socket.receive())["type"] != "websocket.disconnect":
        pass
