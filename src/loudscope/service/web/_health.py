"""Health, figures and choices."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable
from contextlib import suppress
from typing import Any

from fastapi import APIRouter
from fastapi.responses import JSONResponse, Response

from .._errors import StartError
from .._options import options
from ._openapi import problems
from ._problems import MEDIA_TYPE, Problem
from ._site import AtSite, Site
from ._views import Choices, Health

__all__ = ["router"]

router = APIRouter(tags=["service"])

PING_SECONDS = 2.0


@router.get("/health/live", operation_id="live", response_model=Health)
async def live() -> dict[str, Any]:
    """Whether the process answers; nothing else is asked."""
    return {"status": "ok"}


@router.get(
    "/health/ready",
    operation_id="ready",
    response_model=Health,
    responses=problems("unavailable"),
)
async def ready(site: AtSite) -> dict[str, Any] | JSONResponse:
    """Whether every part can be used, each by name; 503 if one cannot."""
    parts = site.parts
    pings: dict[str, Awaitable[None]] = {
        name: asyncio.get_running_loop().run_in_executor(site.pinging, part.ping)
        for name, part in (("store", parts.store), ("depot", parts.depot), ("runner", parts.runner))
    }
    pings |= {"hub": parts.hub.ping(), "limiter": parts.limiter.ping()}
    found = await asyncio.gather(*map(_pinged, pings.values()))
    shown = dict(zip(pings, found, strict=True))
    missing = [name for name, one in shown.items() if not one["ok"]]
    if not missing:
        return {"status": "ok", "parts": shown}
    problem = Problem("unavailable", f"Away: {', '.join(missing)}.", retry_after=5, parts=shown)
    return JSONResponse(problem.document(), problem.status, problem.headers, MEDIA_TYPE)


async def _pinged(ping: Awaitable[None]) -> dict[str, Any]:
    start = time.monotonic()
    error: str | None = None
    try:
        async with asyncio.timeout(PING_SECONDS):
            await ping
    except StartError as raised:
        error = str(raised)
    except Exception as raised:  # of whatever kind: the part cannot be used
        error = type(raised).__name__
    return {"ok": error is None, "seconds": round(time.monotonic() - start, 4), "error": error}


@router.get(
    "/metrics",
    operation_id="metrics",
    response_class=Response,
    responses={200: {"content": {"text/plain": {"schema": {"type": "string"}}}}},
)
async def metrics(site: AtSite) -> Response:
    """Figures for Prometheus; those of the queue are left as they were if the store is away."""
    await _count(site)
    return Response(site.metrics.text(), media_type=site.metrics.content_type)


async def _count(site: Site) -> None:
    with suppress(Problem):
        site.metrics.queue(await site.counts())


@router.get("/options", operation_id="options", response_model=Choices)
async def choices(site: AtSite) -> dict[str, Any]:
    """Genres and targets that can be asked for, and what an upload may have."""
    return options(site.settings)
