"""A job as a client sees it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

__all__ = ["Job"]


@dataclass(frozen=True, slots=True)
class Job:
    """A job as it stood when the service was asked.

    Attributes:
        id: Names it for the account that made it; no secret, and also in calls of webhooks.
        token: Opens it for whoever has it; None where it was listed, for the service keeps none.
        stage: "queued", "decoding", "measuring", "judging", "done", "failed" or "cancelled".
        progress: 0 to 1.
        ahead: Tracks that are measured before this one.
        name: Of the file.
        genre, target: As asked for, or None.
        created_at, expires_at: Unix seconds.
        reason: Code and sentence, if it failed.
        verdict: The outcome in short, once done.
    """

    id: str
    token: str | None = field(repr=False)
    stage: str
    progress: float
    ahead: int
    name: str
    genre: str | None
    target: str | None
    created_at: float
    expires_at: float
    reason: tuple[str, str] | None
    verdict: Mapping[str, Any] | None = field(repr=False, hash=False)

    @property
    def over(self) -> bool:
        """Nothing more will happen."""
        return self.stage in {"done", "failed", "cancelled"}

    @property
    def done(self) -> bool:
        """There is a report."""
        return self.stage == "done"

    @classmethod
    def of(cls, view: Mapping[str, Any], token: str | None) -> Job:
        """From what the service answers; members that are not known here are left out."""
        why = view["reason"]
        return cls(
            id=view["id"],
            token=token,
            stage=view["stage"],
            progress=view["progress"],
            ahead=view["ahead"],
            name=view["name"],
            genre=view["genre"],
            target=view["target"],
            created_at=view["created_at"],
            expires_at=view["expires_at"],
            reason=None if why is None else (why["code"], why["message"]),
            verdict=view["verdict"],
        )
