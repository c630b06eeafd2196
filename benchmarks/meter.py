"""A live meter in chunks of 100 ms: time in all, and how long a single push may take."""

from __future__ import annotations

import time

import numpy as np
import peers
import signals
from race import OURS, Race, Target, main
from timing import Answer, Run, timed

import loudscope

CHUNK = signals.RATE_HZ // 10


def ours(sound: signals.Signal) -> Answer:
    """Integrated loudness, loudness range and true peak after the last push."""
    meter = loudscope.Meter(signals.RATE_HZ, keep_table=False)
    for start in range(0, len(sound), CHUNK):
        meter.push(sound[start : start + CHUNK])
    reading = meter.reading()
    return reading.integrated or 0.0, reading.loudness_range or 0.0, reading.true_peak or 0.0


def theirs(sound: signals.Signal) -> Answer:
    """The same by libebur128."""
    from pyebur128 import (
        MeasurementMode,
        R128State,
        get_loudness_global,
        get_loudness_range,
        get_true_peak,
    )

    mode = MeasurementMode.MODE_I | MeasurementMode.MODE_LRA | MeasurementMode.MODE_TRUE_PEAK
    state = R128State(2, signals.RATE_HZ, mode)
    flat = sound.reshape(-1)
    for start in range(0, len(sound), CHUNK):
        chunk = flat[2 * start : 2 * (start + CHUNK)]
        state.add_frames(chunk, len(chunk) // 2)
    peak = max(get_true_peak(state, channel) for channel in range(2))
    return get_loudness_global(state), get_loudness_range(state), peers.decibels(peak)


def p99(sound: signals.Signal) -> tuple[float, Answer]:
    """The push that 99 of 100 undercut, seconds on the wall."""
    meter = loudscope.Meter(signals.RATE_HZ, keep_table=False)
    taken = []
    for start in range(0, len(sound), CHUNK):
        began = time.perf_counter()
        meter.push(sound[start : start + CHUNK])
        taken.append(time.perf_counter() - began)
    return float(np.percentile(taken, 99)), ()


def races(seconds: float) -> list[Race]:
    """Against libebur128; and the 99th percentile against a limit of one millisecond."""
    sound = signals.music(seconds)
    runs: dict[str, Run] = {OURS: timed(lambda: ours(sound))}
    if peers.importable("pyebur128"):
        runs["pyebur128"] = timed(lambda: theirs(sound))
    named = f"{signals.named(seconds)}, pushed 100 ms at a time"
    target = Target("meter/pyebur128", "`Meter.push()` of 100 ms against pyebur128", 3, "pyebur128")
    limit = Target("meter p99", "`Meter.push()`, 99th percentile", 1, OURS, kind="ms")
    return [
        Race(
            figure="meter",
            signal=named,
            runs=runs,
            units=("LUFS", "LU", "dBTP"),
            below=(0.02, 0.5, 0.5),
            above=(0.02, 0.5, 0.1),
            audio_seconds=seconds,
            targets=(target,),
        ),
        Race(
            figure="meter, 99th percentile of a push",
            signal=named,
            clock="wall, one core",
            runs={OURS: lambda: p99(sound)},
            targets=(limit,),
        ),
    ]


if __name__ == "__main__":
    main(races)
