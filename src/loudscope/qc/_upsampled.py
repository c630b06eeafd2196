"""Upsampling: nothing above half of a lower sampling rate."""

from __future__ import annotations

from ._cliff import Cliff

__all__ = ["upsampled_from_hz"]

# 32 kHz is left out below 88.2 kHz: MP3 at 128 kb/s ends at 16 kHz as well.
RATES_HZ = (8000, 11025, 16000, 22050, 24000, 32000, 44100, 48000, 88200, 96000, 176400, 192000)
LOWEST_SHARE, HIGHEST_SHARE = 0.95, 1.015  # of half the old rate; good resamplers end there


def upsampled_from_hz(cliff: Cliff | None, rate_hz: int) -> int | None:
    """The lower rate at half of which the spectrum ends; None: it does not, at any usual rate.

    Args:
        cliff: Of the 90th percentile of the spectrum.
        rate_hz: Sampling rate.
    """
    if cliff is None:
        return None
    for old in RATES_HZ:
        within = LOWEST_SHARE * old / 2 <= cliff.top_hz <= HIGHEST_SHARE * old / 2
        if old < rate_hz and within and not (old == 32000 and rate_hz < 88200):
            return old
    return None
