"""What is SQLite's own: one file, many threads and processes, a disk that is full."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from loudscope.service._errors import UnavailableError
from loudscope.service.store import open_store
from loudscope.service.store._sqlite import SQLiteStore

from .making import LEASE, NOW, TTL, admit, claimed, judge, key_of, measure, measured, stage, token


@pytest.fixture
def sqlite(tmp_path: Path) -> Iterator[SQLiteStore]:
    with closing(SQLiteStore(tmp_path / "service.sqlite3")) as opened:
        yield opened


def test_it_is_all_there_after_it_was_closed(tmp_path: Path) -> None:
    with closing(open_store("sqlite", tmp_path / "new" / "folder")) as store:
        admit(store, "a")
        measured(store)
    with closing(open_store("sqlite", tmp_path / "new" / "folder")) as store:
        assert store.measurements(key_of("track"), NOW) == b"m"
    there = sorted(it.name for it in (tmp_path / "new" / "folder").iterdir())
    assert there == ["service.reserve", "service.sqlite3"]


def test_the_write_ahead_log_is_on(sqlite: SQLiteStore) -> None:
    with sqlite.file.read() as db:
        assert db.execute("pragma journal_mode").fetchone()[0] == "wal"


def test_threads_of_one_store_are_told_apart(sqlite: SQLiteStore) -> None:
    for number in range(60):
        admit(sqlite, str(number), track=str(number))

    def take(thread: int) -> int:
        tasks = [measure(str(number)) for number in range(60)]
        claims = [sqlite.claim(task, str(thread), NOW, LEASE) for task in tasks]
        return sum(claim is not None for claim in claims)

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(take, range(8))) == 60


def test_a_disk_that_is_full_is_told_and_loses_nothing(sqlite: SQLiteStore) -> None:
    admit(sqlite, "first")
    measured(sqlite)
    with sqlite.file.read() as db:
        pages = db.execute("pragma page_count").fetchone()[0]
        db.execute(f"pragma max_page_count = {pages + 8}")
    names: list[str] = []
    with pytest.raises(UnavailableError, match="full"):
        for number in range(1000):
            admit(sqlite, str(number), track=str(number))
            names.append(str(number))
    assert 0 < len(names) < 1000
    for name in names:
        assert stage(sqlite, name) == "queued"
    assert sqlite.result(token(str(len(names))), NOW) is None
    assert sqlite.measurements(key_of("track"), NOW) == b"m"
    with sqlite.file.read() as db:
        assert db.execute("pragma integrity_check").fetchone()[0] == "ok"
    admit(sqlite, "again", track="again")  # the next connection knows of no limit


FILL = """
import sys
from pathlib import Path
from loudscope.service._errors import UnavailableError
from loudscope.service._records import NewAnalysis, NewResult, Task
from loudscope.service.store import open_store
folder = Path(sys.argv[1])
store = open_store("sqlite", folder)
def admit(name):
    asked = NewResult(name, f"key {name}", "name")
    store.admit((NewAnalysis(asked.key, "00", 1),), asked, 1000.0, 900.0)
def measured(name):
    claim = store.claim(Task("measure", f"key {name}"), "one", 1000.0, 30.0)
    return claim and store.measured(claim, bytes(100_000), 1000.0, 900.0)
done, ended = [], None
for number in range(1000):
    try:
        admit(str(number))
        assert measured(str(number))
    except UnavailableError as error:
        ended = str(error)
        break
    done.append(number)
assert ended and "full" in ended, ended
assert done
for number in done:
    assert len(store.measurements(f"key {number}", 1000.0)) == 100_000
try:
    for number in range(100_000):
        admit(f"small {number}")
    raise AssertionError("the disk was not full")
except UnavailableError:
    pass
# What is over is deleted even so, and then there is room.
assert store.purge(3000.0).results >= len(done)
assert not store.known_audio()
admit("again")
assert measured("again") is True
store.close()
print("good")
"""


def test_a_file_system_that_is_full_is_told_and_loses_nothing(tmp_path: Path) -> None:
    """On a real one, of sixteen megabytes, in a mount namespace of its own."""
    mount = f"mount -t tmpfs -o size=16m tmpfs {tmp_path} "
    script = f'{mount} && exec "$0" -c "$1" {tmp_path}'
    if shutil.which("unshare") is None:
        pytest.skip("there is no unshare here")
    command = ["unshare", "--mount", "sh", "-c", script, sys.executable, FILL]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=100)
    if "unshare" in done.stderr or "mount:" in done.stderr:
        pytest.skip(f"no file system may be mounted here: {done.stderr.strip()}")
    assert (done.stdout, done.stderr) == ("good\n", "")


DIE = """
import sys, time
from pathlib import Path
from loudscope.service.store._sqlite import SQLiteStore
store = SQLiteStore(Path(sys.argv[1]))
with store.file.write() as db:
    db.execute("update results set state = 'cancelled'")
    print("half", flush=True)
    time.sleep(100)
"""


def test_a_process_killed_within_a_transaction_leaves_none_of_it(sqlite: SQLiteStore) -> None:
    admit(sqlite, "a")
    command = [sys.executable, "-c", DIE, str(sqlite.file.path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "half\n"
        assert stage(sqlite, "a") == "queued"  # readers do not wait for writers
        os.kill(other.pid, signal.SIGKILL)
    measured(sqlite)
    claimed(sqlite, judge("a"))


def test_a_file_of_another_version_is_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "service.sqlite3"
    with closing(sqlite3.connect(path)) as db:
        db.execute("pragma user_version = 99")
    with pytest.raises(UnavailableError, match="version 99"):
        SQLiteStore(path)


def test_a_file_that_is_none_of_sqlite_is_told(tmp_path: Path) -> None:
    path = tmp_path / "service.sqlite3"
    path.write_bytes(b"no database at all" * 100)
    with pytest.raises(UnavailableError, match="not a database"):
        SQLiteStore(path)


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(UnavailableError, match="SQLite"):
        open_store("sqlite", tmp_path / "file" / "inside")


def test_what_is_closed_is_not_used(sqlite: SQLiteStore) -> None:
    sqlite.close()
    with pytest.raises(UnavailableError, match="closed"):
        sqlite.ping()


def test_what_was_purged_is_given_back_to_the_disk(sqlite: SQLiteStore) -> None:
    for number in range(20):
        admit(sqlite, str(number), track=str(number))
        measured(sqlite, str(number), data=os.urandom(100_000))
    sqlite.purge(NOW + TTL)
    with sqlite.file.read() as db:
        db.execute("pragma wal_checkpoint(truncate)").fetchall()
    assert sqlite.file.path.stat().st_size < 200_000


def test_what_was_deleted_is_not_left_in_the_file(sqlite: SQLiteStore) -> None:
    admit(sqlite, "a", genre="a-secret-genre")
    sqlite.delete(token("a"), NOW)
    sqlite.close()
    assert b"a-secret-genre" not in sqlite.file.path.read_bytes()
