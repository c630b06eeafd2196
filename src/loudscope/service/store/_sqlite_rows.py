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
    "REQUEST",
    "RESULT",
    "abandon",
    "analysis_row",
    "ensure",
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
REQUEST: Final = "id, key, reference_key, name, genre, target, account, webhook, request_id"
RESULT: Final = f"{REQUEST}, state, created_at, expires_at, code, message, verdict"


def insert(table: str, row: dict[str, Any]) -> str:
    """An INSERT of the row's columns, by name."""
    return f"insert into {table} ({', '.join(row)}) values ({', '.join(f':{it}' for it in row)})"


def analysis_row(
    upload: NewAnalysis, request_id: str, fence: int, now: float, ttl: float
) -> dict[str, Any]:
    """Columns of an analysis that nobody has worked on."""
    return {
        **_task_row(upload.key, request_id, fence, now, ttl),
        "progress": 0.0,
        "size": upload.size,
        "audio": upload.audio,
        "measurements": None,
    }


def result_row(request: NewResult, fence: int, now: float, ttl: float) -> dict[str, Any]:
    """Columns of a request that waits."""
    return {
        **_task_row(request.token_hash, request.request_id, fence, now, ttl),
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


def _task_row(name: str, request_id: str, fence: int, now: float, ttl: float) -> dict[str, Any]:
    return {
        "id": name,
        "request_id": request_id,
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


def ensure(db: sqlite3.Connection, row: dict[str, Any]) -> bool:
    """Adds an analysis, also in place of one that cannot end well; False: it is attached to."""
    sets = ", ".join(f"{it} = excluded.{it}" for it in row if it not in {"id", "fence"})
    created = db.execute(
        f"{insert('analyses', row)} on conflict (id) do update"
        f" set {sets}, fence = analyses.fence + 1"
        " where analyses.state in ('failed', 'cancelled') or analyses.expires_at <= :touched_at"
        " returning id",
        row,
    ).fetchall()
    if not created:
        db.execute(
            "update analyses set expires_at = max(expires_at, :expires_at) where id = :id", row
        )
    return bool(created)


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
        request_id=row["request_id"],
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
