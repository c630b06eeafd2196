"""Codec cut-off: the cliff that a lossy coder's low-pass leaves in the spectrum."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ._cliff import Cliff
from ._treble import SILENT_DB, TrebleFrames

__all__ = ["Codec", "codec_of"]

LOWEST_HZ = 10000.0  # below, sound ends steeply by itself
STEADY_DROP_DB = 15.0
STABLE = 0.9
FEWEST_WINDOWS = 4  # with treble: 2 s
# Measured with LAME at constant bit rates: 15.1 kHz at 96 kb/s, 16.6 at 128, 17.2 at 160, 18.7 at
# 192, 19.4 at 256, 20.0 at 320. Other coders of 128 kb/s cut at 16 kHz.
GUESSES = (
    (15600.0, "96 kb/s or less"),
    (16900.0, "128 kb/s"),
    (18200.0, "160 kb/s"),
    (19700.0, "192 to 256 kb/s"),
)
HIGHEST_GUESS = "320 kb/s"


@dataclass(frozen=True, slots=True)
class Codec:
    """A steep upper end of the spectrum, from 10 kHz up.

    Attributes:
        cutoff_hz: Up to where there is sound.
        drop_db: By how much the level falls within 1 kHz, dB.
        stability: Share of the time with treble in which the cliff is there, 0 to 1.
        likely_lossy: It is steep and stable, and not where a lower sampling rate would end.
        guess: The bit rate at which MP3 usually cuts there, for example "128 kb/s"; None if
            `likely_lossy` is False.
    """

    cutoff_hz: float
    drop_db: float
    stability: float
    likely_lossy: bool
    guess: str | None


def codec_of(cliff: Cliff | None, treble: TrebleFrames, upsampled: bool) -> Codec | None:
    """The evidence for a lossy coder.

    Args:
        cliff: Of the 90th percentile of the spectrum.
        treble: The spectrum over time.
        upsampled: The cliff is explained by a lower sampling rate.

    Returns:
        The evidence; None where there is no cliff from 10 kHz up.
    """
    if cliff is None or cliff.knee_hz < LOWEST_HZ:
        return None
    stability, judged = _stability(cliff, treble)
    likely = stability >= STABLE and judged >= FEWEST_WINDOWS and not upsampled
    guess = next((name for up_to, name in GUESSES if cliff.knee_hz < up_to), HIGHEST_GUESS)
    return Codec(cliff.knee_hz, cliff.drop_db, stability, likely, guess if likely else None)


def _stability(cliff: Cliff, treble: TrebleFrames) -> tuple[float, int]:
    """Of the windows with treble near the cliff, the share that falls there; and how many.

    That some end below it says nothing: coders leave out what is masked.
    """
    before = treble.level(cliff.knee_hz - 1000.0, cliff.knee_hz - 200.0)
    after = treble.level(cliff.top_hz + 100.0, cliff.top_hz + 1100.0)
    judged = before > SILENT_DB + STEADY_DROP_DB
    falls = before - np.maximum(after, SILENT_DB) > STEADY_DROP_DB
    count = int(np.count_nonzero(judged))
    return (float(np.count_nonzero(falls & judged)) / count if count else 0.0), count
