"""How requests in MongoDB end with their analyses, and analyses with their requests."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from .._records import NewResult, Reason, Stage, Task
from ._merge import broken, reason_for
from ._mongo_place import MongoPlace
from ._mongo_rows import OPEN, PART, RESULT, alive, leave, part_of, request_of

__all__ = ["fail_broken", "fail_results", "leave_analyses"]


def leave_analyses(place: MongoPlace, user: str, keys: Iterable[str], now: float) -> None:
    """The request waits no more; an analysis that it was the last to wait for ends.

    Users whose request has expired leave with it. Those that are not found do not: they are about
    to be admitted.
    """
    for key in keys:
        joined = {"_id": key, "users": user, **OPEN}
        found = place.analyses.find_one(joined, {"users": 1})
        if found is not None:
            over = {"_id": {"$in": found["users"]}, "expires_at": {"$lte": now}}
            expired = [it["_id"] for it in place.results.find(over, {"_id": 1})]
            place.analyses.update_one(joined, leave([user, *expired]))


def fail_results(
    place: MongoPlace, key: str, users: Sequence[str], reason: Reason, now: float
) -> list[Task]:
    """Fails those users of an analysis that are still open; what will not be done."""
    found = place.results.find({"_id": {"$in": list(users)}, **OPEN}, RESULT)
    requests = [request_of(it) for it in found]
    return [
        request.judging
        for request in requests
        if fail_result(place, request, reason_for(request, key, reason), now)
    ]


def fail_result(place: MongoPlace, request: NewResult, reason: Reason, now: float) -> bool:
    """Fails an open result; what else it waited for is let go."""
    failed = {"state": str(Stage.FAILED), "code": reason.code, "message": reason.message}
    done = place.results.update_one(
        {"_id": request.token_hash, **OPEN}, {"$set": failed, "$inc": {"fence": 1}}
    )
    if done.matched_count:
        leave_analyses(place, request.token_hash, request.keys, now)
    return done.matched_count > 0


def fail_broken(place: MongoPlace, now: float) -> list[Task]:
    """Fails open results whose analyses cannot come to an end any more.

    Results are read first: of each that is there, the analyses were there before it.
    """
    requests = [request_of(it) for it in place.results.find(alive(now), RESULT)]
    keys = {key for request in requests for key in request.keys}
    there = {"_id": {"$in": list(keys)}, "expires_at": {"$gt": now}}
    parts = {it["_id"]: part_of(it) for it in place.analyses.find(there, PART)}
    lost = []
    for request in requests:
        own = [parts[key] for key in request.keys if key in parts]
        reason = broken(request, own)
        if reason is not None and fail_result(place, request, reason, now):
            lost.append(request.judging)
    return lost
