"""Audio to draw: the example, and what has little to show."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from loudscope import Analysis, scan
from loudscope.qc import Inspection, inspect

RATE = 48000
EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "audio" / "night_drive.flac"

Make = Callable[[], Analysis]


def noise(seconds: float, channels: int = 2, rms: float = 0.1) -> np.ndarray:
    random = np.random.default_rng(round(seconds * 10) + channels)
    return rms * random.standard_normal((round(seconds * RATE), channels))


def analysis_of(samples: np.ndarray, layout: str | None = None) -> Analysis:
    return Analysis(scan(samples.astype(np.float32), RATE, layout=layout))


# What leaves one chart or another without data.
BARE: dict[str, Make] = {
    "silence": lambda: analysis_of(np.zeros((4 * RATE, 2))),
    "one frame": lambda: analysis_of(noise(1.0)[:1]),
    "under 400 ms": lambda: analysis_of(noise(0.2)),
    "under 3 s": lambda: analysis_of(noise(1.0)),
    "below the gate": lambda: analysis_of(noise(4.0, rms=1e-6)),
    "one channel": lambda: analysis_of(noise(4.0, 1)),
    "5.1": lambda: analysis_of(noise(4.0, 6), "5.1"),
    "22.2": lambda: analysis_of(noise(1.0, 24), "22.2"),
    "right is silent": lambda: analysis_of(noise(4.0) * [1.0, 0.0]),
    "inverted": lambda: analysis_of(noise(4.0)[:, :1] * [1.0, -1.0]),
    "8 kHz": lambda: Analysis(scan(noise(1.0), 8000)),
    "far over full scale": lambda: analysis_of(noise(4.0, rms=2.0)),
}


@pytest.fixture(scope="session")
def inspection() -> Inspection:
    return inspect(EXAMPLE)


@pytest.fixture(scope="session")
def analysis(inspection: Inspection) -> Analysis:
    return inspection.analysis
