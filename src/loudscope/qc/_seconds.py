"""Audio cut anew: whole seconds of float32, however the source is cut."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from .._audio import Samples
from ._collector import Chunk

__all__ = ["Seconds"]

FAR = 100.0  # +40 dBFS: the engine refuses more, and NaN


class Seconds:
    """Collects chunks of any length and dtype until they make a second.

    Every boundary of a 10 ms tick or a 100 ms block falls on the same frame of each second.
    """

    def __init__(self, rate_hz: int, channels: int) -> None:
        self._planar = np.empty((channels, rate_hz), np.float32)
        self._held = 0
        self.first_frame = 0  # of the second that is being filled

    @property
    def frames(self) -> int:
        """Frames that were taken so far."""
        return self.first_frame + self._held

    def push(self, chunk: Samples) -> Iterator[Chunk]:
        """Takes a chunk and gives the seconds that it completes, in the memory of the first.

        `first_frame` tells where each begins.
        """
        done, rate_hz = 0, self._planar.shape[1]
        while done < len(chunk):
            taken = min(len(chunk) - done, rate_hz - self._held)
            self._copy(chunk[done : done + taken])
            done += taken
            if self._held == rate_hz:
                yield from self.flush()

    def flush(self) -> Iterator[Chunk]:
        """What is left of less than a second, if the engine would take it."""
        planar = self._planar[:, : self._held]
        if self._held and planar.max() <= FAR and planar.min() >= -FAR:
            yield planar.T
        self.first_frame += self._held
        self._held = 0

    def _copy(self, chunk: Samples) -> None:
        into = self._planar[:, self._held : self._held + len(chunk)]
        np.copyto(into, chunk.T, casting="unsafe")
        if chunk.dtype.kind == "i":
            into *= np.float32(0.5 ** (8 * chunk.itemsize - 1))
        self._held += len(chunk)
