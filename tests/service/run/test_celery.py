"""Work on other machines: real workers, a real broker, and both go away."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from loudscope.service._records import Stage, Task
from loudscope.service._settings import Settings

from ..parts import Part
from ..work.hostile import flac_of
from ..work.shop import Shop, quick, shop, wait
from .machine import process

LONG = 300.0


@pytest.fixture(scope="module")
def long_track(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("tracks") / "long.flac"
    path.write_bytes(flac_of(LONG, 48_000, 2))
    return path


@pytest.fixture
def settings(tmp_path: Path, redis_url: str) -> Settings:
    return quick(tmp_path / "data", runner="celery", redis=redis_url, workers=1)


@pytest.fixture
def open_shop(settings: Settings) -> Iterator[Shop]:
    with shop(settings) as made:
        yield made


def analyses(*logs: Path) -> int:
    """How often something was measured to its end."""
    return sum(log.read_text().count('"event": "measuring"') for log in logs)


def test_a_worker_does_what_a_service_sends(open_shop: Shop) -> None:
    with process("worker", open_shop.settings) as worker:
        worker.logged("working")
        token = open_shop.order()
        assert open_shop.ended(token).stage is Stage.DONE
        assert open_shop.left() == []
        assert worker.stop() == 0


def test_a_broker_that_delivers_thrice_makes_one_analysis(open_shop: Shop) -> None:
    token = open_shop.order(enqueue=False)
    task = Task("measure", open_shop.status(token).result.request.key)
    for _ in range(3):
        open_shop.parts.runner.enqueue(task)
    with (
        process("worker", open_shop.settings, "one") as one,
        process("worker", open_shop.settings, "two") as two,
    ):
        assert open_shop.ended(token).stage is Stage.DONE
        open_shop.parts.runner.enqueue(task)
        open_shop.parts.runner.enqueue(Task("judge", token))
        time.sleep(0.5)
        assert analyses(one.log, two.log) == 1


def test_a_worker_killed_over_its_work(open_shop: Shop, long_track: Path) -> None:
    """The lease lapses, another worker does it, and there is one result."""
    with process("worker", open_shop.settings, "killed") as killed:
        token = open_shop.order(long_track)
        open_shop.measuring(token)
        killed.kill()
    with process("worker", open_shop.settings, "other") as other:
        assert open_shop.ended(token).stage is Stage.DONE
        assert analyses(killed.log, other.log) == 1
        assert open_shop.left() == []


def test_a_worker_that_is_told_to_end_hands_back(open_shop: Shop, long_track: Path) -> None:
    with process("worker", open_shop.settings, "ended") as ended:
        token = open_shop.order(long_track)
        open_shop.measuring(token)
        assert ended.stop() == 0
    assert open_shop.stage(token) is Stage.QUEUED
    with process("worker", open_shop.settings, "other"):
        assert open_shop.ended(token).stage is Stage.DONE


def test_redis_stopped_and_started_again_under_a_worker(
    open_shop: Shop, redis_server: Part
) -> None:
    """The queue in it is lost, too: this Redis keeps nothing."""
    with process("worker", open_shop.settings) as worker:
        worker.logged("working")
        assert open_shop.ended(open_shop.order()).stage is Stage.DONE
        with redis_server.away():
            with pytest.raises(OSError, match="broker"):
                open_shop.order(genre="rock")
            tokens = [open_shop.order(genre="pop", enqueue=False)]
            # The worker takes it from the store, though there is no broker.
            assert open_shop.ended(tokens[0]).stage is Stage.DONE
        wait(lambda: not pings(open_shop))
        tokens.append(open_shop.order(genre="jazz"))
        assert open_shop.ended(tokens[1]).stage is Stage.DONE


def pings(made: Shop) -> Exception | None:
    try:
        made.parts.runner.ping()
    except OSError as error:
        return error
    return None


def test_a_service_that_starts_without_its_broker(settings: Settings, redis_server: Part) -> None:
    with redis_server.away(), shop(settings) as made:
        with pytest.raises(OSError, match="broker"):
            made.order()
        with process("worker", settings) as worker:
            token = made.order(enqueue=False)
            assert made.ended(token).stage is Stage.DONE
            assert worker.stop() == 0
