"""What taps a decode second by second: here for one collector; `inspect` has them all."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any, Generic, TypeVar

from numpy.typing import NDArray

from .._audio import Samples
from .._layouts import Layout
from ._collector import Chunk, Collector
from ._seconds import Seconds

__all__ = ["EachSecond", "Single"]

Result = TypeVar("Result")


class EachSecond(ABC):
    """A tap that is given the audio a second at a time; see `Tap`."""

    def begin(self, rate_hz: int, layout: Layout, bits: int | None) -> None:
        del bits
        self.seconds = Seconds(rate_hz, layout.count)

    def feed(self, chunk: Samples) -> None:
        for second in self.seconds.push(chunk):
            self.take(second, self.seconds.first_frame)

    def end(self, detail: dict[str, NDArray[Any] | None]) -> None:
        del detail
        for second in self.seconds.flush():
            self.take(second, self.seconds.first_frame)

    @abstractmethod
    def take(self, second: Chunk, first_frame: int) -> None:
        """Each second, and what is left at the end."""


class Single(EachSecond, Generic[Result]):
    """Passes the audio on to a collector.

    Args:
        make: Makes the collector, of the sampling rate and the layout.
    """

    def __init__(self, make: Callable[[int, Layout], Collector[Result]]) -> None:
        self._make = make

    def begin(self, rate_hz: int, layout: Layout, bits: int | None) -> None:
        super().begin(rate_hz, layout, bits)
        self._collector = self._make(rate_hz, layout)

    def take(self, second: Chunk, first_frame: int) -> None:
        self._collector.feed(second, first_frame)

    def finish(self) -> Result:
        """What the collector gathered."""
        return self._collector.finish(self.seconds.frames)
