"""Many clips of one second in one call, against a loop and against pyloudnorm; one core."""

from __future__ import annotations

import numpy as np
import peers
import signals
from race import OURS, Race, Target, main
from timing import Answer, Run, timed

import loudscope

LOOP = "a loop over lufs"
CLIPS = 10_000
FEW = 200  # that pyloudnorm is given, its time scaled up


def clips(count: int) -> signals.Signal:
    """Clips of one second of mono, each with a gain of its own."""
    sound = signals.music(60.0)[:, 0]
    seconds = len(sound) // signals.RATE_HZ
    made = np.empty((count, signals.RATE_HZ), np.float32)
    for i in range(count):
        start = i % (seconds - 1) * signals.RATE_HZ + 37 * i % signals.RATE_HZ
        gain = np.float32(10 ** (-(i % 24) / 20))
        made[i] = gain * sound[start : start + signals.RATE_HZ]
    return made


def mean(values: list[float | None]) -> Answer:
    """One number that stands for all: the mean."""
    return (float(np.mean([value or 0.0 for value in values])),)


def by_pyloudnorm(batch: signals.Signal) -> Run:
    """A loop over a part, its time scaled to the whole; its mean is of the part, so not shown."""
    import pyloudnorm

    few = batch[: min(FEW, len(batch))]

    def loop() -> Answer:
        meter = pyloudnorm.Meter(signals.RATE_HZ)
        for clip in few:
            meter.integrated_loudness(clip)
        return (float("nan"),)

    run = timed(loop)

    def scaled() -> tuple[float, Answer]:
        seconds, answer = run()
        return seconds * len(batch) / len(few), answer

    return scaled


def races(seconds: float) -> list[Race]:
    """As many clips as make sense beside `seconds` of music."""
    count = CLIPS if seconds >= 240 else max(100, round(CLIPS * seconds / 240))
    batch = clips(count)
    rate = signals.RATE_HZ
    runs: dict[str, Run] = {
        OURS: timed(lambda: mean(loudscope.lufs_batch(batch, rate, threads=1))),
        LOOP: timed(lambda: mean([loudscope.lufs(clip, rate, threads=1) for clip in batch])),
    }
    if peers.importable("pyloudnorm"):
        runs["pyloudnorm"] = by_pyloudnorm(batch)
    return [
        Race(
            figure="batch",
            signal=f"{count} clips of 1 s, {rate // 1000} kHz mono float32, one call",
            runs=runs,
            units=("mean LUFS",),
            below=(1e-9,),
            above=(1e-9,),
            audio_seconds=count,
            excused={"pyloudnorm": f"a loop over {min(FEW, count)} of them, scaled"},
            targets=(
                Target("batch/loop", "a batch against a loop over `lufs`", 3, LOOP),
                Target("batch/pyloudnorm", "a batch against pyloudnorm", 30, "pyloudnorm"),
            ),
        )
    ]


if __name__ == "__main__":
    main(races)
