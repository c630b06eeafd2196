"""How requests and analyses end, and what the end of one means for the other."""

from __future__ import annotations

import pytest

from loudscope.service._ports import Store
from loudscope.service._records import Reason, Stage, Task

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
    stage,
    token,
)


def reason(store: Store, name: str) -> Reason | None:
    status = store.status(token(name), NOW)
    assert status is not None
    return status.reason


def test_all_who_need_a_failed_analysis_fail_with_its_reason(store: Store) -> None:
    admit(store, "a")
    admit(store, "b")
    admit(store, "c", track="other", reference="track")
    admit(store, "d", track="other")
    assert store.fail(claimed(store, measure()), BROKEN, NOW)
    assert reason(store, "a") == reason(store, "b") == BROKEN
    of_reference = reason(store, "c")
    assert of_reference is not None
    assert of_reference.code == "reference: undecodable"
    assert BROKEN.message in of_reference.message
    for name in "abc":
        found = store.result(token(name), NOW)
        assert found is not None and found.state is Stage.FAILED
        assert store.claim(judge(name), "one", NOW, LEASE) is None
    assert stage(store, "d") is Stage.QUEUED
    assert store.waiting(key_of("track"), NOW) == ()


def test_a_judgement_that_fails_leaves_the_analysis_to_others(store: Store) -> None:
    admit(store, "a")
    admit(store, "b")
    measured(store)
    assert store.fail(claimed(store, judge("a")), BROKEN, NOW)
    assert (stage(store, "a"), reason(store, "a")) == (Stage.FAILED, BROKEN)
    judged(store, "b")


def test_an_analysis_that_nobody_waits_for_any_more_is_cancelled(store: Store) -> None:
    admit(store, "a")
    claim = claimed(store, measure())
    assert store.cancel(token("a"), NOW)
    assert not store.renew(claim, NOW, LEASE)
    assert store.claim(measure(), "two", NOW, LEASE) is None
    assert store.audio(key_of("track")) is None
    assert store.counts(NOW).queued == store.counts(NOW).running == 0


@pytest.mark.parametrize("how", ["cancel", "delete"])
def test_an_analysis_that_others_wait_for_goes_on(store: Store, how: str) -> None:
    admit(store, "a")
    admit(store, "b", track="else", reference="track")
    claim = claimed(store, measure())
    assert getattr(store, how)(token("a"), NOW)
    assert store.renew(claim, NOW, LEASE)
    assert getattr(store, how)(token("b"), NOW)
    assert not store.renew(claim, NOW, LEASE)
    assert store.claim(measure("else"), "one", NOW, LEASE) is None


def test_cancelling_does_not_touch_what_is_measured(store: Store) -> None:
    admit(store, "a")
    measured(store)
    assert store.cancel(token("a"), NOW)
    assert store.measurements(key_of("track"), NOW) == b"m"
    assert admit(store, "b").created == frozenset()


def test_the_other_analysis_of_a_failed_request_is_let_go(store: Store) -> None:
    admit(store, "a", track="track", reference="other")
    going = claimed(store, measure("other"))
    assert store.fail(claimed(store, measure("track")), BROKEN, NOW)
    assert not store.renew(going, NOW, LEASE)


def test_a_request_is_cancelled_once(store: Store) -> None:
    admit(store, "a")
    assert store.cancel(token("a"), NOW)
    assert not store.cancel(token("a"), NOW)
    assert not store.cancel(token("nobody"), NOW)
    assert stage(store, "a") is Stage.CANCELLED
    assert store.claim(judge("a"), "one", NOW, LEASE) is None


def test_what_is_done_or_expired_is_not_cancelled(store: Store) -> None:
    admit(store, "a")
    admit(store, "b", track="other")
    measured(store)
    judged(store, "a")
    assert not store.cancel(token("a"), NOW)
    assert not store.cancel(token("b"), NOW + TTL)
    assert store.document(token("a"), "json", NOW) == b"j"


def test_what_is_deleted_is_gone_whatever_it_was(store: Store) -> None:
    for name in "abc":
        admit(store, name, track=name)
    measured(store, "a")
    judged(store, "a")
    store.cancel(token("b"), NOW)
    for name in "abc":
        assert store.delete(token(name), NOW)
        assert not store.delete(token(name), NOW)
        assert store.status(token(name), NOW) is None
        assert store.document(token(name), "json", NOW) is None


@pytest.mark.parametrize("kind", ["measure", "judge"])
def test_what_was_tried_too_often_is_given_up(store: Store, kind: str) -> None:
    admit(store, "a")
    if kind == "judge":
        measured(store)
    task = Task("measure", key_of("track")) if kind == "measure" else judge("a")
    claimed(store, task)
    assert store.give_up(NOW + LEASE, 2, LOST) == ()
    last = claimed(store, task, now=NOW + LEASE)
    assert store.give_up(NOW + 2 * LEASE - 1, 2, LOST) == ()
    told = store.give_up(NOW + 2 * LEASE, 2, LOST)
    assert set(told) == ({task, judge("a")} if kind == "measure" else {task})
    assert (stage(store, "a"), reason(store, "a")) == (Stage.FAILED, LOST)
    assert not store.renew(last, NOW + 2 * LEASE, LEASE)
    assert store.give_up(NOW + 2 * LEASE, 2, LOST) == ()
    assert store.pending(NOW + 2 * LEASE, 0.0) == ()


def test_what_waits_or_is_done_is_not_given_up(store: Store) -> None:
    admit(store, "a")
    admit(store, "b", track="other")
    measured(store)
    assert store.give_up(NOW + 500, 0, LOST) == ()
    assert stage(store, "b", NOW + 500) is Stage.QUEUED
