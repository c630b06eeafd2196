"""One analysis per content: who comes first creates it, who comes later attaches to it."""

from __future__ import annotations

import pytest

from loudscope import InvalidArgument
from loudscope.service._ports import Store
from loudscope.service._records import Stage

from .making import (
    BROKEN,
    NOW,
    TTL,
    admit,
    claimed,
    judge,
    judged,
    key_of,
    measure,
    measured,
    request,
    stage,
    token,
    upload,
)


def test_the_first_upload_creates_and_the_second_attaches(store: Store) -> None:
    first, second = upload("track"), upload("track")
    assert store.admit((first,), request("a"), NOW, TTL).created == {key_of("track")}
    assert store.admit((second,), request("b"), NOW, TTL).created == frozenset()
    assert store.audio(key_of("track")) == first.audio
    assert set(store.waiting(key_of("track"), NOW)) == {judge("a"), judge("b")}


def test_each_request_keeps_what_it_asked_for(store: Store) -> None:
    asked = request("a", reference="other", genre="pop", target="spotify", account="me")
    store.admit((upload("track"), upload("other")), asked, NOW, TTL)
    admit(store, "b", genre="jazz", webhook="https://example.org/told")
    found = store.result(token("a"), NOW)
    assert found is not None and found.request == asked
    other = store.result(token("b"), NOW)
    assert other is not None and other.request.genre == "jazz"
    assert (other.created_at, other.expires_at) == (NOW, NOW + TTL)
    assert other.state is Stage.QUEUED and other.verdict is None and other.reason is None


def test_what_is_done_is_served_again_without_its_audio(store: Store) -> None:
    admit(store, "a")
    measured(store)
    assert store.audio(key_of("track")) is None
    assert admit(store, "b", now=NOW + 1).created == frozenset()
    assert stage(store, "b", NOW + 1) is Stage.JUDGING
    judged(store, "b", NOW + 1)


def test_attaching_keeps_an_analysis_for_as_long_as_the_request(store: Store) -> None:
    admit(store, "a")
    measured(store)
    admit(store, "b", now=NOW + TTL - 1)
    assert store.measurements(key_of("track"), NOW + 2 * TTL - 2) == b"m"
    assert store.measurements(key_of("track"), NOW + 2 * TTL - 1) is None


def test_a_failed_analysis_is_replaced_at_a_new_upload(store: Store) -> None:
    admit(store, "a")
    stale = claimed(store, measure())
    assert store.fail(stale, BROKEN, NOW)
    again = upload("track")
    assert store.admit((again,), request("b"), NOW, TTL).created == {key_of("track")}
    assert store.audio(key_of("track")) == again.audio
    assert (stage(store, "a"), stage(store, "b")) == (Stage.FAILED, Stage.QUEUED)
    fresh = claimed(store, measure())
    assert fresh.fence > stale.fence and fresh.attempt == 1
    assert not store.fail(stale, BROKEN, NOW)


def test_a_cancelled_analysis_is_replaced_at_a_new_upload(store: Store) -> None:
    admit(store, "a")
    stale = claimed(store, measure())
    assert store.cancel(token("a"), NOW)
    assert admit(store, "b").created == {key_of("track")}
    assert not store.measured(stale, b"stale", NOW, TTL)
    measured(store)
    assert store.measurements(key_of("track"), NOW) == b"m"


def test_an_expired_analysis_is_replaced_before_anybody_deleted_it(store: Store) -> None:
    admit(store, "a")
    measured(store)
    later = NOW + TTL
    assert admit(store, "b", now=later).created == {key_of("track")}
    assert store.measurements(key_of("track"), later) is None
    assert stage(store, "b", later) is Stage.QUEUED


def test_a_deleted_record_that_comes_back_does_not_meet_its_old_claims(store: Store) -> None:
    admit(store, "a")
    stale = claimed(store, measure())
    store.purge(NOW + TTL)
    admit(store, "b", now=NOW + TTL)
    claimed(store, measure(), now=NOW + TTL)
    assert not store.measured(stale, b"stale", NOW + TTL, TTL)


def test_a_track_that_is_its_own_reference_is_measured_once(store: Store) -> None:
    assert admit(store, "a", reference="track").created == {key_of("track")}
    measured(store)
    judged(store, "a")
    assert stage(store, "a") is Stage.DONE


@pytest.mark.parametrize("uploads", [(), ("other",), ("track", "other"), ("track", "track")])
def test_uploads_are_those_the_request_needs(store: Store, uploads: tuple[str, ...]) -> None:
    with pytest.raises(InvalidArgument, match="uploads"):
        store.admit(tuple(map(upload, uploads)), request("a"), NOW, TTL)
    assert store.counts(NOW).results == 0


def test_a_token_is_taken_once(store: Store) -> None:
    admit(store, "a")
    with pytest.raises(InvalidArgument, match="token_hash"):
        admit(store, "a", track="another")
    found = store.result(token("a"), NOW)
    assert found is not None and found.request.key == key_of("track")


def test_an_account_sees_its_own_newest_first(store: Store) -> None:
    for number, name in enumerate("abcd"):
        admit(store, name, track=name, now=NOW + number, account="me" if name != "b" else "you")
    names = [it.request.name for it in store.results("me", NOW + 4)]
    assert names == ["d.wav", "c.wav", "a.wav"]
    assert len(store.results("me", NOW + 4, limit=2)) == 2
    assert [it.request.name for it in store.results("me", NOW + TTL + 2.5)] == ["d.wav"]


def test_a_judgement_waits_for_both_analyses(store: Store) -> None:
    admit(store, "a", reference="other")
    assert store.claim(judge("a"), "one", NOW, 30.0) is None
    measured(store, "track")
    assert store.claim(judge("a"), "one", NOW, 30.0) is None
    measured(store, "other")
    judged(store, "a")
