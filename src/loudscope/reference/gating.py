"""Figures of a whole programme: integrated loudness (BS.1770-5) and loudness range (EBU Tech 3342).

Several programmes are gated together: their windows are pooled.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from .grid import TICKS_PER_BLOCK
from .windows import (
    MOMENTARY_TICKS,
    SHORT_TERM_TICKS,
    Ticks,
    programmes,
    short_term,
    window_loudness,
    window_starts,
)

ABSOLUTE_GATE = -70.0
RELATIVE_GATE = -10.0
RANGE_RELATIVE_GATE = -20.0
TRAILING_SILENCE_TICKS = 150


class Integrated(NamedTuple):
    """Integrated loudness and how it came about.

    Attributes:
        loudness: LUFS, None when no gating block passes the gates.
        relative_threshold: LUFS, None when no gating block passes the absolute gate.
        blocks: Gating blocks, = below_absolute + below_relative + kept.
        below_absolute: Blocks at or below -70 LUFS.
        below_relative: Of the others, blocks at or below the relative threshold.
        kept: Blocks that make up the loudness.
    """

    loudness: float | None
    relative_threshold: float | None
    blocks: int
    below_absolute: int
    below_relative: int
    kept: int


class LoudnessRange(NamedTuple):
    """Loudness range in LU, and the low and high percentiles in LUFS that it lies between."""

    value: float
    low: float
    high: float


def integrated(ticks: Ticks, weights: Sequence[float]) -> Integrated:
    """Integrated loudness with both gates (BS.1770-5 Annex 1 eqs 3 to 7).

    Gating blocks are 400 ms long and 100 ms apart. Means are taken of powers, never of LUFS.

    Args:
        ticks: One programme, or several that are gated together.
        weights: G_i per channel.

    Returns:
        The loudness and the counts of the gating.
    """
    power, loudness = [], []
    for start in window_starts(ticks, MOMENTARY_TICKS, TICKS_PER_BLOCK):
        rows = slice(start, start + MOMENTARY_TICKS)
        power.append(ticks.energy[rows].sum(axis=0) / int(ticks.frames[rows].sum()))
        loudness.append(window_loudness(power[-1], 1, weights))

    def mean_loudness(kept: list[int]) -> float | None:
        # z_i of the kept blocks is averaged per channel, then weighted and summed (eqs 5 and 7).
        mean = np.mean([power[j] for j in kept], axis=0) if kept else None
        return None if mean is None else window_loudness(mean, 1, weights)

    audible = [j for j, level in enumerate(loudness) if level > ABSOLUTE_GATE]
    ungated = mean_loudness(audible)
    threshold = None if ungated is None else ungated + RELATIVE_GATE
    kept = [j for j in audible if threshold is not None and loudness[j] > threshold]
    below_absolute = len(loudness) - len(audible)
    below_relative = len(audible) - len(kept)
    counts = (len(loudness), below_absolute, below_relative, len(kept))
    return Integrated(mean_loudness(kept), threshold, *counts)


def loudness_range(
    ticks: Ticks, weights: Sequence[float], trailing_silence_rate_hz: int | None = None
) -> LoudnessRange | None:
    """Loudness range: the 10th to the 95th percentile of gated short-term loudness (EBU Tech 3342).

    Args:
        ticks: One programme, or several that are gated together.
        weights: G_i per channel.
        trailing_silence_rate_hz: Sampling rate; when given, 1.5 s of silence follow each programme,
            as the listing in Tech 3342 wishes for file-based measurement.

    Returns:
        None when no window of 3 s passes the gates.
    """
    if trailing_silence_rate_hz is None:
        levels = short_term(ticks, weights).loudness
    else:
        levels = _levels_with_silence(ticks, weights, trailing_silence_rate_hz)
    audible = levels[levels >= ABSOLUTE_GATE]
    if len(audible) == 0:
        return None
    threshold = 10 * math.log10(np.mean(10 ** (audible / 10))) + RANGE_RELATIVE_GATE
    kept = np.sort(audible[audible >= threshold])
    low, high = nearest_rank(kept, 10), nearest_rank(kept, 95)
    return LoudnessRange(high - low, low, high)


def _levels_with_silence(
    ticks: Ticks, weights: Sequence[float], rate_hz: int
) -> npt.NDArray[np.float64]:
    """Short-term loudness when silence follows every programme and fills up its incomplete tick.

    What the weighting filter still rings with is left out: the columns do not hold it.
    """
    past = [*(TICKS_PER_BLOCK * int(seam) for seam in ticks.seams[1:]), len(ticks.energy)]
    nominal = np.full(TRAILING_SILENCE_TICKS, rate_hz / 100)
    levels = []
    for (first, end), stop in zip(programmes(ticks), past, strict=True):
        silence = np.zeros((TRAILING_SILENCE_TICKS, ticks.energy.shape[1]))
        silence[: min(1, stop - end)] = ticks.energy[end : min(end + 1, stop)]
        energy = np.concatenate([ticks.energy[first:end], silence])
        frames = np.append(ticks.frames[first:end], nominal)
        for start in range(0, len(energy) - SHORT_TERM_TICKS + 1, TICKS_PER_BLOCK):
            rows = slice(start, start + SHORT_TERM_TICKS)
            levels.append(window_loudness(energy[rows].sum(axis=0), frames[rows].sum(), weights))
    return np.array(levels, dtype=np.float64)


def nearest_rank(ordered: npt.NDArray[np.float64], percent: int) -> float:
    """Percentile without interpolation: rank round((n - 1) * percent / 100 + 1) (EBU Tech 3342).

    Args:
        ordered: Rising values, at least one.
        percent: 0 to 100.

    Returns:
        The value of that rank, half ranks rounded up.
    """
    return float(ordered[((len(ordered) - 1) * percent + 50) // 100])
