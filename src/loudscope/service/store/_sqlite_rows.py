"""Rows of SQLite as records, and the SQL that several statements share."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from typing import Any, Final

from .._records import NewAnalysis, NewResult, Reason, Result, Stage
from ._merge import FINAL, RUNNING, Part

__all__ = [
    "ALIVE",
    "LAPSED",
    "OPEN",
    "PART",
    "READY",
    "RESULT",
    "abandon",
    "analysis_row",
    "insert",
    "part_of",
    "parts_of",
    "reason_of",
    "request_of",
    "result_of",
    "result_row",
]


def _quoted(stages: Iterable[Stage]) -> str:
    return ", ".join(f"'{stage}'" for stage in stages)


OPEN: Final = f"state not in ({_quoted(FINAL)})"
ALIVE: Final = f"expires_at > :now and {OPEN}"
# A clock that was set back may leave a lease that ends too far ahead to be believed.
LAPSED: Final = (
    f"(state in ({_quoted(RUNNING)}) and (lease_until <= :now or lease_until > :now + 2 * lease))"
)
READY: Final = (  # all analyses of a result are done
    "needs = (select count(*) from analyses as a where a.id in (key, reference_key)"
    " and a.state = 'done' and a.expires_at > :now)"
)
PART: Final = "id, state, progress, size, code, message"
RESULT: Final = (
    "id, key, reference_key, name, genre, target, account, webhook,"
    " state, created_at, expires_at, code, message, verdict"
)


def insert(table: str, row: dict[str, Any]) -> str:
    """An INSERT of the row's columns, by name."""
    return f"insert into {table} ({', '.join(row)}) values ({', '.join(f':{it}' for it in row)})"


def analysis_row(upload: NewAnalysis, fence: int, now: float, ttl: float) -> dict[str, Any]:
    """Columns of an analysis that nobody has worked on."""
    return {
        **_task_row(upload.key, fence, now, ttl),
        "progress": 0.0,
        "size": upload.size,
        "audio": upload.audio,
        "measurements": None,
    }


def result_row(request: NewResult, fence: int, now: float, ttl: float) -> dict[str, Any]:
    """Columns of a request that waits."""
    return {
        **_task_row(request.token_hash, fence, now, ttl),
        "key": request.key,
        "reference_key": request.reference_key,
        "needs": len(request.keys),
        "name": request.name,
        "genre": request.genre,
        "target": request.target,
        "account": request.account,
        "webhook": request.webhook,
        "call_at": None if request.webhook is None else now,
    }


def _task_row(name: str, fence: int, now: float, ttl: float) -> dict[str, Any]:
    return {
        "id": name,
        "state": Stage.QUEUED,
        "fence": fence,
        "owner": "",
        "attempts": 0,
        "lease": 0.0,
        "lease_until": 0.0,
        "created_at": now,
        "touched_at": now,
        "expires_at": now + ttl,
        "code": None,
        "message": None,
    }


def request_of(row: sqlite3.Row) -> NewResult:
    """What a row of results asks for."""
    return NewResult(
        token_hash=row["id"],
        key=row["key"],
        name=row["name"],
        reference_key=row["reference_key"],
        genre=row["genre"],
        target=row["target"],
        account=row["account"],
        webhook=row["webhook"],
    )


def result_of(row: sqlite3.Row) -> Result:
    """A row of results, of the columns `RESULT`."""
    return Result(
        request=request_of(row),
        state=Stage(row["state"]),
        created_at=row["created_at"],
        expires_at=row["expires_at"],
        reason=reason_of(row),
        verdict=None if row["verdict"] is None else json.loads(row["verdict"]),
    )


def part_of(row: sqlite3.Row) -> Part:
    """A row of analyses, of the columns `PART`."""
    return Part(row["id"], Stage(row["state"]), row["progress"], row["size"], reason_of(row))


def reason_of(row: sqlite3.Row) -> Reason | None:
    """Why it failed."""
    return None if row["code"] is None else Reason(row["code"], row["message"])


def parts_of(db: sqlite3.Connection, request: NewResult, now: float) -> list[Part]:
    """The request's analyses that are there and have not expired."""
    rows = db.execute(
        f"select {PART} from analyses where id in (?, ?) and expires_at > ?",
        (request.key, request.reference_key, now),
    )
    return [part_of(row) for row in rows]


def abandon(db: sqlite3.Connection, keys: Iterable[str | None], now: float) -> None:
    """Ends those analyses that no request waits for any more; whoever works on one loses it."""
    waits = f"select 1 from results where {ALIVE}"
    for key in keys:
        db.execute(
            f"update analyses set state = 'cancelled', fence = fence + 1 where id = :key and {OPEN}"
            f" and not exists ({waits} and key = :key)"
            f" and not exists ({waits} and reference_key = :key)",
            {"key": key, "now": now},
        )
