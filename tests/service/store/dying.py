"""A client of MongoDB that dies, or loses an answer, at a chosen one of its writes."""

from __future__ import annotations

from typing import Any

from pymongo.errors import AutoReconnect

from loudscope.service.store._mongo import MongoStore

WRITES = {"insert_one", "update_one", "find_one_and_update", "find_one_and_delete"}


class KilledError(BaseException):
    """The process is no more."""


class Watched:
    """A collection whose writes are counted, and the fatal one does not happen any more."""

    def __init__(self, collection: Any, count: Count) -> None:
        self._collection, self._count = collection, count

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._collection, name)
        return self._count.wrapped(found) if name in WRITES else found


class Count:
    """Of writes; what becomes of number `fatal`, counted from 0."""

    def __init__(self, fatal: int, lost: bool = False) -> None:
        self.done, self.fatal, self.lost = 0, fatal, lost

    def wrapped(self, write: Any) -> Any:
        def call(*args: Any, **kwargs: Any) -> Any:
            number, self.done = self.done, self.done + 1
            if number == self.fatal and not self.lost:
                raise KilledError
            answer = write(*args, **kwargs)
            if number == self.fatal:
                raise AutoReconnect("the answer was lost")
            return answer

        return call


def watch(store: MongoStore, fatal: int, lost: bool = False) -> Count:
    """From now on the store's writes are counted."""
    count, place = Count(fatal, lost), store.place
    place.analyses = Watched(place.analyses, count)  # type: ignore[assignment]
    place.results = Watched(place.results, count)  # type: ignore[assignment]
    upload = place.files.upload_from_stream
    place.files.upload_from_stream = count.wrapped(upload)  # type: ignore[method-assign]
    return count
