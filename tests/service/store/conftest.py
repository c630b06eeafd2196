"""`store`: the same test on every store, made of real parts; `place` says how to open it again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from loudscope.service._ports import Store
from loudscope.service.store import open_store
from loudscope.service.store._merge import REMEMBER_SECONDS

from ..parts import Part


@dataclass(frozen=True, slots=True)
class Place:
    """Where a store is."""

    kind: str
    url: str
    folder: Path

    def open(self, remember: float = REMEMBER_SECONDS) -> Store:
        return open_store(self.url, self.folder, remember)


@pytest.fixture
def emptied(mongod: Part) -> str:
    """One database for all tests of stores: its indexes take longer to make than a test."""
    import pymongo

    mongod.start()
    url = f"mongodb://{mongod.address}/stores"
    with pymongo.MongoClient[dict[str, object]](url) as client:
        database = client.get_default_database()
        for name in ("analyses", "results", "blobs.files", "blobs.chunks"):
            database[name].delete_many({})
    return url


@pytest.fixture(params=["sqlite", "mongo"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    mongo = request.param == "mongo"
    url = request.getfixturevalue("emptied") if mongo else "sqlite"
    return Place(request.param, url, tmp_path)


@pytest.fixture
def store(place: Place) -> Iterator[Store]:
    with closing(place.open()) as opened:
        yield opened
