"""What goes around every request: its id, its log line, its count, headers, and the last resort."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any, Final

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .._logs import get_logger
from .._request_id import request_id
from ._problems import Problem
from ._site import Site

__all__ = ["Envelope"]

log = get_logger(__name__)

HEADERS: Final[Mapping[str, str]] = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",  # a report's address is its key
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "microphone=(self), display-capture=(self), camera=(), geolocation=()",
    "Cache-Control": "no-store",
}
METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class Envelope:
    """The outermost layer that is ours."""

    def __init__(self, app: ASGIApp, site: Site) -> None:
        self.app, self.site = app, site

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await _Exchange(self.site, scope, send).run(self.app, receive)
        elif scope["type"] == "websocket":
            await self._socket(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def _socket(self, scope: Scope, receive: Receive, send: Send) -> None:
        """A socket follows or meters: the id that it comes with is of the connection alone."""
        start, name = time.monotonic(), request_id(Headers(scope=scope).get("x-request-id"))
        with structlog.contextvars.bound_contextvars(connection=name):
            try:
                await self.app(scope, receive, send)
            except Exception as error:
                log.error("socket raised", route=_route(scope), error=type(error).__name__)
                raise
            finally:
                seconds = round(time.monotonic() - start, 4)
                log.info("socket", route=_route(scope), seconds=seconds)


class _Exchange:
    """One request and its answer."""

    def __init__(self, site: Site, scope: Scope, send: Send) -> None:
        self.site, self.scope, self._send = site, scope, send
        self.headers = Headers(scope=scope)
        self.name = request_id(self.headers.get("x-request-id"))
        self.status = 0

    async def run(self, app: ASGIApp, receive: Receive) -> None:
        start = time.monotonic()
        with structlog.contextvars.bound_contextvars(request=self.name):
            try:
                if not await self._preflight():
                    await app(self.scope, receive, self.send)
            except ClientDisconnect:
                self.status = self.status or 499
            except Exception as error:
                log.error("request raised", route=_route(self.scope), place=_place(error),
                          error=type(error).__name__)  # fmt: skip
                await self._last_resort(receive)
            finally:
                self._note(time.monotonic() - start)

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = MutableHeaders(scope=message)
            for name, value in {**HEADERS, **self._allowed()}.items():
                headers.setdefault(name, value)
            headers["X-Request-ID"] = self.name
        await self._send(message)

    async def _last_resort(self, receive: Receive) -> None:
        if self.status:
            raise ConnectionAbortedError("the answer was under way")
        detail = "Something went wrong here; the id of this request helps to find out what."
        problem = Problem("internal", detail, request=self.name)
        await problem.response()(self.scope, receive, self.send)

    def _allowed(self) -> dict[str, str]:
        """Headers for pages of other websites that may read our answers."""
        origin = self.headers.get("origin")
        if origin is None or origin not in self.site.settings.origins:
            return {"Vary": "Origin"} if self.site.settings.origins else {}
        return {
            "Vary": "Origin",
            "Access-Control-Allow-Origin": origin,
            "Access-Control-Expose-Headers": "Location, Retry-After, X-Request-ID",
            "Cross-Origin-Resource-Policy": "cross-origin",
        }

    async def _preflight(self) -> bool:
        """Answers the question of a browser whether a page of another website may ask."""
        asked = "access-control-request-method" in self.headers
        if self.scope["method"] != "OPTIONS" or not asked or len(self._allowed()) < 2:
            return False
        headers = {
            "Access-Control-Allow-Methods": "GET, POST, DELETE",
            "Access-Control-Allow-Headers": "Authorization, Content-Type, X-API-Key, X-Request-ID",
            "Access-Control-Max-Age": "600",
        }
        raw = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
        await self.send({"type": "http.response.start", "status": 204, "headers": raw})
        await self.send({"type": "http.response.body", "body": b""})
        return True

    def _note(self, seconds: float) -> None:
        method = self.scope["method"] if self.scope["method"] in METHODS else "other"
        route = _route(self.scope)
        self.site.metrics.request(method, route, self.status, seconds)
        write = log.error if self.status >= 500 else log.info
        write("request", method=method, route=route, status=self.status, seconds=round(seconds, 4))


def _route(scope: Scope) -> str:
    """The template of the path, for the path itself may hold a token."""
    route: Any = scope.get("route")
    return getattr(route, "path", None) or "none"


def _place(error: BaseException) -> str:
    """Where it was raised: file and line, and nothing of what it says."""
    last = error.__traceback__
    while last is not None and last.tb_next is not None:
        last = last.tb_next
    if last is None:
        return "unknown"
    return f"{last.tb_frame.f_code.co_filename.rpartition('/')[2]}:{last.tb_lineno}"
