"""Depots: where uploaded audio lies until it was measured. A folder, or S3 for many machines."""

from __future__ import annotations

import re
from pathlib import Path

from loudscope import InvalidArgument

from .._ports import Depot

__all__ = ["open_depot"]

BUCKET = re.compile(r"s3://(?P<bucket>[a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:/(?P<prefix>[\w./-]*))?")


def open_depot(place: str, folder: Path, endpoint: str | None = None) -> Depot:
    """Opens a depot.

    Args:
        place: "folder", or "s3://bucket/prefix".
        folder: The service's folder; audio goes into its "audio".
        endpoint: URL of the S3 server, unless it is Amazon's. Credentials and region are found as
            boto3 finds them: environment, files, or the machine's role.

    Raises:
        InvalidArgument: Neither of the two.
        MissingExtra: S3 needs `pip install 'loudscope[service-scale]'`.
        UnavailableError: The folder cannot be made. An S3 that is away is no error here.
    """
    if place == "folder":
        from ._folder import FolderDepot

        return FolderDepot(folder / "audio")
    match = BUCKET.fullmatch(place)
    if match is None:
        raise InvalidArgument(f"depot = {place!r} is neither 'folder' nor as s3://bucket/prefix")
    from ._s3 import S3Depot

    return S3Depot(match["bucket"], match["prefix"] or "", endpoint)
