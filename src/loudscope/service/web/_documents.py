"""A report in the forms in which it is kept, sent as it is stored."""

from __future__ import annotations

import gzip
import re
import time
from collections.abc import Mapping
from typing import Any, Final

from fastapi import Request
from fastapi.responses import Response

from .._records import Status
from ._problems import Problem
from ._site import Site

__all__ = ["DOCUMENTED", "document"]

MEDIA_TYPES: Final[Mapping[str, str]] = {
    "json": "application/json",
    "html": "text/html; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "md": "text/markdown; charset=utf-8",
}
_SAID: Final = {"json": "All figures", "html": "A page", "csv": "A table", "md": "A text"}
_META: Final = re.compile(rb'<meta http-equiv="Content-Security-Policy" content="([^"]+)"')


def _documented(name: str) -> dict[str, Any]:
    kind = MEDIA_TYPES[name].partition(";")[0]
    schema = {} if name == "json" else {"type": "string"}
    return {"description": _SAID[name], "content": {kind: {"schema": schema}}}


DOCUMENTED: Final = {name: _documented(name) for name in MEDIA_TYPES}
"""The answers, as the OpenAPI document has them."""


async def document(site: Site, status: Status, name: str, request: Request) -> Response:
    """What a judgement stored, compressed for those who can unpack it.

    Args:
        site: Where.
        status: Of the request that it belongs to.
        name: One of `DOCUMENTS`.
        request: Who asks.

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
        raise await site.missing(token_hash)
    content = await site.ask("store", gzip.decompress, packed)
    headers = {"Vary": "Accept-Encoding", "Cache-Control": "private, no-store"}
    if name == "html":
        headers |= _report_headers(content)
    if "gzip" in request.headers.get("accept-encoding", ""):
        headers["Content-Encoding"], content = "gzip", packed
    return Response(content, headers=headers, media_type=MEDIA_TYPES[name])


def _report_headers(content: bytes) -> dict[str, str]:
    """The page's own policy as a header too, and who may frame it, which only a header can say."""
    own = _META.search(content[:8192])
    policy = own[1].decode().replace("&#x27;", "'") if own else "default-src 'none'"
    return {
        "Content-Security-Policy": f"{policy}; frame-ancestors 'self'",
        "X-Frame-Options": "SAMEORIGIN",
    }
