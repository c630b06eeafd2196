"""Claims, leases and fences: one worker at a time, and the newest claim alone may write."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from loudscope.service._ports import Store
from loudscope.service._records import Claim, Stage, Task

from .making import (
    BROKEN,
    LEASE,
    NOW,
    TTL,
    admit,
    claimed,
    judge,
    key_of,
    measure,
    measured,
    stage,
    token,
)

Write = Callable[[Store, Claim], bool]
WRITES: dict[str, Write] = {
    "renew": lambda store, claim: store.renew(claim, NOW, LEASE),
    "advance": lambda store, claim: store.advance(claim, Stage.MEASURING, 0.9),
    "release": lambda store, claim: store.release(claim),
    "fail": lambda store, claim: store.fail(claim, BROKEN, NOW),
    "measured": lambda store, claim: store.measured(claim, b"stale", NOW, TTL),
    "judged": lambda store, claim: store.judged(claim, {}, {"json": b"stale"}, NOW, TTL),
}
MEASURE = [name for name in WRITES if name != "judged"]
JUDGE = [name for name in WRITES if name != "measured"]


def ready(store: Store, kind: str) -> Task:
    admit(store, "a")
    if kind == "measure":
        return measure()
    measured(store)
    return judge("a")


@pytest.mark.parametrize("kind", ["measure", "judge"])
def test_a_task_is_claimed_once_until_its_lease_lapses(store: Store, kind: str) -> None:
    task = ready(store, kind)
    first = claimed(store, task)
    assert (first.attempt, first.owner, first.lease_until) == (1, "one", NOW + LEASE)
    assert store.claim(task, "two", NOW + LEASE - 0.001, LEASE) is None
    second = claimed(store, task, "two", NOW + LEASE)
    assert second.fence > first.fence and second.attempt == 2


@pytest.mark.parametrize(
    ("kind", "write"),
    [("measure", it) for it in MEASURE] + [("judge", it) for it in JUDGE],
)
def test_a_stale_claim_writes_nothing(store: Store, kind: str, write: str) -> None:
    task = ready(store, kind)
    stale = claimed(store, task)
    fresh = claimed(store, task, "one", NOW + LEASE)  # of the same owner, too
    before = store.status(token("a"), NOW)
    assert not WRITES[write](store, stale)
    assert store.status(token("a"), NOW) == before
    assert store.renew(fresh, NOW + LEASE, LEASE)


@pytest.mark.parametrize(
    ("kind", "write"),
    [("measure", it) for it in MEASURE] + [("judge", it) for it in JUDGE],
)
def test_nobody_writes_to_what_is_cancelled(store: Store, kind: str, write: str) -> None:
    claim = claimed(store, ready(store, kind))
    store.cancel(token("a"), NOW)
    assert not WRITES[write](store, claim)
    assert stage(store, "a") is Stage.CANCELLED


@pytest.mark.parametrize("write", JUDGE)
def test_nobody_writes_to_what_is_deleted(store: Store, write: str) -> None:
    claim = claimed(store, ready(store, "judge"))
    assert store.delete(token("a"), NOW)
    assert not WRITES[write](store, claim)
    assert store.result(token("a"), NOW) is None


def test_a_lapsed_claim_that_nobody_took_over_may_still_finish(store: Store) -> None:
    claim = claimed(store, ready(store, "measure"))
    assert store.measured(claim, b"late", NOW + 10 * LEASE, TTL)
    assert store.measurements(key_of("track"), NOW + 10 * LEASE) == b"late"


def test_what_is_done_is_claimed_and_changed_no_more(store: Store) -> None:
    task = ready(store, "judge")
    claim = claimed(store, task)
    assert store.judged(claim, {"a": 1}, {"json": b"j"}, NOW, TTL)
    assert store.claim(task, "two", NOW + LEASE, LEASE) is None
    for write in ("renew", "advance", "release", "fail"):
        assert not WRITES[write](store, claim)
    assert stage(store, "a") is Stage.DONE


def test_a_lost_answer_may_be_asked_for_again(store: Store) -> None:
    """Whoever did not hear that it was written writes it once more, under the same claim."""
    admit(store, "a")
    admit(store, "b", track="other")
    claim = claimed(store, measure())
    assert store.measured(claim, b"m", NOW, TTL) and store.measured(claim, b"m", NOW, TTL)
    claim = claimed(store, judge("a"))
    for _ in range(2):
        assert store.judged(claim, {}, {"json": b"j"}, NOW, TTL)
    claim = claimed(store, measure("other"))
    assert store.fail(claim, BROKEN, NOW) and store.fail(claim, BROKEN, NOW)
    assert not store.measured(claim, b"m", NOW, TTL)


@pytest.mark.parametrize("kind", ["measure", "judge"])
def test_a_renewed_lease_holds(store: Store, kind: str) -> None:
    task = ready(store, kind)
    claim = claimed(store, task)
    assert store.renew(claim, NOW + LEASE - 1, LEASE)
    assert store.claim(task, "two", NOW + LEASE, LEASE) is None
    assert store.renew(claim, NOW + LEASE, 0.0)  # lets go, and the attempt counts
    assert claimed(store, task, "two", NOW + LEASE).attempt == 2


@pytest.mark.parametrize("kind", ["measure", "judge"])
def test_what_is_handed_back_costs_no_attempt(store: Store, kind: str) -> None:
    task = ready(store, kind)
    claim = claimed(store, task)
    store.advance(claim, Stage.MEASURING, 0.5)
    assert store.release(claim)
    assert not store.release(claim)
    assert task in store.pending(NOW, 1e9)  # at once, however long others may wait
    assert claimed(store, task, "two").attempt == 1


@pytest.mark.parametrize("kind", ["measure", "judge"])
def test_a_clock_set_forward_lets_leases_lapse_and_the_fence_holds(store: Store, kind: str) -> None:
    task = ready(store, kind)
    stale = claimed(store, task)
    fresh = claimed(store, task, "two", NOW + 600)
    assert not store.renew(stale, NOW + 600, LEASE)
    assert store.renew(fresh, NOW + 600, LEASE)


@pytest.mark.parametrize("kind", ["measure", "judge"])
def test_a_clock_set_back_does_not_keep_a_lease_for_ever(store: Store, kind: str) -> None:
    task = ready(store, kind)
    stale = claimed(store, task, now=NOW + 600)  # by a clock that was ten minutes fast
    assert store.claim(task, "two", NOW + 600 - LEASE, LEASE) is None  # only slightly: believed
    assert task in store.pending(NOW, 1e9)
    claimed(store, task, "two", NOW)
    assert not store.advance(stale, Stage.MEASURING, 0.5)


def test_a_task_that_waits_is_named_in_spite_of_a_clock_set_back(store: Store) -> None:
    admit(store, "a", now=NOW + 600)
    assert store.pending(NOW, 60.0) == (measure(),)


def test_progress_is_that_of_the_newest_claim(store: Store) -> None:
    admit(store, "a")
    claim = claimed(store, measure())
    assert stage(store, "a") is Stage.DECODING
    assert store.advance(claim, Stage.MEASURING, 0.5)
    status = store.status(token("a"), NOW)
    assert status is not None
    assert (status.stage, status.progress) == (Stage.MEASURING, 0.5)


@pytest.mark.parametrize("task", [measure("nothing"), judge("nobody")])
def test_there_is_nothing_to_claim_where_there_is_nothing(store: Store, task: Task) -> None:
    assert store.claim(task, "one", NOW, LEASE) is None


@pytest.mark.parametrize("kind", ["measure", "judge"])
def test_what_has_expired_is_not_claimed(store: Store, kind: str) -> None:
    assert store.claim(ready(store, kind), "one", NOW + TTL, LEASE) is None


def test_all_that_was_judged_is_read_back(store: Store) -> None:
    task = ready(store, "judge")
    verdict = {"lufs": -14.25, "ok": True, "big": 2**70, "none": None, "$a.b": ["é", 1]}
    documents = {"json": bytes(range(256)), "html": b""}
    assert store.judged(claimed(store, task), verdict, documents, NOW + 5, TTL)
    found = store.result(token("a"), NOW + 5)
    assert found is not None
    assert found.verdict == verdict and found.expires_at == NOW + 5 + TTL
    assert store.document(token("a"), "json", NOW) == documents["json"]
    assert store.document(token("a"), "html", NOW) == b""
    assert store.document(token("a"), "state", NOW) is None
    assert store.document(token("b"), "json", NOW) is None
    assert store.document(token("a"), "json", NOW + 5 + TTL) is None
