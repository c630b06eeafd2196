"""Writing to stdout, which may be a pipe that is closed at the other end."""

from __future__ import annotations

import errno
import io
import os
import sys

__all__ = ["StdoutClosedError", "abandon", "prepare", "write"]


class StdoutClosedError(Exception):
    """Nobody reads stdout any longer."""


def prepare(*, machine: bool) -> None:
    """Make stdout take any file name: UTF-8 for machines, else escapes."""
    if not isinstance(sys.stdout, io.TextIOWrapper):
        return
    if machine and not sys.stdout.isatty():
        sys.stdout.reconfigure(encoding="utf-8")
    sys.stdout.reconfigure(errors="backslashreplace")


def write(text: str) -> None:
    """Write text to stdout and flush it.

    Raises:
        StdoutClosedError: The pipe is closed.
        OSError: It cannot be written for another reason, such as a full disk.
    """
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except OSError as error:
        # Windows reports a closed pipe as EINVAL.
        if isinstance(error, BrokenPipeError) or (os.name == "nt" and error.errno == errno.EINVAL):
            raise StdoutClosedError from None
        raise


def abandon() -> None:
    """Point stdout at nothing, so that the flush at exit has nowhere to fail."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, sys.stdout.fileno())
    finally:
        os.close(nowhere)
