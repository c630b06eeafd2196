"""Figures that are one formula each."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from .gating import ABSOLUTE_GATE, integrated, nearest_rank
from .grid import TICKS_PER_BLOCK
from .windows import SHORT_TERM_TICKS, Ticks, short_term, window_starts

SILENCE = 2.0**-298  # no float32 but zero has a smaller square: only filters that ring out have


class Psr(NamedTuple):
    """Peak to short-term loudness ratio in dB: its minimum and its 10th percentile."""

    minimum: float
    p10: float


def power_db(power: float) -> float | None:
    """10 log10(power), None for 0 or less."""
    return 10 * math.log10(power) if power > 0 else None


def amplitude_db(amplitude: float) -> float | None:
    """20 log10(amplitude), None for 0: a peak of 1.0 is 0 dBFS or 0 dBTP."""
    return 20 * math.log10(amplitude) if amplitude > 0 else None


def rms(energy: float, frames: int) -> float | None:
    """RMS level in dBFS of a sum of squares; a full-scale sine reads -3.01."""
    return power_db(energy / frames) if frames else None


def crest_factor(sample_peak: float, energy: float, frames: int) -> float | None:
    """Sample peak over RMS of one channel in dB, unweighted; 3.01 for a sine."""
    peak_dbfs, rms_dbfs = amplitude_db(sample_peak), rms(energy, frames)
    return None if peak_dbfs is None or rms_dbfs is None else peak_dbfs - rms_dbfs


def plr(true_peak_dbtp: float | None, integrated_lufs: float | None) -> float | None:
    """Peak to loudness ratio in dB: largest true peak less integrated loudness (EBU Tech 3343)."""
    if true_peak_dbtp is None or integrated_lufs is None:
        return None
    return true_peak_dbtp - integrated_lufs


def psr(ticks: Ticks, true_peak: npt.ArrayLike, weights: Sequence[float]) -> Psr | None:
    """Peak to short-term loudness ratio over the windows that the gates of the loudness let pass.

    A window of 3 s every 100 ms: the largest true peak of its blocks less its short-term loudness.
    It counts when that loudness is above -70 LUFS and above the relative threshold of the
    integrated loudness. No standard fixes the length of the peak window; this one takes that of S.

    Args:
        ticks: One programme, or several.
        true_peak: Linear, shape (blocks, channels).
        weights: G_i per channel.

    Returns:
        None when no window counts.
    """
    relative = integrated(ticks, weights).relative_threshold
    threshold = ABSOLUTE_GATE if relative is None else max(ABSOLUTE_GATE, relative)
    peaks = np.asarray(true_peak, dtype=np.float64)
    ratios = []
    for start, level in zip(
        window_starts(ticks, SHORT_TERM_TICKS, TICKS_PER_BLOCK),
        short_term(ticks, weights).loudness,
        strict=True,
    ):
        blocks = slice(start // TICKS_PER_BLOCK, (start + SHORT_TERM_TICKS) // TICKS_PER_BLOCK)
        peak = amplitude_db(peaks[blocks].max(initial=0))
        if level > threshold and peak is not None:
            ratios.append(peak - level)
    if not ratios:
        return None
    return Psr(min(ratios), nearest_rank(np.sort(np.array(ratios)), 10))


def balance(left: float, right: float) -> float | None:
    """Energy of left over right in dB, positive when left is louder; None when either is silent."""
    return power_db(left / right) if min(left, right) >= SILENCE else None


def correlation(left: float, right: float, cross: float) -> float | None:
    """Sum of L R over the root of (sum of L L times sum of R R), -1 to 1; None if one is silent."""
    scale = math.sqrt(left) * math.sqrt(right)
    return min(1.0, max(-1.0, cross / scale)) if min(left, right) >= SILENCE else None


def mid_side_ratio(left: float, right: float, cross: float) -> float | None:
    """Energy of (L + R) / 2 over that of (L - R) / 2 in dB; None when either of them is silent."""
    mid, side = left + right + 2 * cross, left + right - 2 * cross
    return power_db(mid / side) if side > 0 else None


def mono_loss(left: float, right: float, cross: float) -> float | None:
    """Loudness in LU that a front pair loses when (L + R) / 2 is played on both sides.

    Args:
        left: K-weighted energy of the left channel.
        right: K-weighted energy of the right channel.
        cross: K-weighted sum of the products of both.

    Returns:
        0 for two equal channels, 3.01 for uncorrelated ones of equal energy, infinite when one is
        the inverse of the other, None when both are silent.
    """
    stereo = left + right
    mono = stereo / 2 + cross
    if stereo <= 0:
        return None
    return 10 * math.log10(stereo / mono) if mono > 0 else math.inf
