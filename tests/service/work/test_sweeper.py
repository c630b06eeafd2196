"""The sweep: what fell through is done, what is over is gone, and no step stops another."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from structlog.contextvars import merge_contextvars
from structlog.testing import capture_logs

from loudscope.service._records import Stage, Task
from loudscope.service.work._sweeper import Sweeper

from .shop import Limits, Shop, quick, shop

NEVER_RETURNS, REQUEST_ID = "a worker that is gone", "0a" * 16


def sweeper(made: Shop, enqueued: list[Task], ahead: float = 0.0, idle: float = 0.0) -> Sweeper:
    """A sweeper of the shop whose clock is ahead."""
    parts = made.parts
    return Sweeper(
        parts.store, parts.depot, parts.hub, enqueued.append, made.settings,
        idle_seconds=idle, clock=lambda: time.time() + ahead,
    )  # fmt: skip


@pytest.fixture
def closed_shop(tmp_path: Path) -> Iterator[Shop]:
    with shop(quick(tmp_path, limits=Limits(attempts=2)), start=False) as made:
        yield made


def task_of(made: Shop, token: str) -> Task:
    return Task("measure", made.status(token).result.request.key)


def test_everything_is_enqueued_at_the_start_and_then_what_has_waited(closed_shop: Shop) -> None:
    task = task_of(closed_shop, closed_shop.order(enqueue=False))
    enqueued: list[Task] = []
    sweep = sweeper(closed_shop, enqueued, idle=3600.0)
    sweep.sweep()
    assert enqueued == [task]
    sweep.sweep()
    assert enqueued == [task]


def test_a_task_that_waits_long_is_called_for_at_longer_intervals(
    closed_shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed_shop.order(enqueue=False)
    enqueued: list[Task] = []
    sweep = sweeper(closed_shop, enqueued)
    now = time.monotonic()
    for second in range(600):
        monkeypatch.setattr(time, "monotonic", lambda now=now + second: now)
        sweep.sweep()
    assert 5 <= len(enqueued) <= 14


def test_a_lapsed_lease_is_enqueued_and_given_up_in_the_end(closed_shop: Shop) -> None:
    token = closed_shop.order(enqueue=False, request_id=REQUEST_ID)
    task, store = task_of(closed_shop, token), closed_shop.parts.store
    for ago in (60.0, 30.0):
        enqueued: list[Task] = []
        assert store.claim(task, NEVER_RETURNS, time.time() - ago, 2.0)
        sweep = sweeper(closed_shop, enqueued)
        with capture_logs([merge_contextvars]) as lines:
            sweep.sweep()
        assert enqueued == ([task] if ago == 60.0 else [])
    told = [(line["analysis"], line["request"]) for line in lines if "analysis" in line]
    assert told == [(task.id[:8], REQUEST_ID)]
    reason = closed_shop.status(token).reason
    assert reason is not None and reason.code == "gave_up"
    sweep.sweep()
    assert closed_shop.left() == []


def test_what_has_expired_is_deleted_with_its_audio(closed_shop: Shop) -> None:
    token = closed_shop.order(enqueue=False)
    sweeper(closed_shop, []).sweep()
    assert len(closed_shop.left()) == 1
    sweeper(closed_shop, [], ahead=closed_shop.settings.result_seconds + 1.0).sweep()
    assert closed_shop.left() == []
    assert closed_shop.parts.store.status(token, time.time()) is None


def test_audio_that_no_analysis_knows_is_deleted_once_it_is_old(closed_shop: Shop) -> None:
    token = closed_shop.order(enqueue=False)
    stray = closed_shop.settings.folder / "incoming" / "stray"
    stray.write_bytes(b"x")
    closed_shop.parts.depot.put(stray, "0" * 32)
    sweeper(closed_shop, []).sweep()
    assert len(closed_shop.left()) == 2
    sweeper(closed_shop, [], ahead=closed_shop.settings.limits.upload_seconds + 60.0).sweep()
    assert len(closed_shop.left()) == 1
    assert closed_shop.stage(token) is Stage.QUEUED


def test_files_that_a_dead_process_left_are_deleted(closed_shop: Shop) -> None:
    folder = closed_shop.settings.folder
    (folder / "copies" / "old").mkdir(parents=True)
    (folder / "incoming").mkdir(exist_ok=True)
    for path in (folder / "copies" / "old" / "audio", folder / "incoming" / "part"):
        path.write_bytes(b"x")
    for path in (folder / "copies" / "old", folder / "incoming" / "part"):
        os.utime(path, (1.0, 1.0))
    (folder / "incoming" / "new").write_bytes(b"x")
    sweeper(closed_shop, []).sweep()
    assert list((folder / "copies").iterdir()) == []
    assert [path.name for path in (folder / "incoming").iterdir()] == ["new"]


def test_a_step_that_fails_stops_no_other(closed_shop: Shop) -> None:
    """The runner is away: what has expired is deleted all the same."""

    def away(_: Task) -> None:
        raise OSError("the broker is away")

    closed_shop.order(enqueue=False)
    parts = closed_shop.parts
    ahead = closed_shop.settings.result_seconds + 1.0
    sweep = Sweeper(
        parts.store, parts.depot, parts.hub, away, closed_shop.settings,
        idle_seconds=0.0, clock=lambda: time.time() + ahead,
    )  # fmt: skip
    sweep.sweep()
    assert closed_shop.left() == []


def test_two_sweepers_at_once_do_no_harm(tmp_path: Path) -> None:
    with shop(quick(tmp_path)) as made:
        others = [sweeper(made, []) for _ in range(3)]
        with ExitStack() as stack:
            for other in others:
                other.start()
                stack.callback(other.stop)
            tokens = [made.order(genre=genre) for genre in ("pop", "rock", "jazz")]
            assert {made.ended(token).stage for token in tokens} == {Stage.DONE}
        made.emptied()
