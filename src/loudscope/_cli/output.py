"""Writing to stdout, which may be a pipe that is closed at the other end."""

from __future__ import annotations

import errno
import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["StdoutClosedError", "StdoutFailedError", "abandon", "prepare", "write", "writing"]


class StdoutClosedError(Exception):
    """Nobody reads stdout any longer."""


class StdoutFailedError(Exception):
    """The answer could not be written."""


def prepare(*, machine: bool) -> None:
    """Make stdout take any file name: UTF-8 for machines, else escapes."""
    if not isinstance(sys.stdout, io.TextIOWrapper):
        return
    if machine and not sys.stdout.isatty():
        sys.stdout.reconfigure(encoding="utf-8")
    sys.stdout.reconfigure(errors="backslashreplace")


@contextmanager
def writing() -> Iterator[None]:
    """Write to stdout within, and nothing else.

    Raises:
        StdoutClosedError: The pipe is closed.
        StdoutFailedError: It cannot be written for another reason, such as a full disk.
    """
    try:
        yield
    except OSError as error:
        # Windows reports a closed pipe as EINVAL.
        if isinstance(error, BrokenPipeError) or (os.name == "nt" and error.errno == errno.EINVAL):
            raise StdoutClosedError from None
        raise StdoutFailedError(error.strerror or str(error)) from None


def write(text: str) -> None:
    """Write text to stdout and flush it; raises what `writing` does."""
    with writing():
        sys.stdout.write(text)
        sys.stdout.flush()


def abandon() -> None:
    """Point stdout at nothing, so that the flush at exit has nowhere to fail."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, sys.stdout.fileno())
    finally:
        os.close(nowhere)
