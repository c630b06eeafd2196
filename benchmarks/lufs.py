"""Integrated loudness of samples in memory, one core."""

from __future__ import annotations

import peers
import signals
from race import OURS, Race, Target, main
from timing import Answer, timed

import loudscope


def races(seconds: float) -> list[Race]:
    """One race on music."""
    sound = signals.music(seconds)

    def ours() -> Answer:
        return (loudscope.lufs(sound, signals.RATE_HZ, threads=1) or 0.0,)

    calls = {OURS: ours, **peers.lufs(sound, signals.RATE_HZ)}
    return [
        Race(
            figure="lufs",
            signal=signals.named(seconds),
            runs={name: timed(call) for name, call in calls.items()},
            units=("LUFS",),
            below=(0.05,),  # pyloudnorm counts the last block otherwise
            above=(0.05,),
            audio_seconds=seconds,
            targets=(
                Target("lufs/loudness", "`lufs()` against loudness (PyPI)", 10, "loudness"),
                Target("lufs/pyebur128", "`lufs()` against pyebur128", 14, "pyebur128"),
                Target("lufs/pyloudnorm", "`lufs()` against pyloudnorm", 35, "pyloudnorm"),
            ),
        )
    ]


if __name__ == "__main__":
    main(races)
