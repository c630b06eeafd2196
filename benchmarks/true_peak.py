"""True peak of samples in memory, one core: of music, and of a heavily limited master."""

from __future__ import annotations

import peers
import signals
from race import OURS, Race, Target, main
from timing import Answer, timed

import loudscope

SCIPY = "scipy resample_poly 4×"
ON_MUSIC = (
    Target("true_peak/pyebur128", "`true_peak()` against pyebur128", 35, "pyebur128"),
    Target("true_peak/soxr", "`true_peak()` against soxr 4×", 22, "soxr 4×"),
    Target("true_peak/scipy", "`true_peak()` against scipy resample_poly", 60, SCIPY),
)
ON_LIMITED = (
    Target(
        "true_peak, limited/pyebur128",
        "`true_peak()` of a heavily limited master against pyebur128",
        24,
        "pyebur128",
    ),
)


def race(seconds: float, limited: bool) -> Race:
    """Peers interpolate four times, ours thirty-two: theirs may lie below."""
    sound = signals.music(seconds, limited=limited)

    def ours() -> Answer:
        return (loudscope.true_peak(sound, signals.RATE_HZ, threads=1) or 0.0,)

    calls = {OURS: ours, **peers.true_peak(sound, signals.RATE_HZ)}
    return Race(
        figure="true_peak, limited" if limited else "true_peak",
        signal=signals.named(seconds, limited=limited),
        runs={name: timed(call) for name, call in calls.items()},
        units=("dBTP",),
        below=(0.5,),
        above=(0.1,),
        audio_seconds=seconds,
        targets=ON_LIMITED if limited else ON_MUSIC,
    )


def races(seconds: float) -> list[Race]:
    """Music, and a limited master."""
    return [race(seconds, False), race(seconds, True)]


if __name__ == "__main__":
    main(races)
