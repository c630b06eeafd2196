"""Measuring processes that do not start, each a real one: what an operator may do to them."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

__all__ = ["WAYS", "unstartable"]


def half_an_update(folder: Path, patch: pytest.MonkeyPatch) -> None:
    (folder / "numpy.py").write_text("raise ImportError('half an update')\n")
    patch.syspath_prepend(str(folder))


def too_little_memory(folder: Path, patch: pytest.MonkeyPatch) -> None:
    python = shlex.quote(sys.executable)
    patch.setattr(sys, "executable", script(folder, f'ulimit -v 60000; exec {python} "$@"'))


def no_program(folder: Path, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(sys, "executable", str(folder / "python"))


def never_ready(folder: Path, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(sys, "executable", script(folder, "exec sleep 600"))


# By name: how it comes about, and what is said of it.
WAYS: dict[str, tuple[Callable[[Path, pytest.MonkeyPatch], None], str]] = {
    "half an update": (half_an_update, "exit status 1"),
    "too little memory": (too_little_memory, "exit status|signal"),
    "no program": (no_program, "FileNotFoundError"),
    "never ready": (never_ready, "not ready after"),
}


def script(folder: Path, line: str) -> str:
    path = folder / "python.sh"
    path.write_text(f"#!/bin/sh\n{line}\n")
    path.chmod(0o755)
    return str(path)


@contextmanager
def unstartable(folder: Path, way: str) -> Iterator[str]:
    """No measuring process starts inside the block; gives what is said of it."""
    folder.mkdir(exist_ok=True)
    with pytest.MonkeyPatch.context() as patch:
        WAYS[way][0](folder, patch)
        yield WAYS[way][1]
