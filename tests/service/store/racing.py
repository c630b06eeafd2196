"""Several processes at one store, let go at the same moment."""

from __future__ import annotations

import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path

SECONDS = 100.0

# Each waits for a file to appear, works, and prints a line for each success.
OPEN = """
import random, sys, time
from pathlib import Path
from loudscope.service._records import NewAnalysis, NewResult, Stage, Task
from loudscope.service.store import open_store
url, folder, number, now, count = sys.argv[1:]
number, now, count = int(number), float(now), int(count)
order = random.Random(number).sample(range(count), count)
store = open_store(url, Path(folder))
store.counts(now)
print("ready", flush=True)
while not (Path(folder) / "go").exists():
    time.sleep(0.001)
"""
CLOSE = """
store.close()
"""


def race(code: str, processes: int, url: str, folder: Path, now: float, count: int) -> list[str]:
    """Runs the code in so many processes; gives what they printed, a line each."""
    script = OPEN + code + CLOSE
    with ExitStack() as stack:
        runners = [
            stack.enter_context(
                subprocess.Popen(
                    [sys.executable, "-c", script, url, folder, str(it), str(now), str(count)],
                    stdout=subprocess.PIPE,
                    text=True,
                )
            )
            for it in range(processes)
        ]
        for runner in runners:
            stack.callback(runner.kill)
            assert runner.stdout is not None
            assert runner.stdout.readline() == "ready\n"
        (folder / "go").touch()
        deadline = time.monotonic() + SECONDS
        outputs = [it.communicate(timeout=deadline - time.monotonic())[0] for it in runners]
        assert [runner.returncode for runner in runners] == [0] * processes
    return [line for output in outputs for line in output.splitlines()]
