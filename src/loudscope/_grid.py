"""The grid of 100 ms blocks, in seconds and frames: block b begins at round(b * rate / 10)."""

from __future__ import annotations

from numbers import Real
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ._errors import InvalidArgument

__all__ = ["block_start", "check_seconds", "is_end", "row_at", "rows_of"]

FARTHEST_SECONDS = 1e9  # thirty years: beyond any audio, and its frames fit 64 bits at any rate


def block_start(row: int, rate_hz: int) -> int:
    """First frame of a block."""
    return (20 * row * rate_hz + 100) // 200


def check_seconds(name: str, seconds: object) -> float:
    """A time from 0 up, at most thirty years.

    Raises:
        InvalidArgument: It is no number, negative, infinite or NaN.
    """
    if isinstance(seconds, int | float | Real) and not isinstance(seconds, bool):
        number: Any = seconds
        if 0 <= number < np.inf:
            return float(min(number, FARTHEST_SECONDS))
    raise InvalidArgument(f"{name}={seconds!r}: give seconds from 0 up")


def is_end(seconds: float, frames: int, rate_hz: int) -> bool:
    """Whether a time is the end of so many frames, or lies beyond it."""
    return round(seconds * rate_hz) >= frames


def row_at(seconds: float, rate_hz: int) -> int:
    """The block whose beginning lies nearest, where every block is complete."""
    frame = seconds * rate_hz
    row = max(0, int(seconds * 10.0) - 1)
    while frame >= (block_start(row, rate_hz) + block_start(row + 1, rate_hz)) / 2:
        row += 1
    return row


def rows_of(frames: NDArray[np.int64], rate_hz: int) -> NDArray[np.int64]:
    """The block that holds each frame."""
    rows = frames * 10 // rate_hz
    after = (20 * (rows + 1) * rate_hz + 100) // 200
    return rows + (frames >= after)
