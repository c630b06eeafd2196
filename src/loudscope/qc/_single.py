"""One collector on the decode of a source, where `inspect` has them all."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from .._audio import Samples
from .._layouts import Layout
from ._collector import Collector
from ._seconds import Seconds

__all__ = ["Single"]

Result = TypeVar("Result")


class Single(Generic[Result]):
    """Passes the audio on to a collector, cut as `inspect` cuts it; see `Tap`.

    Args:
        make: Makes the collector, of the sampling rate and the layout.
    """

    def __init__(self, make: Callable[[int, Layout], Collector[Result]]) -> None:
        self._make = make

    def begin(self, rate_hz: int, layout: Layout, bits: int | None) -> None:
        del bits
        self._seconds = Seconds(rate_hz, layout.count)
        self._collector = self._make(rate_hz, layout)

    def feed(self, chunk: Samples) -> None:
        for second in self._seconds.push(chunk):
            self._pass_on(second)

    def end(self, detail: dict[str, NDArray[Any] | None]) -> None:
        del detail
        for second in self._seconds.flush():
            self._pass_on(second)

    def _pass_on(self, second: NDArray[np.float32]) -> None:
        self._collector.feed(second, self._seconds.first_frame)

    def finish(self) -> Result:
        """What the collector gathered."""
        return self._collector.finish(self._seconds.frames)
