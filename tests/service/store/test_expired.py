"""What has expired is remembered for a while: its hash and when, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest

from loudscope import InvalidArgument
from loudscope.service._ports import Store
from loudscope.service._records import Stage
from loudscope.service.store._mongo import MongoStore
from loudscope.service.store._sqlite import SQLiteStore

from .conftest import Place
from .making import NOW, TTL, admit, judged, measured, stage, token

REMEMBER = 3600.0
END = NOW + TTL


@pytest.fixture
def brief(place: Place) -> Iterator[Store]:
    """A store that remembers for an hour."""
    with closing(place.open(REMEMBER)) as opened:
        yield opened


@pytest.mark.parametrize("purged", [False, True])
def test_a_request_that_expired_is_told_from_one_that_never_was(brief: Store, purged: bool) -> None:
    admit(brief, "a")
    assert brief.expired(token("a"), END - 0.001) is None  # it is there
    if purged:
        assert brief.purge(END).results == 1
    assert brief.expired(token("a"), END) == END
    assert brief.expired(token("nobody"), END) is None
    assert brief.expired(token("a"), END + REMEMBER - 0.5) == END
    assert brief.expired(token("a"), END + REMEMBER) is None


def test_the_time_is_that_of_the_finished_report(brief: Store) -> None:
    admit(brief, "a")
    measured(brief)
    judged(brief, "a", NOW + 100)
    assert brief.purge(END).results == 0
    assert brief.expired(token("a"), END) is None
    assert brief.purge(END + 100).results == 1
    assert brief.expired(token("a"), END + 100) == END + 100


def test_a_token_that_expired_is_not_taken_again(brief: Store) -> None:
    admit(brief, "a")
    brief.purge(END)
    with pytest.raises(InvalidArgument, match="token_hash"):
        admit(brief, "a", now=END)


def test_what_is_deleted_leaves_nothing(brief: Store) -> None:
    admit(brief, "a")
    assert brief.delete(token("a"), NOW)
    brief.purge(END)
    assert brief.expired(token("a"), END) is None


def test_what_expired_is_neither_counted_nor_claimed_nor_purged_again(brief: Store) -> None:
    admit(brief, "a", webhook="https://example.org", account="me")
    admit(brief, "b", account="me")
    brief.purge(END)
    assert brief.purge(END).results == 0
    assert brief.counts(END).results == 0
    assert brief.results("me", END) == ()
    assert brief.calls(END, 30.0) == ()
    assert brief.pending(END, 0.0) == ()
    assert not brief.delete(token("a"), END) and not brief.cancel(token("a"), END)
    assert brief.status(token("a"), END) is None
    admit(brief, "c", now=END)
    assert stage(brief, "c", END) is Stage.QUEUED


def test_the_memory_is_bounded(brief: Store) -> None:
    """In time: what is remembered is a record each, and none is left after it."""
    for number in range(5):
        admit(brief, str(number), track=str(number), now=NOW + number)
    brief.purge(END + 4)
    assert remembered(brief) == 5
    brief.purge(END + REMEMBER + 1)
    assert remembered(brief) == 3
    brief.purge(END + REMEMBER + 10)
    assert remembered(brief) == 0


def test_a_store_that_is_to_remember_nothing_does_not(place: Place) -> None:
    with closing(place.open(0.0)) as store:
        admit(store, "a")
        assert store.expired(token("a"), END) is None
        store.purge(END)
        assert store.expired(token("a"), END) is None
        assert remembered(store) == 0


def test_nothing_but_the_hash_and_the_time_is_kept(brief: Store) -> None:
    admit(brief, "a", genre="a-secret-genre", account="me", request_id="0a" * 16)
    brief.purge(END)
    for record in records(brief):
        assert set(record) <= {"_id", "id", "state", "expired_at", "expire", "until"}
        assert token("a") in record.values()


def remembered(store: Store) -> int:
    return len(records(store))


def records(store: Store) -> list[dict[str, object]]:
    """All that is left of results."""
    if isinstance(store, MongoStore):
        return list(store.place.results.find({}))
    assert isinstance(store, SQLiteStore)
    with store.file.read() as db:
        assert db.execute("select count(*) from results").fetchone()[0] == 0
        return [dict(row) for row in db.execute("select * from expired")]
