"""Parts that die under a whole service: nothing is lost, nothing is done twice, nobody has to help.

Two processes serve and two work; store, broker and audio are servers of their own.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from typing import Any

import pytest

from ..conftest import S3Place
from ..parts import Part
from ..waiting import wait
from ..work.shop import measuring_processes, suspended
from .deployment import Deployment, deployed, track

TRACKS = 6


@pytest.fixture(scope="module")
def s3_place(s3_server: Part) -> S3Place:
    return S3Place(f"http://{s3_server.address}", "test-faults")


@pytest.fixture(scope="module")
def running(
    tmp_path_factory: pytest.TempPathFactory, mongod: Part, redis_server: Part, s3_place: S3Place
) -> Iterator[Deployment]:
    settings = {
        "store": f"mongodb://{mongod.address}/test_faults_{os.getpid()}",
        "redis": f"redis://{redis_server.address}/0",
        "runner": "celery",
        "depot": s3_place.url,
        "s3_endpoint": s3_place.endpoint,
    }
    with (
        bucket(s3_place),
        deployed(tmp_path_factory.mktemp("faults"), settings, servers=2, workers=2) as deployment,
    ):
        yield deployment


@pytest.fixture
def machines(running: Deployment) -> Deployment:
    """All of it runs and is well again, whatever the test before did."""
    for part in running.parts:
        part.start()
    running.ready()
    return running


@contextmanager
def bucket(place: S3Place) -> Iterator[None]:
    """There is a bucket inside the block, and none before and after it."""
    import boto3

    with closing(boto3.client("s3", endpoint_url=place.endpoint)) as client:
        client.create_bucket(Bucket=place.bucket)
        yield
        emptied(client, place.bucket)


def emptied(client: Any, name: str) -> None:
    for found in client.list_objects_v2(Bucket=name).get("Contents", []):
        client.delete_object(Bucket=name, Key=found["Key"])
    client.delete_bucket(Bucket=name)


def uploaded(machines: Deployment, first: int) -> list[str]:
    """Tokens of tracks that nobody uploaded before, each of which takes a while."""
    with ThreadPoolExecutor(TRACKS) as pool:
        audio = pool.map(lambda seed: track(seed, 20.0, 48_000), range(first, first + TRACKS))
        return list(pool.map(machines.upload, audio, range(TRACKS)))


def stages(machines: Deployment, tokens: list[str]) -> list[str]:
    return [str(machines.status(token)["stage"]) for token in tokens]


def reached(machines: Deployment, tokens: list[str], *expected: str) -> None:
    """Waits until the tracks have these stages, whichever has which."""
    wait(
        lambda: sorted(stages(machines, tokens)) == sorted(expected),
        told=lambda: (stages(machines, tokens), machines.logs()),
    )


def all_done(machines: Deployment, tokens: list[str]) -> None:
    """Every request has its report; none of them is another's."""
    hashes = set()
    for index, token in enumerate(tokens):
        found = machines.final(token, index)
        assert found["stage"] == "done", found
        hashes.add(machines.report(token, index)["inspection"]["pcm_sha256"])
    assert len(hashes) == len(tokens)


def refusal(machines: Deployment) -> tuple[int, str]:
    """Status and code of an upload."""
    files = {"audio": ("track.wav", track(99), "audio/wav")}
    answer = machines.http.post(f"{machines.url()}/analyze", files=files)
    return answer.status_code, str(answer.json()["code"])


def away(machines: Deployment) -> set[str]:
    """Parts that /health/ready names."""
    answer = machines.http.get(f"{machines.url()}/health/ready")
    return {name for name, part in answer.json()["parts"].items() if not part["ok"]}


def test_mongod_is_stopped_amid_the_work(machines: Deployment, mongod: Part) -> None:
    tokens = uploaded(machines, 100)
    with mongod.away():
        assert refusal(machines) == (503, "unavailable")
        assert away(machines) == {"store"}
    all_done(machines, tokens)


def test_redis_is_stopped_amid_the_work_and_forgets(
    machines: Deployment, redis_server: Part
) -> None:
    """It keeps nothing: who is to do what is found in the store again."""
    tokens = uploaded(machines, 200)
    with redis_server.away():
        assert away(machines) == {"hub", "limiter", "runner"}
        tokens += uploaded(machines, 250)
        assert machines.status(tokens[0])["stage"] != "failed"
    all_done(machines, tokens)


def test_s3_does_not_answer_amid_the_work(machines: Deployment, s3_server: Part) -> None:
    tokens = uploaded(machines, 300)
    with s3_server.frozen():
        assert "depot" in away(machines)
        time.sleep(3.0)
    all_done(machines, tokens)


def test_s3_refuses_uploads(machines: Deployment, s3_place: S3Place) -> None:
    """The bucket is gone, as after a wrong policy; then it is there again."""
    import boto3

    with closing(boto3.client("s3", endpoint_url=s3_place.endpoint)) as client:
        emptied(client, s3_place.bucket)
        assert refusal(machines) == (503, "unavailable")
        assert away(machines) == {"depot"}
        client.create_bucket(Bucket=s3_place.bucket)
    machines.ready()
    assert machines.final(machines.upload(track(98)))["stage"] == "done"


def test_a_worker_and_a_server_are_killed_amid_the_work(machines: Deployment) -> None:
    """Each by SIGKILL: who is left takes over, and the server is there again at its port.

    The worker dies over a track: its measuring process gets no time of the CPU, so that it alone
    is left when the other worker has done the rest. Until each of them has one, neither gets any.
    """
    worker, other = machines.workers
    wait(lambda: all(measuring_processes(it.process_id) for it in machines.workers))
    with suspended(worker.process_id):
        with suspended(other.process_id):
            tokens = uploaded(machines, 400)
            reached(machines, tokens, "decoding", "decoding", *["queued"] * (TRACKS - 2))
        reached(machines, tokens, "decoding", *["done"] * (TRACKS - 1))
        worker.kill()
        machines.servers[0].kill()
    for index, token in enumerate(tokens):
        found = machines.final(token, 1)
        assert found["stage"] == "done", (index, found)
    machines.servers[0].start()
    machines.ready()
    all_done(machines, tokens)
