"""Noise floor: how quiet the quietest passages are that are not digital silence."""

from __future__ import annotations

import numpy as np

from .._levels import power_decibels
from ._ticks import TickLevels

__all__ = ["noise_floor_dbfs"]

WINDOW_TICKS = 5  # 50 ms
PERCENTILE = 0.05


def noise_floor_dbfs(levels: TickLevels) -> float | None:
    """5th percentile (nearest rank) of the RMS of 50 ms, dBFS; a full-scale sine reads -3.01.

    Windows follow each other without overlap, and are the power mean of the channels but LFE. One
    that holds 10 ms of digital silence in all channels is left out.

    Returns:
        The level; None where no window is left: digital silence, or less than 50 ms.
    """
    count = levels.complete // WINDOW_TICKS
    ticks = slice(0, count * WINDOW_TICKS)
    sounding = levels.peak[ticks].max(axis=1, initial=0.0) > 0.0
    whole = sounding.reshape(count, WINDOW_TICKS).all(axis=1)
    energy = levels.energy[ticks][:, levels.heard].mean(axis=1)
    frames = np.diff(levels.starts[: count * WINDOW_TICKS + 1 : WINDOW_TICKS])
    power = energy.reshape(count, WINDOW_TICKS).sum(axis=1) / frames
    power = np.sort(power[whole & (power > 0.0)])
    if len(power) == 0:
        return None
    return power_decibels(float(power[int((len(power) - 1) * PERCENTILE + 0.5)]))
