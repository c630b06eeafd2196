"""Run as a script: measures here, then in processes started by the method that is named.

python process_worker.py fork | forkserver | spawn | fork-meanwhile | fork-meter
"""

from __future__ import annotations

import multiprocessing
import os
import sys
import threading
import warnings

import numpy as np

import loudscope

NOISE = np.random.default_rng(5).uniform(-0.5, 0.5, (48_000 * 12, 2)).astype(np.float32)


def measured(_: int = 0) -> tuple[loudscope.BlockTable, float | None]:
    return loudscope.scan(NOISE, 48000, threads=4), loudscope.lufs(NOISE, 48000)


def pooled(method: str) -> None:
    """Children get what the parent gets, and tables come back through a pipe."""
    expected = measured()
    with multiprocessing.get_context(method).Pool(2) as pool:
        assert pool.map(measured, range(4)) == [expected] * 4


def child(check: bool) -> None:
    """Leaves the child, without what an interpreter does at its end."""
    os._exit(0 if check else 1)


def forked_meanwhile() -> None:
    """Forks while other threads are in the engine: a child has none of them, and needs none."""
    expected, stop = measured(), threading.Event()

    def work() -> None:
        while not stop.is_set():
            measured()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for _ in range(5):
        process = os.fork()
        if process == 0:
            child(measured() == expected)
        assert os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]) == 0
    stop.set()
    for thread in threads:
        thread.join()


def forked_meter() -> None:
    """A meter that is forked becomes two, which go on from the same state."""
    meter = loudscope.Meter(48000)
    meter.push(NOISE[:100_000])
    process = os.fork()
    meter.push(NOISE[100_000:])
    same = meter.table() == loudscope.scan(NOISE, 48000)
    if process == 0:
        child(same)
    assert same
    assert os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]) == 0


if __name__ == "__main__":
    # Python 3.12 warns of any fork beside threads; that is what is tried here.
    warnings.filterwarnings("ignore", "This process .* is multi-threaded", DeprecationWarning)
    how = {"fork-meanwhile": forked_meanwhile, "fork-meter": forked_meter}.get(sys.argv[1])
    if how is None:
        pooled(sys.argv[1])
    else:
        how()
    sys.stdout.write("as alone\n")
