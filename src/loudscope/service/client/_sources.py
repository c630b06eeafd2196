"""What can be uploaded, as files that httpx sends from where they stand."""

from __future__ import annotations

import os
from contextlib import ExitStack
from io import BytesIO, RawIOBase, TextIOBase, UnsupportedOperation
from os import PathLike
from pathlib import Path
from typing import BinaryIO, TypeAlias

from loudscope import FileError, InvalidArgument

__all__ = ["Abandoned", "Content", "Source", "opened"]

Source: TypeAlias = "str | PathLike[str] | bytes | BinaryIO"


class Abandoned(Exception):
    """Nobody waits for the upload any more."""


class Content(RawIOBase):
    """The rest of a file, from where it stood: httpx begins at 0, and so at that place.

    Attributes:
        abandoned: Set from another thread, it ends an upload at its next piece.
    """

    def __init__(self, file: BinaryIO) -> None:
        super().__init__()
        self._file = file
        self._seekable = file.seekable()
        self._begin = file.tell() if self._seekable else 0
        self.abandoned = False

    def readable(self) -> bool:
        """It is."""
        return True

    def seekable(self) -> bool:
        """Whether it can be sent twice."""
        return self._seekable

    def read(self, size: int = -1) -> bytes:
        """The next bytes.

        Raises:
            Abandoned: Nobody waits for them.
        """
        if self.abandoned:
            raise Abandoned
        return self._file.read(size)

    def tell(self) -> int:
        """Bytes from where it stood."""
        self._check()
        return self._file.tell() - self._begin

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """As of a file that begins where this one stood."""
        self._check()
        place = offset + (self._begin if whence == os.SEEK_SET else 0)
        return self._file.seek(place, whence) - self._begin

    def _check(self) -> None:
        if not self._seekable:
            raise UnsupportedOperation("seek")


def opened(source: Source, stack: ExitStack) -> tuple[str, Content]:
    """Name and content of what is to be uploaded; a file opened here is closed with `stack`.

    Raises:
        FileError: It cannot be read.
        InvalidArgument: It is nothing that can be uploaded.
    """
    if isinstance(source, bytes | bytearray | memoryview):
        return "audio", Content(BytesIO(source))
    if isinstance(source, str | PathLike):
        path = Path(source)
        try:
            return path.name, Content(stack.enter_context(path.open("rb")))
        except OSError as error:
            why = error.strerror or str(error)
            raise FileError(f"{path}: cannot be read ({why})", str(path)) from error
    if not hasattr(source, "read") or isinstance(source, TextIOBase):
        kind = type(source).__name__
        raise InvalidArgument(f"audio: {kind} is no path, no bytes and no binary file")
    named = getattr(source, "name", None)
    return (os.path.basename(named) if isinstance(named, str) else "audio"), Content(source)
