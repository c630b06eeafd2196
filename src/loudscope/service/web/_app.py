"""The web application: routers, handlers of errors, and what runs beside them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from loudscope import __version__

from .._tasks import end
from . import _files, _health, _jobs, _live, _openapi, _results, _sockets, _uploads
from ._courier import deliver_forever
from ._envelope import Envelope
from ._problems import Problem, as_problem, from_http, from_validation
from ._site import Site

if TYPE_CHECKING:
    from .._build import Parts

__all__ = ["create_app"]


def create_app(parts: Parts) -> FastAPI:
    """The application over parts that are not started yet.

    Runner and sweeper run as long as it does; then hub and limiter, which belong to its event loop,
    are closed. The rest is left to whoever made the parts.

    Args:
        parts: As `build` makes them.
    """
    site = Site(parts)
    app = FastAPI(
        title="loudscope",
        version=__version__,
        lifespan=_lifespan,
        openapi_url="/openapi.json",
        docs_url=None,  # these load scripts from elsewhere, which our policy forbids
        redoc_url=None,
        redirect_slashes=False,
        exception_handlers={
            Problem: as_problem,
            HTTPException: from_http,
            RequestValidationError: from_validation,
        },
    )
    app.state.site = site
    for module in (_uploads, _results, _jobs, _health, _files, _sockets, _live):
        app.include_router(module.router)
    _openapi.install(app)
    app.add_middleware(Envelope, site=site)
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    site: Site = app.state.site
    parts, grace = site.parts, site.settings.grace_seconds
    site.incoming.mkdir(parents=True, exist_ok=True)
    await asyncio.to_thread(parts.runner.start)
    await asyncio.to_thread(parts.sweeper.start)
    courier = asyncio.create_task(deliver_forever(site), name="courier")
    try:
        yield
    finally:
        await end(courier)
        await asyncio.to_thread(parts.sweeper.stop)
        await asyncio.to_thread(parts.runner.stop, grace)
        for part in (parts.hub, parts.limiter):
            await _closed(part)
        site.close()


async def _closed(part: object) -> None:
    """Closes a part of the event loop, if there is something to close."""
    close = getattr(part, "close", None)
    if close is not None:
        with suppress(Exception):  # what is away cannot be closed, and is not missed
            await close()
