"""Stores: where analyses and results are kept. SQLite for one machine, MongoDB for many."""

from __future__ import annotations

from pathlib import Path

from loudscope import InvalidArgument, MissingExtra

from .._ports import Store
from ._merge import REMEMBER_SECONDS

__all__ = ["open_store"]


def open_store(place: str, folder: Path, remember: float = REMEMBER_SECONDS) -> Store:
    """Opens a store, and makes it if it is not there.

    Args:
        place: "sqlite", or the URL of a MongoDB with a database: "mongodb://host:27017/loudscope".
        folder: Where SQLite keeps its file.
        remember: Seconds for which it is known of a result that it has expired.

    Raises:
        InvalidArgument: Neither of the two, or a URL without a database.
        MissingExtra: MongoDB needs `pip install 'loudscope[service-scale]'`.
        UnavailableError: SQLite's file cannot be opened. A MongoDB that is away is no error here.
    """
    if place == "sqlite":
        from ._sqlite import SQLiteStore

        return SQLiteStore(folder / "service.sqlite3", remember)
    if place.startswith(("mongodb://", "mongodb+srv://")):
        try:
            from ._mongo import MongoStore
        except ImportError as error:
            raise MissingExtra(
                "a MongoDB store needs pymongo: pip install 'loudscope[service-scale]'"
            ) from error
        return MongoStore(place, remember)
    raise InvalidArgument(
        f"store = {place!r} is neither 'sqlite' nor a URL as mongodb://host:27017/loudscope"
    )
