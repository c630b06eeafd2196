"""Processes and interpreters: fork and spawn after the engine's threads ran; a clear refusal."""

from __future__ import annotations

import multiprocessing
import subprocess
import sys
from pathlib import Path

import pytest

WORKER = Path(__file__).with_name("process_worker.py")
FORKS = ("fork", "forkserver", "fork-meanwhile", "fork-meter")


@pytest.mark.parametrize("method", ["spawn", *FORKS])
def test_other_processes_measure_as_this_one(method: str) -> None:
    """Each after the engine has used threads of its own here."""
    if method in FORKS and "fork" not in multiprocessing.get_all_start_methods():
        pytest.skip("no fork here")
    run = subprocess.run(
        [sys.executable, "-W", "error", str(WORKER), method],
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert (run.returncode, run.stdout, run.stderr) == (0, "as alone\n", "")


SUB_INTERPRETER = """
import loudscope, numpy as np
try:
    import _interpreters as interpreters  # 3.13
    run = interpreters.exec
except ImportError:
    import _xxsubinterpreters as interpreters
    run = interpreters.run_string
sound = np.full((48_000, 2), 0.1) * np.sign(np.arange(48_000) % 96 - 47.5)[:, None]
before = loudscope.lufs(sound, 48000)
other = interpreters.create()
code = '''
try:
    import loudscope
except ImportError as error:
    print("refused:", type(error).__name__, flush=True)
else:
    print("imported", flush=True)
'''
run(other, code)
interpreters.destroy(other)
print("goes on:", loudscope.lufs(sound, 48000) == before)
"""


@pytest.mark.skipif(
    sys.implementation.name != "cpython", reason="sub-interpreters as CPython has them"
)
def test_a_sub_interpreter_is_refused_and_nothing_breaks() -> None:
    """NumPy is for one interpreter of a process, and so is the engine: an ImportError says so."""
    run = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", SUB_INTERPRETER],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (run.returncode, run.stdout) == (0, "refused: ImportError\ngoes on: True\n")
