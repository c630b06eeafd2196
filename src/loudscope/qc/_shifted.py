"""Neighbours side by side, for sums and extremes of a few of them at every place."""

from __future__ import annotations

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

__all__ = ["shifted"]

Number = TypeVar("Number", bound=np.generic)


def shifted(values: NDArray[Number], count: int) -> list[NDArray[Number]]:
    """Of every `count` neighbours along the first axis, the first, the second, and so on."""
    return [values[first : len(values) - count + 1 + first] for first in range(count)]
