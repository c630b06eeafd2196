"""Fixtures of real parts: `redis_server`, `mongod` and `s3_server` for a whole run; what a test is
given (`redis_url`, `mongo_url`, `s3_place`) is empty, and the part behind it runs again."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from .parts import Part, mongod_command, moto_command, redis_command, serving


@dataclass(frozen=True, slots=True)
class S3Place:
    """A bucket of a test's own: settings for a depot."""

    endpoint: str
    bucket: str

    @property
    def url(self) -> str:
        """As the setting `depot`."""
        return f"s3://{self.bucket}/audio"


@pytest.fixture(scope="session")
def redis_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Part]:
    pytest.importorskip("redis")
    with serving("redis-server", tmp_path_factory.mktemp("redis"), redis_command()) as part:
        yield part


@pytest.fixture(scope="session")
def mongod(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Part]:
    pytest.importorskip("pymongo")
    with serving("mongod", tmp_path_factory.mktemp("mongod"), mongod_command()) as part:
        yield part


@pytest.fixture(scope="session")
def s3_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Part]:
    pytest.importorskip("boto3")
    with (
        pytest.MonkeyPatch.context() as patch,
        serving("moto_server", tmp_path_factory.mktemp("moto"), moto_command()) as part,
    ):
        patch.setenv("AWS_ACCESS_KEY_ID", "test")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "test")
        patch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        patch.setenv("AWS_EC2_METADATA_DISABLED", "true")
        yield part


@pytest.fixture
def redis_url(redis_server: Part) -> Iterator[str]:
    import redis

    redis_server.start()
    url = f"redis://{redis_server.address}/0"
    with redis.Redis.from_url(url) as client:
        client.flushall()
    yield url
    redis_server.start()


@pytest.fixture
def mongo_url(mongod: Part) -> Iterator[str]:
    import pymongo

    mongod.start()
    name = f"test_{os.getpid()}_{secrets.token_hex(4)}"
    yield f"mongodb://{mongod.address}/{name}"
    mongod.start()
    with pymongo.MongoClient[dict[str, object]](f"mongodb://{mongod.address}") as client:
        client.drop_database(name)


@pytest.fixture
def s3_place(s3_server: Part) -> Iterator[S3Place]:
    import boto3

    s3_server.start()
    place = S3Place(f"http://{s3_server.address}", f"test-{secrets.token_hex(6)}")
    client = boto3.client("s3", endpoint_url=place.endpoint)
    client.create_bucket(Bucket=place.bucket)
    client.close()
    yield place
    s3_server.start()
