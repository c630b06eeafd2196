"""WS /live: frames of PCM in, readings of the meter out."""

from __future__ import annotations

import asyncio
import base64
import binascii
import time
from collections.abc import Mapping
from contextlib import suppress

from fastapi import APIRouter, WebSocket
from starlette.websockets import WebSocketDisconnect
from structlog.contextvars import get_contextvars

from .._logs import get_logger
from ._address import account_of, key_of
from ._problems import Problem
from ._session import Refused, Session, opened
from ._site import AtSite, Site
from ._sockets import PROTOCOL, Socket

__all__ = ["router"]

router = APIRouter()

log = get_logger(__name__)
KEY_PROTOCOL = f"{PROTOCOL}.key."


@router.websocket("/live")
async def live(websocket: WebSocket, site: AtSite) -> None:
    """Meters what is sent; parameters are `rate`, `channels`, `format` and `layout`."""
    socket, name = Socket(websocket), get_contextvars()["connection"]
    if account_of(site, _key(websocket)) is None:
        wanted = Problem("unauthorized", "Send an API key, or offer it as a subprotocol.")
        await websocket.send_denial_response(wanted.response())
        return
    if not await socket.open(site):
        return
    with site.live.take() as free, site.metrics.live(), suppress(WebSocketDisconnect):
        if not free:
            await socket.close(1013, "every place is taken; try again later")
            return
        start = time.monotonic()
        code, reason, frames = await _metered(site, socket, name)
        await socket.close(code, reason)
        lasted = round(time.monotonic() - start, 3)
        log.info("live_over", code=code, frames=frames, seconds=lasted)


def _key(websocket: WebSocket) -> str | None:
    """A browser can send no headers with a socket: it may offer its key as a subprotocol."""
    for offered in websocket.scope.get("subprotocols") or []:
        if offered.startswith(KEY_PROTOCOL):
            text = offered.removeprefix(KEY_PROTOCOL)
            with suppress(binascii.Error, UnicodeDecodeError, ValueError):
                return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode()
    return key_of(websocket.headers)


async def _metered(site: Site, socket: Socket, name: str) -> tuple[int, str, int]:
    """Runs a session.

    Returns:
        Code and reason to close with, and the frames that came.
    """
    session: Session | None = None
    settings = site.settings.live
    try:
        session = opened(socket.raw.query_params, site.settings)
        shown = session.described()
        log.info("live", rate_hz=shown["rate"], channels=shown["channels"])
        await socket.send("session", {"id": name, **shown})
        async with asyncio.timeout(settings.total_seconds):
            return await _run(socket, session, settings.idle_seconds)
    except Refused as refused:
        return refused.code, str(refused), session.frames if session else 0
    except TimeoutError:
        return 1000, "time is over", session.frames if session else 0


async def _run(socket: Socket, session: Session, idle: float) -> tuple[int, str, int]:
    while True:
        try:
            async with asyncio.timeout(idle):
                message = await socket.raw.receive()
        except TimeoutError:
            return 1008, f"idle: nothing came for {idle:g} s", session.frames
        if message["type"] == "websocket.disconnect":
            return 1000, "", session.frames
        if message.get("bytes") is not None:
            await session.push(message["bytes"])
            if session.due(time.monotonic()):
                await socket.send("reading", {**session.reading(), "final": False})
        elif _is_end(message):
            await socket.send("reading", {**session.reading(), "final": True})
            return 1000, "", session.frames
        else:
            return 1007, 'text: only {"type": "end"} is known', session.frames


def _is_end(message: Mapping[str, object]) -> bool:
    text = str(message.get("text", ""))
    return "".join(text.split()) == '{"type":"end"}'
