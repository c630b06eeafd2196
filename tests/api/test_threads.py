"""Python threads: many readers of one array, and one meter that several push to."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest

import loudscope
from loudscope import Meter

NOISE = np.random.default_rng(11).uniform(-0.5, 0.5, (48_000 * 8, 2)).astype(np.float32)
CALLS: dict[str, Callable[..., Any]] = {
    "analyze": loudscope.analyze,
    "lufs": loudscope.lufs,
    "true_peak": loudscope.true_peak,
    "true_peak itu": lambda *args, **options: loudscope.true_peak(*args, method="itu", **options),
    "band_profile": loudscope.band_profile,
    "scan": loudscope.scan,
}


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
@pytest.mark.parametrize("threads", [1, 3, None])
def test_many_threads_measure_one_array(call: Callable[..., Any], threads: int | None) -> None:
    """Eight at once, each with threads of its own, all get what one gets."""
    expected = call(NOISE, 48000)
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: call(NOISE, 48000, threads=threads), range(16)))
    assert all(each == expected for each in found)


def test_many_threads_ask_one_analysis() -> None:
    """Figures are computed when they are asked for, by whoever asks first."""
    expected = loudscope.analyze(NOISE, 48000).to_json()
    for _ in range(5):
        analysis = loudscope.analyze(NOISE, 48000)
        start = threading.Barrier(8)

        def ask(_: int) -> str:
            start.wait()  # noqa: B023
            return analysis.to_json()  # noqa: B023

        with ThreadPoolExecutor(8) as pool:
            assert set(pool.map(ask, range(8))) == {expected}


def test_two_threads_push_to_one_meter() -> None:
    """Each chunk is taken whole, one after the other; readings in between are of whole chunks."""
    chunk, pushes, pushers = NOISE[:4800], 60, 4
    meter, readings = Meter(48000), []
    start = threading.Barrier(pushers + 1)

    def push() -> None:
        start.wait()
        for _ in range(pushes):
            meter.push(chunk)

    def read() -> None:
        start.wait()
        for _ in range(100):
            readings.append(meter.reading())

    threads = [threading.Thread(target=push) for _ in range(pushers)]
    threads.append(threading.Thread(target=read))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    whole = np.tile(chunk, (pushes * pushers, 1))
    assert meter.table() == loudscope.scan(whole, 48000)
    seconds = [reading.seconds for reading in readings]
    assert seconds == sorted(seconds)
    assert all(round(each * 48000) % 4800 == 0 for each in seconds)


def test_samples_that_read_as_zero_are_counted_in_every_thread() -> None:
    """And those of a chunk that is refused for something else are not."""
    chunk, pushes, pushers = NOISE[:480].copy(), 200, 4
    chunk[7] = np.nan
    meter = Meter(48000, on_nonfinite="zero")

    def push(_: int) -> None:
        for _ in range(pushes):
            meter.push(chunk)

    with ThreadPoolExecutor(pushers) as pool:
        list(pool.map(push, range(pushers)))
    counted = meter.table().zeroed
    assert counted == loudscope.scan(chunk, 48000, on_nonfinite="zero").zeroed * pushes * pushers
    with pytest.raises(loudscope.InvalidAudio):
        meter.push(np.array([[np.nan, 0.0], [1e9, 0.0]], np.float32))
    assert meter.table().zeroed == counted


def test_meters_of_their_own_do_not_meet() -> None:
    """Eight meters in eight threads, at different rates, are as if alone."""

    def measure(index: int) -> loudscope.BlockTable:
        meter = Meter(8000 + 4000 * index)
        for start in range(0, len(NOISE), 7777):
            meter.push(NOISE[start : start + 7777])
        return meter.table()

    with ThreadPoolExecutor(8) as pool:
        tables = list(pool.map(measure, range(8)))
    for index, table in enumerate(tables):
        assert table == loudscope.scan(NOISE, 8000 + 4000 * index)


def test_the_lock_is_released_while_the_engine_works() -> None:
    """Another thread runs Python while a long scan is under way."""
    long = np.tile(NOISE, (8, 1))
    done, ticks = threading.Event(), 0

    def work() -> None:
        for _ in range(3):
            loudscope.scan(long, 48000, threads=1)
        done.set()

    thread = threading.Thread(target=work)
    thread.start()
    while not done.wait(0.001):
        ticks += 1
    thread.join()
    assert ticks > 10


def test_an_array_that_changes_meanwhile_does_no_harm() -> None:
    """The figures are then anybody's guess; the process lives."""
    samples, stop = NOISE.copy(), threading.Event()

    def scribble() -> None:
        while not stop.is_set():
            samples[:] = -samples

    thread = threading.Thread(target=scribble)
    thread.start()
    try:
        for _ in range(5):
            table = loudscope.scan(samples, 48000)
            assert table.frame_count == len(samples)
    finally:
        stop.set()
        thread.join()
