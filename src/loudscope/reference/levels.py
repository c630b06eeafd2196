"""Sums over ticks and blocks: energies, means, products of two channels, clipped samples."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import numpy.typing as npt

from .grid import block_bounds, samples, tick_bounds
from .weighting import k_weight

CLIP_LEVEL = 32767 / 32768
"""A sample is clipped from this magnitude on: full scale of the coarsest common format, 16 bit."""

CLIP_RUN = 3
"""Clipped samples in a row that count as a clipped run."""


def _row_sums(
    values: npt.NDArray[np.float64], bounds: npt.NDArray[np.int64]
) -> npt.NDArray[np.float64]:
    # One channel after the other in memory, which NumPy sums pairwise: the error does not grow with
    # the row, and no other channel changes a bit.
    channels = np.ascontiguousarray(values.T)
    rows = np.zeros((len(bounds) - 1, len(channels)))
    for row, (start, stop) in enumerate(pairwise(bounds)):
        rows[row] = channels[:, start:stop].sum(axis=1)
    return rows


def tick_energies(x: npt.ArrayLike, rate_hz: int) -> npt.NDArray[np.float64]:
    """K-weighted sum of squares in every tick, without channel weights (BS.1770-5 Annex 1 eq. 1).

    Args:
        x: Shape (frames,) or (frames, channels).
        rate_hz: Sampling rate.

    Returns:
        Shape (10 * blocks, channels); 0 in ticks after the end.
    """
    weighted = k_weight(x, rate_hz)
    return _row_sums(weighted**2, tick_bounds(len(weighted), rate_hz))


def block_energies(x: npt.ArrayLike, rate_hz: int) -> npt.NDArray[np.float64]:
    """Unweighted sum of squares in every block, shape (blocks, channels)."""
    signal = samples(x)
    return _row_sums(signal**2, block_bounds(len(signal), rate_hz))


def block_sums(x: npt.ArrayLike, rate_hz: int) -> npt.NDArray[np.float64]:
    """Sum of the samples in every block, shape (blocks, channels): frames times the DC offset."""
    signal = samples(x)
    return _row_sums(signal, block_bounds(len(signal), rate_hz))


def block_cross(
    x: npt.ArrayLike, rate_hz: int, pair: tuple[int, int] | None
) -> npt.NDArray[np.float64]:
    """Sum of the products of two channels in every block.

    Args:
        x: Shape (frames,) or (frames, channels).
        rate_hz: Sampling rate.
        pair: The two channels; None where the layout has no front pair.

    Returns:
        Shape (blocks,); all 0 without a pair.
    """
    signal = samples(x)
    bounds = block_bounds(len(signal), rate_hz)
    if pair is None:
        return np.zeros(len(bounds) - 1)
    left, right = signal[:, [pair[0]]], signal[:, [pair[1]]]
    return _row_sums(left * right, bounds)[:, 0]


def clip_columns(x: npt.ArrayLike, rate_hz: int) -> npt.NDArray[np.uint32]:
    """Clipped samples of every block and channel, in a form that adjoining blocks can be joined by.

    Judged on the samples rounded to float32, as the peaks are.

    Args:
        x: Shape (frames,) or (frames, channels).
        rate_hz: Sampling rate.

    Returns:
        Shape (blocks, channels, 5): clipped samples; length of the run that begins the block; of
        the run that ends it; of the longest run; number of runs of at least 3 that touch neither
        end.
    """
    clipped = np.abs(samples(x).astype(np.float32)) >= np.float32(CLIP_LEVEL)
    bounds = block_bounds(len(clipped), rate_hz)
    columns = np.zeros((len(bounds) - 1, clipped.shape[1], 5), dtype=np.uint32)
    for row, (start, stop) in enumerate(pairwise(bounds)):
        for channel in range(clipped.shape[1]):
            columns[row, channel] = _clips([bool(c) for c in clipped[start:stop, channel]])
    return columns


def _clips(clipped: list[bool]) -> tuple[int, int, int, int, int]:
    runs = _runs(clipped)
    leading = sum(length for start, length in runs if start == 0)
    trailing = sum(length for start, length in runs if start + length == len(clipped))
    inner = [length for start, length in runs if start > 0 and start + length < len(clipped)]
    longest = max((length for _, length in runs), default=0)
    return sum(clipped), leading, trailing, longest, sum(length >= CLIP_RUN for length in inner)


def _runs(clipped: list[bool]) -> list[tuple[int, int]]:
    """(start, length) of every run of True."""
    runs: list[tuple[int, int]] = []
    for at, value in enumerate(clipped):
        if value and at > 0 and clipped[at - 1]:
            runs[-1] = (runs[-1][0], runs[-1][1] + 1)
        elif value:
            runs.append((at, 1))
    return runs
