"""Six bands of samples in memory, one core; no peer measures them, a bank of sosfilt stands in."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import peers
import signals
from race import OURS, Race, main
from timing import Answer, Run, timed

import loudscope

STAND_IN = "scipy sosfilt, six Butterworth band-passes"


def by_scipy(sound: signals.Signal) -> Answer:
    """Level of the mids from a bank of fourth-order band-passes, in double."""
    from scipy.signal import butter, sosfilt

    levels = []
    for edges in pairwise(loudscope.DEFAULT_EDGES_HZ):
        sections = butter(4, edges, "bandpass", fs=signals.RATE_HZ, output="sos")
        levels.append(10 * math.log10(np.mean(np.square(sosfilt(sections, sound, axis=0)))))
    return (levels[3],)


def ours(sound: signals.Signal) -> Answer:
    """Level of the mids."""
    return (loudscope.band_profile(sound, signals.RATE_HZ, threads=1).bands[3].level or 0.0,)


def races(seconds: float) -> list[Race]:
    """One race on music; the two filters' skirts differ, so the levels do by tenths of a dB."""
    sound = signals.music(seconds)
    runs: dict[str, Run] = {OURS: timed(lambda: ours(sound))}
    if peers.importable("scipy"):
        runs[STAND_IN] = timed(lambda: by_scipy(sound))
    return [
        Race(
            figure="bands",
            signal=signals.named(seconds),
            runs=runs,
            units=("dBFS",),
            below=(0.5,),
            above=(0.5,),
            audio_seconds=seconds,
        )
    ]


if __name__ == "__main__":
    main(races)
