"""From what was typed to the files to measure."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

__all__ = ["SUFFIXES", "Found", "gather"]

SUFFIXES = frozenset(
    (
        *(".aac", ".ac3", ".aif", ".aifc", ".aiff", ".amr", ".ape", ".au", ".bwf", ".caf", ".dsf"),
        *(".dts", ".eac3", ".flac", ".m4a", ".m4b", ".mka", ".mp2", ".mp3", ".mpc", ".oga", ".ogg"),
        *(".opus", ".rf64", ".sf", ".snd", ".spx", ".tak", ".tta", ".w64", ".wav", ".wave"),
        *(".weba", ".wma", ".wv"),
        *(".avi", ".flv", ".m4v", ".mkv", ".mov", ".mp4", ".mxf", ".ogv", ".webm", ".wmv"),
    )
)
"""Endings that a search of a directory takes for audio or film; case does not matter."""


@dataclass(frozen=True, slots=True)
class Found:
    """A file to measure, or a place that yielded none.

    Attributes:
        path: The path, relative if it was typed so.
        problem: None for a file; else why there is nothing to measure.
    """

    path: str
    problem: str | None = None


def gather(arguments: Iterable[str]) -> list[Found]:
    """Find the files that the arguments name; each file once, in the order of the arguments.

    A path that exists is taken as it is, even if it looks like a pattern; a directory is searched
    to the bottom for known endings, hidden entries excepted; else `*`, `?`, `[...]` and `**` are
    expanded here, since not every shell does. What names nothing stays in the list as a path, so
    that opening it says so.
    """
    seen: set[str] = set()
    return [found for argument in arguments for found in _expand(argument) if _new(found, seen)]


def _new(found: Found, seen: set[str]) -> bool:
    identity = os.path.normcase(os.path.realpath(found.path))
    fresh = identity not in seen
    seen.add(identity)
    return fresh


def _expand(argument: str) -> Iterator[Found]:
    if os.path.lexists(argument) or not glob.has_magic(argument):
        files: Iterator[Found] = _enter(argument)
        problem = "this directory holds no file with a known audio ending"
    else:
        matches = sorted(glob.glob(argument, recursive=True))
        files = (found for match in matches for found in _enter(match))
        problem = "no file matches this pattern"
    empty = True
    for found in files:
        empty = False
        yield found
    if empty:
        yield Found(argument, problem)


def _enter(path: str) -> Iterator[Found]:
    if os.path.isdir(path):
        yield from _search(path)
    else:
        yield Found(path)


def _search(directory: str) -> Iterator[Found]:
    failures: list[OSError] = []
    for folder, subfolders, names in os.walk(directory, onerror=failures.append):
        subfolders[:] = sorted(name for name in subfolders if not name.startswith("."))
        for name in sorted(names):
            if not name.startswith(".") and os.path.splitext(name)[1].lower() in SUFFIXES:
                yield Found(os.path.join(folder, name))
    for failure in failures:
        yield Found(failure.filename or directory, failure.strerror or str(failure))
