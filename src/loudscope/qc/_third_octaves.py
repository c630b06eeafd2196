"""Third octaves of a spectrum (IEC 61260-1, base ten), from power per bin."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["CENTRES_HZ", "third_octaves"]

Floats = NDArray[np.float64]

# IEC 61260-1: 1000 · G^(x/3) with G = 10^(3/10), 20 Hz to 20 kHz.
CENTRES_HZ = tuple(1000.0 * 10.0 ** (x / 10) for x in range(-17, 14))
HALF_STEP = 10.0**0.05  # from a centre to its edge


def third_octaves(power: Floats, step_hz: float) -> Floats:
    """Power of each third octave; NaN for those that reach over the last bin.

    A bin's power is spread evenly over its width, half a step to either side of its frequency, and
    a band takes the part of it that lies within: neighbouring bands share what they cut.

    Args:
        power: (K,) power of bins at 0, `step_hz`, 2 `step_hz`, … up to half the rate.
        step_hz: Distance of the bins.

    Returns:
        (31,) power, one for each of `CENTRES_HZ`.
    """
    ends_hz = step_hz * (np.arange(len(power) + 1) - 0.5)
    ends_hz[[0, -1]] = 0.0, step_hz * (len(power) - 1)
    below = np.concatenate([[0.0], np.cumsum(power)])
    centres_hz = np.array(CENTRES_HZ)
    low, high = (
        np.interp(edges, ends_hz, below)
        for edges in (centres_hz / HALF_STEP, centres_hz * HALF_STEP)
    )
    return np.where(centres_hz * HALF_STEP <= ends_hz[-1], high - low, np.nan)
