"""Samples as a plain array, and the grid of 10 ms ticks and 100 ms blocks laid over them."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

TICKS_PER_BLOCK = 10


def samples(x: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """Bring a signal into the form that everything here works on.

    Args:
        x: Shape (frames,) or (frames, channels); floats with full scale at 1.0, int16 or int32.

    Returns:
        Shape (frames, channels), float64. int16 is divided by 32768 and int32 by 2**31.

    Raises:
        ValueError: x has no axis or more than two, or another dtype.
    """
    given = np.asarray(x)
    if given.ndim not in (1, 2):
        raise ValueError(f"x must have shape (frames,) or (frames, channels), not {given.shape}")
    if given.dtype.kind != "f" and given.dtype not in (np.dtype(np.int16), np.dtype(np.int32)):
        raise ValueError(f"x must be float, int16 or int32, not {given.dtype}")
    full_scale = 1.0 if given.dtype.kind == "f" else -float(np.iinfo(given.dtype).min)
    scaled = given.astype(np.float64) / full_scale
    return scaled[:, np.newaxis] if given.ndim == 1 else scaled


def tick_start(tick: int, rate_hz: int) -> int:
    """Frame at which a tick begins: tick * rate / 100, rounded half up.

    BS.1770-5 Annex 1 wants its 400 ms blocks "to the nearest sample"; rounding every start rather
    than one length keeps 11 025 Hz and 22 050 Hz from drifting.
    """
    return (2 * tick * rate_hz + 100) // 200


def _bounds(frames: int, rate_hz: int, ticks_per_row: int) -> npt.NDArray[np.int64]:
    starts = [0]
    while starts[-1] < frames:
        starts.append(tick_start(len(starts) * ticks_per_row, rate_hz))
    return np.minimum(np.array(starts, dtype=np.int64), frames)


def block_bounds(frames: int, rate_hz: int) -> npt.NDArray[np.int64]:
    """Bounds of the 100 ms blocks: block b holds the frames bounds[b] up to bounds[b + 1].

    Args:
        frames: Length of the signal.
        rate_hz: Sampling rate.

    Returns:
        Shape (blocks + 1,). The last block may be short; a signal of no frames has no block.
    """
    return _bounds(frames, rate_hz, TICKS_PER_BLOCK)


def tick_bounds(frames: int, rate_hz: int) -> npt.NDArray[np.int64]:
    """Bounds of the 10 ms ticks: tick k holds the frames bounds[k] up to bounds[k + 1].

    Args:
        frames: Length of the signal.
        rate_hz: Sampling rate.

    Returns:
        Shape (10 * blocks + 1,). Ticks after the end of the signal hold no frame.
    """
    blocks = len(block_bounds(frames, rate_hz)) - 1
    starts = [tick_start(k, rate_hz) for k in range(TICKS_PER_BLOCK * blocks + 1)]
    return np.minimum(np.array(starts, dtype=np.int64), frames)


def tick_counts(frames: int, rate_hz: int) -> npt.NDArray[np.uint8]:
    """Number of complete ticks in each block, shape (blocks,), 0 to 10.

    A tick is complete when the signal reaches the start of the next one. Only complete ticks enter
    a window (BS.1770-5 Annex 1: an incomplete gating block at the end is not used).
    """
    blocks = len(block_bounds(frames, rate_hz)) - 1
    counts = np.zeros(blocks, dtype=np.uint8)
    for k in range(TICKS_PER_BLOCK * blocks):
        if tick_start(k + 1, rate_hz) <= frames:
            counts[k // TICKS_PER_BLOCK] += 1
    return counts
