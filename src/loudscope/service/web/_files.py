"""The page's files."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from .._page import POLICY, Part, part
from ._problems import Problem

__all__ = ["router"]

router = APIRouter(include_in_schema=False)


@router.get("/")
async def index(request: Request) -> Response:
    """The page."""
    return _answer(request, part("index.html"), {"Content-Security-Policy": POLICY})


@router.get("/page/{name:path}")
async def file(request: Request, name: str) -> Response:
    """A file of the page, from a list: no path is made of what a client sends."""
    return _answer(request, part(name), {"Content-Security-Policy": POLICY})


def _answer(request: Request, found: Part | None, headers: dict[str, str]) -> Response:
    if found is None:
        raise Problem("not_found", "There is no such file.")
    headers |= {"ETag": found.etag, "Cache-Control": "no-cache", "Vary": "Accept-Encoding"}
    if found.etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    content = found.content
    if "gzip" in request.headers.get("accept-encoding", ""):
        headers["Content-Encoding"], content = "gzip", found.packed
    return Response(content, headers=headers, media_type=found.media_type)
