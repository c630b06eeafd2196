"""Audio to compare, and changes that are known."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from loudscope.qc import Inspection, inspect

RATE_HZ = 48000

Floats = NDArray[np.float64]


def music(seconds: float = 24.0, seed: int = 1, rate_hz: int = RATE_HZ) -> Floats:
    """Two channels of pink noise that beats twice a second and swells over the whole."""
    frames = round(seconds * rate_hz)
    random = np.random.default_rng(seed)
    hz = np.maximum(np.fft.rfftfreq(frames, 1.0 / rate_hz), 20.0)
    spectrum = np.fft.rfft(random.standard_normal((frames, 2)), axis=0) / np.sqrt(hz)[:, None]
    pink = np.fft.irfft(spectrum, frames, axis=0)
    time = np.arange(frames) / rate_hz
    beat = np.exp(-6.0 * np.mod(2.0 * time, 1.0)) + 0.2
    swell = 0.5 + 0.5 * time / seconds
    return np.asarray(0.05 * pink / pink.std() * (beat * swell)[:, None])


def shelf(samples: Floats, from_hz: float, gain_db: float, rate_hz: int = RATE_HZ) -> Floats:
    """Everything above a frequency raised by so many dB."""
    spectrum = np.fft.rfft(samples, axis=0)
    above = np.fft.rfftfreq(len(samples), 1.0 / rate_hz) >= from_hz
    spectrum[above] *= 10.0 ** (gain_db / 20.0)
    return np.asarray(np.fft.irfft(spectrum, len(samples), axis=0))


def gained(samples: Floats, gain_db: float) -> Floats:
    """All of it raised by so many dB."""
    return np.asarray(samples * 10.0 ** (gain_db / 20.0))


def heard(samples: NDArray[Any], rate_hz: int = RATE_HZ) -> Inspection:
    """What there is to know of it."""
    return inspect(samples, rate_hz)
