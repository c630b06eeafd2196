"""Delay between left and right by the phase of their cross spectrum (GCC-PHAT)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ._ltas import LtasSums

__all__ = ["Delay", "delay_of"]

LONGEST_SECONDS = 0.02
BAND_HZ = (100.0, 10000.0)  # below, phases smear in the window; above, codecs leave little
WEAKEST = 1e-8  # of the strongest bin's power: what lies below has no phase of its own
LEAST_CONFIDENCE = 0.2  # unrelated channels stay below 0.1


class Delay(NamedTuple):
    """Right after left in milliseconds, and the height of the peak, 0 to 1."""

    milliseconds: float
    confidence: float


def delay_of(sums: LtasSums) -> Delay | None:
    """The delay of one channel against the other, up to 20 ms; inverted copies count as well.

    Knapp and Carter, *The generalized correlation method for estimation of time delay*, 1976: every
    frequency counts alike, so that only a common delay makes a peak.

    Returns:
        The delay; None where nothing stands out, or a channel is silent.
    """
    bins_hz, strength = sums.bins_hz, np.abs(sums.cross)
    used = (bins_hz >= BAND_HZ[0]) & (bins_hz <= BAND_HZ[1])
    used &= strength > WEAKEST * strength[used].max(initial=0.0)
    if not used.any():
        return None
    phases = np.zeros(len(strength), np.complex128)
    phases[used] = sums.cross[used].conj() / strength[used]
    matches = np.abs(np.fft.irfft(phases, sums.size)) * sums.size / (2 * np.count_nonzero(used))
    longest = round(LONGEST_SECONDS * sums.rate_hz)
    near = np.concatenate([matches[-longest - 1 :], matches[: longest + 2]])
    at = 1 + int(near[1:-1].argmax())
    if near[at] < LEAST_CONFIDENCE:
        return None
    before, peak, after = near[at - 1 : at + 2].tolist()
    bend = before - 2.0 * peak + after
    shift = 0.5 * (before - after) / bend if bend < 0.0 else 0.0  # a parabola through the three
    lag = at - longest - 1 + shift
    return Delay(1000.0 * lag / sums.rate_hz, min(1.0, peak))
