"""The depot of many machines: a bucket of S3."""

from __future__ import annotations

import errno
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from loudscope import MissingExtra

from .._errors import UnavailableError
from ._names import NAME, checked

__all__ = ["S3Depot"]

CONNECT_SECONDS: Final = 2.0
READ_SECONDS: Final = 20.0
ATTEMPTS: Final = 3  # of every call, with growing pauses; S3 repeats none of them twice over
ABSENT: Final = {"404", "NoSuchKey"}


class S3Depot:
    """See `loudscope.service._ports.Depot`."""

    def __init__(self, bucket: str, prefix: str, endpoint: str | None) -> None:
        """A depot in a bucket that is there already; it is not asked for anything yet.

        Args:
            bucket: Its name.
            prefix: What the keys begin with, without the slash at its end; or "".
            endpoint: URL of the server, or None for Amazon's.

        Raises:
            MissingExtra: boto3 is not installed.
        """
        self.bucket = bucket
        self.prefix = f"{prefix.strip('/')}/" if prefix.strip("/") else ""
        self._client = connect(endpoint)

    def ping(self) -> None:
        """Raises if the bucket cannot be reached."""
        with self._working():
            self._client.head_bucket(Bucket=self.bucket)

    def close(self) -> None:
        """Lets go of connections."""
        self._client.close()

    def put(self, path: Path, name: str) -> None:
        """Uploads the file, in parts if it is large, and deletes it here.

        S3 shows an object once all of it has arrived, or not at all.
        """
        key = self.prefix + checked(name)
        with self._working():
            self._client.upload_file(str(path), self.bucket, key)
        path.unlink(missing_ok=True)

    def fetch(self, name: str, folder: Path) -> Path:
        """A copy in `folder`, under a name of its own; whoever asked for it deletes it."""
        path = folder / f"{checked(name)}-{secrets.token_hex(4)}"
        try:
            with self._working(name):
                self._client.download_file(self.bucket, self.prefix + name, str(path))
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        return path

    def delete(self, name: str) -> None:
        """Deletes it; S3 does not mind if it is not there."""
        with self._working():
            self._client.delete_object(Bucket=self.bucket, Key=self.prefix + checked(name))

    def names(self, before: float) -> Iterator[str]:
        """What is older, by S3's clock; a thousand are listed at a time."""
        pages = self._client.get_paginator("list_objects_v2")
        with self._working():
            for page in pages.paginate(Bucket=self.bucket, Prefix=self.prefix):
                for found in page.get("Contents", ()):
                    name = str(found["Key"])[len(self.prefix) :]
                    if found["LastModified"].timestamp() < before and NAME.fullmatch(name):
                        yield name

    @contextmanager
    def _working(self, name: str | None = None) -> Iterator[None]:
        """Gives the errors of boto3 and of the network one name.

        Raises:
            FileNotFoundError: There is no object `name`.
            UnavailableError: Anything else.
        """
        from boto3.exceptions import Boto3Error
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            yield
        except ClientError as error:
            code = str(error.response.get("Error", {}).get("Code"))
            if name is not None and code in ABSENT:
                raise FileNotFoundError(errno.ENOENT, "there is no such audio", name) from error
            raise self._unavailable(f"answers {code}") from error
        except (Boto3Error, BotoCoreError) as error:
            raise self._unavailable(f"cannot be used: {error}") from error

    def _unavailable(self, what: str) -> UnavailableError:
        return UnavailableError("depot", f"the S3 bucket {self.bucket} {what}")


def connect(endpoint: str | None) -> Any:  # noqa: ANN401 (boto3 makes its classes as it runs)
    """A client of S3; it may be used by many threads.

    Raises:
        MissingExtra: boto3 is not installed.
    """
    try:
        import boto3
        from botocore.config import Config
    except ImportError as error:
        raise MissingExtra(
            "an S3 depot needs boto3: pip install 'loudscope[service-scale]'"
        ) from error
    config = Config(
        connect_timeout=CONNECT_SECONDS,
        read_timeout=READ_SECONDS,
        retries={"mode": "standard", "total_max_attempts": ATTEMPTS},
        max_pool_connections=32,
        # Checksums beyond those of the protocol are not understood by every server of S3.
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
    )
    region = os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION")
    if endpoint is not None and region is None:
        region = "us-east-1"  # a server of one's own has none, but a signature needs one
    return boto3.client("s3", endpoint_url=endpoint, region_name=region, config=config)
