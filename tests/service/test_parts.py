"""The parts that the tests stand on: they start, stop, come back on their port, and leave none."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from .conftest import S3Place
from .parts import Part, answers, free_port


def test_redis_comes_back_on_its_port_and_has_forgotten(redis_server: Part, redis_url: str) -> None:
    import redis

    with redis.Redis.from_url(redis_url) as client:
        assert client.set("a", "1")
        port = redis_server.port
        with redis_server.away():
            assert not answers(port)
        assert redis_server.port == port
        assert client.get("a") is None


def test_a_frozen_redis_accepts_and_does_not_answer(redis_server: Part, redis_url: str) -> None:
    import redis

    with redis.Redis.from_url(redis_url, socket_timeout=0.3, retry=None) as client:
        with redis_server.frozen(), pytest.raises(redis.TimeoutError):
            client.ping()
        assert client.ping()


def test_mongod_keeps_what_it_acknowledged_when_it_is_killed(mongod: Part, mongo_url: str) -> None:
    import pymongo

    with pymongo.MongoClient[dict[str, object]](mongo_url) as client:
        things = client.get_default_database().get_collection(
            "things", write_concern=pymongo.WriteConcern(w=1, j=True)
        )
        things.insert_one({"_id": 1})
        mongod.kill()
        mongod.start()
        assert things.count_documents({}) == 1


def test_s3_keeps_what_is_put_there(s3_place: S3Place) -> None:
    import boto3

    client = boto3.client("s3", endpoint_url=s3_place.endpoint)
    client.put_object(Bucket=s3_place.bucket, Key="a", Body=b"1")
    assert client.get_object(Bucket=s3_place.bucket, Key="a")["Body"].read() == b"1"
    client.close()


CHILD = """
import sys
sys.path.insert(0, sys.argv[1])
from pathlib import Path
from parts import Part
part = Part("server", Path(sys.argv[2]), lambda port, folder: [
    sys.executable, "-m", "http.server", "--bind", "127.0.0.1", str(port)])
part.port = int(sys.argv[3])
part.start()
print("started", flush=True)
input()
"""


def test_a_part_ends_when_the_tests_are_killed(tmp_path: Path) -> None:
    port = free_port()
    here = str(Path(__file__).parent)
    with subprocess.Popen(
        [sys.executable, "-c", CHILD, here, str(tmp_path), str(port)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as tests:
        assert tests.stdout is not None
        assert tests.stdout.readline() == b"started\n"
        assert answers(port)
        os.kill(tests.pid, signal.SIGKILL)
    deadline = time.monotonic() + 10
    while answers(port) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not answers(port)
