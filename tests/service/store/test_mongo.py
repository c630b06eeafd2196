"""What is MongoDB's own: it goes away and comes back, expires by itself, has large blobs."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from loudscope import InvalidArgument
from loudscope.service._errors import UnavailableError
from loudscope.service.store import open_store
from loudscope.service.store._mongo import MongoStore

from ..parts import Part, free_port
from .making import LEASE, NOW, TTL, admit, claimed, judge, key_of, measure, measured, token


@pytest.fixture
def mongo(emptied: str) -> Iterator[MongoStore]:
    # The driver looks for a server every 0.5 s at most: what is back is seen at the second look.
    with closing(MongoStore(f"{emptied}?serverSelectionTimeoutMS=2000")) as opened:
        yield opened


@pytest.mark.parametrize("how", ["stop", "kill"])
def test_it_goes_on_when_mongod_comes_back(mongo: MongoStore, mongod: Part, how: str) -> None:
    admit(mongo, "a")
    claim = claimed(mongo, measure())
    getattr(mongod, how)()
    with pytest.raises(UnavailableError, match="MongoDB") as raised:
        mongo.renew(claim, NOW, LEASE)
    assert raised.value.part == "store"
    with pytest.raises(UnavailableError):
        mongo.ping()
    mongod.start()
    mongo.ping()
    assert mongo.measured(claim, b"m", NOW, TTL)
    assert mongo.measurements(key_of("track"), NOW) == b"m"


def test_a_restart_between_two_calls_is_not_noticed(mongo: MongoStore, mongod: Part) -> None:
    admit(mongo, "a")
    mongod.restart()
    claim = claimed(mongo, measure())
    mongod.restart()
    assert mongo.measured(claim, b"m", NOW, TTL)


def test_a_mongod_that_does_not_answer_is_not_waited_for_long(mongod: Part, emptied: str) -> None:
    with closing(MongoStore(f"{emptied}?socketTimeoutMS=300")) as store:
        store.ping()
        with mongod.frozen(), pytest.raises(UnavailableError):
            admit(store, "a")
        admit(store, "b")


def test_a_mongod_that_is_away_is_no_reason_not_to_start(tmp_path: Path) -> None:
    url = f"mongodb://127.0.0.1:{free_port()}/stores?serverSelectionTimeoutMS=200"
    with closing(open_store(url, tmp_path)) as store, pytest.raises(UnavailableError):
        store.ping()


@pytest.mark.parametrize("url", ["mongodb://localhost:27017", "mongodb://", "redis://localhost"])
def test_a_url_names_a_database_of_mongodb(url: str, tmp_path: Path) -> None:
    with pytest.raises(InvalidArgument, match="store"):
        open_store(url, tmp_path)


def test_both_collections_have_a_ttl_index(mongo: MongoStore) -> None:
    """MongoDB itself deletes, some minutes after the time: for where nobody sweeps."""
    soon = time.time() + TTL
    admit(mongo, "a", now=time.time())
    for collection in (mongo.place.analyses, mongo.place.results):
        (ttl,) = [
            it for it in collection.index_information().values() if "expireAfterSeconds" in it
        ]
        (field, _), *_ = ttl["key"]
        document = collection.find_one({})
        assert document is not None
        assert document[field].timestamp() == pytest.approx(soon, abs=60)
        assert ttl["expireAfterSeconds"] <= 600


def test_only_two_collections_as_long_as_blobs_are_small(mongo_url: str) -> None:
    with closing(MongoStore(mongo_url)) as store:
        admit(store, "a")
        measured(store)
        assert set(store.place._database.list_collection_names()) == {"analyses", "results"}


def test_blobs_may_be_larger_than_a_document(mongo: MongoStore) -> None:
    large = bytes(range(256)) * (20 * 4096)  # 20 MiB
    admit(mongo, "a")
    admit(mongo, "b")
    measured(mongo, data=large)
    assert mongo.measurements(key_of("track"), NOW) == large
    papers = {"json": large, "html": large[::-1]}
    assert mongo.judged(claimed(mongo, judge("a")), {}, papers, NOW, TTL)
    for name, data in papers.items():
        assert mongo.document(token("a"), name, NOW) == data
    files = mongo.place._database["blobs.files"]
    assert files.count_documents({}) == 3
    mongo.purge(NOW + TTL - 1)
    assert files.count_documents({}) == 3
    assert mongo.delete(token("a"), NOW)
    assert files.count_documents({}) == 1
    mongo.purge(NOW + TTL)
    assert files.count_documents({}) == 0
    assert mongo.place._database["blobs.chunks"].count_documents({}) == 0


def test_a_large_blob_of_a_stale_claim_leaves_nothing(mongo: MongoStore) -> None:
    admit(mongo, "a")
    stale = claimed(mongo, measure())
    claimed(mongo, measure(), "two", NOW + LEASE)
    assert not mongo.measured(stale, b"x" * (5 << 20), NOW, TTL)
    assert mongo.place._database["blobs.files"].count_documents({}) == 0


def test_a_large_blob_lives_as_long_as_others_attach_to_it(mongo: MongoStore) -> None:
    admit(mongo, "a")
    measured(mongo, data=b"x" * (5 << 20))
    later = NOW + TTL - 1
    admit(mongo, "b", now=later)
    mongo.purge(NOW + TTL)
    assert len(mongo.measurements(key_of("track"), NOW + TTL) or b"") == 5 << 20
    mongo.purge(later + TTL)
    assert mongo.place._database["blobs.files"].count_documents({}) == 0
