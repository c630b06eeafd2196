"""What taps the one decode: collectors, fed with one second of audio at a time."""

from __future__ import annotations

from typing import Protocol, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

__all__ = ["Chunk", "Collector"]

Result_co = TypeVar("Result_co", covariant=True)

# (n, C) float32, full scale 1.0, with each channel contiguous: `chunk.T` is C-contiguous (C, n), so
# that work along time runs at full speed. The memory is used again for the next chunk.
Chunk: TypeAlias = NDArray[np.float32]


class Collector(Protocol[Result_co]):
    """Gathers from the audio as it goes by, in memory that hardly grows with its length.

    It is made with (rate_hz, layout). However the source is cut, a collector sees the same chunks:
    `rate_hz` frames each, beginning at whole seconds; only the last may be shorter. So nothing that
    it does at the seams of a chunk depends on the source, and every tick and block boundary falls
    on the same frames of each chunk. The samples are finite. Some collectors are given the peaks of
    the chunk's ticks as well, which one look at it has found for all of them.
    """

    def feed(self, chunk: Chunk, first_frame: int) -> None:
        """Takes the next frames, shape (n, C); keep a copy of what is needed later.

        Args:
            chunk: The samples; see `Chunk`.
            first_frame: Frame of the source that the chunk begins with.
        """
        ...

    def finish(self, frames: int) -> Result_co:
        """What was gathered, after `frames` frames in all (at least one)."""
        ...
