"""Refusals while the client still sends: told at once, and the connection is not used again."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import wraps
from typing import Any, Final, ParamSpec

from fastapi.responses import Response
from starlette.requests import ClientDisconnect
from starlette.types import Receive, Scope, Send

from ._problems import MEDIA_TYPE, Problem

__all__ = ["Early", "refused_early"]

P = ParamSpec("P")

LINGER_SECONDS: Final = 0.25
"""Closing at once resets the connection, and a proxy that is still sending may then not look at the
answer. Nothing of the body is read meanwhile."""


class Early(Response):
    """An answer to a request whose body is not read to its end."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = [*self.raw_headers, (b"connection", b"close")]
        await send({"type": "http.response.start", "status": self.status_code, "headers": headers})
        await send({"type": "http.response.body", "body": self.body, "more_body": True})
        await asyncio.sleep(LINGER_SECONDS)
        with suppress(OSError):
            await send({"type": "http.response.body", "body": b""})


def refused_early(
    handler: Callable[P, Awaitable[dict[str, Any]]],
) -> Callable[P, Awaitable[dict[str, Any] | Response]]:
    """Wraps a handler that reads its request's body itself."""

    @wraps(handler)
    async def wrapped(*args: P.args, **kwargs: P.kwargs) -> dict[str, Any] | Response:
        try:
            return await handler(*args, **kwargs)
        except Problem as problem:
            whole = problem.response()
            return Early(whole.body, problem.status, problem.headers, MEDIA_TYPE)
        except ClientDisconnect:
            return Response(status_code=499)  # nobody reads it; the log does

    return wrapped
