"""Every kernel computes the same bits."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

import loudscope

from ..strategies import Audio, audio, examples
from . import kernel_worker

KERNELS: tuple[str, ...] = loudscope.info()["kernels"]


class Worker:
    """A child process with one kernel."""

    def __init__(self, kernel: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, kernel_worker.__file__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "LOUDSCOPE_KERNEL": kernel},
        )
        self.kernel = self._line()

    def _line(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().decode().strip()

    def measure(self, samples: NDArray[np.float64], rate_hz: int) -> dict[str, str]:
        """Digests of the paths through the kernel."""
        assert self.process.stdin is not None
        pickle.dump((samples, rate_hz), self.process.stdin)
        self.process.stdin.flush()
        return dict(pair.split("=") for pair in self._line().split())

    def close(self) -> None:
        """Ends it and waits."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait(30)
        assert self.process.stdout is not None
        self.process.stdout.close()


@pytest.fixture(scope="module")
def workers() -> Iterator[list[Worker]]:
    """One process for each kernel that this machine can run."""
    started = [Worker(kernel) for kernel in KERNELS]
    yield started
    for worker in started:
        worker.close()


def test_the_environment_chooses_the_kernel(workers: list[Worker]) -> None:
    """`LOUDSCOPE_KERNEL` is honoured; the baseline is always among the kernels."""
    assert tuple(worker.kernel for worker in workers) == KERNELS
    assert "baseline" in KERNELS


def test_an_unknown_kernel_is_refused() -> None:
    """With the names that there are."""
    found = subprocess.run(
        [sys.executable, "-c", "import loudscope; print(loudscope.info()['kernel'])"],
        env={**os.environ, "LOUDSCOPE_KERNEL": "abacus"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.returncode != 0
    assert "abacus" in found.stderr
    assert "baseline" in found.stderr


@given(sound=audio(most_samples=400_000), gain=st.sampled_from([1.0, 1e-3, 1e-20, 15.0]))
def test_every_kernel_computes_the_same_bits(
    workers: list[Worker], sound: Audio, gain: float
) -> None:
    """Scan, live meter, exhaustive peaks and Annex 2's table: SHA-256 over all columns."""
    samples = gain * sound.samples
    answers = [worker.measure(samples, sound.rate_hz) for worker in workers]
    here = kernel_worker.digests(samples, sound.rate_hz)
    for kernel, answer in zip(KERNELS, answers, strict=True):
        assert answer == here, kernel
    assert answers[0]["scan"] == answers[0]["live"]


@examples(0.3)
@given(
    sound=audio(channels=(1, 3), most_samples=200_000), dtype=st.sampled_from(["f4", "i2", "i4"])
)
def test_every_kernel_reads_every_dtype(workers: list[Worker], sound: Audio, dtype: str) -> None:
    """The loaders of each kernel, too."""
    full_scale = {"f4": 1.0, "i2": 2.0**15, "i4": 2.0**31}[dtype]
    scaled = np.clip(sound.samples, -1.0, 1.0 - 1.0 / 2**15) * full_scale
    samples = scaled.astype(dtype)
    image = samples.astype(np.float64) / full_scale
    answers = [worker.measure(samples, sound.rate_hz) for worker in workers]
    expected = kernel_worker.digests(image, sound.rate_hz)
    assert answers == [expected] * len(workers)
