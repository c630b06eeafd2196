"""MongoDB without transactions: whoever dies between two writes leaves what the sweep heals."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from loudscope.service.store import _blobs
from loudscope.service.store._mongo import MongoStore

from .dying import KilledError, watch
from .making import (
    BROKEN,
    LEASE,
    LOST,
    NOW,
    TTL,
    admit,
    claimed,
    judge,
    measure,
    measured,
    token,
)

Step = Callable[[MongoStore], object]


def nothing(store: MongoStore) -> None:
    return


def admitted(store: MongoStore) -> None:
    admit(store, "a", reference="other")
    admit(store, "b")


def over(store: MongoStore) -> None:
    admitted(store)
    claimed(store, measure())


def judging(store: MongoStore) -> None:
    admitted(store)
    measured(store)
    measured(store, "other")


def complete(store: MongoStore) -> object:
    return store.measured(claimed(store, measure()), b"large" * 10, NOW, TTL)


def conclude(store: MongoStore) -> object:
    papers = {"json": b"large" * 10, "html": b"large" * 10}
    return store.judged(claimed(store, judge("a")), {}, papers, NOW, TTL)


CASES: dict[str, tuple[Step, Step]] = {
    "admit": (nothing, lambda store: admit(store, "a", reference="other")),
    "attach": (admitted, lambda store: admit(store, "c", reference="other")),
    "fail": (admitted, lambda store: store.fail(claimed(store, measure()), BROKEN, NOW)),
    "cancel": (admitted, lambda store: store.cancel(token("a"), NOW)),
    "delete": (admitted, lambda store: store.delete(token("a"), NOW)),
    "give up": (over, lambda store: store.give_up(NOW + LEASE, 1, LOST)),
    "purge": (admitted, lambda store: store.purge(NOW + TTL)),
    "measured": (admitted, complete),
    "judged": (judging, conclude),
}


@pytest.fixture(autouse=True)
def small_documents(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything but a few bytes is a file of its own."""
    monkeypatch.setattr(_blobs, "INLINE_BYTES", 8)


@pytest.fixture
def stores(emptied: str) -> Iterator[Callable[[], MongoStore]]:
    opened: list[MongoStore] = []

    def open_one() -> MongoStore:
        opened.append(MongoStore(emptied, TTL))
        return opened[-1]

    yield open_one
    for store in opened:
        store.close()


def heal(store: MongoStore, now: float) -> None:
    """What a sweeper and a worker do, until there is nothing to be done."""
    for _ in range(20):
        now += LEASE
        store.give_up(now, 3, LOST)
        tasks = store.pending(now, 0.0)
        if not tasks:
            return
        for task in tasks:
            claim = store.claim(task, "healer", now, LEASE)
            if claim is not None and task.kind == "measure":
                store.measured(claim, b"m", now, TTL)
            elif claim is not None:
                store.judged(claim, {}, {"json": b"j"}, now, TTL)
    pytest.fail("something waits for ever")


def documents(store: MongoStore) -> int:
    database = store.place._database
    names = ("analyses", "results", "blobs.files", "blobs.chunks")
    return sum(database[name].count_documents({}) for name in names)


@pytest.mark.parametrize("case", CASES)
def test_a_death_between_two_writes_heals(case: str, stores: Callable[[], MongoStore]) -> None:
    prepare, step = CASES[case]
    fatal = died = 0
    while True:
        store, other = stores(), stores()
        prepare(other)
        count = watch(store, fatal)
        try:
            step(store)
        except KilledError:
            died += 1
        heal(other, NOW)
        for name in "abc":
            status = other.status(token(name), NOW)
            assert status is None or status.stage.final
        other.purge(NOW + 10 * TTL)
        other.purge(NOW + 10 * TTL)  # of what the first has found last
        assert documents(other) == 0
        if count.done <= fatal:
            break
        fatal += 1
    assert died == fatal >= 1


# The write that ends each, counted from 0: claims and files come before.
@pytest.mark.parametrize(
    ("case", "write"), [("admit", 0), ("attach", 2), ("fail", 1), ("measured", 2), ("judged", 3)]
)
def test_a_lost_answer_is_asked_for_again(
    case: str, write: int, stores: Callable[[], MongoStore]
) -> None:
    """The write was done and the connection broke: the store says so once more by itself."""
    prepare, step = CASES[case]
    store, other = stores(), stores()
    prepare(other)
    expected = step(other)
    for name in "abc":
        other.delete(token(name), NOW)
    other.purge(NOW + 10 * TTL)
    assert documents(other) == 0
    prepare(other)
    count = watch(store, write, lost=True)
    assert step(store) == expected
    assert count.done > write + 1
