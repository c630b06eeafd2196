"""Answers that were already given, by the hash of the question."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from ._transport import MOST_REPLY_BYTES

__all__ = ["Answers"]

MOST_HELD = 128


class Answers:
    """Answers in memory, and in a folder if there is one.

    An answer is checked again whenever it is used, so a file that was tampered with is no worse
    than a model that answers badly.
    """

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._held: dict[str, str] = {}

    def get(self, key: str) -> str | None:
        """The answer to a question, or None."""
        if key in self._held or self._folder is None:
            return self._held.get(key)
        path = self._folder / f"{key}.json"
        try:
            if path.stat().st_size > MOST_REPLY_BYTES:
                return None
            return path.read_text("utf-8")
        except (OSError, UnicodeDecodeError):
            return None

    def put(self, key: str, answer: str) -> None:
        """Keeps an answer; a folder that cannot be written to is no reason to fail."""
        if len(self._held) >= MOST_HELD:
            self._held.pop(next(iter(self._held)))
        self._held[key] = answer
        if self._folder is not None:
            with contextlib.suppress(OSError):
                self._write(self._folder, key, answer)

    @staticmethod
    def _write(folder: Path, key: str, answer: str) -> None:
        """Whole or not at all: another process may read it at any time."""
        import tempfile

        folder.mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(dir=folder, suffix=".part")
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                file.write(answer)
            os.replace(name, folder / f"{key}.json")
        except OSError:
            with contextlib.suppress(OSError):
                os.unlink(name)
            raise
