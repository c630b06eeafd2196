"""How time and memory grow: with length, channels, rate, threads, and down to clips of 10 ms.

python benchmarks/scaling.py [--quick]          JSON to benchmarks/results/scaling.json
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import machine
import numpy as np
import signals
from timing import CPU, WALL, Clock, one_core, spread

import loudscope

RESULTS = Path(__file__).parent / "results"
MINUTES = (1, 3, 10, 30, 60, 180, 600)
CHANNELS = (1, 2, 3, 4, 6, 8, 12, 16, 24)
RATES_HZ = (8000, 16000, 22050, 44100, 48000, 96000, 192000, 384000)
CLIPS_S = (0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0)
LONG = """
import json, sys
sys.path.insert(0, {here!r})
import numpy, signals, loudscope
from timing import CPU
minute = numpy.load({path!r})
def peak():
    lines = open("/proc/self/status").read().splitlines()
    return [int(l.split()[1]) / 1024 for l in lines if l.startswith("VmHWM")][0]
before, began = peak(), CPU()
analysis = loudscope.analyze(signals.again(minute, {seconds}), 48000, threads=1)
assert analysis.integrated is not None
taken, after = CPU() - began, peak()
table = sum(column.nbytes for _, column in analysis.table.columns()) / 2**20
print(json.dumps([taken, after - before, table]))
"""


def repeated(call: Callable[[], object], clock: Clock, rounds: int) -> tuple[float, float]:
    """Median and IQR of one call, s. Short calls are taken many at a time."""
    call()
    began = clock()
    call()
    many = max(1, round(0.01 / max(clock() - began, 1e-6)))
    taken = []
    for _ in range(rounds):
        began = clock()
        for _ in range(many):
            call()
        taken.append((clock() - began) / many)
    return spread(taken)


def point(at: float, times: tuple[float, float], **more: float) -> dict[str, float]:
    """One point of a curve."""
    return {"at": at, "median_s": times[0], "iqr_s": times[1], **more}


def lengths(minutes: Iterable[float]) -> list[dict[str, float]]:
    """From a stream, each in a process of its own: CPU time and peak memory beyond the signal."""
    points = []
    here = str(Path(__file__).parent)
    with tempfile.TemporaryDirectory() as folder:
        path = str(
            Path(folder) / "minute.npy"
        )  # made elsewhere, for making it leaves memory behind
        np.save(path, signals.music(60.0))
        for length in minutes:
            code = LONG.format(here=here, path=path, seconds=60.0 * length)
            run = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
            cpu, peak, table = json.loads(run.stdout)
            points.append(point(length, (cpu, 0.0), peak_mb=peak, table_mb=table))
            print(f"{length} min: {cpu:.3f} s, {peak:.0f} MB, table {table:.0f}", flush=True)
    return points


def place(channels: int) -> object:
    """A layout of so many loudspeakers."""
    if channels <= 2:
        return None
    return [(360.0 * i / channels - 180.0, 0.0) for i in range(channels)]


def channel_counts(seconds: float, rounds: int) -> list[dict[str, float]]:
    """One core; time a channel."""
    points = []
    for count in CHANNELS:
        sound, layout = signals.music(seconds, count), place(count)

        def call(sound: Any = sound, layout: Any = layout) -> object:
            return loudscope.analyze(sound, signals.RATE_HZ, layout=layout, threads=1)

        points.append(point(count, repeated(call, CPU, rounds)))
        print(f"{count} channels: {points[-1]['median_s']:.4f} s", flush=True)
    return points


def rates(seconds: float, rounds: int) -> list[dict[str, float]]:
    """One core; stereo."""
    points = []
    for rate_hz in RATES_HZ:
        sound = signals.music(seconds, 2, rate_hz)

        def call(sound: Any = sound, rate_hz: int = rate_hz) -> object:
            return loudscope.analyze(sound, rate_hz, threads=1)

        points.append(point(rate_hz, repeated(call, CPU, rounds)))
        print(f"{rate_hz} Hz: {points[-1]['median_s']:.4f} s", flush=True)
    return points


def thread_counts(seconds: float, rounds: int) -> list[dict[str, float]]:
    """Wall; as many threads as there are cores, and twice as many."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    sound = signals.music(seconds)
    points = []
    for threads in sorted({1, 2, *range(4, (cores or 1) + 1, 4), cores or 1, 2 * (cores or 1)}):

        def call(threads: int = threads) -> object:
            return loudscope.analyze(sound, signals.RATE_HZ, threads=threads)

        points.append(point(threads, repeated(call, WALL, rounds)))
        print(f"{threads} threads: {points[-1]['median_s']:.4f} s", flush=True)
    return points


def clip(seconds: float, rounds: int) -> dict[str, float]:
    """One length: `analyze`, `lufs`, and the batch call, for a clip."""
    sound, rate = signals.music(seconds), signals.RATE_HZ
    many = np.stack([sound] * max(2, min(256, round(64 / seconds))))
    whole = repeated(lambda: loudscope.analyze(sound, rate, threads=1), CPU, rounds)
    single = repeated(lambda: loudscope.lufs(sound, rate, threads=1), CPU, rounds)
    batch = repeated(lambda: loudscope.lufs_batch(many, rate, threads=1), CPU, rounds)
    return point(seconds, whole, lufs_s=single[0], batch_s=batch[0] / len(many))


def clips(rounds: int) -> list[dict[str, float]]:
    """One core; a call on a clip."""
    points = []
    for seconds in CLIPS_S:
        points.append(clip(seconds, rounds))
        print(f"{seconds} s: {1e6 * points[-1]['median_s']:.1f} µs", flush=True)
    return points


def main() -> None:
    """All curves."""
    options = argparse.ArgumentParser(description="scaling curves")
    options.add_argument("--quick", action="store_true", help="short signals and few rounds")
    options.add_argument("--output", type=Path, default=RESULTS / "scaling.json")
    given = options.parse_args()
    seconds, rounds = (6.0, 3) if given.quick else (60.0, 9)
    everything = {
        "date": time.strftime("%Y-%m-%d", time.gmtime()),
        "machine": machine.describe(),
        "seconds": seconds,
        "lengths": lengths((1, 3) if given.quick else MINUTES),
    }
    with one_core():
        everything["channels"] = channel_counts(seconds, rounds)
        everything["rates"] = rates(seconds, rounds)
        everything["clips"] = clips(rounds)
    everything["threads"] = thread_counts(4 * seconds, rounds)
    given.output.parent.mkdir(parents=True, exist_ok=True)
    given.output.write_text(json.dumps(everything, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
