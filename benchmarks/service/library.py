"""What the library alone does on these cores: the mark that the service is held against."""

from __future__ import annotations

import io
import multiprocessing
import time

import tracks

from loudscope.qc import inspect

__all__ = ["tracks_per_minute"]


def _work(track: bytes, seconds: float) -> tuple[int, float]:
    """Decodes and measures distinct files; how many, and in what time."""
    inspect(io.BytesIO(track), threads=1)
    start, count = time.perf_counter(), 0
    while time.perf_counter() - start < seconds:
        inspect(io.BytesIO(tracks.distinct(track)), threads=1)
        count += 1
    return count, time.perf_counter() - start


def tracks_per_minute(track: bytes, processes: int, seconds: float) -> float:
    """Decoded and measured by so many processes at once, each on one thread."""
    with multiprocessing.get_context("spawn").Pool(processes) as pool:
        found = pool.starmap(_work, [(track, seconds)] * processes)
    return sum(60.0 * count / taken for count, taken in found)
