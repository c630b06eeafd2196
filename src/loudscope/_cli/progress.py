"""Progress on stderr, while work is long and somebody looks at a terminal."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

from .text import printable

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

__all__ = ["Display", "display"]

_QUIET_SECONDS = 0.5  # work that is shorter shows nothing
_MOST_ROWS = 8


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
    if not (shown and sys.stderr.isatty()):
        yield _Plain()
        return
    live = _Live(_progress(), names)
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
        sys.stderr.write(f"{line}\n")
        sys.stderr.flush()


class _Live:
    """A bar over all items and, if there are several, one for each that is under way."""

    def __init__(self, progress: Progress, names: Sequence[str]) -> None:
        self._progress = progress
        self._names = names
        self._lock = threading.Lock()
        self._begin = time.monotonic()
        self._fractions: dict[int, float] = {}
        self._rows: dict[int, TaskID] = {}
        self._ended = 0
        label = printable(names[0]) if len(names) == 1 else f"{len(names)} files"
        self._whole = progress.add_task(label, total=len(names))

    def moved(self, index: int, done: float, total: float | None) -> None:
        with self._lock:
            fraction = min(done / total, 1.0) if total else 0.0
            self._fractions[index] = fraction
            if index not in self._rows and len(self._names) > 1 and len(self._rows) < _MOST_ROWS:
                name = printable(self._names[index])
                self._rows[index] = self._progress.add_task(f"  {name}", total=1.0)
            if index in self._rows:
                self._progress.update(self._rows[index], completed=fraction)
            self._refresh()

    def ended(self, index: int) -> None:
        with self._lock:
            self._ended += 1
            self._fractions.pop(index, None)
            if index in self._rows:
                self._progress.remove_task(self._rows.pop(index))
            self._refresh()

    def say(self, line: str) -> None:
        self._progress.console.print(line, soft_wrap=True)

    def close(self) -> None:
        self._progress.stop()

    def _refresh(self) -> None:
        self._progress.update(self._whole, completed=self._ended + sum(self._fractions.values()))
        if not self._progress.live.is_started and time.monotonic() - self._begin > _QUIET_SECONDS:
            self._progress.start()


def _progress() -> Progress:
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )
    from rich.table import Column

    name = Column(ratio=1, no_wrap=True, overflow="ellipsis")
    return Progress(
        TextColumn("{task.description}", markup=False, table_column=name),
        BarColumn(24),
        TextColumn("{task.percentage:>3.0f} %", markup=False),
        TimeRemainingColumn(),
        console=Console(stderr=True, markup=False, emoji=False, highlight=False),
        transient=True,
        expand=True,
        redirect_stdout=False,  # stdout may be a file, which must get its bytes unchanged
        redirect_stderr=False,
    )
