"""The cliff: where a spectrum ends more steeply than sound does by itself."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

__all__ = ["Cliff", "cliff_of"]

NOTHING_DB = -135.0  # of a bin of 5.9 Hz: 16-bit noise reads -132
LOWEST_HZ = 3500.0
HIGHEST_SHARE = 0.94  # of half the rate: above lies the filter of the sampling rate itself
BELOW_HZ = 500.0  # the level before the cliff is that of so much
FALL_HZ = 600.0  # so much may the cliff take
ABOVE_HZ = 400.0  # the level after it is that of so much
LEAST_DROP_DB = 20.0
REST_DB = 15.0  # nothing above may come closer to the level before
KNEE_DB = 10.0

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Cliff:
    """A steep upper end of a spectrum.

    Attributes:
        knee_hz: Up to where the level is within 10 dB of that before.
        top_hz: Up to where it is more than 10 dB over that after.
        drop_db: The level before minus that after.
    """

    knee_hz: float
    top_hz: float
    drop_db: float


def cliff_of(hz: Floats, level_db: Floats, rate_hz: int) -> Cliff | None:
    """Looks for the frequency at which the level falls most within 1 kHz, for good.

    Args:
        hz: (G,) evenly spaced.
        level_db: (G,) levels there, dBFS of a bin of about 6 Hz.
        rate_hz: Sampling rate.

    Returns:
        The cliff; None where the level nowhere falls by 20 dB within 1 kHz and stays there.
    """
    level, step = np.maximum(level_db, NOTHING_DB), float(hz[1] - hz[0])
    counts = [round(span_hz / step) for span_hz in (BELOW_HZ, FALL_HZ, ABOVE_HZ)]
    before, after, rest = _sides(level, *counts)
    at = hz[counts[0] - 1 :][: len(before)]  # the last frequency before the fall
    possible = (at >= LOWEST_HZ) & (at <= HIGHEST_SHARE * rate_hz / 2) & (rest <= before - REST_DB)
    drop = np.where(possible, before - after, 0.0)
    best = int(np.argmax(drop)) if len(drop) else -1
    if best < 0 or drop[best] < LEAST_DROP_DB:
        return None
    near = slice(best, best + sum(counts))
    knee = hz[near][level[near] >= before[best] - KNEE_DB].max(initial=at[best])
    top = hz[near][level[near] > after[best] + KNEE_DB].max(initial=knee)
    return Cliff(float(knee), float(top), float(drop[best]))


def _sides(level: Floats, below: int, fall: int, above: int) -> tuple[Floats, Floats, Floats]:
    """For every place of a fall: the level before, that after, the largest from there on."""
    count = len(level) - below - fall - above + 1
    if count <= 0:
        return np.zeros(0), np.zeros(0), np.zeros(0)
    before = np.median(sliding_window_view(level[: count + below - 1], below), axis=1)
    after = sliding_window_view(level[below + fall :], above).mean(axis=1)
    rest = np.maximum.accumulate(level[::-1])[::-1][below + fall :][:count]
    return before, after, rest
