"""Refusals, all in one form: RFC 9457 problem details with a stable `code`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from math import ceil
from typing import Any, Final

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

__all__ = [
    "CODES",
    "MEDIA_TYPE",
    "Problem",
    "as_problem",
    "from_http",
    "from_validation",
    "nowhere",
    "over",
]

MEDIA_TYPE: Final = "application/problem+json"

CODES: Final[Mapping[str, tuple[int, str]]] = {
    "bad_request": (400, "The request cannot be read"),
    "bad_multipart": (400, "The form cannot be read"),
    "unauthorized": (401, "An API key is wanted"),
    "origin": (403, "Not from this website"),
    "no_account": (403, "Listing wants an account"),
    "not_found": (404, "Nothing here"),
    "method_not_allowed": (405, "This method is not for this address"),
    "too_slow": (408, "The upload was too slow"),
    "not_done": (409, "There is no result"),
    "expired": (410, "It has expired"),
    "too_large": (413, "The upload is too large"),
    "not_multipart": (415, "The body has to be a form"),
    "invalid": (422, "A parameter does not fit"),
    "missing_audio": (422, "There is no audio"),
    "empty_audio": (422, "The audio is empty"),
    "unknown_field": (422, "The form has a field that is not known"),
    "bad_field": (422, "A field of the form does not fit"),
    "unknown_genre": (422, "The genre is not known"),
    "unknown_target": (422, "The target is not known"),
    "bad_webhook": (422, "The webhook cannot be called"),
    "rate_limited": (429, "Too many uploads"),
    "internal": (500, "The service made a mistake"),
    "backlog": (503, "Too much is waiting"),
    "unavailable": (503, "A part of the service is away"),
}
"""Status and title of each code. A code keeps its meaning; programs may rely on it."""

_OF_STATUS = {404: "not_found", 405: "method_not_allowed", 413: "too_large", 422: "invalid"}


class Problem(Exception):
    """A request that is refused.

    Args:
        code: One of `CODES`.
        detail: What is wrong and what can be done, for people.
        retry_after: Seconds until it is worth trying again.
        headers: More headers of the answer.
        members: More members of the document.
    """

    def __init__(
        self,
        code: str,
        detail: str,
        *,
        retry_after: float | None = None,
        headers: Mapping[str, str] | None = None,
        **members: object,
    ) -> None:
        super().__init__(detail)
        self.code = code
        self.status, self.title = CODES[code]
        self.detail = detail
        self.headers = dict(headers or {})
        self.members = members
        if retry_after is not None:
            self.headers["Retry-After"] = str(max(1, ceil(retry_after)))

    def document(self) -> dict[str, Any]:
        """The problem as strict JSON."""
        return {
            "type": f"urn:loudscope:problem:{self.code}",
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
            "code": self.code,
            **self.members,
        }

    def response(self) -> JSONResponse:
        """The problem as an answer."""
        return JSONResponse(self.document(), self.status, self.headers, MEDIA_TYPE)


def nowhere() -> Problem:
    """There is no such request, and none is remembered."""
    return Problem("not_found", "There is nothing here: it was deleted, or the address is wrong.")


def over(at: float) -> Problem:
    """A request has expired; `at`, Unix seconds, is also the member `expired_at`."""
    when = datetime.fromtimestamp(at, UTC)
    detail = f"It expired on {when:%Y-%m-%d at %H:%M:%S} UTC; upload the track again."
    return Problem("expired", detail, expired_at=at)


async def as_problem(_: Request, error: Exception) -> JSONResponse:
    """Handler of `Problem`."""
    assert isinstance(error, Problem)
    return error.response()


async def from_http(_: Request, error: Exception) -> JSONResponse:
    """Handler of what the framework refuses: no such path, no such method."""
    assert isinstance(error, HTTPException)
    code = _OF_STATUS.get(error.status_code, "bad_request")
    return Problem(code, CODES[code][1] + ".", headers=error.headers).response()


async def from_validation(_: Request, error: Exception) -> JSONResponse:
    """Handler of parameters that do not fit; what the client sent is not repeated."""
    assert isinstance(error, RequestValidationError)
    found = [
        {"where": ".".join(map(str, one["loc"])), "message": str(one["msg"])}
        for one in error.errors()
    ]
    detail = "; ".join(f"{one['where']}: {one['message']}" for one in found)
    return Problem("invalid", detail, errors=found).response()
