"""Bytes of an audio file: a path or an open binary file, read at absolute offsets."""

from __future__ import annotations

import contextlib
import io
import os
import stat
from bisect import bisect_right
from collections.abc import Iterable
from typing import Protocol, runtime_checkable

from ._errors import FileError, UnsupportedType

__all__ = ["BinaryFile", "ByteStream", "View", "open_stream"]

MOST_COPIED = 16 << 20  # bytes: seven minutes of MP3 at 320 kbit/s


@runtime_checkable
class BinaryFile(Protocol):
    """What an open file must be able to do: the read, seek and tell of a binary file."""

    def read(self, size: int, /) -> bytes | None: ...
    def seek(self, offset: int, whence: int = 0, /) -> int: ...
    def tell(self) -> int: ...


class ByteStream:
    """A seekable binary file, read at absolute offsets.

    The size is taken once: whatever a header declares, no read goes past it and no buffer is
    larger than what is really there.

    Attributes:
        size: Bytes in the file.
        name: Last part of the path, or the open file's own name.
        path: The path as it was given, or None for an open file.
        failure: What the file object raised inside a decoder's callback.
    """

    def __init__(self, file: BinaryFile, name: str, path: str | None, owned: bool) -> None:
        self._file = file
        self._owned = owned
        self.name = name
        self.path = path
        self.failure: BaseException | None = None
        try:
            file.seek(0, io.SEEK_END)
            self.size = int(file.tell())
        except Exception as error:
            raise self.error(f"its length cannot be told ({error})") from error

    def error(self, reason: str, kind: type[FileError] = FileError) -> FileError:
        """An error of that kind that names the file."""
        return kind(f"{self.path or self.name}: {reason}", self.path)

    def read_at(self, offset: int, count: int) -> bytes:
        """Bytes from `offset`: `count` of them, or fewer where the file ends.

        Raises:
            FileError: The file object failed.
        """
        wanted = max(0, min(count, self.size - offset))
        pieces: list[bytes] = []
        try:
            if wanted:
                self._file.seek(offset)
            while wanted > 0:
                piece = self._file.read(wanted)
                if piece is None:
                    raise BlockingIOError("the file does not block until bytes are there")
                if not piece:
                    break
                pieces.append(piece)
                wanted -= len(piece)
            return pieces[0] if len(pieces) == 1 else b"".join(pieces)
        except Exception as error:
            raise self.error(f"reading failed at byte {offset} ({error})") from error

    def descriptor(self) -> int | None:
        """A new descriptor of the same file, for a decoder that reads by itself; else None.

        Only of a path opened here, only while it still names that very file, and not on Windows,
        where a descriptor means nothing to another C library.
        """
        if self.path is None or not isinstance(self._file, io.FileIO) or os.name != "posix":
            return None
        try:
            descriptor = os.open(self.path, os.O_RDONLY)
        except OSError:
            return None
        ours, theirs = os.fstat(self._file.fileno()), os.fstat(descriptor)
        if (ours.st_dev, ours.st_ino) == (theirs.st_dev, theirs.st_ino):
            return descriptor
        os.close(descriptor)
        return None

    def raise_failure(self) -> None:
        """Raise what the file object raised inside a decoder's callback, if it did."""
        failure, self.failure = self.failure, None
        if failure is not None:
            raise failure

    def close(self) -> None:
        """Close the file if it was opened here; an open file stays its owner's."""
        close = getattr(self._file, "close", None)
        if self._owned and close is not None:
            close()


class View:
    """A read-only file for a decoder: `head`, then some spans of a stream, one after the other.

    A decoder calls it from C, where an exception would be printed and lost. So an exception
    ends the data and waits in ``stream.failure``.
    """

    def __init__(
        self, stream: ByteStream, spans: Iterable[tuple[int, int]] | None = None, head: bytes = b""
    ) -> None:
        self.stream = stream
        self._head = head
        self._spans: list[tuple[int, int]] = []
        self._begins: list[int] = []  # where in the view each span begins
        self.size = len(head)
        self._whole = spans is None and not head
        for start, end in [(0, stream.size)] if spans is None else spans:
            self._spans.append((start, end))
            self._begins.append(self.size)
            self.size += max(0, min(end, stream.size) - start)
        self._position = 0

    def source(self) -> int | io.BytesIO | View:
        """What a decoder reads these bytes from fastest, from the first: a descriptor, or a file.

        A decoder that calls back asks for an MP3 frame by frame, which takes a quarter of the time
        of decoding it. So what has no descriptor is copied, if it is small: to where the system has
        nameless files in memory, else to bytes, which answer sooner than a file.
        """
        descriptor = self.stream.descriptor() if self._whole else None
        if descriptor is not None:
            return descriptor
        self.seek(0)
        if self.size > MOST_COPIED:
            return self
        copy = io.BytesIO(self.read())
        self.stream.raise_failure()
        self.seek(0)
        with contextlib.suppress(OSError):
            return _nameless(copy)
        return copy

    def read(self, count: int = -1) -> bytes:
        left = max(0, self.size - self._position)
        wanted = left if count < 0 else min(count, left)
        pieces: list[bytes] = []
        while wanted > 0:
            piece = self._piece(wanted)
            if not piece:
                break
            pieces.append(piece)
            wanted -= len(piece)
            self._position += len(piece)
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)

    def _piece(self, wanted: int) -> bytes:
        if self._position < len(self._head):
            return self._head[self._position : self._position + wanted]
        index = bisect_right(self._begins, self._position) - 1
        start, end = self._spans[index]
        offset = start + self._position - self._begins[index]
        try:
            return self.stream.read_at(offset, min(wanted, end - offset))
        except BaseException as error:
            self.stream.failure = error
            return b""

    def readinto(self, buffer: memoryview) -> int:
        data = self.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self.size}[whence]
        self._position = max(0, base + offset)
        return self._position

    def tell(self) -> int:
        return self._position


def _nameless(copy: io.BytesIO) -> int:
    """A descriptor of the same bytes; an OSError where a process may write none: RLIMIT_FSIZE."""
    if not hasattr(os, "memfd_create"):
        raise OSError("the system has no nameless files")
    with os.fdopen(os.memfd_create("loudscope"), "wb") as file:
        file.write(copy.getbuffer())
        file.seek(0)
        return os.dup(file.fileno())


def open_stream(source: object) -> ByteStream:
    """Open a path, or take an open binary file as it is.

    Args:
        source: str, path-like object, or binary file with read, seek and tell.

    Raises:
        UnsupportedType: `source` is neither.
        FileError: There is no such file, it is not a regular file, or it cannot be read or
            positioned.
    """
    if isinstance(source, str | os.PathLike):
        return _open_path(os.fsdecode(source))
    if isinstance(source, io.TextIOBase):
        raise UnsupportedType("source: the file is open as text; open it in binary mode ('rb')")
    if not isinstance(source, BinaryFile):
        raise UnsupportedType(
            f"source: cannot read audio from {type(source).__name__}; give a path or an open "
            "binary file (io.BytesIO(data) for bytes)"
        )
    return _take_file(source)


def _open_path(path: str) -> ByteStream:
    try:
        mode = os.stat(path).st_mode
        if stat.S_ISDIR(mode):
            raise FileError(f"{path}: is a directory; give an audio file", path)
        if not stat.S_ISREG(mode):  # opening a pipe could wait for ever
            raise FileError(
                f"{path}: is not a regular file; copy it into a temporary file first", path
            )
        file = open(path, "rb", buffering=0)  # noqa: SIM115 - closed by ByteStream.close
    except FileError:
        raise
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise FileError(f"{path}: cannot be opened ({reason})", path) from error
    return ByteStream(file, os.path.basename(path) or path, path, owned=True)


def _take_file(file: BinaryFile) -> ByteStream:
    name = getattr(file, "name", None)
    name = os.path.basename(name) if isinstance(name, str) and name else "<open file>"
    try:
        seekable = getattr(file, "seekable", None)
        can_seek = seekable is None or bool(seekable())
        probe = file.read(0)
    except Exception as error:
        raise FileError(f"{name}: the open file cannot be read ({error})") from error
    if isinstance(probe, str):
        raise UnsupportedType(f"source: {name} is open as text; open it in binary mode ('rb')")
    if not can_seek:
        raise FileError(
            f"{name}: the open file cannot seek; copy it into a tempfile.TemporaryFile() first"
        )
    return ByteStream(file, name, None, owned=False)
