"""What the sweep is told: what waits, what is over, whose webhook is due."""

from __future__ import annotations

import pytest

from loudscope.service._ports import Store
from loudscope.service._records import Call

from .making import (
    BROKEN,
    LEASE,
    NOW,
    TTL,
    admit,
    claimed,
    judge,
    judged,
    measure,
    measured,
    request,
    token,
    upload,
)

HOOK = "https://example.org/told"


def test_what_has_waited_is_named_and_what_is_worked_on_is_not(store: Store) -> None:
    admit(store, "a")
    admit(store, "b", track="other", now=NOW + 5)
    assert store.pending(NOW + 9, 10.0) == ()
    assert store.pending(NOW + 10, 10.0) == (measure(),)
    assert store.pending(NOW + 15, 10.0) == (measure(), measure("other"))
    assert store.pending(NOW + 15, 10.0, limit=1) == (measure(),)
    assert store.pending(NOW + 5, 0.0) == (measure(), measure("other"))
    claimed(store, measure(), now=NOW + 15)
    assert store.pending(NOW + 15, 10.0) == (measure("other"),)


@pytest.mark.parametrize("kind", ["measure", "judge"])
def test_a_lapsed_lease_is_named_at_once(store: Store, kind: str) -> None:
    admit(store, "a")
    if kind == "judge":
        measured(store)
    task = measure() if kind == "measure" else judge("a")
    claimed(store, task)
    assert store.pending(NOW + LEASE - 1, 1e9) == ()
    assert store.pending(NOW + LEASE, 1e9) == (task,)


def test_judgements_are_named_once_all_their_analyses_are_done(store: Store) -> None:
    admit(store, "a", reference="other")
    measured(store)
    assert store.pending(NOW, 0.0) == (measure("other"),)
    measured(store, "other")
    assert store.pending(NOW, 0.0) == (judge("a"),)


def test_nothing_is_named_that_is_over(store: Store) -> None:
    for name in "abcd":
        admit(store, name, track=name)
    store.cancel(token("a"), NOW)
    store.fail(claimed(store, measure("b")), BROKEN, NOW)
    measured(store, "c")
    judged(store, "c")
    assert store.pending(NOW, 0.0) == (measure("d"),)
    assert store.pending(NOW + TTL, 0.0) == ()


def test_what_has_expired_is_deleted_with_its_audio_named(store: Store) -> None:
    first = upload("track")
    store.admit((first,), request("a"), NOW, TTL)
    admit(store, "b", track="other", now=NOW + 1)
    gone = store.purge(NOW + TTL)
    assert (gone.results, gone.analyses, gone.audio) == (1, 1, (first.audio,))
    assert store.counts(NOW).results == 1
    assert store.purge(NOW + TTL).results == 0


def test_what_was_measured_has_no_audio_to_delete(store: Store) -> None:
    admit(store, "a")
    measured(store)
    judged(store, "a")
    gone = store.purge(NOW + TTL)
    assert (gone.results, gone.analyses, gone.audio) == (1, 1, ())


@pytest.mark.parametrize("end", ["fail", "cancel"])
def test_audio_that_nobody_will_measure_is_named_once(store: Store, end: str) -> None:
    first = upload("track")
    store.admit((first,), request("a"), NOW, TTL)
    assert store.known_audio() == {first.audio}
    if end == "fail":
        store.fail(claimed(store, measure()), BROKEN, NOW)
    else:
        store.cancel(token("a"), NOW)
    assert store.known_audio() == frozenset()
    assert store.purge(NOW).audio == (first.audio,)
    assert store.purge(NOW).audio == ()


def test_known_is_the_audio_that_waits_or_is_measured(store: Store) -> None:
    uploads = {name: upload(name) for name in "abc"}
    for name, one in uploads.items():
        store.admit((one,), request(name, name), NOW, TTL)
    claimed(store, measure("a"))
    measured(store, "b")
    assert store.known_audio() == {uploads["a"].audio, uploads["c"].audio}


def test_an_expired_user_does_not_keep_an_analysis(store: Store) -> None:
    admit(store, "a", ttl=10.0)
    admit(store, "b")
    assert store.purge(NOW + 10).results == 1
    claim = claimed(store, measure(), now=NOW + 10)
    assert store.cancel(token("b"), NOW + 10)
    assert not store.renew(claim, NOW + 10, LEASE)


def test_an_analysis_ends_when_the_last_who_waited_has_expired(store: Store) -> None:
    admit(store, "a", ttl=10.0)
    admit(store, "b")
    assert store.cancel(token("b"), NOW)
    claim = claimed(store, measure())
    assert store.renew(claim, NOW + 9, LEASE)
    assert store.purge(NOW + 10).results == 1
    assert not store.renew(claim, NOW + 10, LEASE)


def test_a_webhook_is_due_when_the_request_has_ended(store: Store) -> None:
    admit(store, "a", webhook=HOOK)
    admit(store, "b")
    admit(store, "c", webhook=HOOK, track="other")
    measured(store)
    assert store.calls(NOW, LEASE) == ()
    judged(store, "a")
    judged(store, "b")
    store.fail(claimed(store, measure("other")), BROKEN, NOW)
    assert set(store.calls(NOW, LEASE)) == {Call(token("a"), 1), Call(token("c"), 1)}
    assert store.calls(NOW, LEASE) == ()


def test_a_webhook_is_called_again_when_it_was_said_or_never_heard_of(store: Store) -> None:
    admit(store, "a", webhook=HOOK)
    measured(store)
    judged(store, "a")
    (first,) = store.calls(NOW, LEASE)
    assert store.calls(NOW + LEASE - 1, LEASE) == ()
    (second,) = store.calls(NOW + LEASE, LEASE)
    assert second.attempt == 2
    assert not store.called(first, None)  # taken over meanwhile
    assert store.called(second, NOW + 100)
    assert store.calls(NOW + 99, LEASE) == ()
    (third,) = store.calls(NOW + 100, LEASE)
    assert store.called(third, None)
    assert store.calls(NOW + 500, LEASE) == ()
    assert not store.called(third, NOW + 1)


def test_webhooks_are_taken_a_few_at_a_time(store: Store) -> None:
    for name in "abc":
        admit(store, name, track="track", webhook=HOOK)
    store.fail(claimed(store, measure()), BROKEN, NOW)
    first, second = store.calls(NOW, LEASE, limit=2), store.calls(NOW, LEASE, limit=2)
    assert {call.token_hash for call in first + second} == {token(name) for name in "abc"}
    assert (len(first), len(second)) == (2, 1)


def test_no_webhook_is_called_of_what_was_cancelled_or_has_expired(store: Store) -> None:
    admit(store, "a", webhook=HOOK)
    admit(store, "b", webhook=HOOK)
    store.cancel(token("a"), NOW)
    store.fail(claimed(store, measure()), BROKEN, NOW)
    assert store.calls(NOW + TTL, LEASE) == ()
    assert [call.token_hash for call in store.calls(NOW, LEASE)] == [token("b")]
