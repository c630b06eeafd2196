"""A spectrum of few bands whose energies add up to the total.

At every node of a binary tree a fourth-order Butterworth low-pass and high-pass part the signal at
one edge. |LP|**2 + |HP|**2 = 1 holds for such a pair at every frequency (also after the bilinear
transform, which maps both alike), so the leaves hold the energy of the root.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy.signal import butter, sosfilt

from .grid import samples
from .levels import block_energies

ORDER = 4
TOP = 0.49


def used_edges(edges: Sequence[float], rate_hz: int) -> tuple[float, ...]:
    """The band edges that a sampling rate can hold.

    Args:
        edges: Edges in Hz, rising.
        rate_hz: Sampling rate.

    Returns:
        The edges below 0.49 of the rate; where that left any out, 0.49 of the rate follows as the
        top edge.
    """
    limit = TOP * rate_hz
    kept = tuple(float(edge) for edge in edges if edge < limit)
    return kept if len(kept) == len(edges) else (*kept, limit)


def band_signals(
    x: npt.ArrayLike, rate_hz: int, edges: Sequence[float]
) -> list[npt.NDArray[np.float64]]:
    """Part a signal at every edge.

    The root of the tree splits at edges[n // 2]; its low half is split further by the edges before,
    its high half by the edges after.

    Args:
        x: Shape (frames,) or (frames, channels).
        rate_hz: Sampling rate.
        edges: Edges in Hz, rising, all below half the rate (see `used_edges`).

    Returns:
        len(edges) + 1 signals of shape (frames, channels), from below the lowest edge to above the
        highest.
    """
    signal = samples(x)
    if len(edges) == 0 or signal.size == 0:
        return [signal] * (len(edges) + 1)
    root = len(edges) // 2
    below = _split(signal, rate_hz, edges[root], "lowpass")
    above = _split(signal, rate_hz, edges[root], "highpass")
    return [
        *band_signals(below, rate_hz, edges[:root]),
        *band_signals(above, rate_hz, edges[root + 1 :]),
    ]


def _split(
    signal: npt.NDArray[np.float64], rate_hz: int, edge: float, half: Literal["lowpass", "highpass"]
) -> npt.NDArray[np.float64]:
    sections = butter(ORDER, edge, half, fs=rate_hz, output="sos")
    return np.asarray(sosfilt(sections, signal, axis=0), dtype=np.float64)


def band_energies(
    x: npt.ArrayLike, rate_hz: int, edges: Sequence[float]
) -> npt.NDArray[np.float64]:
    """Sum of squares of every band in every block.

    Args:
        x: Shape (frames,) or (frames, channels).
        rate_hz: Sampling rate.
        edges: Edges in Hz, rising, all below half the rate.

    Returns:
        Shape (blocks, len(edges) + 1, channels), from below to above.
    """
    bands = band_signals(x, rate_hz, edges)
    return np.stack([block_energies(band, rate_hz) for band in bands], axis=1)
