"""Signals and files for the tests of reading."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

Signal = NDArray[np.float64]
MakeSignal = Callable[[int, int, float], Signal]
MakeFile = Callable[..., bytes]


@pytest.fixture(scope="session")
def signal() -> MakeSignal:
    """signal(rate_hz, channels, seconds): a tone under noise, another one in each channel."""

    def make(rate_hz: int, channels: int, seconds: float) -> Signal:
        rng = np.random.default_rng(1770)
        frames = round(rate_hz * seconds)
        phase = np.arange(frames)[:, None] / rate_hz * (np.arange(channels) + 2) * 110
        return 0.4 * np.sin(2 * np.pi * phase) + 0.05 * rng.standard_normal((frames, channels))

    return make


@pytest.fixture(scope="session")
def encode() -> MakeFile:
    """encode(samples, rate_hz, format, subtype): the bytes that libsndfile writes."""

    def make(
        samples: NDArray[Any],
        rate_hz: int,
        format: str,
        subtype: str,
        bitrate_mode: str | None = None,
    ) -> bytes:
        file = io.BytesIO()
        soundfile.write(
            file, samples, rate_hz, subtype=subtype, format=format, bitrate_mode=bitrate_mode
        )
        return file.getvalue()

    return make
