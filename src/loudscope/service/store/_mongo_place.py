"""A MongoDB's collections: connecting, indexes, and errors by one name."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final, ParamSpec, TypeVar

import pymongo
from bson.codec_options import CodecOptions
from gridfs import GridFSBucket
from pymongo import ASCENDING, DESCENDING, IndexModel, WriteConcern
from pymongo.collection import Collection
from pymongo.errors import AutoReconnect, InvalidURI, PyMongoError, ServerSelectionTimeoutError
from pymongo.uri_parser import parse_uri

from loudscope import InvalidArgument

from .._errors import UnavailableError

__all__ = ["Document", "MongoPlace", "twice"]

Document = dict[str, Any]
P = ParamSpec("P")
T = TypeVar("T")

TIMES: Final = {  # the URL may say otherwise
    "serverSelectionTimeoutMS": 3000,  # how long one that is away is looked for
    "connectTimeoutMS": 3000,
    "socketTimeoutMS": 8000,  # how long an answer is waited for
    "waitQueueTimeoutMS": 3000,
}
# The sweep deletes what has expired; where nobody sweeps, MongoDB does, so much later, and then it
# is not remembered that it had expired. What is remembered goes by the same index.
TTL_SECONDS: Final = 300
INDEXES: Final = {
    "analyses": [
        IndexModel([("state", ASCENDING), ("created_at", ASCENDING)]),
        IndexModel([("expires_at", ASCENDING)]),
        IndexModel([("expire", ASCENDING)], expireAfterSeconds=TTL_SECONDS),
    ],
    "results": [
        IndexModel([("state", ASCENDING), ("created_at", ASCENDING)]),
        IndexModel([("expires_at", ASCENDING)]),
        IndexModel([("expire", ASCENDING)], expireAfterSeconds=TTL_SECONDS),
        IndexModel([("keys", ASCENDING)]),
        IndexModel([("account", ASCENDING), ("created_at", DESCENDING)]),
        IndexModel([("call_at", ASCENDING)], partialFilterExpression={"call_at": {"$gt": 0}}),
    ],
}


class MongoPlace:
    """Collections `analyses` and `results`, and blobs too large for a document."""

    def __init__(self, url: str) -> None:
        """Connects when first asked for something.

        Args:
            url: As "mongodb://host:27017/database".

        Raises:
            InvalidArgument: It is no such URL, or names no database.
        """
        try:
            parsed = parse_uri(url)
        except (InvalidURI, ValueError) as error:
            raise InvalidArgument(f"store is no URL of a MongoDB: {error}") from error
        if not parsed["database"]:
            raise InvalidArgument(
                "store names no database: add one, as in mongodb://host:27017/loudscope"
            )
        given = {name.lower() for name in parsed["options"]}
        times: dict[str, Any] = {
            name: value for name, value in TIMES.items() if name.lower() not in given
        }
        self._client: pymongo.MongoClient[Document] = pymongo.MongoClient(
            url, appname="loudscope", **times
        )
        # Acknowledged means journalled: what was promised or claimed outlives a killed mongod, so
        # that audio may be deleted and a fence is never given out twice.
        sure = WriteConcern(w="majority", j=True)
        database = self._client.get_database(
            parsed["database"], codec_options=CodecOptions(tz_aware=True), write_concern=sure
        )
        self.analyses: Collection[Document] = database["analyses"]
        self.results: Collection[Document] = database["results"]
        self.files = GridFSBucket(database, "blobs")
        self._database = database
        self._indexed = False
        self._lock = threading.Lock()

    def ping(self) -> None:
        """Raises if the server does not answer, or takes no writes."""
        with self.working():
            found = self._database.command("hello")
            if not found.get("isWritablePrimary"):
                raise UnavailableError("store", "MongoDB has no primary that takes writes")

    def close(self) -> None:
        """Lets go of connections."""
        self._client.close()

    @contextmanager
    def working(self) -> Iterator[None]:
        """Makes the indexes where nobody has, and gives MongoDB's errors one name.

        Raises:
            UnavailableError: Instead of any error of the driver.
        """
        try:
            if not self._indexed:
                self._index()
            yield
        except PyMongoError as error:
            raise UnavailableError("store", f"MongoDB cannot be used: {error}") from error

    def _index(self) -> None:
        with self._lock:
            if not self._indexed:
                self.analyses.create_indexes(INDEXES["analyses"])
                self.results.create_indexes(INDEXES["results"])
                self._indexed = True


def twice(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Does a write that may be repeated, once more if the answer was lost.

    A standalone mongod has no retryable writes. What is written so gives the same answer when it
    had been done already.
    """
    try:
        return work(*args, **kwargs)
    except ServerSelectionTimeoutError:
        raise
    except AutoReconnect:
        return work(*args, **kwargs)
