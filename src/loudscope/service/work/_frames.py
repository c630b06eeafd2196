"""Messages between the service and its measuring processes: a head in JSON, then blobs.

Neither side unpickles or evaluates anything: whoever takes over a measuring process can send wrong
figures for the file that he uploaded, and that is all.

Layout: length of the head and number of blobs (uint32 each), length of each blob (uint64), the
head, the blobs. Numbers are big-endian.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from typing import Any, Protocol

__all__ = ["Frame", "FrameError", "read", "write"]

_SIZES = struct.Struct(">II")
MOST_HEAD = 1 << 20
MOST_BLOBS = 4
MOST_BLOB = 1 << 30

Frame = tuple[dict[str, Any], tuple[bytes, ...]]


class Readable(Protocol):
    """An open pipe."""

    def read(self, size: int, /) -> bytes | None: ...


class Writable(Protocol):
    """An open pipe."""

    def write(self, data: bytes, /) -> int | None: ...


class FrameError(Exception):
    """The other side sent what is no message."""


def write(pipe: Writable, head: Mapping[str, Any], *blobs: bytes) -> None:
    """Sends a message; raises OSError where nobody reads."""
    text = json.dumps(head).encode()
    lengths = struct.pack(f">{len(blobs)}Q", *map(len, blobs))
    for part in (_SIZES.pack(len(text), len(blobs)) + lengths + text, *blobs):
        left = memoryview(part)
        while left:
            left = left[pipe.write(left) or 0 :]  # type: ignore[arg-type]


def read(pipe: Readable) -> Frame | None:
    """The next message, None at the end.

    Raises:
        FrameError: The pipe ended within a message, or the message is none.
    """
    sizes = _exactly(pipe, _SIZES.size, start=True)
    if not sizes:
        return None
    length, count = _SIZES.unpack(sizes)
    if length > MOST_HEAD or count > MOST_BLOBS:
        raise FrameError(f"a head of {length} bytes, {count} blobs")
    lengths = struct.unpack(f">{count}Q", _exactly(pipe, 8 * count))
    if any(size > MOST_BLOB for size in lengths):
        raise FrameError(f"blobs of {lengths} bytes")
    try:
        head = json.loads(_exactly(pipe, length))
    except ValueError as error:
        raise FrameError("the head is not JSON") from error
    if not isinstance(head, dict):
        raise FrameError("the head is not an object")
    return head, tuple(_exactly(pipe, size) for size in lengths)


def _exactly(pipe: Readable, size: int, *, start: bool = False) -> bytes:
    parts: list[bytes] = []
    left = size
    while left:
        part = pipe.read(min(left, 1 << 20))
        if not part:
            if start and left == size:
                return b""
            raise FrameError(f"the pipe ended {left} bytes early")
        parts.append(part)
        left -= len(part)
    return b"".join(parts)
