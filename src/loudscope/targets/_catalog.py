"""The targets by name: those that come with loudscope, and those in a file of yours."""

from __future__ import annotations

import os
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from os import PathLike
from pathlib import Path
from typing import Any

from loudscope import FileError, InvalidArgument, UnsupportedType

from ._model import Target
from ._read import parse

__all__ = ["find", "get", "load", "names"]


@cache
def _shipped() -> tuple[tuple[Target, dict[str, Any]], ...]:
    text = files("loudscope").joinpath("data", "targets.toml").read_text("utf-8")
    return tuple(parse(text, "targets.toml"))


@cache
def _by_key() -> dict[str, Target]:
    return {
        _key(name): target for target, _ in _shipped() for name in (*target.aliases, target.name)
    }


def _key(name: str) -> str:
    """Names differ neither in case nor in blanks, hyphens and the like: "R 128" is "r128"."""
    return "".join(letter for letter in name.casefold() if letter.isalnum())


def names() -> tuple[str, ...]:
    """Names of the targets that come with loudscope, in the order of the file."""
    return tuple(target.name for target, _ in _shipped())


def get(name: str) -> Target:
    """The target of this name, or of one of its other names.

    Args:
        name: For example "r128" or "Spotify"; case, blanks and hyphens do not matter.

    Raises:
        InvalidArgument: There is none of this name.
    """
    found = _by_key().get(_key(name))
    if found is not None:
        return found
    near = get_close_matches(_key(name), list(_by_key()), 3)
    alike = list(dict.fromkeys(_by_key()[key].name for key in near))
    hint = f"did you mean {' or '.join(alike)}?" if alike else f"there are {', '.join(names())}"
    raise InvalidArgument(
        f"target={name!r}: no target has this name; {hint} (a file of yours ends in .toml)"
    )


def load(path: str | PathLike[str]) -> tuple[Target, ...]:
    """Reads targets of yours from a TOML file; docs/targets.md has the format.

    Args:
        path: The file. Its targets may build on those of loudscope with `like`.

    Raises:
        FileError: It cannot be read, or is not TOML.
        InvalidArgument: A key or a value does not fit; the message names it and the remedy.
    """
    name = os.fspath(path)
    try:
        text = Path(path).read_text("utf-8")
    except OSError as error:
        raise FileError(f"{name}: cannot be read: {error.strerror}", name) from error
    except UnicodeDecodeError as error:
        raise FileError(f"{name}: this is not TOML: it is not UTF-8", name) from error
    known = {target.name: raw for target, raw in _shipped()}
    return tuple(target for target, _ in parse(text, name, known))


def find(target: Target | str | PathLike[str]) -> Target:
    """A target as it is, by its name, or from a file: "mine.toml", "mine.toml#club".

    Raises:
        InvalidArgument: No such target, or the file holds several and none was named.
        FileError: As in `load`.
        UnsupportedType: It is none of these.
    """
    if isinstance(target, Target):
        return target
    if not isinstance(target, str | PathLike):
        raise UnsupportedType(
            f"target: cannot use {type(target).__name__}; give a name, a path or a Target"
        )
    path, mark, wanted = os.fspath(target).partition("#")
    if isinstance(target, str) and not path.lower().endswith(".toml"):
        return get(target)
    found = load(path)
    if mark:
        found = tuple(one for one in found if _key(one.name) == _key(wanted)) or found
    if len(found) != 1 or (mark and _key(found[0].name) != _key(wanted)):
        there = ", ".join(one.name for one in load(path))
        raise InvalidArgument(f"target={os.fspath(target)!r}: name one, as in {path}#NAME: {there}")
    return found[0]
