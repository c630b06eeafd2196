"""The OpenAPI document: what the framework cannot see of streamed forms and of refusals."""

from __future__ import annotations

from typing import Any, Final

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from loudscope import __version__

from ._problems import CODES, MEDIA_TYPE, Problem

__all__ = ["DESCRIPTION", "SECURITY", "TAGS", "form", "install", "problems"]

SECURITY: Final[list[dict[str, list[str]]]] = [{}, {"key": []}, {"bearer": []}]
TAGS: Final = [
    {"name": "analyze", "description": "Upload a track"},
    {"name": "results", "description": "Status and report, by the private token of a request"},
    {"name": "jobs", "description": "The same for programs, with lists, cancelling and webhooks"},
    {"name": "service", "description": "What can be chosen; health; figures"},
]
DESCRIPTION: Final = """\
Upload a track, watch it measured, read the report.

Every refusal is a problem document (RFC 9457) with a stable `code`. Beside the paths below there
are two sockets: `WS /ws/{token}` sends the status of a request whenever it changes, and
`WS /live?rate=48000&channels=2&format=float32` takes frames of PCM and sends readings.
"""
_PROBLEM: Final[dict[str, Any]] = {
    "type": "object",
    "title": "Problem",
    "description": "RFC 9457",
    "required": ["type", "title", "status", "detail", "code"],
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string", "enum": sorted(CODES)},
    },
    "additionalProperties": True,
}
_AFTER: Final = {
    "Retry-After": {"description": "Seconds", "schema": {"type": "integer", "minimum": 1}}
}


def problems(*codes: str) -> dict[int | str, dict[str, Any]]:
    """Documents refusals: one answer for each status, with an example for each code."""
    answers: dict[int | str, dict[str, Any]] = {}
    for code in (*codes, "bad_request", "internal"):
        status, title = CODES[code]
        content = {"schema": {"$ref": "#/components/schemas/Problem"}, "examples": {}}
        answer = answers.setdefault(
            status, {"description": title, "content": {MEDIA_TYPE: content}}
        )
        if status in (429, 503):
            answer["headers"] = _AFTER
        example = Problem(code, title + ".").document()
        answer["content"][MEDIA_TYPE]["examples"][code] = {"value": example}
    return answers


def form(*, webhook: bool) -> dict[str, Any]:
    """Documents the streamed form of an upload."""
    text = {"type": "string", "maxLength": 100}
    file = {"type": "string", "format": "binary", "contentMediaType": "application/octet-stream"}
    properties: dict[str, Any] = {
        "genre": {**text, "description": "A name of GET /options", "examples": ["pop"]},
        "target": {**text, "description": "A name of GET /options", "examples": ["spotify"]},
        "audio": {**file, "description": "The track"},
        "reference": {**file, "description": "A track to compare it with"},
    }
    if webhook:
        properties["webhook"] = {"type": "string", "format": "uri", "maxLength": 2048}
    schema = {
        "type": "object",
        "required": ["audio"],
        "properties": properties,
        "additionalProperties": False,
    }
    body = {"required": True, "content": {"multipart/form-data": {"schema": schema}}}
    return {"requestBody": body, "security": SECURITY}


def install(app: FastAPI) -> None:
    """Makes the document once, and adds what all answers share."""

    def document() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _document(app)
        return app.openapi_schema

    app.openapi = document  # type: ignore[method-assign]


def _document(app: FastAPI) -> dict[str, Any]:
    made = get_openapi(
        title="loudscope",
        version=__version__,
        description=DESCRIPTION,
        routes=app.routes,
        tags=TAGS,
        license_info={"name": "MIT", "identifier": "MIT"},
    )
    components = made.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    schemas["Problem"] = _PROBLEM
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    components["securitySchemes"] = {
        "key": {"type": "apiKey", "in": "header", "name": "X-API-Key"},
        "bearer": {"type": "http", "scheme": "bearer"},
    }
    return made
