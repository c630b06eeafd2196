"""Test signals: made by code, the same samples at every run."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Signal = NDArray[np.float32]

RATE_HZ = 48000


def _voice(rng: np.random.Generator, frames: int, rate_hz: int) -> NDArray[np.float64]:
    """Noise whose spectrum falls like music's, in a phrase of 20 s, over a drum twice a second."""
    walk = np.cumsum(rng.standard_normal(frames))
    totals = np.concatenate([np.zeros(33), np.cumsum(walk)])
    width = min(64, frames)
    walk[width:] -= (totals[width + 33 :] - totals[33:-width])[: frames - width] / width
    seconds = np.arange(frames) / rate_hz
    phrase = 0.15 + 0.85 * np.clip(np.sin(2 * np.pi * seconds / 20), 0, 1)
    drum = np.exp(-(seconds % 0.5) * 16) * np.sin(2 * np.pi * 60 * seconds)
    return np.asarray((0.6 * walk / np.abs(walk[width:]).max(initial=1e-9) + 0.7 * drum) * phrase)


def named(seconds: float, *, limited: bool = False) -> str:
    """What `music` is, in words."""
    length = f"{seconds / 60:g} min" if seconds >= 60 else f"{seconds:g} s"
    kind = "limited master" if limited else "music"
    return f"{length} of {kind}, {RATE_HZ // 1000} kHz stereo float32"


@lru_cache(maxsize=4)
def music(
    seconds: float, channels: int = 2, rate_hz: int = RATE_HZ, *, limited: bool = False
) -> Signal:
    """Music-like sound, (frames, channels) float32, C-contiguous and not to be written to.

    Args:
        seconds: Length.
        channels: Channels, related by a common voice.
        rate_hz: Sampling rate.
        limited: As a heavily limited master: every 100 ms block reaches near full scale.
    """
    frames = max(1, round(seconds * rate_hz))
    rng = np.random.default_rng(2024)
    centre = _voice(rng, frames, rate_hz)
    sound = np.empty((frames, channels), np.float32)
    for channel in range(channels):
        mixed = 0.7 * centre + 0.4 * _voice(rng, frames, rate_hz)
        shaped = _limited(mixed) if limited else np.clip(mixed, -0.999, 0.999)
        sound[:, channel] = _faded(shaped, rate_hz)
    sound.setflags(write=False)
    return sound


def _faded(sound: NDArray[np.float64], rate_hz: int) -> NDArray[np.float64]:
    """Begins and ends within 5 ms: at a sudden end peers differ about what lies beyond."""
    place = np.arange(len(sound))
    edge = np.minimum(place, place[::-1]) / (0.005 * rate_hz)
    return np.asarray(sound * np.minimum(edge, 1.0))


def _limited(sound: NDArray[np.float64]) -> NDArray[np.float64]:
    """Levelled to its own loudness in 50 ms, then driven into saturation."""
    step = 2400
    power = np.array([np.mean(np.square(sound[i : i + step])) for i in range(0, len(sound), step)])
    middles = step * (np.arange(len(power)) + 0.5)
    gain = np.interp(np.arange(len(sound)), middles, 1 / np.sqrt(power + 1e-8))
    return np.asarray(0.98 * np.tanh(0.9 * sound * gain))


def stream(seconds: float, channels: int = 2, rate_hz: int = RATE_HZ) -> Iterator[Signal]:
    """As much sound as wanted in a minute's memory."""
    return again(music(min(60.0, seconds), channels, rate_hz), seconds, rate_hz)


def again(minute: Signal, seconds: float, rate_hz: int = RATE_HZ) -> Iterator[Signal]:
    """A piece of sound again and again, a second at a time."""
    left = round(seconds * rate_hz)
    while left > 0:
        for start in range(0, min(left, len(minute)), rate_hz):
            yield minute[start : start + min(rate_hz, left - start)]
        left -= len(minute)
