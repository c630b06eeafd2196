"""The store of many machines: MongoDB, two collections.

A standalone mongod has no transactions: each write is atomic for one document. The orders of
writes below are such that whoever dies between two of them leaves what the sweep puts right:

- admitted: first the analyses, which note the request as their user, then the result. So a result
  never waits for what is not there, and nobody else's cancelling ends an analysis that it is about
  to need. Left over at worst: an analysis that is measured for nobody, and expires.
- failed: first the analysis, in the same write giving its users, then the results. Those not yet
  reached show its failure in `status`, and `give_up` fails them.
- cancelled, deleted: first the result, then it leaves its analyses; the last to leave ends one.
  Left over at worst: as when admitted.
- done: one write. Large blobs come before it; see `_blobs`.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from pymongo import ReturnDocument
from pymongo.collection import Collection
from pymongo.errors import DuplicateKeyError

from loudscope import InvalidArgument

from .._records import (
    DOCUMENTS,
    Admission,
    Claim,
    NewAnalysis,
    NewResult,
    Reason,
    Stage,
    Task,
)
from ._blobs import Blob, drop, keep
from ._merge import REMEMBER_SECONDS, check_uploads
from ._mongo_ends import fail_results, leave_analyses
from ._mongo_place import Document, MongoPlace, twice
from ._mongo_reads import MongoReads
from ._mongo_rows import (
    alive,
    cause_of,
    date,
    ending,
    ensure,
    held,
    lapsed,
    result_document,
)
from ._mongo_sweep import MongoSweep, all_done

__all__ = ["MongoStore"]

FIRST: Final = {"measure": Stage.DECODING, "judge": Stage.JUDGING}
UPSERTS: Final = 10  # each lost to somebody else's insert of the same key, which is then there


class MongoStore(MongoReads, MongoSweep):
    """See `loudscope.service._ports.Store`."""

    def __init__(self, url: str, remember: float = REMEMBER_SECONDS) -> None:
        """Connects when first asked for something; `remember` as `open_store` has it.

        Raises:
            InvalidArgument: The URL is none of a MongoDB, or names no database.
        """
        super().__init__(MongoPlace(url), remember)

    def ping(self) -> None:
        """Raises if the server does not answer, or takes no writes."""
        self.place.ping()

    def close(self) -> None:
        """Lets go of connections."""
        self.place.close()

    def admit(
        self, uploads: tuple[NewAnalysis, ...], request: NewResult, now: float, ttl: float
    ) -> Admission:
        """Adds analyses that are not there or did not end well, then the result."""
        by_key = check_uploads(uploads, request)
        document = result_document(request, secrets.randbits(48), now, ttl)
        with self.place.working():
            created = [
                key
                for key, upload in by_key.items()
                if twice(self._ensure, upload, request, now, ttl)
            ]
            twice(self._insert, document)
        return Admission(frozenset(created))

    def _ensure(self, upload: NewAnalysis, request: NewResult, now: float, ttl: float) -> bool:
        for attempt in range(UPSERTS):
            try:
                before = self.place.analyses.find_one_and_update(
                    {"_id": upload.key},
                    # A record that is deleted and comes back must not meet claims on its former
                    # self: fences begin anywhere.
                    ensure(upload, request, secrets.randbits(48), now, ttl),
                    projection={"state": 1, "expires_at": 1, "audio": 1, "measurements": 1},
                    upsert=True,
                    return_document=ReturnDocument.BEFORE,
                )
            except DuplicateKeyError:
                if attempt == UPSERTS - 1:
                    raise
            else:
                return self._is_new(before, upload, now)
        raise AssertionError

    def _is_new(self, before: Document | None, upload: NewAnalysis, now: float) -> bool:
        if before is None or before["audio"] == upload.audio:  # the latter if done twice
            return True
        replaced = before["state"] in {"failed", "cancelled"} or before["expires_at"] <= now
        if replaced:
            drop(self.place, before.get("measurements"))
        return replaced

    def _insert(self, document: Document) -> None:
        try:
            self.place.results.insert_one(document)
        except DuplicateKeyError:
            same = {name: document[name] for name in ("_id", "created_at", "fence")}
            if self.place.results.find_one(same, {"_id": 1}) is None:
                raise InvalidArgument("request.token_hash is taken: draw a new token") from None

    def claim(self, task: Task, owner: str, now: float, lease: float) -> Claim | None:
        """The task, if it is free."""
        free = {"$or": [{"state": "queued"}, lapsed(now)]}
        taken = {"state": str(FIRST[task.kind]), "owner": owner, **leased(now, lease)}
        with self.place.working():
            # Analyses that are done stay so until they expire: they may be looked at first.
            if task.kind == "judge" and not all_done(self.place, task.id, now):
                return None
            found = self._of(task).find_one_and_update(
                {"_id": task.id, "expires_at": {"$gt": now}, **free},
                {"$set": taken, "$inc": {"fence": 1, "attempts": 1}},
                projection={"fence": 1, "attempts": 1, "request_id": 1},
                return_document=ReturnDocument.AFTER,
            )
        if found is None:
            return None
        caused = replace(task, request_id=cause_of(found))
        return Claim(caused, owner, found["fence"], found["attempts"], now + lease)

    def _of(self, task: Task) -> Collection[Document]:
        return self.place.analyses if task.kind == "measure" else self.place.results

    def _held(self, claim: Claim, update: Document) -> bool:
        with self.place.working():
            done = twice(self._of(claim.task).update_one, held(claim), update)
        return done.matched_count > 0

    def renew(self, claim: Claim, now: float, lease: float) -> bool:
        """Extends the lease."""
        return self._held(claim, {"$set": leased(now, lease)})

    def advance(self, claim: Claim, stage: Stage, progress: float) -> bool:
        """Notes how far the work is."""
        if claim.task.kind == "judge":
            return self._held(claim, {"$set": {"owner": claim.owner}})
        return self._held(claim, {"$set": {"state": str(stage), "progress": progress}})

    def release(self, claim: Claim) -> bool:
        """Hands the task back."""
        anew: Document = {"state": "queued", "owner": "", "touched_at": 0.0}
        if claim.task.kind == "measure":
            anew["progress"] = 0.0
        with self.place.working():  # not twice: the owner is gone after the first time
            done = self._of(claim.task).update_one(
                held(claim), {"$set": anew, "$inc": {"attempts": -1}}
            )
        return done.matched_count > 0

    def fail(self, claim: Claim, reason: Reason, now: float) -> bool:
        """Ends the task, then all that needs it."""
        failed = {"state": "failed", "code": reason.code, "message": reason.message}
        with self.place.working():
            before = twice(
                self._of(claim.task).find_one_and_update,
                ending(claim, Stage.FAILED),
                {"$set": failed},
                projection={"users": 1},
            )
            if before is not None and claim.task.kind == "measure":
                fail_results(self.place, claim.task.id, before["users"], reason, now)
        return before is not None

    def measured(self, claim: Claim, measurements: bytes, now: float, ttl: float) -> bool:
        """Completes an analysis."""
        until = now + ttl
        with self.place.working():
            blob = keep(self.place, measurements, claim.task.id, until)
            done = {"state": "done", "progress": 1.0, "audio": None, "users": []}
            return self._completed(
                claim,
                {
                    "$set": {**done, "measurements": blob},
                    "$max": {"expires_at": until, "expire": date(until)},
                },
                blob,
            )

    def _completed(self, claim: Claim, update: Document, *blobs: Blob) -> bool:
        """One write; if it comes to nothing, its blobs are of no use."""
        done = twice(self._of(claim.task).update_one, ending(claim, Stage.DONE), update)
        if done.matched_count == 0:
            drop(self.place, *blobs)
        return done.matched_count > 0

    def judged(
        self,
        claim: Claim,
        verdict: Mapping[str, Any],
        documents: Mapping[str, bytes],
        now: float,
        ttl: float,
    ) -> bool:
        """Completes a result."""
        until, owner = now + ttl, claim.task.id
        said = json.dumps(verdict, allow_nan=False)
        with self.place.working():
            blobs = {it: keep(self.place, documents.get(it), owner, until) for it in DOCUMENTS}
            done = {"state": "done", "verdict": said, "expires_at": until, "expire": date(until)}
            return self._completed(claim, {"$set": {**done, **blobs}}, *blobs.values())

    def cancel(self, token_hash: str, now: float) -> bool:
        """Ends a request, then leaves its analyses."""
        with self.place.working():
            before = self.place.results.find_one_and_update(
                {"_id": token_hash, **alive(now)},
                {"$set": {"state": "cancelled"}, "$inc": {"fence": 1}},
                projection={"keys": 1},
            )
            if before is not None:
                leave_analyses(self.place, token_hash, before["keys"], now)
        return before is not None

    def delete(self, token_hash: str, now: float) -> bool:
        """Ends a request and forgets it."""
        self.cancel(token_hash, now)
        there = {"_id": token_hash, "expires_at": {"$gt": now}}
        with self.place.working():
            before = self.place.results.find_one_and_delete(there, projection=DOCUMENTS)
            if before is not None:
                drop(self.place, *(before.get(name) for name in DOCUMENTS))
        return before is not None


def leased(now: float, lease: float) -> Document:
    """Fields of a lease that begins now."""
    return {"lease_until": now + lease, "sane_from": now - lease}
