"""The verbs beside measuring that have a file each, which is imported when one is used."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import import_module
from typing import TypeAlias

__all__ = ["VERBS", "Run", "parse"]

Run: TypeAlias = Callable[[], int]
"""Does what was asked and returns the exit status."""

VERBS = ("baseline", "check", "compare", "report", "serve", "tags", "worker")
"""Each is a module here with ``parse(argv: Sequence[str]) -> Run``."""


def parse(argv: Sequence[str]) -> Run | None:
    """What the first argument asks for if it is one of these verbs, else None.

    Raises:
        SystemExit: After --help (status 0), or with a usage error (status 2).
    """
    if not argv or argv[0] not in VERBS:
        return None
    parsed: Run = import_module(f".{argv[0]}", __package__).parse(argv[1:])
    return parsed
