"""A process with a kernel of its own: runs `analyze` when told and says what it took.

`LOUDSCOPE_KERNEL=baseline python worker.py SECONDS` reads a line and answers with a line.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import signals
from timing import CPU, Answer

import loudscope


def analyse(sound: signals.Signal) -> Answer:
    """Everything; the answer is (LUFS, LU, dBTP)."""
    analysis = loudscope.analyze(sound, signals.RATE_HZ, threads=1)
    return read(analysis)


def read(analysis: Any) -> Answer:
    """Integrated loudness, loudness range and true peak; maxima and bands are read as well."""
    assert analysis.momentary_max >= analysis.short_term_max
    assert analysis.band_profile.total is not None
    assert analysis.correlation is not None
    return analysis.integrated, analysis.loudness_range, analysis.true_peak


class Worker:
    """The other end: a run with a kernel forced."""

    def __init__(self, kernel: str, seconds: float) -> None:
        self.process = subprocess.Popen(
            [sys.executable, str(Path(__file__)), str(seconds)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "LOUDSCOPE_KERNEL": kernel},
        )
        found = self._line()
        assert found == kernel, found

    def _line(self) -> Any:
        assert self.process.stdout is not None
        return json.loads(self.process.stdout.readline())

    def run(self) -> tuple[float, Answer]:
        """CPU seconds, and (LUFS, LU, dBTP)."""
        assert self.process.stdin is not None
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        seconds, answer = self._line()
        return seconds, tuple(answer)

    def close(self) -> None:
        """Ends it and waits."""
        self.process.communicate()


def main() -> None:
    """Answers until the input ends."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    sound = signals.music(float(sys.argv[1]))
    print(json.dumps(loudscope.info()["kernel"]), flush=True)
    for _ in sys.stdin:
        began = CPU()
        answer = analyse(sound)
        print(json.dumps((CPU() - began, answer)), flush=True)


if __name__ == "__main__":
    main()
