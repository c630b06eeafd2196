"""What the sweep asks of MongoDB: what waits, what is to be given up, what is over."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Final

from pymongo import ReturnDocument
from pymongo.collection import Collection

from .._records import DOCUMENTS, Call, Counts, Purged, Reason, Task
from . import _blobs
from ._mongo_ends import fail_broken, fail_results, leave_analyses
from ._mongo_place import Document, MongoPlace
from ._mongo_rows import EXPIRED, OPEN, RUNS, cause_of, date, due, lapsed, tombstone

__all__ = ["MongoSweep", "all_done"]

BLOBS: Final = ("measurements", *DOCUMENTS)
A_SWEEP: Final = 1000  # records that one sweep deletes at most


class MongoSweep:
    """The part of the store that heals and tidies."""

    def __init__(self, place: MongoPlace, remember: float) -> None:
        self.place, self.remember = place, remember

    def pending(self, now: float, idle: float, limit: int = 1000) -> tuple[Task, ...]:
        """What should be enqueued, what came first first."""
        waits, fields = due(now, idle), {"created_at": 1, "keys": 1, "request_id": 1}
        with self.place.working():
            analyses = self.place.analyses.find(waits, fields).sort("created_at").limit(limit)
            found = [
                (it["created_at"], Task("measure", it["_id"], cause_of(it))) for it in analyses
            ]
            results = self.place.results.find(waits, fields).sort("created_at")
            ready = self._ready(results, now)
            found += [(it["created_at"], Task("judge", it["_id"], cause_of(it))) for it in ready]
        found.sort(key=lambda it: (it[0], it[1].kind, it[1].id))
        return tuple(task for _, task in found[:limit])

    def _ready(self, results: Iterable[Document], now: float) -> list[Document]:
        """Those whose analyses are all done."""
        waiting = list(results)
        keys = {key for it in waiting for key in it["keys"]}
        done = {"_id": {"$in": list(keys)}, "state": "done", "expires_at": {"$gt": now}}
        there = {it["_id"] for it in self.place.analyses.find(done, {"_id": 1})}
        return [it for it in waiting if there.issuperset(it["keys"])]

    def give_up(self, now: float, attempts: int, reason: Reason) -> tuple[Task, ...]:
        """Fails what was tried too often, and what cannot be done any more."""
        spent = {**lapsed(now), "expires_at": {"$gt": now}, "attempts": {"$gte": attempts}}
        lost: list[Task] = []
        with self.place.working():
            for it in self._failing(self.place.analyses, spent, reason):
                key, users = it["_id"], it["users"]
                lost.append(Task("measure", key, cause_of(it)))
                lost += fail_results(self.place, key, users, reason, now)
            results = self._failing(self.place.results, spent, reason)
            lost += [Task("judge", it["_id"], cause_of(it)) for it in results]
            lost += fail_broken(self.place, now)
        return tuple(dict.fromkeys(lost))

    def _failing(
        self, records: Collection[Document], spent: Document, reason: Reason
    ) -> Iterator[Document]:
        """Fails all that are spent, one by one, and gives what they were."""
        failed = {"state": "failed", "code": reason.code, "message": reason.message}
        update = {"$set": failed, "$inc": {"fence": 1}}
        fields = {"users": 1, "request_id": 1}
        while (found := records.find_one_and_update(spent, update, projection=fields)) is not None:
            yield found

    def purge(self, now: float) -> Purged:
        """Deletes what has expired; names audio that nobody will measure."""
        old = {"expires_at": {"$lte": now}}
        with self.place.working():
            # A request leaves its analyses before it goes: nobody could find them after it.
            for it in self.place.results.find({**old, **OPEN}, {"keys": 1}):
                leave_analyses(self.place, it["_id"], it["keys"], now)
            results = self._results(old)
            forgotten = {"state": EXPIRED, "expire": {"$lte": date(now)}}
            self.place.results.delete_many(forgotten)
            gone = self._analyses(old)
            ended = list(self._ended_audio())
            _blobs.sweep(self.place, now)
        audio = [it["audio"] for it in gone if it["audio"] is not None]
        return Purged(results, len(gone), (*audio, *ended))

    def _results(self, old: Document) -> int:
        """Leaves of each result that has expired what is remembered; how many they were."""
        take, update = self.place.results.find_one_and_update, tombstone(self.remember)
        return len(self._taken(DOCUMENTS, lambda fields: take(old, update, projection=fields)))

    def _analyses(self, old: Document) -> list[Document]:
        take = self.place.analyses.find_one_and_delete
        names = ("audio", "measurements")
        return self._taken(names, lambda fields: take(old, projection=fields))

    def _taken(
        self, names: Iterable[str], take: Callable[[Document], Document | None]
    ) -> list[Document]:
        """What has expired, one by one and without its blobs."""
        gone: list[Document] = []
        fields = dict.fromkeys(names, 1)
        while len(gone) < A_SWEEP and (found := take(fields)) is not None:
            _blobs.drop(self.place, *(found.get(name) for name in BLOBS))
            gone.append(found)
        return gone

    def _ended_audio(self) -> Iterator[str]:
        ended = {"state": {"$in": ["failed", "cancelled"]}, "audio": {"$ne": None}}
        forget = {"$set": {"audio": None}}
        analyses, fields = self.place.analyses, {"audio": 1}
        while (found := analyses.find_one_and_update(ended, forget, projection=fields)) is not None:
            yield found["audio"]

    def calls(self, now: float, lease: float, limit: int = 20) -> tuple[Call, ...]:
        """Takes webhooks that are due, one by one."""
        due_now = {
            "call_at": {"$gt": 0, "$lte": now},
            "expires_at": {"$gt": now},
            "state": {"$in": ["done", "failed"]},
        }
        taken: list[Call] = []
        with self.place.working():
            while len(taken) < limit:
                found = self.place.results.find_one_and_update(
                    due_now,
                    {"$set": {"call_at": now + lease}, "$inc": {"calls": 1}},
                    projection={"calls": 1},
                    sort=[("call_at", 1), ("_id", 1)],
                    return_document=ReturnDocument.AFTER,
                )
                if found is None:
                    break
                taken.append(Call(found["_id"], found["calls"]))
        return tuple(taken)

    def called(self, call: Call, again_at: float | None) -> bool:
        """Notes when to call again."""
        own = {"_id": call.token_hash, "calls": call.attempt, "call_at": {"$ne": None}}
        with self.place.working():
            done = self.place.results.update_one(own, {"$set": {"call_at": again_at}})
        return done.matched_count > 0

    def known_audio(self) -> frozenset[str]:
        """Audio that is still to be measured."""
        with self.place.working():
            return frozenset(it["audio"] for it in self.place.analyses.find(OPEN, {"audio": 1}))

    def counts(self, now: float) -> Counts:
        """What waits and runs."""
        analyses = self.place.analyses
        waits = {"state": "queued", "expires_at": {"$gt": now}}
        with self.place.working():
            first = analyses.find_one(waits, {"created_at": 1}, sort=[("created_at", 1)])
            queued = analyses.count_documents(waits)
            running = analyses.count_documents({**waits, "state": {"$in": RUNS}})
            results = self.place.results.count_documents({"expires_at": {"$gt": now}})
        oldest = 0.0 if first is None else max(0.0, now - first["created_at"])
        return Counts(queued, running, oldest, results)


def all_done(place: MongoPlace, token_hash: str, now: float) -> bool:
    """All analyses that the request needs are done."""
    found = place.results.find_one({"_id": token_hash}, {"keys": 1})
    if found is None:
        return False
    done = {"_id": {"$in": found["keys"]}, "state": "done", "expires_at": {"$gt": now}}
    return place.analyses.count_documents(done) == len(found["keys"])
