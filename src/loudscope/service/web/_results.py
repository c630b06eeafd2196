"""Requests by their private token: status, report, deletion."""

from __future__ import annotations

import asyncio
import gzip
import re
import time
from contextlib import aclosing
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import Response
from structlog.contextvars import bind_contextvars

from .._logs import short
from .._page import POLICY, part
from .._records import Status
from .._tokens import digest
from ._follow import follow
from ._openapi import problems
from ._problems import Problem
from ._site import AtSite, Site
from ._views import View, view_of

__all__ = ["Token", "Wait", "document", "forget", "found", "links_of", "router", "waited"]

router = APIRouter(tags=["results"])

Token = Annotated[str, Path(description="As POST /analyze gave it")]
Wait = Annotated[
    float, Query(ge=0, le=30, description="Answer once something changes, after so many seconds")
]
_META = re.compile(rb'<meta http-equiv="Content-Security-Policy" content="([^"]+)"')


@router.get(
    "/result/{token}",
    operation_id="result",
    response_model=View,
    responses=problems("not_found", "invalid", "unavailable"),
)
async def result(token: Token, site: AtSite, wait: Wait = 0) -> dict[str, Any]:
    """How far a request is; once done, with the outcome in short."""
    status = await waited(site, await found(site, digest(token)), wait)
    return view_of(status, links_of(token))


@router.delete(
    "/result/{token}",
    operation_id="delete_result",
    status_code=204,
    responses=problems("not_found", "invalid", "unavailable"),
)
async def delete(token: Token, site: AtSite) -> None:
    """Cancels a request and deletes all that is kept of it."""
    await forget(site, await found(site, digest(token)))


@router.get(
    "/report/{token}.json",
    operation_id="report_json",
    response_class=Response,
    responses={
        200: {"description": "All figures", "content": {"application/json": {"schema": {}}}},
        **problems("not_found", "not_done", "invalid", "unavailable"),
    },
)
async def report_json(token: Token, site: AtSite, request: Request) -> Response:
    """Every figure and judgement, as `loudscope.report.Report.json` writes them."""
    return await document(site, await found(site, digest(token)), "json", request)


@router.get(
    "/report/{token}",
    operation_id="report_page",
    response_class=Response,
    responses={
        200: {"description": "A page", "content": {"text/html": {"schema": {"type": "string"}}}},
        303: {"description": "It is not done: a page that follows the work"},
        **problems("not_found", "invalid", "unavailable"),
    },
)
async def report(token: Token, site: AtSite, request: Request) -> Response:
    """The report as a page; until it is done, a page that follows the work."""
    try:
        status = await found(site, digest(token))
    except Problem as problem:
        gone = part("gone.html")
        if problem.status != 404 or gone is None or "text/html" not in _accepted(request):
            raise
        return Response(gone.content, 404, {"Content-Security-Policy": POLICY}, gone.media_type)
    if status.stage.value != "done":  # the page follows it there; no server sees a fragment
        return Response(status_code=303, headers={"Location": f"../#/report/{token}"})
    return await document(site, status, "html", request)


async def found(site: Site, token_hash: str) -> Status:
    """The status of a request.

    Raises:
        Problem: There is none.
    """
    status = await site.status(token_hash)
    if status is None:
        raise Problem("not_found", "There is no such request, or it has expired.")
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
        raise Problem("not_found", "The request has expired.")
    return last


async def forget(site: Site, status: Status) -> None:
    """Deletes a request and tells whoever works on it or looks at it."""
    request = status.result.request
    await site.ask("store", site.parts.store.delete, request.token_hash, time.time())
    await site.ask("hub", site.parts.hub.nudge, request.token_hash, *request.keys)


async def document(site: Site, status: Status, name: str, request: Request) -> Response:
    """What a judgement stored, compressed for those who can unpack it.

    Raises:
        Problem: There is none, or none yet.
    """
    if status.stage.value != "done":
        reason = status.reason
        why = reason.message if reason else "It is not done yet."
        code = reason.code if reason else None
        raise Problem("not_done", why, stage=status.stage.value, reason=code)
    store, token_hash = site.parts.store, status.result.request.token_hash
    packed = await site.ask("store", store.document, token_hash, name, time.time())
    if packed is None:
        raise Problem("not_found", "There is no such document, or it has expired.")
    content = await site.ask("store", gzip.decompress, packed)
    headers = {"Vary": "Accept-Encoding", "Cache-Control": "private, no-store"}
    if name == "html":
        headers |= _report_headers(content)
    if "gzip" in request.headers.get("accept-encoding", ""):
        headers["Content-Encoding"], content = "gzip", packed
    kind = "application/json" if name == "json" else "text/html; charset=utf-8"
    return Response(content, headers=headers, media_type=kind)


def _report_headers(content: bytes) -> dict[str, str]:
    """The page's own policy as a header too, and who may frame it, which only a header can say."""
    own = _META.search(content[:8192])
    policy = own[1].decode().replace("&#x27;", "'") if own else "default-src 'none'"
    return {
        "Content-Security-Policy": f"{policy}; frame-ancestors 'self'",
        "X-Frame-Options": "SAMEORIGIN",
    }


def _accepted(request: Request) -> str:
    return request.headers.get("accept", "")


def links_of(token: str) -> dict[str, str]:
    """Where the sender of a token goes on."""
    return {
        "self": f"/result/{token}",
        "socket": f"/ws/{token}",
        "report": f"/report/{token}",
        "json": f"/report/{token}.json",
    }
