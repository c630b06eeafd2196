"""Peaks and energy of spans of the audio."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .. import _core
from ._collector import Chunk

__all__ = ["SpanLevels", "span_levels"]


class SpanLevels(NamedTuple):
    """Peaks and energy of spans of a chunk, each (C, N).

    Attributes:
        high: Largest sample.
        low: Smallest sample.
        energy: Sum of squares.
    """

    high: NDArray[np.float32]
    low: NDArray[np.float32]
    energy: NDArray[np.float64]


def span_levels(chunk: Chunk, bounds: NDArray[np.int64]) -> SpanLevels:
    """Levels between each of the ascending `bounds`, (N + 1,), and the next."""
    planar = chunk.T
    if planar.strides[1] != planar.itemsize:
        planar = np.ascontiguousarray(planar)
    shape = (len(planar), len(bounds) - 1)
    found = SpanLevels(
        np.empty(shape, np.float32), np.empty(shape, np.float32), np.empty(shape, np.float64)
    )
    _core.span_levels(planar, bounds, *found)
    return found
