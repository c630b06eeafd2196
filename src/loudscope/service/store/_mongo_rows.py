"""Documents of MongoDB as records, and the conditions and updates that several calls share."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any, Final

from .._records import Claim, NewAnalysis, NewResult, Reason, Result, Stage
from ._merge import FINAL, RUNNING, Part

__all__ = [
    "EXPIRED",
    "OPEN",
    "PART",
    "RESULT",
    "RUNS",
    "alive",
    "analysis_document",
    "cause_of",
    "date",
    "due",
    "ending",
    "ensure",
    "held",
    "lapsed",
    "leave",
    "part_of",
    "request_of",
    "result_document",
    "result_of",
    "tombstone",
]

EXPIRED: Final = "expired"  # a result of which only its hash and its time are left
ENDED: Final = [*(str(stage) for stage in FINAL), EXPIRED]
RUNS: Final = [str(stage) for stage in RUNNING]
OPEN: Final = {"state": {"$nin": ENDED}}
PART: Final = dict.fromkeys(("state", "progress", "size", "code", "message"), 1)
RESULT: Final = dict.fromkeys(
    (
        *("key", "reference_key", "name", "genre", "target", "account", "webhook", "request_id"),
        *("state", "created_at", "expires_at", "code", "message", "verdict"),
    ),
    1,
)


def date(seconds: float) -> datetime:
    """Unix seconds as the TTL index wants them."""
    return datetime.fromtimestamp(seconds, UTC)


def alive(now: float) -> dict[str, Any]:
    """Not final and not expired."""
    return {**OPEN, "expires_at": {"$gt": now}}


def lapsed(now: float) -> dict[str, Any]:
    """Claimed, and the lease is over; or it began so far ahead that the clock was set back."""
    return {
        "state": {"$in": RUNS},
        "$or": [{"lease_until": {"$lte": now}}, {"sane_from": {"$gt": now}}],
    }


def due(now: float, idle: float) -> dict[str, Any]:
    """What waits too long, or nobody knows how long, for the clock was set back; and `lapsed`."""
    waited = [{"touched_at": {"$lte": now - idle}}, {"touched_at": {"$gt": now}}]
    return {
        "expires_at": {"$gt": now},
        "$or": [{"state": "queued", "$or": waited}, lapsed(now)],
    }


def held(claim: Claim) -> dict[str, Any]:
    """The record of a claim that is still the newest."""
    return {"_id": claim.task.id, "fence": claim.fence, "owner": claim.owner, **OPEN}


def ending(claim: Claim, end: Stage) -> dict[str, Any]:
    """The same, or the record that this claim has ended so already: the answer may be lost."""
    return {**held(claim), "state": {"$nin": [it for it in ENDED if it != end]}}


def analysis_document(
    upload: NewAnalysis, request: NewResult, now: float, ttl: float
) -> dict[str, Any]:
    """An analysis that nobody has worked on; `users` are the open results that wait for it."""
    return {
        **_task(request, now, ttl),
        "progress": 0.0,
        "size": upload.size,
        "audio": upload.audio,
        "users": [request.token_hash],
    }


def result_document(request: NewResult, fence: int, now: float, ttl: float) -> dict[str, Any]:
    """A request that waits."""
    return {
        "_id": request.token_hash,
        **_task(request, now, ttl),
        "fence": fence,
        "key": request.key,
        "reference_key": request.reference_key,
        "keys": list(request.keys),
        "name": request.name,
        "genre": request.genre,
        "target": request.target,
        "account": request.account,
        "webhook": request.webhook,
        "calls": 0,
        "call_at": None if request.webhook is None else now,
    }


def _task(request: NewResult, now: float, ttl: float) -> dict[str, Any]:
    return {
        "request_id": request.request_id,
        "state": str(Stage.QUEUED),
        "owner": "",
        "attempts": 0,
        "lease_until": 0.0,
        "sane_from": 0.0,
        "created_at": now,
        "touched_at": now,
        "expires_at": now + ttl,
        "expire": date(now + ttl),
    }


def ensure(
    upload: NewAnalysis, request: NewResult, fence: int, now: float, ttl: float
) -> list[Any]:
    """An upsert: a new analysis where there is none, or none that can end well; else attached."""
    again = {
        "$or": [
            {"$eq": [{"$type": "$state"}, "missing"]},
            {"$in": ["$state", [str(Stage.FAILED), str(Stage.CANCELLED)]]},
            {"$lte": ["$expires_at", now]},
        ]
    }
    new = {
        "_id": "$_id",
        "fence": {"$add": [{"$ifNull": ["$fence", fence]}, 1]},
        **{
            name: {"$literal": value}
            for name, value in analysis_document(upload, request, now, ttl).items()
        },
    }
    joined = {
        "expires_at": {"$max": ["$expires_at", now + ttl]},
        "expire": {"$max": ["$expire", date(now + ttl)]},
        "users": {"$cond": [_ended(), [], {"$setUnion": ["$users", [request.token_hash]]}]},
    }
    return [{"$replaceWith": {"$cond": [again, new, {"$mergeObjects": ["$$ROOT", joined]}]}}]


def leave(users: list[str]) -> list[Any]:
    """An update of an open analysis: users are gone, and the last one ends it and its claim."""
    last = {"$eq": ["$users", []]}
    return [
        {"$set": {"users": {"$setDifference": ["$users", users]}}},
        {
            "$set": {
                "state": {"$cond": [last, str(Stage.CANCELLED), "$state"]},
                "fence": {"$cond": [last, {"$add": ["$fence", 1]}, "$fence"]},
            }
        },
    ]


def _ended() -> dict[str, Any]:
    return {"$in": ["$state", ENDED]}


def tombstone(remember: float) -> list[Any]:
    """An update of a result that has expired: its hash and the time are left, for so long."""
    left = {"expired_at": "$expires_at", "expire": {"$add": ["$expire", remember * 1000.0]}}
    return [{"$replaceWith": {"_id": "$_id", "state": EXPIRED, **left}}]


def cause_of(found: dict[str, Any]) -> str:
    """The id of the request that caused it; what older versions wrote has none."""
    return str(found.get("request_id", ""))


def request_of(found: dict[str, Any]) -> NewResult:
    """What a result asks for."""
    return NewResult(
        token_hash=found["_id"],
        key=found["key"],
        name=found["name"],
        reference_key=found["reference_key"],
        genre=found["genre"],
        target=found["target"],
        account=found["account"],
        webhook=found["webhook"],
        request_id=cause_of(found),
    )


def result_of(found: dict[str, Any]) -> Result:
    """A document of results, of the fields `RESULT`."""
    verdict = found.get("verdict")
    return Result(
        request=request_of(found),
        state=Stage(found["state"]),
        created_at=found["created_at"],
        expires_at=found["expires_at"],
        reason=_reason_of(found),
        verdict=None if verdict is None else json.loads(verdict),
    )


def part_of(found: dict[str, Any]) -> Part:
    """A document of analyses, of the fields `PART`."""
    return Part(
        key=found["_id"],
        state=Stage(found["state"]),
        progress=found["progress"],
        size=found["size"],
        reason=_reason_of(found),
    )


def _reason_of(found: dict[str, Any]) -> Reason | None:
    code = found.get("code")
    return None if code is None else Reason(code, found["message"])
