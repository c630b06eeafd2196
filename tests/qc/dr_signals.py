"""Signals on which open DR meters were read, and the reading itself.

`python tests/qc/dr_signals.py` prints what two of them say, where they are installed: `dr14meter`
1.1.5 (GPL, the maintained fork of DR14 T.meter) and `drmeter` 0.4.9 (MIT). Their results, not their
code, stand in `test_dynamics.py`.
"""

from __future__ import annotations

import importlib
import io
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float32]


@dataclass(frozen=True)
class Signal:
    """A sound of so many seconds; `make` takes time, (frames,), and a source of noise."""

    rate_hz: int
    seconds: float
    make: Callable[[NDArray[np.float64], np.random.Generator], NDArray[np.float64]]

    def render(self) -> Samples:
        """(frames, channels)."""
        time = np.arange(round(self.seconds * self.rate_hz)) / self.rate_hz
        made = self.make(time, np.random.default_rng(14))
        return np.ascontiguousarray(made.reshape(len(time), -1), dtype=np.float32)


def _beats(time: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.float64]:
    """Two decays a second over a bed, both of noise; the bars differ in level."""
    bars = 0.4 + 0.6 * np.abs(np.sin(0.2 * time))
    decay = np.exp(-((2.0 * time) % 1.0) * 8.0) * bars
    noise = rng.uniform(-1.0, 1.0, (len(time), 2))
    return 0.9 * noise * (decay + 0.05)[:, None]


def _limited(time: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.float64]:
    return np.asarray(np.clip(3.0 * _beats(time, rng), -0.95, 0.95))


def _loud_and_soft(time: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.float64]:
    level = np.where(time % 20.0 < 7.0, 0.8, 0.05)
    return rng.uniform(-1.0, 1.0, (len(time), 2)) * level[:, None]


def _growing(time: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.float64]:
    tone = np.sin(2 * np.pi * 220.0 * time) * np.linspace(0.01, 0.9, len(time))
    return np.stack([tone, 0.3 * tone + 0.01 * rng.standard_normal(len(time))], axis=1)


SIGNALS = {
    "sine": Signal(44100, 31.0, lambda t, rng: 0.5 * np.sin(2 * np.pi * 997.0 * t)),
    "beats": Signal(44100, 62.5, _beats),
    "beats at 48 kHz": Signal(48000, 61.0, _beats),
    "beats at 96 kHz": Signal(96000, 32.0, _beats),
    "limited": Signal(44100, 47.3, _limited),
    "loud and soft": Signal(44100, 95.0, _loud_and_soft),
    "growing": Signal(48000, 40.0, _growing),
    "normal noise": Signal(44100, 33.0, lambda t, rng: 0.1 * rng.standard_normal((len(t), 2))),
}


def t_meter(signal: Signal) -> float:
    """What dr14meter says, before it rounds."""
    module: Any = importlib.import_module("dr14meter.compute_dr14")
    module.round = lambda value, *_: value
    return float(module.compute_dr14(signal.render().astype(np.float64), signal.rate_hz)[0])


def dr_meter(signal: Signal) -> float:
    """What drmeter says, before it rounds."""
    soundfile: Any = importlib.import_module("soundfile")
    models: Any = importlib.import_module("drmeter.models")
    algorithm: Any = importlib.import_module("drmeter.algorithm")
    file = io.BytesIO()
    soundfile.write(file, signal.render(), signal.rate_hz, format="WAV", subtype="FLOAT")
    file.seek(0)
    with soundfile.SoundFile(file) as opened:
        data = models.AudioData.from_soundfile(opened)
        return float(algorithm.dynamic_range(data).overall_dr_score)


if __name__ == "__main__":
    for name, signal in SIGNALS.items():
        sys.stdout.write(f'    "{name}": ({t_meter(signal):.3f}, {dr_meter(signal):.3f}),\n')
