"""Where in the track a band stands out most."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from loudscope import Analysis

__all__ = ["worst_stretch"]

STRETCH_BLOCKS = 40  # 4 s of 100 ms
HEARD_DB = 10.0

Floats = NDArray[np.float64]


def worst_stretch(
    analysis: Analysis, band: str, against: str, sign: float
) -> tuple[float, float] | None:
    """The 4 s in which a band lies furthest above, or below, another one.

    Stretches whose level is more than 10 dB below that of the whole do not count.

    Args:
        analysis: The track.
        band: Name of the band.
        against: Name of the band it is held against.
        sign: Positive: where it lies highest; negative: lowest.

    Returns:
        Start and end in seconds; None where bands are missing or the track is no longer than that.
    """
    profile = analysis.band_profile
    if profile is None or not {band, against} <= set(profile.names):
        return None
    over_time = profile.over_time
    power = 10.0 ** (over_time.values / 10.0)
    if len(power) <= STRETCH_BLOCKS:
        return None
    upper, lower, whole = (
        _sums(column)
        for column in (
            power[:, profile.names.index(band)],
            power[:, profile.names.index(against)],
            power.sum(axis=1),
        )
    )
    heard = whole > whole.mean() * 10 ** (-HEARD_DB / 10.0)
    usable = heard & (upper > 0.0) & (lower > 0.0)
    if not usable.any():
        return None
    ratio = np.log(np.where(usable, upper, 1.0) / np.where(usable, lower, 1.0))
    first = int(np.argmax(np.where(usable, np.sign(sign) * ratio, -np.inf)))
    times = over_time.times
    start = float(times[first - 1]) if first else 0.0
    return start, float(times[first + STRETCH_BLOCKS - 1])


def _sums(column: Floats) -> Floats:
    """Sums over each stretch; never below nothing, whatever the rounding."""
    total = np.concatenate([[0.0], np.cumsum(column)])
    sums: Floats = np.maximum(0.0, total[STRETCH_BLOCKS:] - total[:-STRETCH_BLOCKS])
    return sums
