"""Hann's window, and what its transforms are multiplied by to add up to a mean square."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["hann_window", "power_scale"]

Floats = NDArray[np.float64]


def hann_window(size: int) -> Floats:
    """(size,) periodic, so that windows half overlapped add up to one."""
    window: Floats = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(size) / size)
    return window


def power_scale(window: Floats) -> float:
    """Factor on |X|² of a one-sided spectrum: both halves together, 2 / (size · sum of squares)."""
    return float(2.0 / (len(window) * np.square(window).sum()))
