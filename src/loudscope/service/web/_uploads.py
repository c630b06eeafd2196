"""POST /analyze."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request

from ._admission import admit
from ._early import refused_early
from ._guard import guarded
from ._openapi import form, problems
from ._results import links_of
from ._site import AtSite
from ._upload import CHOICES, received
from ._views import Created, view_of

__all__ = ["REFUSALS", "router"]

router = APIRouter(tags=["analyze"])

REFUSALS = (
    *("unauthorized", "origin", "rate_limited", "backlog", "unavailable", "too_large"),
    *("not_multipart", "bad_multipart", "too_slow", "unknown_genre", "unknown_target"),
    *("missing_audio", "empty_audio", "unknown_field", "bad_field"),
)


@router.post(
    "/analyze",
    operation_id="analyze",
    status_code=202,
    response_model=Created,
    responses=problems(*REFUSALS),
    openapi_extra=form(webhook=False),
)
@refused_early
async def analyze(request: Request, site: AtSite) -> dict[str, Any]:
    """Takes a track and answers with a private token; the report follows."""
    account = await guarded(site, request)
    async with received(site, request, CHOICES) as upload:
        admitted = await admit(site, upload, account)
    return {**view_of(admitted.status, links_of(admitted.token)), "token": admitted.token}
