"""Blobs in MongoDB: within their document where they are small, else in files of GridFS.

A document holds 16 MiB; the measurements of an hour are about that. A file is written before the
document that names it, so that what is named is there. A process that dies between the two leaves
a file that nobody names, and the sweep deletes it.
"""

from __future__ import annotations

from typing import Final

from bson import ObjectId
from gridfs import NoFile

from .._records import DOCUMENTS
from ._mongo_place import MongoPlace

__all__ = ["Blob", "drop", "keep", "sweep", "take"]

INLINE_BYTES: Final = 3 * 1024 * 1024  # a document has up to four

Blob = bytes | ObjectId | None


def keep(place: MongoPlace, data: bytes | None, owner: str, until: float) -> Blob:
    """What is to stand in the document `owner`, which is kept at least `until`."""
    if data is None or len(data) <= INLINE_BYTES:
        return data
    about = {"owner": owner, "until": until}
    return place.files.upload_from_stream("blob", data, metadata=about)


def take(place: MongoPlace, blob: Blob) -> bytes | None:
    """What was kept; None if it was deleted meanwhile."""
    if not isinstance(blob, ObjectId):
        return blob
    try:
        return place.files.open_download_stream(blob).read()
    except NoFile:
        return None


def drop(place: MongoPlace, *blobs: Blob) -> None:
    """Deletes the files among them."""
    for blob in blobs:
        if isinstance(blob, ObjectId):
            try:
                place.files.delete(blob)
            except NoFile:
                continue


def sweep(place: MongoPlace, now: float) -> None:
    """Deletes files whose time is over and that no document names."""
    for file in place.files.find({"metadata.until": {"$lte": now}}, no_cursor_timeout=False):
        named = {"_id": (file.metadata or {}).get("owner")}
        of_analysis = place.analyses.find_one({**named, "measurements": file._id}, {"_id": 1})
        either = [{name: file._id} for name in DOCUMENTS]
        of_result = place.results.find_one({**named, "$or": either}, {"_id": 1})
        if of_analysis is None and of_result is None:
            drop(place, file._id)
