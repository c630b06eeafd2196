"""What to measure and how: the arguments that every public call shares."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from numbers import Integral
from typing import Any, Literal, Protocol, TypeAlias

from numpy.typing import NDArray

from . import _core
from ._audio import Samples, check_axis
from ._errors import InvalidArgument
from ._grid import check_seconds, is_end, row_at
from ._layouts import Layout
from ._table import BlockTable
from .typing import Progress

__all__ = ["Guard", "Request", "Tap", "available_cores", "thread_count"]

MOST_THREADS = 1024

Guard: TypeAlias = "Callable[[int, int, int], object]"
"""Called with the sampling rate in Hz, the channels, and the frames decoded so far."""


class Tap(Protocol):
    """Sees what the engine sees: the samples on their way, and the detail that it gives."""

    def begin(self, rate_hz: int, layout: Layout, bits: int | None) -> None:
        """Before the first chunk; `bits` of the file's integer samples, where it says so."""
        ...

    def feed(self, chunk: Samples) -> None:
        """The next chunk, shape (n, C), which the engine has taken. NaN may still be in it."""
        ...

    def end(self, detail: dict[str, NDArray[Any] | None]) -> None:
        """After the last: `band_tick_energy` and `band_peak`."""
        ...


@dataclass(frozen=True, slots=True)
class Request:
    """What to measure and how; the arguments that every public call shares."""

    rate_hz: object = None
    axis: int = 0
    layout: object = None
    start: float | None = None
    stop: float | None = None
    threads: int | None = None
    progress: Progress | None = None
    on_nonfinite: Literal["raise", "zero"] = "raise"
    partial: Literal["raise", "accept"] = "raise"
    edges_hz: tuple[float, ...] = ()
    weighting: bool = True
    peaks: bool = True
    levels: bool = True
    largest_only: bool = False
    exhaustive: bool = False
    tap: Tap | None = None
    guard: Guard | None = None

    def check(self) -> None:
        """Raises InvalidArgument for options that do not fit."""
        check_axis(self.axis)
        for name, value, known in (
            ("on_nonfinite", self.on_nonfinite, ("raise", "zero")),
            ("partial", self.partial, ("raise", "accept")),
        ):
            if value not in known:
                raise InvalidArgument(f"{name}={value!r}: choose {known[0]!r} or {known[1]!r}")
        for name, seconds in (("start", self.start), ("stop", self.stop)):
            if seconds is not None:
                check_seconds(name, seconds)
        if self.start is not None and self.stop is not None and self.start >= self.stop:
            raise InvalidArgument(f"start={self.start}, stop={self.stop}: start before stop")
        thread_count(self.threads)
        if self.progress is not None and not callable(self.progress):
            raise InvalidArgument(
                f"progress={self.progress!r}: give a function of (seconds done, seconds in all)"
            )

    @property
    def thread_count(self) -> int:
        """Threads to use: as asked for, or one for each core that this process may use."""
        return min(thread_count(self.threads), MOST_THREADS)

    def admit(self, rate_hz: int, channels: int, frames: int) -> None:
        """Asks the guard, if there is one, whether to go on."""
        if self.guard is not None:
            self.guard(rate_hz, channels, frames)

    def rows(self, rate_hz: int) -> tuple[int, int | None]:
        """First row, and one past the last that may be wanted, or None.

        Whether a last block that is not complete reaches up to `stop` shows at its end, so one row
        more is measured; `within` drops it again.
        """
        first = 0 if self.start is None else row_at(check_seconds("start", self.start), rate_hz)
        if self.stop is None:
            return first, None
        return first, row_at(check_seconds("stop", self.stop), rate_hz) + 1

    def within(self, table: BlockTable, frames: int) -> BlockTable:
        """The rows up to `stop` of a table of audio that has, so far as was seen, `frames`."""
        first, last = self.rows(table.rate_hz)
        if last is None or is_end(check_seconds("stop", self.stop), frames, table.rate_hz):
            return table
        if last - 1 <= first:
            raise InvalidArgument(
                f"start={self.start}, stop={self.stop}: the span holds no block of 100 ms"
            )
        return table.rows(0, min(table.blocks, last - 1 - first))

    def options(self, rate_hz: int, layout: Layout) -> _core.Options:
        """The engine's options."""
        return _core.Options(
            rate_hz,
            layout.count,
            layout.front_pair or (-1, -1),
            list(self.edges_hz),
            self.weighting,
            self.peaks,
            self.exhaustive,
            detail=self.tap is not None,
            levels=self.levels,
            largest_only=self.largest_only and self.stop is None,  # its row may be dropped again
        )


def thread_count(threads: int | None) -> int:
    """As many as asked for, or one for each core that this process may use.

    Raises:
        InvalidArgument: Less than 1, or no whole number.
    """
    whole = isinstance(threads, Integral) and not isinstance(threads, bool)
    if threads is not None and not (whole and threads > 0):
        raise InvalidArgument(f"threads={threads!r}: give 1 or more, or None for all")
    return available_cores() if threads is None else int(threads)


def available_cores() -> int:
    """Cores that this process may use: the threads that ``threads=None`` takes."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
