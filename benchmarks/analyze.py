"""`analyze` of samples in memory: in parts, whole, with each kernel, limited, on all cores."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import peers
import signals
from race import OURS, Race, Target, main
from timing import WALL, Answer, Run, timed
from worker import Worker, analyse, read

import loudscope
from loudscope._measure import measure
from loudscope._request import Request

PARTS, LIMITED, ONE_CORE = "loudscope without bands", "loudscope, limited", "one core"
SUMS_TWO, SUMS_ONE = "sums within the cache, two cores", "sums within the cache, one core"
SUMMED, SUMS = 2048, 200_000  # 16 kB, summed again and again: nothing comes from memory
KERNELS = ("avx2", "baseline")
PYAV = "FFmpeg (PyAV)"
TARGETS = (
    Target("parts/pyebur128", "I, max M and S, LRA, TP against pyebur128", 22, "pyebur128", PARTS),
    Target("parts/PyAV", "I, max M and S, LRA, TP against FFmpeg through PyAV", 12, PYAV, PARTS),
    Target("analyze/pyebur128", "`analyze()`, everything, against pyebur128", 7, "pyebur128"),
    Target("avx2/pyebur128", "the same, AVX2 forced", 5, "pyebur128", "loudscope, avx2"),
    Target(
        "baseline/pyebur128", "the same, baseline forced", 3, "pyebur128", "loudscope, baseline"
    ),
)


def without_bands(sound: signals.Signal) -> Answer:
    """Integrated, maxima of momentary and short-term, loudness range and true peak."""
    request = Request(rate_hz=signals.RATE_HZ, threads=1)
    analysis = loudscope.Analysis(measure(sound, request))
    assert analysis.momentary_max is not None
    assert analysis.short_term_max is not None
    assert analysis.integrated is not None
    assert analysis.loudness_range is not None
    assert analysis.true_peak is not None
    return analysis.integrated, analysis.loudness_range, analysis.true_peak


def against_peers(seconds: float) -> Race:
    """Peers read S once a second for the loudness range and interpolate four times."""
    sound = signals.music(seconds)
    kernels = [name for name in loudscope.info()["kernels"] if name in KERNELS]
    workers = {f"loudscope, {kernel}": Worker(kernel, seconds) for kernel in kernels}
    runs: dict[str, Run] = {OURS: timed(lambda: analyse(sound))}
    runs[PARTS] = timed(lambda: without_bands(sound))
    runs |= {name: worker.run for name, worker in workers.items()}
    for name, call in peers.everything(sound, signals.RATE_HZ).items():
        runs[name] = timed(call)

    def close() -> None:
        for worker in workers.values():
            worker.close()

    return Race(
        figure="analyze",
        signal=signals.named(seconds),
        runs=runs,
        units=("LUFS", "LU", "dBTP"),
        below=(0.02, 0.5, 0.5),
        above=(0.02, 0.5, 0.1),
        audio_seconds=seconds,
        targets=TARGETS,
        excused={"essentia": "true peak off by tenths of a dB, hop of 0.1 s"},
        close=close,
    )


def against_dynamic_music(seconds: float) -> Race:
    """Skipping what cannot be the peak must not make the worst case slow."""
    calm, limited = signals.music(seconds), signals.music(seconds, limited=True)
    return Race(
        figure="analyze, limited",
        signal=f"{signals.named(seconds)}, and as a limited master",
        runs={
            OURS: timed(lambda: analyse(calm)),
            LIMITED: timed(lambda: analyse(limited)),
        },
        units=("LUFS", "LU", "dBTP"),
        audio_seconds=seconds,
        targets=(
            Target(
                "limited/dynamic",
                "`analyze()` of a limited master over that of music: time",
                1.5,
                OURS,
                LIMITED,
                kind="slower",
            ),
        ),
    )


def summed(times: int) -> None:
    """Arithmetic that shares nothing with whatever else runs: neither memory nor a lock."""
    np.broadcast_to(np.linspace(-1.0, 1.0, SUMMED), (times, SUMMED)).sum(axis=1)


def against_one_core(seconds: float) -> Race:
    """Two threads, and one, by the clock on the wall.

    Beside them the same of arithmetic that needs no memory: what two cores of this machine are
    worth at the time, whatever runs on them.
    """
    sound = signals.music(seconds)
    pool = ThreadPoolExecutor(2)

    def sums_of_two() -> Answer:
        list(pool.map(summed, (SUMS // 2,) * 2))
        return ()

    def sums_of_one() -> Answer:
        summed(SUMS)
        return ()

    def two() -> Answer:
        return read(loudscope.analyze(sound, signals.RATE_HZ, threads=2))

    return Race(
        figure="analyze, two cores",
        signal=signals.named(seconds),
        clock="wall, two threads",
        runs={
            OURS: timed(two, WALL),
            ONE_CORE: timed(lambda: analyse(sound), WALL),
            SUMS_TWO: timed(sums_of_two, WALL),
            SUMS_ONE: timed(sums_of_one, WALL),
        },
        units=("LUFS", "LU", "dBTP"),
        below=(0.0, 0.0, 0.0),
        above=(0.0, 0.0, 0.0),
        audio_seconds=seconds,
        pinned=False,
        targets=(Target("two cores", "`analyze()`, two cores against one", 1.8, ONE_CORE),),
        controls=(SUMS_TWO, SUMS_ONE),
        close=pool.shutdown,
    )


def races(seconds: float) -> list[Race]:
    """All of them."""
    return [against_peers(seconds), against_dynamic_music(seconds), against_one_core(seconds)]


if __name__ == "__main__":
    main(races)
