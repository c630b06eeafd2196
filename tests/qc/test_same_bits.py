"""The same samples have the same figures to the last bit, wherever they are measured."""

from __future__ import annotations

import hashlib
import os
import platform
import subprocess
import sys

import numpy as np
import pytest
from numpy.typing import NDArray

from loudscope.qc import inspect

RATES = (44_100, 48_000, 11_025)
# The oldest kernels of OpenBLAS, which run everywhere; other machines have others, or no OpenBLAS.
OLDEST = {"OPENBLAS_CORETYPE": "Prescott" if platform.machine() in {"x86_64", "AMD64"} else "ARMV8"}


def music(rate_hz: int) -> NDArray[np.float32]:
    """Noise that swells over hum, (n, 2), of a bit more than four seconds."""
    seconds = np.arange(round(4.3 * rate_hz)) / rate_hz
    noise = np.random.default_rng(rate_hz).standard_normal((len(seconds), 2))
    hum = 0.01 * np.sin(2 * np.pi * np.outer(seconds, (50.0, 100.0, 150.0))).sum(axis=1)
    swell = 0.05 * (0.1 + np.sin(seconds) ** 2)
    return np.asarray(noise * swell[:, np.newaxis] + hum[:, np.newaxis], np.float32)


def digests() -> str:
    """Of everything that is found in each, in one line."""
    found = (inspect(music(rate), rate, threads=1).to_bytes() for rate in RATES)
    return " ".join(hashlib.sha256(data).hexdigest() for data in found)


@pytest.mark.parametrize("rate_hz", RATES)
def test_figures_do_not_depend_on_where_the_samples_lie(rate_hz: int) -> None:
    samples = music(rate_hz)
    expected = inspect(samples, rate_hz).to_bytes()
    for offset in (0, 4, 8, 12, 20, 36, 60):
        assert inspect(moved(samples, offset), rate_hz).to_bytes() == expected, offset


def moved(samples: NDArray[np.float32], offset: int) -> NDArray[np.float32]:
    """A copy that begins so many bytes behind a multiple of 64."""
    raw = np.empty(samples.nbytes + 128, np.uint8)
    start = -raw.ctypes.data % 64 + offset
    copy = raw[start : start + samples.nbytes].view(np.float32).reshape(samples.shape)
    copy[...] = samples
    return copy


def test_figures_do_not_depend_on_the_kernels_of_numpy_s_blas() -> None:
    """A measuring process of the service has not the environment of who analyses by himself."""
    done = subprocess.run(
        [sys.executable, __file__],
        env={**os.environ, **OLDEST},
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    assert done.stdout.split() == digests().split()


if __name__ == "__main__":
    sys.stdout.write(digests())
