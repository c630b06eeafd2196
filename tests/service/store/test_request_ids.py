"""The id of the request that caused a task goes with it, through every call that gives one."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from loudscope.service._ports import Store
from loudscope.service._records import Task
from loudscope.service.store._mongo import MongoStore
from loudscope.service.store._sqlite import SQLiteStore

from .making import (
    BROKEN,
    LEASE,
    LOST,
    NOW,
    TTL,
    admit,
    claimed,
    judge,
    judged,
    key_of,
    measure,
    measured,
    token,
)

ONE, TWO = "0a" * 16, "0b" * 16


def causes(tasks: tuple[Task, ...]) -> dict[str, str]:
    return {task.id: task.request_id for task in tasks}


def test_an_analysis_has_that_of_the_first_and_each_result_its_own(store: Store) -> None:
    admit(store, "a", request_id=ONE)
    admit(store, "b", request_id=TWO)
    assert causes(store.pending(NOW, 0.0)) == {key_of("track"): ONE}
    claim = claimed(store, measure())
    assert claim.task.request_id == ONE
    assert store.measured(claim, b"m", NOW, TTL)
    assert causes(store.waiting(key_of("track"), NOW)) == {token("a"): ONE, token("b"): TWO}
    assert causes(store.pending(NOW, 0.0)) == {token("a"): ONE, token("b"): TWO}
    assert claimed(store, judge("b")).task.request_id == TWO
    found = store.result(token("b"), NOW)
    assert found is not None and found.request.request_id == TWO


def test_an_analysis_that_is_begun_anew_has_that_of_whoever_asked_anew(store: Store) -> None:
    admit(store, "a", request_id=ONE)
    store.fail(claimed(store, measure()), BROKEN, NOW)
    admit(store, "b", request_id=TWO)
    assert claimed(store, measure()).task.request_id == TWO


def test_what_is_given_up_has_it_too(store: Store) -> None:
    admit(store, "a", request_id=ONE)
    admit(store, "b", request_id=TWO)
    claimed(store, measure())
    lost = causes(store.give_up(NOW + LEASE, 1, LOST))
    assert lost == {key_of("track"): ONE, token("a"): ONE, token("b"): TWO}
    admit(store, "c", request_id=TWO, now=NOW + LEASE)
    measured(store, now=NOW + LEASE)
    claimed(store, judge("c"), now=NOW + LEASE)
    assert causes(store.give_up(NOW + 2 * LEASE, 1, LOST)) == {token("c"): TWO}


def test_a_wake_up_call_of_another_does_not_change_it(store: Store) -> None:
    admit(store, "a", request_id=ONE)
    claim = store.claim(Task("measure", key_of("track"), TWO), "one", NOW, LEASE)
    assert claim is not None and claim.task.request_id == ONE


def test_tables_of_version_1_are_taken_over_with_what_they_hold(tmp_path: Path) -> None:
    path = tmp_path / "service.sqlite3"
    with closing(sqlite3.connect(path)) as db:
        db.executescript(Path(__file__).with_name("version1.sql").read_text("utf-8"))
        row = (key_of("track"), "queued", 7, NOW, NOW, NOW + TTL, 1000, "00")
        db.execute(
            "insert into analyses (id, state, fence, created_at, touched_at, expires_at, size,"
            " audio) values (?, ?, ?, ?, ?, ?, ?, ?)",
            row,
        )
        asked = (token("a"), "queued", 7, NOW, NOW, NOW + TTL, key_of("track"), 1, "a.wav", "", 0)
        db.execute(
            "insert into results (id, state, fence, created_at, touched_at, expires_at, key, needs,"
            " name, account, calls) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            asked,
        )
        db.commit()
    for _ in range(2):
        with closing(SQLiteStore(path)) as store:
            assert store.pending(NOW, 0.0) == (measure(),)
            assert causes(store.pending(NOW, 0.0)) == {key_of("track"): ""}
    with closing(SQLiteStore(path)) as store:
        measured(store)
        judged(store, "a")
        admit(store, "b", request_id=TWO)
        assert causes(store.waiting(key_of("track"), NOW)) == {token("b"): TWO}
        with store.file.read() as db:
            names = {row["name"] for row in db.execute("select name from sqlite_master")}
            columns = [row["name"] for row in db.execute("pragma table_info(results)")]
        assert not any(name.startswith("old_") for name in names)
        assert columns[-4:] == ["json", "html", "csv", "md"]


def test_documents_of_older_versions_have_none(emptied: str) -> None:
    with closing(MongoStore(emptied)) as store:
        admit(store, "a", request_id=ONE)
        for collection in (store.place.analyses, store.place.results):
            collection.update_many({}, {"$unset": {"request_id": 1}})
        assert causes(store.pending(NOW, 0.0)) == {key_of("track"): ""}
        measured(store)
        assert causes(store.waiting(key_of("track"), NOW)) == {token("a"): ""}
