"""A figure of a track is worked out once, however many genres ask for it."""

from __future__ import annotations

import functools
import weakref
from collections.abc import Callable
from typing import TypeVar

__all__ = ["once"]

Track = TypeVar("Track")
Figure = TypeVar("Figure")


def once(work: Callable[[Track], Figure]) -> Callable[[Track], Figure]:
    """Remembers what `work` found of a track for as long as that very object lives.

    The object cannot change, and its figure holds no reference to it.
    """
    known: dict[int, tuple[weakref.ref[Track], Figure]] = {}

    @functools.wraps(work)
    def asked(track: Track) -> Figure:
        key = id(track)
        found = known.get(key)
        if found is not None and found[0]() is track:
            return found[1]
        figure = work(track)
        known[key] = weakref.ref(track, lambda _: known.pop(key, None)), figure
        return figure

    return asked
