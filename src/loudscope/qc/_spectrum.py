"""The long-term spectrum in third octaves and bins: a value read from what `Ltas` collected."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .._levels import power_decibels
from ._level_counts import GROUP_BINS, percentile
from ._ltas import LtasSums
from ._third_octaves import CENTRES_HZ, third_octaves

__all__ = ["Spectrum", "spectrum_of"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False, slots=True)
class Spectrum:
    """Long-term average spectrum, mean of the channels but LFE.

    Attributes:
        frequencies_hz: Exact centres of the third octaves, 1000 · 10^(x/10), 20 Hz to 20 kHz
            (IEC 61260-1, base ten).
        levels_db: Level of each in dBFS; a full-scale sine is -3.01. None for a band that is empty
            or reaches over half the rate.
        bins_hz: (K,) frequencies of the bins.
        power: (K,) mean square of each bin: they add up to the mean square of the gated audio.
        p90_hz: (G,) centres of groups of eight bins.
        p90_db: (G,) 90th percentile over the windows of the mean power of the group's bins, dBFS,
            as 10 log10 of `power` is; never below -160.
        windows: Windows that passed the gates.
    """

    frequencies_hz: tuple[float, ...]
    levels_db: tuple[float | None, ...]
    bins_hz: Floats
    power: Floats
    p90_hz: Floats
    p90_db: Floats
    windows: int


def spectrum_of(sums: LtasSums, gate_lufs: float | None) -> Spectrum | None:
    """The spectrum of the windows that pass the gates.

    Args:
        sums: What `Ltas` collected.
        gate_lufs: The relative threshold of the integrated loudness (BS.1770-5 eq. 6), without
            dual mono; None: nothing passed.

    Returns:
        The spectrum; None where no window passes.
    """
    kept = sums.kept(gate_lufs)
    windows = int(sums.windows[kept].sum())
    if windows == 0:
        return None
    power = sums.power[kept].sum(axis=0) / windows
    step_hz = sums.rate_hz / sums.size
    bands = third_octaves(power, step_hz).tolist()
    groups = np.arange(len(sums.counts))
    return Spectrum(
        frequencies_hz=CENTRES_HZ,
        levels_db=tuple(power_decibels(band) if band > 0.0 else None for band in bands),
        bins_hz=sums.bins_hz,
        power=power,
        p90_hz=np.asarray(step_hz * (GROUP_BINS * groups + (GROUP_BINS - 1) / 2), np.float64),
        p90_db=percentile(sums.counts, 0.9),
        windows=windows,
    )
