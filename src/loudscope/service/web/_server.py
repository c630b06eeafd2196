"""Uvicorn, set up so that nothing of it speaks another language or holds on to dead clients."""

from __future__ import annotations

import os
import socket
from typing import TYPE_CHECKING

import uvicorn
from fastapi import FastAPI

from .._settings import Settings
from ._app import create_app
from ._patience import PatientProtocol
from ._site import Site

if TYPE_CHECKING:
    from .._build import Parts

__all__ = ["Server", "bound", "run"]

MOST_MESSAGE_BYTES = 1024 * 1024
UNACKNOWLEDGED_MS = 30_000
BACKLOG = 2048


def run(parts: Parts) -> None:
    """Serves until it is interrupted or told to end."""
    listening = bound(parts.settings)
    Server(create_app(parts)).run(sockets=[listening])


class Server(uvicorn.Server):
    """Tells the application that it is to end before it waits for its answers."""

    def __init__(self, app: FastAPI) -> None:
        super().__init__(config_of(app))
        self._site: Site = app.state.site

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Takes no more connections, and ends those there are."""
        self._site.ending.set()
        await super().shutdown(sockets)


def config_of(app: FastAPI) -> uvicorn.Config:
    """How the application is served.

    Messages of sockets are not compressed, which is worth far more than their bytes. Of uvicorn's
    own logs only warnings are kept: the others hold paths, and so tokens. Who asks is found out in
    `_address`, from proxies of ours alone.
    """
    return uvicorn.Config(
        app,
        http=PatientProtocol,
        ws="websockets-sansio",
        ws_per_message_deflate=False,
        ws_max_size=MOST_MESSAGE_BYTES,
        ws_ping_interval=20,
        ws_ping_timeout=20,
        lifespan="on",
        reset_contextvars=True,  # a request inherits nothing of the one before it
        log_config=None,
        log_level="warning",
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_keep_alive=10,
        timeout_graceful_shutdown=10,
    )


def bound(settings: Settings, patience_ms: int = UNACKNOWLEDGED_MS) -> socket.socket:
    """The listening socket.

    Its connections end once a client has taken nothing for so long: the kernel would otherwise keep
    what was written for one that never reads, as long as that one likes.

    Raises:
        OSError: The address cannot be had.
    """
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    # With its protocol named, for only then does asyncio set TCP_NODELAY on its connections; and
    # without it an answer in two pieces waits 40 ms for the client's delayed acknowledgement.
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if os.name == "posix":
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if hasattr(socket, "TCP_USER_TIMEOUT"):  # Linux; connections inherit it
            listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, patience_ms)
        listening.bind((settings.host, settings.port))
        listening.listen(BACKLOG)
    except OSError:
        listening.close()
        raise
    return listening
