"""What clients are shown: the models of the OpenAPI document."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, Field

from .._records import Stage, Status

__all__ = ["Choices", "Created", "Health", "JobList", "Part", "View", "Why", "view_of"]


class Why(BaseModel):
    """Why a request failed."""

    code: str = Field(description="For programs", examples=["undecodable"])
    message: str = Field(description="For people", examples=["This is not audio that can be read."])


class View(BaseModel):
    """How far a request is."""

    id: str = Field(description="Names the request for the account that made it; not a secret")
    stage: Stage
    progress: float = Field(ge=0, le=1)
    ahead: int = Field(ge=0, description="Tracks that are measured before this one")
    name: str = Field(description="What the client called the file")
    genre: str | None
    target: str | None
    reference: bool = Field(description="Whether it is compared with a reference")
    created_at: float = Field(description="Unix seconds")
    expires_at: float = Field(description="Unix seconds; then all of it is deleted")
    reason: Why | None
    verdict: dict[str, Any] | None = Field(description="The outcome in short, once done")
    links: dict[str, str] = Field(description="Where to go on from here; paths")


class Created(View):
    """A request that was admitted."""

    token: str = Field(description="Opens status, report and deletion; told once, kept as a hash")


class JobList(BaseModel):
    """The account's requests."""

    jobs: list[View]


class Part(BaseModel):
    """Whether a part can be used."""

    ok: bool
    seconds: float
    error: str | None = None


class Health(BaseModel):
    """Whether the service can work."""

    status: str
    parts: dict[str, Part] = {}


def view_of(status: Status, links: dict[str, str]) -> dict[str, Any]:
    """A status as strict JSON, in the form of `View`."""
    result, reason = status.result, status.reason
    request = result.request
    return {
        "id": request.token_hash,
        "stage": status.stage.value,
        "progress": status.progress,
        "ahead": status.ahead,
        "name": request.name,
        "genre": request.genre,
        "target": request.target,
        "reference": request.reference_key is not None,
        "created_at": result.created_at,
        "expires_at": result.expires_at,
        "reason": None if reason is None else {"code": reason.code, "message": reason.message},
        "verdict": None if result.verdict is None else dict(result.verdict),
        "links": links,
    }


class Choice(BaseModel):
    """A genre."""

    name: str
    title: str


class TargetChoice(Choice):
    """A target, with what a live meter can hold against it."""

    lufs: float | None
    ranges: list[list[float | None]]
    true_peak: float | None


class UploadLimits(BaseModel):
    """What an upload may have."""

    upload_bytes: int
    channels: int
    requests: int
    window_seconds: float


class Choices(BaseModel):
    """What can be asked for."""

    version: str
    genres: list[Choice]
    targets: list[TargetChoice]
    key: bool
    result_seconds: float
    limits: UploadLimits
    live: int
