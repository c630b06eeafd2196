"""Requests by their private token: status, report, deletion."""

from __future__ import annotations

import asyncio
import time
from contextlib import aclosing
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import Response
from structlog.contextvars import bind_contextvars

from .._logs import short
from .._records import Status
from .._tokens import digest
from ._documents import DOCUMENTED, document
from ._follow import follow
from ._gone import gone_page
from ._openapi import problems
from ._problems import Problem
from ._site import AtSite, Site
from ._views import View, view_of

__all__ = ["Token", "Wait", "forget", "found", "links_of", "router", "waited"]

router = APIRouter(tags=["results"])

Token = Annotated[str, Path(description="As POST /analyze gave it")]
Wait = Annotated[
    float, Query(ge=0, le=30, description="Answer once something changes, after so many seconds")
]
REFUSALS = ("not_found", "expired", "invalid", "unavailable")


@router.get(
    "/result/{token}",
    operation_id="result",
    response_model=View,
    responses=problems(*REFUSALS),
)
async def result(token: Token, site: AtSite, wait: Wait = 0) -> dict[str, Any]:
    """How far a request is; once done, with the outcome in short."""
    status = await waited(site, await found(site, digest(token)), wait)
    return view_of(status, links_of(token))


@router.delete(
    "/result/{token}",
    operation_id="delete_result",
    status_code=204,
    responses=problems(*REFUSALS),
)
async def delete(token: Token, site: AtSite) -> None:
    """Cancels a request and deletes all that is kept of it."""
    await forget(site, await found(site, digest(token)))


@router.get(
    "/report/{token}.json",
    operation_id="report_json",
    response_class=Response,
    responses={200: DOCUMENTED["json"], **problems("not_done", *REFUSALS)},
)
async def report_json(token: Token, site: AtSite, request: Request) -> Response:
    """Every figure and judgement, as `loudscope.report.Report.json` writes them."""
    return await document(site, await found(site, digest(token)), "json", request)


@router.get(
    "/report/{token}.csv",
    operation_id="report_csv",
    response_class=Response,
    responses={200: DOCUMENTED["csv"], **problems("not_done", *REFUSALS)},
)
async def report_csv(token: Token, site: AtSite, request: Request) -> Response:
    """A figure in each row, as `loudscope.report.Report.csv` writes them."""
    return await document(site, await found(site, digest(token)), "csv", request)


@router.get(
    "/report/{token}.md",
    operation_id="report_markdown",
    response_class=Response,
    responses={200: DOCUMENTED["md"], **problems("not_done", *REFUSALS)},
)
async def report_markdown(token: Token, site: AtSite, request: Request) -> Response:
    """The report as text, as `loudscope.report.Report.markdown` writes it."""
    return await document(site, await found(site, digest(token)), "md", request)


@router.get(
    "/report/{token}",
    operation_id="report_page",
    response_class=Response,
    responses={
        200: DOCUMENTED["html"],
        303: {"description": "It is not done: a page that follows the work"},
        **problems(*REFUSALS),
    },
)
async def report(token: Token, site: AtSite, request: Request) -> Response:
    """The report as a page; until it is done, a page that follows the work."""
    try:
        status = await found(site, digest(token))
    except Problem as problem:
        page = gone_page(problem) if "text/html" in request.headers.get("accept", "") else None
        if page is None:
            raise
        return page
    if status.stage.value != "done":  # the page follows it there; no server sees a fragment
        return Response(status_code=303, headers={"Location": f"../#/report/{token}"})
    return await document(site, status, "html", request)


async def found(site: Site, token_hash: str) -> Status:
    """The status of a request.

    Raises:
        Problem: There is none: "expired", or "not_found" where that is not known.
    """
    status = await site.status(token_hash)
    if status is None:
        raise await site.missing(token_hash)
    bind_contextvars(result=short(token_hash))  # the log lines of upload, worker and socket meet
    return status


async def waited(site: Site, status: Status, seconds: float) -> Status:
    """The status once it differs from this one, or after so many seconds.

    Raises:
        Problem: The request expired meanwhile.
    """
    if seconds <= 0 or status.stage.final:
        return status
    with site.sockets.take() as free:
        return await _changed(site, status, seconds) if free else status


async def _changed(site: Site, status: Status, seconds: float) -> Status:
    last: Status | None = status
    seen = status.stage, status.progress, status.ahead
    ending = asyncio.ensure_future(site.ending.wait())  # nobody is kept waiting then
    try:
        async with asyncio.timeout(seconds), aclosing(follow(site, status, ending)) as statuses:
            async for last in statuses:
                if last is None or (last.stage, last.progress, last.ahead) != seen:
                    break
    except TimeoutError:
        pass
    finally:
        ending.cancel()
    if last is None:
        raise await site.missing(status.result.request.token_hash)
    return last


async def forget(site: Site, status: Status) -> None:
    """Deletes a request and tells whoever works on it or looks at it."""
    request = status.result.request
    await site.ask("store", site.parts.store.delete, request.token_hash, time.time())
    await site.ask("hub", site.parts.hub.nudge, request.token_hash, *request.keys)


def links_of(token: str) -> dict[str, str]:
    """Where the sender of a token goes on."""
    return {
        "self": f"/result/{token}",
        "socket": f"/ws/{token}",
        "report": f"/report/{token}",
        **{name: f"/report/{token}.{name}" for name in ("json", "csv", "md")},
    }
