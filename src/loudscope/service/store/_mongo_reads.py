"""What is read of MongoDB."""

from __future__ import annotations

from pymongo.collection import Collection

from .._records import DOCUMENTS, Result, Stage, Status, Task
from ._blobs import take
from ._merge import merge
from ._mongo_place import Document, MongoPlace
from ._mongo_rows import (
    EXPIRED,
    OPEN,
    PART,
    RESULT,
    alive,
    cause_of,
    date,
    part_of,
    result_of,
)

__all__ = ["MongoReads"]


class MongoReads:
    """The part of the store that changes nothing."""

    place: MongoPlace
    remember: float

    def result(self, token_hash: str, now: float) -> Result | None:
        """A request."""
        with self.place.working():
            found = self.place.results.find_one(
                {"_id": token_hash, "expires_at": {"$gt": now}}, RESULT
            )
        return None if found is None else result_of(found)

    def results(self, account: str, now: float, limit: int = 100) -> tuple[Result, ...]:
        """The account's requests."""
        mine = {"account": account, "expires_at": {"$gt": now}}
        if limit <= 0:
            return ()
        with self.place.working():
            found = self.place.results.find(mine, RESULT)
            return tuple(map(result_of, found.sort([("created_at", -1), ("_id", 1)]).limit(limit)))

    def status(self, token_hash: str, now: float) -> Status | None:
        """A request with its analyses."""
        result = self.result(token_hash, now)
        if result is None:
            return None
        status = self._merged(result, now)
        if status.stage is Stage.FAILED and not result.state.final:
            # Cancelled between the two reads, it took its analyses with it.
            result = self.result(token_hash, now)
            return None if result is None else self._merged(result, now)
        return status

    def _merged(self, result: Result, now: float) -> Status:
        keys, analyses = list(result.request.keys), self.place.analyses
        there = {"expires_at": {"$gt": now}}
        with self.place.working():
            found = list(analyses.find({"_id": {"$in": keys}, **there}, {**PART, "created_at": 1}))
            queued = [it["created_at"] for it in found if it["state"] == "queued"]
            ahead = 0
            if queued and not result.state.final:
                before = {"state": "queued", "created_at": {"$lt": max(queued)}, **there}
                ahead = analyses.count_documents({**before, "_id": {"$nin": keys}})
        return merge(result, [part_of(it) for it in found], ahead)

    def expired(self, token_hash: str, now: float) -> float | None:
        """When a request expired, whether or not it was purged since."""
        over = {"expires_at": {"$lte": now, "$gt": now - self.remember}}
        gone = {"state": EXPIRED, "expire": {"$gt": date(now)}}
        with self.place.working():
            found = self.place.results.find_one(
                {"_id": token_hash, "$or": [over, gone]}, {"expires_at": 1, "expired_at": 1}
            )
        return None if found is None else found.get("expired_at", found.get("expires_at"))

    def waiting(self, key: str, now: float) -> tuple[Task, ...]:
        """Judgements of open results that need the analysis."""
        with self.place.working():
            found = self.place.results.find({"keys": key, **alive(now)}, {"request_id": 1})
            return tuple(Task("judge", it["_id"], cause_of(it)) for it in found)

    def audio(self, key: str) -> str | None:
        """Name of the audio that is still to be measured."""
        with self.place.working():
            found = self.place.analyses.find_one({"_id": key, **OPEN}, {"audio": 1})
        return None if found is None else found["audio"]

    def measurements(self, key: str, now: float) -> bytes | None:
        """What `measured` stored."""
        return self._blob(self.place.analyses, key, "measurements", now)

    def document(self, token_hash: str, name: str, now: float) -> bytes | None:
        """What `judged` stored under that name."""
        if name not in DOCUMENTS:
            return None
        return self._blob(self.place.results, token_hash, name, now)

    def _blob(
        self, collection: Collection[Document], name: str, field: str, now: float
    ) -> bytes | None:
        done = {"_id": name, "state": "done", "expires_at": {"$gt": now}}
        with self.place.working():
            found = collection.find_one(done, {field: 1})
            return None if found is None else take(self.place, found[field])
