"""Progress on stderr, while work is long and somebody looks at a terminal."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final, Protocol

from .sheet import columns, is_unicode, takes_escapes
from .styled import cells, clip
from .text import printable

__all__ = ["Display", "display"]

_QUIET_SECONDS: Final = 0.5  # work that is shorter shows nothing
_BETWEEN_SECONDS: Final = 0.1  # lines are drawn no oftener
_MOST_ROWS: Final = 8
_BAR: Final = 24
_HIDE, _SHOW = "\x1b[?25l", "\x1b[?25h"  # the cursor


class Display(Protocol):
    """Where progress and errors are shown; any thread may call it."""

    def moved(self, index: int, done: float, total: float | None) -> None:
        """The item of this index has come this far, in any unit; a total of None is unknown."""

    def ended(self, index: int) -> None:
        """The item of this index is done, well or not."""

    def say(self, line: str) -> None:
        """Write one line to stderr."""


@contextmanager
def display(names: Sequence[str], *, shown: bool) -> Iterator[Display]:
    """Show progress over items while the context lasts, if stderr is a terminal.

    Args:
        names: One name per item, in the order of their indices.
        shown: False keeps the terminal for the lines that `say` writes.
    """
    if not (shown and takes_escapes(sys.stderr)):
        yield _Plain()
        return
    live = _Live(names)
    try:
        yield live
    finally:
        live.close()


class _Plain:
    """Says lines and shows no progress."""

    def moved(self, index: int, done: float, total: float | None) -> None:
        pass

    def ended(self, index: int) -> None:
        pass

    def say(self, line: str) -> None:
        _put(f"{line}\n")


class _Live:
    """A bar over all items and, if there are several, one for each that is under way."""

    def __init__(self, names: Sequence[str]) -> None:
        self._names = [printable(name) for name in names]
        self._whole = self._names[0] if len(names) == 1 else f"{len(names)} files"
        self._letters = "━─" if is_unicode(sys.stderr) else "#."
        self._lock = threading.Lock()
        self._begin = time.monotonic()
        self._due = self._begin + _QUIET_SECONDS
        self._fractions: dict[int, float] = {}
        self._ended = 0
        self._drawn = 0  # lines that stand on the screen
        self._hidden = False

    def moved(self, index: int, done: float, total: float | None) -> None:
        with self._lock:
            self._fractions[index] = min(done / total, 1.0) if total else 0.0
            self._draw()

    def ended(self, index: int) -> None:
        with self._lock:
            self._ended += 1
            self._fractions.pop(index, None)
            self._draw()

    def say(self, line: str) -> None:
        with self._lock:
            _put(f"{self._erased()}{line}\n")

    def close(self) -> None:
        with self._lock:
            _put(self._erased() + (_SHOW if self._hidden else ""))

    def _draw(self) -> None:
        now = time.monotonic()
        if now < self._due:
            return
        self._due = now + _BETWEEN_SECONDS
        lines = list(self._lines(now - self._begin))
        hide = "" if self._hidden else _HIDE
        self._hidden = True  # before it is: an interrupt in between must show it again
        erased = self._erased()
        self._drawn = len(lines)
        _put(hide + erased + "".join(f"{line}\n" for line in lines))

    def _erased(self) -> str:
        """What takes the lines away: up to the first, and all from there on cleared."""
        lines, self._drawn = self._drawn, 0
        return f"\x1b[{lines}F\x1b[J" if lines else ""

    def _lines(self, elapsed: float) -> Iterator[str]:
        under_way = sum(self._fractions.values())
        fraction = (self._ended + under_way) / max(len(self._names), 1)
        yield self._line(self._whole, fraction, _left(elapsed, fraction))
        if len(self._names) > 1:
            for index, part in list(self._fractions.items())[:_MOST_ROWS]:
                yield self._line(f"  {self._names[index]}", part, "")

    def _line(self, name: str, fraction: float, left: str) -> str:
        full = round(_BAR * fraction)
        bar = self._letters[0] * full + self._letters[1] * (_BAR - full)
        tail = f"  {bar} {100 * fraction:3.0f} % {left:>8}"
        room = max(columns(sys.stderr) - 1 - len(tail), 0)
        name = clip(name, room)
        return f"{name}{' ' * (room - cells(name))}{tail}"


def _left(elapsed: float, fraction: float) -> str:
    """The time left if work goes on as it did, h:mm:ss."""
    if fraction <= 0.0:
        return "-:--:--"
    seconds = round(elapsed * (1.0 - fraction) / fraction)
    return f"{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


def _put(text: str) -> None:
    sys.stderr.write(text)
    sys.stderr.flush()
