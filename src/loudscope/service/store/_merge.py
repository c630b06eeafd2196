"""A request and its analyses seen as one: rules that all stores share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from loudscope import InvalidArgument

from .._records import NewAnalysis, NewResult, Reason, Result, Stage, Status

__all__ = [
    "FINAL",
    "GONE",
    "REMEMBER_SECONDS",
    "RUNNING",
    "Part",
    "broken",
    "check_uploads",
    "merge",
    "reason_for",
]

RUNNING: Final = (Stage.DECODING, Stage.MEASURING, Stage.JUDGING)
FINAL: Final = (Stage.DONE, Stage.FAILED, Stage.CANCELLED)
REMEMBER_SECONDS: Final = 86_400.0  # that a result has expired
GONE: Final = Reason("expired", "The upload is no longer there. Please upload it again.")
ORDER: Final = {stage: place for place, stage in enumerate(Stage)}


@dataclass(frozen=True, slots=True)
class Part:
    """What a status needs of an analysis.

    Attributes:
        key: Which.
        state: How far it is.
        progress: 0 to 1.
        size: Bytes of the upload.
        reason: Why it failed.
    """

    key: str
    state: Stage
    progress: float
    size: int
    reason: Reason | None


def check_uploads(uploads: Sequence[NewAnalysis], request: NewResult) -> dict[str, NewAnalysis]:
    """The uploads by their keys.

    Raises:
        InvalidArgument: Not exactly one for each analysis that the request needs.
    """
    by_key = {upload.key: upload for upload in uploads}
    if len(uploads) != len(by_key) or set(by_key) != set(request.keys):
        raise InvalidArgument(
            f"uploads has {len(uploads)} analyses that are not those the request needs: "
            "give one upload for each of request.keys"
        )
    return by_key


def reason_for(request: NewResult, key: str, reason: Reason) -> Reason:
    """An analysis's reason as the request's own: it says so where the reference is meant."""
    if key == request.key:
        return reason
    return Reason(f"reference: {reason.code}", f"The reference: {reason.message}")


def broken(request: NewResult, parts: Sequence[Part]) -> Reason | None:
    """Why the request can never be judged, or None if it can."""
    found = {part.key: part for part in parts}
    for key in request.keys:
        part = found.get(key)
        if part is None or part.state is Stage.CANCELLED:
            return reason_for(request, key, GONE)
        if part.state is Stage.FAILED:
            return reason_for(request, key, part.reason or GONE)
    return None


def merge(result: Result, parts: Sequence[Part], ahead: int) -> Status:
    """The request's status.

    Args:
        result: The request.
        parts: Those of its analyses that are there.
        ahead: Analyses that wait before its own.

    Returns:
        A final result speaks for itself; else an analysis that failed or is gone speaks for it;
        else the analysis that is least far does, until all are done and it is to be judged.
    """
    progress = measured(parts)
    if result.state.final:
        done = result.state is Stage.DONE
        return Status(result, result.state, 1.0 if done else progress, result.reason)
    reason = broken(result.request, parts)
    if reason is not None:
        return Status(result, Stage.FAILED, progress, reason)
    least = min((part.state for part in parts), key=ORDER.__getitem__)
    if least is Stage.DONE:
        return Status(result, Stage.JUDGING, 1.0)
    return Status(result, least, progress, ahead=ahead if least is Stage.QUEUED else 0)


def measured(parts: Sequence[Part]) -> float:
    """The share of all audio that is measured: progress weighted by bytes."""
    total = sum(part.size for part in parts)
    if total <= 0:
        return 0.0
    done = sum(part.size * (1.0 if part.state is Stage.DONE else part.progress) for part in parts)
    return min(1.0, done / total)
