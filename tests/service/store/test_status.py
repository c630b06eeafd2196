"""What a client is shown: a request and its analyses as one."""

from __future__ import annotations

import pytest

from loudscope.service._ports import Store
from loudscope.service._records import Stage, Status

from .making import (
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
    token,
    upload,
)


def status(store: Store, name: str = "a", now: float = NOW) -> Status:
    found = store.status(token(name), now)
    assert found is not None
    return found


def test_a_request_walks_through_its_stages(store: Store) -> None:
    admit(store, "a")
    seen = [status(store).stage]
    claim = claimed(store, measure())
    seen.append(status(store).stage)
    store.advance(claim, Stage.MEASURING, 0.25)
    seen.append(status(store).stage)
    store.measured(claim, b"m", NOW, TTL)
    seen.append(status(store).stage)
    claim = claimed(store, judge("a"))
    seen.append(status(store).stage)
    store.judged(claim, {}, {}, NOW, TTL)
    seen.append(status(store).stage)
    assert seen == ["queued", "decoding", "measuring", "judging", "judging", "done"]
    assert status(store).progress == 1.0


def test_the_analysis_that_is_least_far_speaks(store: Store) -> None:
    admit(store, "a", reference="other")
    claim = claimed(store, measure())
    store.advance(claim, Stage.MEASURING, 0.5)
    assert status(store).stage is Stage.QUEUED
    claimed(store, measure("other"))
    assert status(store).stage is Stage.DECODING
    store.measured(claim, b"m", NOW, TTL)
    assert status(store).stage is Stage.DECODING


def test_progress_is_weighted_by_size(store: Store) -> None:
    asked = request("a", reference="other")
    store.admit((upload("track", 3000), upload("other", 1000)), asked, NOW, TTL)
    store.advance(claimed(store, measure()), Stage.MEASURING, 0.5)
    assert status(store).progress == pytest.approx(0.375)
    measured(store, "other")
    assert status(store).progress == pytest.approx(0.625)


def test_those_who_came_before_are_counted(store: Store) -> None:
    for number, name in enumerate("abcd"):
        admit(store, name, track=name, now=NOW + number)
    assert [status(store, name).ahead for name in "abcd"] == [0, 1, 2, 3]
    claimed(store, measure("a"))
    assert [status(store, name).ahead for name in "abcd"] == [0, 0, 1, 2]
    assert status(store, "d", NOW + TTL + 2).ahead == 0


def test_a_reference_waits_for_both_of_its_own_turns(store: Store) -> None:
    admit(store, "x", track="x", now=NOW - 1)
    admit(store, "a", reference="other")
    assert status(store).ahead == 1


def test_a_status_expires(store: Store) -> None:
    admit(store, "a")
    assert store.status(token("a"), NOW + TTL - 0.001) is not None
    assert store.status(token("a"), NOW + TTL) is None
    assert store.result(token("a"), NOW + TTL) is None
    assert store.waiting(key_of("track"), NOW + TTL) == ()


def test_counts_tell_what_waits_and_runs(store: Store) -> None:
    assert store.counts(NOW).oldest_seconds == 0.0
    for number, name in enumerate("abc"):
        admit(store, name, track=name, now=NOW + number)
    claimed(store, measure("a"))
    measured(store, "c")
    counts = store.counts(NOW + 10)
    assert (counts.queued, counts.running, counts.results) == (1, 1, 3)
    assert counts.oldest_seconds == 9.0
    assert store.counts(NOW - 60).oldest_seconds == 0.0  # the clock was set back
    later = store.counts(NOW + TTL + 1)
    assert (later.queued, later.running, later.results) == (0, 0, 1)


def test_done_is_done_when_the_analysis_is_gone(store: Store) -> None:
    admit(store, "a")
    measured(store)
    judged(store, "a", NOW + TTL - 1)
    assert status(store, now=NOW + TTL + 1).stage is Stage.DONE
    assert store.document(token("a"), "html", NOW + TTL + 1) == b"h"
