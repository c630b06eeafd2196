"""A file that is being received: counted, hashed, written in threads, and gone unless kept."""

from __future__ import annotations

import asyncio
import hashlib
import os
import secrets
from concurrent.futures import Executor
from pathlib import Path
from threading import Lock
from typing import Final

__all__ = ["Spool"]

PIECE_BYTES: Final = 1024 * 1024


class Spool:
    """Bytes on their way to a file of a name that is ours.

    Attributes:
        path: Where they go.
        name: What the client called the file, for display.
        size: Bytes so far.
    """

    def __init__(self, folder: Path, name: str, executor: Executor) -> None:
        self.path = folder / secrets.token_hex(16)
        self.name = name
        self.size = 0
        self._executor = executor
        self._held = bytearray()
        self._hash = hashlib.sha256()
        self._file: int | None = None
        self._gone = False
        self._lock = Lock()  # a cancelled upload is discarded while a thread may still write

    async def add(self, data: bytes) -> None:
        """Takes bytes; a piece of a megabyte is written at once, in a thread.

        Raises:
            OSError: The disk does not take it.
        """
        self.size += len(data)
        self._held += data
        if len(self._held) >= PIECE_BYTES:
            await self._flush()

    async def finish(self) -> str:
        """Writes the rest.

        Returns:
            The SHA-256 of all, in hexadecimal.

        Raises:
            OSError: The disk does not take it.
        """
        await self._flush()
        await self._in_thread(self._close)
        return self._hash.hexdigest()

    async def discard(self) -> None:
        """Deletes the file, if it is still there."""
        await asyncio.shield(self._in_thread(self._remove))

    async def _flush(self) -> None:
        piece, self._held = self._held, bytearray()
        await self._in_thread(self._write, piece)

    def _in_thread(self, work: object, *args: object) -> asyncio.Future[None]:
        return asyncio.get_running_loop().run_in_executor(self._executor, work, *args)  # type: ignore[arg-type]

    def _write(self, piece: bytearray) -> None:
        with self._lock:
            if self._gone:
                return
            if self._file is None:
                self._file = os.open(self.path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
            self._hash.update(piece)
            rest = memoryview(piece)
            while rest:
                rest = rest[os.write(self._file, rest) :]

    def _close(self) -> None:
        with self._lock:
            if self._file is not None:
                os.close(self._file)
                self._file = None

    def _remove(self) -> None:
        self._close()
        with self._lock:
            self._gone = True
            self.path.unlink(missing_ok=True)
