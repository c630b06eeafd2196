"""Work on other machines: real workers, a real broker, and both go away."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from loudscope.service._records import Stage, Task
from loudscope.service._settings import Settings
from loudscope.service.run._celery import CeleryRunner

from ..parts import Part
from ..waiting import wait
from ..work.shop import Shop, endless, quick, shop, shorten, suspended
from .machine import as_toml, process

# Celery's lists of what nobody has taken yet.
TO_JUDGE, TO_MEASURE = "loudscope", "loudscope\x06\x163"


@pytest.fixture(scope="module")
def long_track(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return endless(tmp_path_factory.mktemp("tracks"))


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
        open_shop.emptied()
        assert worker.stop() == 0


CONSUME = """
import os, signal, sys
from loudscope.service._settings import Settings
from loudscope.service.run._celery import consume

def run(task):
    print(task.kind, task.id, repr(task.request_id), flush=True)
    if task.id == "last":
        os.kill(os.getpid(), signal.SIGTERM)

consume(Settings.load(sys.argv[1]), run, print, 1)
"""


def test_the_id_of_a_request_goes_with_the_message(settings: Settings, redis_url: str) -> None:
    """As a header of it; what is no id is not taken from there."""
    sent = [("good", "0a" * 16), ("bad", 'no id", "x": "'), ("old", ""), ("last", "0b" * 16)]
    sender = CeleryRunner(settings)
    for task, name in sent:
        sender.enqueue(Task("measure", task, name))
    sender.stop(0.0)
    with redis.Redis.from_url(redis_url) as client:
        texts = client.lrange(TO_MEASURE, 0, -1)
    assert {json.loads(text)["headers"]["loudscope_request_id"] for text in texts} == {
        name for _, name in sent
    }
    config = settings.folder.with_suffix(".toml")
    config.write_text(as_toml(settings), "utf-8")
    command = [sys.executable, "-c", CONSUME, str(config)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    taken = [line for line in done.stdout.splitlines() if line.startswith("measure")]
    assert taken == [
        f"measure good {'0a' * 16!r}",
        "measure bad ''",
        "measure old ''",
        f"measure last {'0b' * 16!r}",
    ]


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
    shorten(open_shop.settings)
    with process("worker", open_shop.settings, "other") as other:
        assert open_shop.ended(token).stage is Stage.DONE
        assert analyses(killed.log, other.log) == 1
        open_shop.emptied()


def test_a_worker_that_is_told_to_end_hands_back(open_shop: Shop, long_track: Path) -> None:
    with process("worker", open_shop.settings, "ended") as ended:
        token = open_shop.order(long_track)
        open_shop.measuring(token)
        assert ended.stop() == 0
    assert open_shop.stage(token) is Stage.QUEUED
    shorten(open_shop.settings)
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


def test_redis_goes_away_before_a_task_is_acknowledged(
    open_shop: Shop, redis_server: Part, redis_url: str
) -> None:
    """The worker goes on to take tasks from the broker, and does not leave them to the sweeper.

    Celery counts a task whose acknowledgement failed as one under way, for ever.
    """
    with process("worker", open_shop.settings) as worker:
        worker.logged("working")
        with suspended(worker.pid):
            token = open_shop.order()
            open_shop.begun(token)
            redis_server.stop()
        assert open_shop.ended(token).stage is Stage.DONE
        time.sleep(0.5)  # for the acknowledgement, which is the thread's next step
        redis_server.start()
        wait(lambda: not pings(open_shop))
        assert open_shop.ended(open_shop.order(genre="rock")).stage is Stage.DONE
        with redis.Redis.from_url(redis_url) as client:
            wait(lambda: not client.exists(TO_JUDGE, TO_MEASURE))


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
