"""What the sweep asks of SQLite: what waits, what is to be given up, what is over."""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from typing import Final

from .._errors import UnavailableError
from .._records import Call, Counts, NewResult, Purged, Reason, Task
from ._merge import broken, reason_for
from ._sqlite_file import SQLiteFile, is_full
from ._sqlite_rows import (
    ALIVE,
    LAPSED,
    OPEN,
    READY,
    REQUEST,
    abandon,
    parts_of,
    request_of,
)

__all__ = ["SQLiteSweep", "fail_results"]

DUE: Final = (  # it has waited, or the clock was set back and nobody knows for how long
    "(state = 'queued' and (touched_at <= :now - :idle or touched_at > :now))"
)
PAGES_A_PURGE: Final = 2000  # given back to the disk, 4 KiB each


class SQLiteSweep:
    """The part of the store that heals and tidies."""

    def __init__(self, file: SQLiteFile, remember: float) -> None:
        self.file, self.remember = file, remember

    def pending(self, now: float, idle: float, limit: int = 1000) -> tuple[Task, ...]:
        """What should be enqueued, what came first first."""
        with self.file.snapshot() as db:
            rows = db.execute(
                "select 'measure' as kind, id, request_id, created_at from analyses"
                f" where {ALIVE} and ({DUE} or {LAPSED})"
                " union all select 'judge', id, request_id, created_at from results"
                f" where {ALIVE} and ({DUE} or {LAPSED}) and {READY}"
                " order by created_at, kind, id limit :limit",
                {"now": now, "idle": idle, "limit": limit},
            )
            return tuple(Task(row["kind"], row["id"], row["request_id"]) for row in rows)

    def give_up(self, now: float, attempts: int, reason: Reason) -> tuple[Task, ...]:
        """Fails what was tried too often, and what cannot be done any more."""
        lost: list[Task] = []
        values = {"now": now, "attempts": attempts, "code": reason.code, "said": reason.message}
        spent = f"where {ALIVE} and {LAPSED} and attempts >= :attempts returning id, request_id"
        failed = "set state = 'failed', fence = fence + 1, code = :code, message = :said"
        with self.file.write() as db:
            for row in db.execute(f"update analyses {failed} {spent}", values).fetchall():
                lost += [Task("measure", *row), *fail_results(db, row["id"], reason, now)]
            judged = db.execute(f"update results {failed} {spent}", values)
            lost += [Task("judge", *row) for row in judged]
            lost += fail_broken(db, now)
        return tuple(dict.fromkeys(lost))

    def purge(self, now: float) -> Purged:
        """Deletes what has expired; names audio that nobody will measure."""
        try:
            purged = self._purge(now, self.remember)
        except UnavailableError as error:
            if not is_full(error):
                raise
            with self.file.room():  # and none of it is used for what is remembered
                return self._purge(now, 0.0)
        with suppress(UnavailableError), self.file.read() as db:
            # As a script, for it frees one page a step, and `execute` makes one step.
            db.executescript(f"pragma incremental_vacuum({PAGES_A_PURGE})")
        return purged

    def _purge(self, now: float, remember: float) -> Purged:
        with self.file.write() as db:
            over = db.execute(
                "delete from results where expires_at <= ?"
                " returning key, reference_key, id, expires_at",
                (now,),
            ).fetchall()
            for key, reference_key, *_ in over:
                abandon(db, (key, reference_key), now)
            remembered(db, [row[2:] for row in over], now, remember)
            gone = db.execute(
                "delete from analyses where expires_at <= ? returning audio", (now,)
            ).fetchall()
            spent = f"audio is not null and not ({OPEN})"
            ended = db.execute(f"select audio from analyses where {spent}").fetchall()
            db.execute(f"update analyses set audio = null where {spent}")
        audio = [row["audio"] for row in [*gone, *ended] if row["audio"] is not None]
        return Purged(len(over), len(gone), tuple(audio))

    def expired(self, token_hash: str, now: float) -> float | None:
        """When a request expired, whether or not it was purged since."""
        with self.file.read() as db:
            rows = db.execute(
                "select expires_at from results where id = :id"
                " and expires_at <= :now and expires_at + :remember > :now"
                " union all select expired_at from expired where id = :id and until > :now",
                {"id": token_hash, "now": now, "remember": self.remember},
            ).fetchall()
        return rows[0][0] if rows else None

    def calls(self, now: float, lease: float, limit: int = 20) -> tuple[Call, ...]:
        """Takes webhooks that are due."""
        with self.file.write() as db:
            rows = db.execute(
                "update results set calls = calls + 1, call_at = :now + :lease where id in"
                " (select id from results where call_at <= :now and expires_at > :now"
                " and state in ('done', 'failed') order by call_at, id limit :limit)"
                " returning id, calls",
                {"now": now, "lease": lease, "limit": limit},
            ).fetchall()
        return tuple(Call(*row) for row in rows)

    def called(self, call: Call, again_at: float | None) -> bool:
        """Notes when to call again."""
        with self.file.read() as db:
            noted = db.execute(
                "update results set call_at = ? where id = ? and calls = ? and call_at is not null",
                (again_at, call.token_hash, call.attempt),
            )
            return noted.rowcount > 0

    def known_audio(self) -> frozenset[str]:
        """Audio that is still to be measured."""
        with self.file.read() as db:
            rows = db.execute(f"select audio from analyses where {OPEN}")
            return frozenset(row["audio"] for row in rows)

    def counts(self, now: float) -> Counts:
        """What waits and runs."""
        with self.file.snapshot() as db:
            row = db.execute(
                "select coalesce(sum(state = 'queued'), 0) as queued, count(*) as open,"
                " min(case when state = 'queued' then created_at end) as oldest"
                f" from analyses where {ALIVE}",
                {"now": now},
            ).fetchone()
            results = db.execute(
                "select count(*) from results where expires_at > ?", (now,)
            ).fetchone()[0]
        oldest = 0.0 if row["oldest"] is None else max(0.0, now - row["oldest"])
        return Counts(row["queued"], row["open"] - row["queued"], oldest, results)


def remembered(
    db: sqlite3.Connection, gone: list[tuple[str, float]], now: float, remember: float
) -> None:
    """Notes what has just expired, and forgets what did long ago."""
    db.executemany(
        "insert or replace into expired (id, expired_at, until) values (?, ?, ?)",
        [(name, at, at + remember) for name, at in gone if at + remember > now],
    )
    db.execute("delete from expired where until <= ?", (now,))


def fail_results(db: sqlite3.Connection, key: str, reason: Reason, now: float) -> list[Task]:
    """Fails all open results that need the analysis; what else they waited for is let go."""
    rows = db.execute(
        f"select {REQUEST} from results where (key = :key or reference_key = :key) and {OPEN}",
        {"key": key},
    ).fetchall()
    requests = [request_of(row) for row in rows]
    return [fail_result(db, it, reason_for(it, key, reason), now) for it in requests]


def fail_result(db: sqlite3.Connection, request: NewResult, reason: Reason, now: float) -> Task:
    """Fails an open result; what will not be done."""
    db.execute(
        "update results set state = 'failed', fence = fence + 1, code = ?, message = ?"
        " where id = ?",
        (reason.code, reason.message, request.token_hash),
    )
    abandon(db, request.keys, now)
    return request.judging


def fail_broken(db: sqlite3.Connection, now: float) -> list[Task]:
    """Fails open results whose analyses cannot come to an end any more."""
    lost = []
    rows = db.execute(
        f"select {REQUEST} from results"
        f" where {ALIVE} and needs > (select count(*) from analyses as a"
        " where a.id in (key, reference_key) and a.state not in ('failed', 'cancelled')"
        " and a.expires_at > :now)",
        {"now": now},
    ).fetchall()
    for row in rows:
        request = request_of(row)
        reason = broken(request, parts_of(db, request, now))
        if reason is not None:
            lost.append(fail_result(db, request, reason, now))
    return lost
