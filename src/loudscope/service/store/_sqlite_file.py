"""SQLite's file: its tables, its connections, and transactions on them."""

from __future__ import annotations

import os
import sqlite3
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final

from .._errors import UnavailableError

__all__ = ["SQLiteFile", "is_full"]

BUSY_SECONDS: Final = 8.0  # how long a writer waits for another, before it says so
RESERVE_BYTES: Final = 4 * 1024 * 1024
LOG_PAGES: Final = 500  # of 4 KiB: then the log is written into the file and begun anew
VERSION: Final = 2  # of the tables

# Both kinds of record are tasks, with the same columns for state, claim and times. Blobs come last:
# SQLite reads a row up to the column it needs.
TASK: Final = """
    id text primary key not null,
    request_id text not null default '',
    state text not null,
    fence integer not null,
    owner text not null default '',
    attempts integer not null default 0,
    lease real not null default 0,
    lease_until real not null default 0,
    created_at real not null,
    touched_at real not null,
    expires_at real not null,
    code text,
    message text,
"""
TABLES: Final = f"""
create table analyses ({TASK}
    progress real not null default 0,
    size integer not null,
    audio text,
    measurements blob
) strict;
create table results ({TASK}
    key text not null,
    reference_key text,
    needs integer not null,
    name text not null,
    genre text,
    target text,
    account text not null,
    webhook text,
    calls integer not null default 0,
    call_at real,
    verdict text,
    json blob,
    html blob,
    csv blob,
    md blob
) strict;
create table expired (
    id text primary key not null,
    expired_at real not null,
    until real not null
) strict, without rowid;
"""
INDEXES: Final = """
create index analyses_state on analyses (state, created_at);
create index analyses_expiry on analyses (expires_at);
create index results_state on results (state, created_at);
create index results_expiry on results (expires_at);
create index results_key on results (key);
create index results_reference on results (reference_key) where reference_key is not null;
create index results_calls on results (call_at) where call_at is not null;
create index results_account on results (account, created_at);
create index expired_until on expired (until);
"""
# What version 1 had; its tables are made anew, for a column that is added comes after the blobs.
KEPT: Final = {
    "analyses": (
        "id, state, fence, owner, attempts, lease, lease_until, created_at, touched_at, expires_at,"
        " code, message, progress, size, audio, measurements"
    ),
    "results": (
        "id, state, fence, owner, attempts, lease, lease_until, created_at, touched_at, expires_at,"
        " code, message, key, reference_key, needs, name, genre, target, account, webhook, calls,"
        " call_at, verdict, json, html"
    ),
}


class SQLiteFile:
    """A database that many threads and processes use; each call borrows a connection of its own."""

    def __init__(self, path: Path) -> None:
        """Opens the file, or makes it.

        Args:
            path: The file; its folder is made too, for its owner alone.

        Raises:
            UnavailableError: It cannot be opened, or another version of loudscope made it.
        """
        self.path = path
        self._idle: list[sqlite3.Connection] = []
        self._lock = threading.Lock()
        self._closed = False
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise self._unavailable(error) from error
        with self.read() as db:
            prepare(db, path)
        self._put_aside()

    def close(self) -> None:
        """Closes what is idle; what is in use is closed when it is given back."""
        with self._lock:
            self._closed = True
            idle, self._idle = self._idle, []
        for db in idle:
            db.close()

    @contextmanager
    def read(self) -> Iterator[sqlite3.Connection]:
        """A connection; every statement on it is a transaction of its own.

        Raises:
            UnavailableError: The file cannot be read or written, or its disk is full.
        """
        try:
            db = self._borrow()
        except sqlite3.Error as error:
            raise self._unavailable(error) from error
        try:
            yield db
        except sqlite3.Error as error:
            db.close()  # whatever it was in the middle of is undone; the next call opens another
            raise self._unavailable(error) from error
        except BaseException:
            db.close()
            raise
        self._give_back(db)

    @contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """A connection within a transaction that holds the write lock from its begin: all or none.

        Raises:
            UnavailableError: As `read`; nothing was written.
        """
        with self.read() as db:
            db.execute("begin immediate")
            yield db
            db.execute("commit")

    @contextmanager
    def snapshot(self) -> Iterator[sqlite3.Connection]:
        """A connection whose reads all see the same moment."""
        with self.read() as db:
            db.execute("begin")
            yield db
            db.execute("commit")

    @contextmanager
    def room(self) -> Iterator[None]:
        """Gives a full disk what was put aside, so that what is old can be deleted even then.

        Deleting needs some of the disk first, for the log. So the log is cut off before and after.
        """
        self._reserve.unlink(missing_ok=True)
        try:
            with self.read() as db:
                db.execute("pragma wal_checkpoint(truncate)").fetchall()
            yield
            with self.read() as db:
                db.execute("pragma wal_checkpoint(truncate)").fetchall()
        finally:
            self._put_aside()

    @property
    def _reserve(self) -> Path:
        return self.path.with_suffix(".reserve")

    def _put_aside(self) -> None:
        """Keeps a part of the disk for `room`; where it is full, another time."""
        try:
            if not self._reserve.exists():
                with self._reserve.open("wb") as file:
                    allocate(file)
        except OSError:
            self._reserve.unlink(missing_ok=True)

    def _borrow(self) -> sqlite3.Connection:
        with self._lock:
            if self._closed:
                raise sqlite3.ProgrammingError("the store is closed")
            if self._idle:
                return self._idle.pop()
        return connect(self.path)

    def _give_back(self, db: sqlite3.Connection) -> None:
        with self._lock:
            if not self._closed:
                self._idle.append(db)
                return
        db.close()

    def _unavailable(self, error: Exception) -> UnavailableError:
        return UnavailableError("store", f"SQLite cannot use {self.path.name}: {error}")


def allocate(file: BinaryIO) -> None:
    """Makes the file take up its place on the disk."""
    if sys.platform == "linux":
        os.posix_fallocate(file.fileno(), 0, RESERVE_BYTES)
    else:
        file.write(bytes(RESERVE_BYTES))


def is_full(error: UnavailableError) -> bool:
    """The disk has no place left."""
    cause = error.__cause__
    return isinstance(cause, sqlite3.Error) and cause.sqlite_errorcode == sqlite3.SQLITE_FULL


def connect(path: Path) -> sqlite3.Connection:
    """A connection as the store wants it.

    `synchronous = normal`: a killed process loses nothing. A power cut may lose the last moments,
    with the workers that held claims on them; the file stays whole.
    """
    db = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    try:
        db.execute("pragma synchronous = normal")
        db.execute(f"pragma wal_autocheckpoint = {LOG_PAGES}")
        db.execute(f"pragma journal_size_limit = {LOG_PAGES * 4096}")
        db.execute("pragma secure_delete = fast")  # names that were deleted are not left in it
        db.row_factory = sqlite3.Row
    except BaseException:
        db.close()
        raise
    return db


def prepare(db: sqlite3.Connection, path: Path) -> None:
    """Makes the tables, if nobody has yet."""
    deadline = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            db.execute("pragma auto_vacuum = incremental")  # has an effect on a new file only
            db.execute("pragma journal_mode = wal")
            break
        except sqlite3.OperationalError as error:
            # The change to WAL does not wait for others who make the same change.
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(0.01)
    db.execute("begin immediate")
    found = db.execute("pragma user_version").fetchone()[0]
    if found in {0, 1}:
        make(db, found)
    db.execute("commit")
    if found not in {0, 1, VERSION}:
        raise UnavailableError(
            "store",
            f"{path.name} has tables of version {found}, and this loudscope needs {VERSION}: "
            "move the file away, or set another folder",
        )


def make(db: sqlite3.Connection, found: int) -> None:
    """Makes the tables, with what those of version 1 held; within a transaction."""
    old = KEPT if found == 1 else {}
    for table in old:
        db.execute(f"alter table {table} rename to old_{table}")
    for statement in TABLES.split(";"):
        db.execute(statement)
    for table, columns in old.items():
        db.execute(f"insert into {table} ({columns}) select {columns} from old_{table}")
        db.execute(f"drop table old_{table}")
    for statement in INDEXES.split(";"):
        db.execute(statement)
    db.execute(f"pragma user_version = {VERSION}")
