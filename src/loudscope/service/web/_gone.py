"""The page of a report that is not there: it has expired, or it is not known."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from fastapi.responses import Response

from .._page import POLICY, part
from ._problems import Problem

__all__ = ["gone_page"]

PAGES: Final = {404: "missing.html", 410: "gone.html"}
WHEN: Final = b"<!-- when -->"


def gone_page(problem: Problem) -> Response | None:
    """What a browser is shown instead of this problem; None: the problem itself."""
    page = part(PAGES.get(problem.status, ""))
    if page is None:
        return None
    at = problem.members.get("expired_at")
    when = _when(at) if isinstance(at, float) else ""
    content = page.content.replace(WHEN, when.encode())
    return Response(content, problem.status, {"Content-Security-Policy": POLICY}, page.media_type)


def _when(at: float) -> str:
    """A time that the page tells in the reader's own, where it can."""
    moment = datetime.fromtimestamp(at, UTC)
    return f' on <time datetime="{moment:%Y-%m-%dT%H:%M:%SZ}">{moment:%Y-%m-%d at %H:%M} UTC</time>'
