"""The store of one machine: a file of SQLite, with write-ahead log."""

from __future__ import annotations

import json
import secrets
import sqlite3
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from loudscope import InvalidArgument

from .._records import (
    DOCUMENTS,
    Admission,
    Claim,
    NewAnalysis,
    NewResult,
    Reason,
    Result,
    Stage,
    Status,
    Task,
)
from ._merge import REMEMBER_SECONDS, check_uploads, merge
from ._sqlite_file import SQLiteFile
from ._sqlite_rows import (
    ALIVE,
    LAPSED,
    OPEN,
    READY,
    RESULT,
    abandon,
    analysis_row,
    ensure,
    insert,
    parts_of,
    result_of,
    result_row,
)
from ._sqlite_sweep import SQLiteSweep, fail_results

__all__ = ["SQLiteStore"]

TABLE: Final = {"measure": "analyses", "judge": "results"}
FIRST: Final = {"measure": Stage.DECODING, "judge": Stage.JUDGING}
TAKEN: Final = "select 1 from results where id = :id union all select 1 from expired where id = :id"
OWN: Final = "id = :id and fence = :fence and owner = :owner"


class SQLiteStore(SQLiteSweep):
    """See `loudscope.service._ports.Store`."""

    def __init__(self, path: Path, remember: float = REMEMBER_SECONDS) -> None:
        """Opens the file, or makes it; `remember` as `open_store` has it.

        Raises:
            UnavailableError: It cannot be opened.
        """
        super().__init__(SQLiteFile(path), remember)

    def ping(self) -> None:
        """Raises if the file cannot be written."""
        with self.file.write() as db:
            db.execute("pragma user_version")

    def close(self) -> None:
        """Closes connections."""
        self.file.close()

    def admit(
        self, uploads: tuple[NewAnalysis, ...], request: NewResult, now: float, ttl: float
    ) -> Admission:
        """Adds a result, and analyses that are not there or did not end well."""
        by_key = check_uploads(uploads, request)
        with self.file.write() as db:
            # A record that is deleted and comes back must not meet claims on its former self:
            # fences begin anywhere.
            row = result_row(request, secrets.randbits(48), now, ttl)
            if db.execute(TAKEN, row).fetchone():
                raise InvalidArgument("request.token_hash is taken: draw a new token")
            db.execute(insert("results", row), row)
            created = [
                key
                for key, upload in by_key.items()
                if ensure(
                    db, analysis_row(upload, request.request_id, secrets.randbits(48), now, ttl)
                )
            ]
        return Admission(frozenset(created))

    def result(self, token_hash: str, now: float) -> Result | None:
        """A request."""
        with self.file.read() as db:
            return self._result(db, token_hash, now)

    def _result(self, db: sqlite3.Connection, token_hash: str, now: float) -> Result | None:
        row = db.execute(
            f"select {RESULT} from results where id = ? and expires_at > ?", (token_hash, now)
        ).fetchone()
        return None if row is None else result_of(row)

    def results(self, account: str, now: float, limit: int = 100) -> tuple[Result, ...]:
        """The account's requests."""
        with self.file.read() as db:
            rows = db.execute(
                f"select {RESULT} from results where account = ? and expires_at > ?"
                " order by created_at desc, id limit ?",
                (account, now, limit),
            )
            return tuple(result_of(row) for row in rows)

    def status(self, token_hash: str, now: float) -> Status | None:
        """A request with its analyses."""
        with self.file.snapshot() as db:
            result = self._result(db, token_hash, now)
            if result is None:
                return None
            ids = {"key": result.request.key, "other": result.request.reference_key, "now": now}
            ahead = db.execute(
                "select count(*) from analyses where state = 'queued' and expires_at > :now"
                " and id is not :key and id is not :other and created_at < (select"
                " max(created_at) from analyses where state = 'queued' and id in (:key, :other))",
                ids,
            ).fetchone()[0]
            return merge(result, parts_of(db, result.request, now), ahead)

    def waiting(self, key: str, now: float) -> tuple[Task, ...]:
        """Judgements of open results that need the analysis."""
        with self.file.read() as db:
            rows = db.execute(
                f"select id, request_id from results where key = :key and {ALIVE}"
                f" union select id, request_id from results where reference_key = :key and {ALIVE}",
                {"key": key, "now": now},
            )
            return tuple(Task("judge", *row) for row in rows)

    def audio(self, key: str) -> str | None:
        """Name of the audio that is still to be measured."""
        with self.file.read() as db:
            row = db.execute(f"select audio from analyses where id = ? and {OPEN}", (key,))
            return next((found["audio"] for found in row.fetchall()), None)

    def claim(self, task: Task, owner: str, now: float, lease: float) -> Claim | None:
        """The task, if it is free."""
        ready = f" and {READY}" if task.kind == "judge" else ""
        with self.file.read() as db:
            rows = db.execute(
                f"update {TABLE[task.kind]} set state = :state, owner = :owner, fence = fence + 1,"
                " attempts = attempts + 1, lease = :lease, lease_until = :now + :lease"
                f" where id = :id and expires_at > :now and (state = 'queued' or {LAPSED}){ready}"
                " returning fence, attempts, lease_until, request_id",
                {
                    **{"id": task.id, "owner": owner, "now": now, "lease": lease},
                    "state": FIRST[task.kind],
                },
            ).fetchall()
        return next(
            (Claim(replace(task, request_id=cause), owner, *row) for *row, cause in rows), None
        )

    def _held(self, claim: Claim, sets: str, end: Stage | None = None, **values: object) -> bool:
        with self.file.read() as db:
            return update_held(db, claim, sets, end, **values)

    def renew(self, claim: Claim, now: float, lease: float) -> bool:
        """Extends the lease."""
        return self._held(
            claim, "lease = :lease, lease_until = :now + :lease", now=now, lease=lease
        )

    def advance(self, claim: Claim, stage: Stage, progress: float) -> bool:
        """Notes how far the work is."""
        if claim.task.kind == "judge":
            return self._held(claim, "state = state")
        return self._held(claim, "state = :to, progress = :done", to=stage, done=progress)

    def release(self, claim: Claim) -> bool:
        """Hands the task back."""
        progress = ", progress = 0" if claim.task.kind == "measure" else ""
        return self._held(
            claim,
            "state = 'queued', owner = '', attempts = attempts - 1, touched_at = 0" + progress,
        )

    def fail(self, claim: Claim, reason: Reason, now: float) -> bool:
        """Ends the task, and all that needs it."""
        with self.file.write() as db:
            failed = update_held(
                db,
                claim,
                "state = 'failed', code = :code, message = :message",
                Stage.FAILED,
                code=reason.code,
                message=reason.message,
            )
            if failed and claim.task.kind == "measure":
                fail_results(db, claim.task.id, reason, now)
            return failed

    def measured(self, claim: Claim, measurements: bytes, now: float, ttl: float) -> bool:
        """Completes an analysis."""
        return self._held(
            claim,
            "state = 'done', progress = 1, audio = null, measurements = :data,"
            " expires_at = max(expires_at, :until)",
            Stage.DONE,
            data=measurements,
            until=now + ttl,
        )

    def measurements(self, key: str, now: float) -> bytes | None:
        """What `measured` stored."""
        return self._blob("select measurements from analyses", key, now)

    def judged(
        self,
        claim: Claim,
        verdict: Mapping[str, Any],
        documents: Mapping[str, bytes],
        now: float,
        ttl: float,
    ) -> bool:
        """Completes a result."""
        papers = ", ".join(f"{name} = :{name}" for name in DOCUMENTS)
        return self._held(
            claim,
            f"state = 'done', verdict = :verdict, expires_at = :until, {papers}",
            Stage.DONE,
            verdict=json.dumps(verdict, allow_nan=False),
            until=now + ttl,
            **{name: documents.get(name) for name in DOCUMENTS},
        )

    def document(self, token_hash: str, name: str, now: float) -> bytes | None:
        """What `judged` stored under that name."""
        if name not in DOCUMENTS:
            return None
        return self._blob(f"select {name} from results", token_hash, now)

    def _blob(self, select: str, name: str, now: float) -> bytes | None:
        with self.file.read() as db:
            rows = db.execute(
                f"{select} where id = ? and state = 'done' and expires_at > ?", (name, now)
            ).fetchall()
        return rows[0][0] if rows else None

    def cancel(self, token_hash: str, now: float) -> bool:
        """Ends a request."""
        with self.file.write() as db:
            return cancel(db, token_hash, now)

    def delete(self, token_hash: str, now: float) -> bool:
        """Ends a request and forgets it."""
        with self.file.write() as db:
            cancel(db, token_hash, now)
            gone = db.execute(
                "delete from results where id = ? and expires_at > ?", (token_hash, now)
            )
            return gone.rowcount > 0


def update_held(
    db: sqlite3.Connection, claim: Claim, sets: str, end: Stage | None = None, **values: object
) -> bool:
    """Writes under a claim; False: it is no longer the newest, or there is nothing to be done.

    What this claim has ended as `end` already may be ended so again: the answer may be lost.
    """
    again = f"({OPEN} or state = '{end}')" if end else OPEN
    done = db.execute(
        f"update {TABLE[claim.task.kind]} set {sets} where {OWN} and {again}",
        {**values, "id": claim.task.id, "fence": claim.fence, "owner": claim.owner},
    )
    return done.rowcount > 0


def cancel(db: sqlite3.Connection, token_hash: str, now: float) -> bool:
    """Ends an open request within a transaction."""
    rows = db.execute(
        f"update results set state = 'cancelled', fence = fence + 1 where id = :id and {ALIVE}"
        " returning key, reference_key",
        {"id": token_hash, "now": now},
    ).fetchall()
    for row in rows:
        abandon(db, row, now)
    return bool(rows)
