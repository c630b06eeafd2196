"""Signals for the search of faults: made by code, seconds long."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import soundfile
from numpy.typing import NDArray

RATE = 48000

Signal = NDArray[np.float64]


def coloured(seconds: float, rate_hz: int = RATE, tilt_db: float = -4.5, seed: int = 0) -> Signal:
    """Two channels of noise that falls by `tilt_db` an octave, as music does; RMS -20 dBFS."""
    count = round(seconds * rate_hz)
    spectrum = np.fft.rfft(np.random.default_rng(seed).standard_normal((count, 2)), axis=0)
    hz = np.maximum(np.fft.rfftfreq(count, 1 / rate_hz), 30.0)[:, np.newaxis]
    spectrum[np.fft.rfftfreq(count, 1 / rate_hz) < 30.0] = 0.0
    noise = np.fft.irfft(spectrum * (hz / 1000.0) ** (tilt_db / 6.02), count, axis=0)
    return np.asarray(0.1 * noise / noise.std())


def music(seconds: float, rate_hz: int = RATE, seed: int = 0) -> Signal:
    """Coloured noise that swells twice a second, shared by both channels for the most part.

    It starts and ends with a short fade and peaks at -6 dBFS.
    """
    noise = coloured(seconds, rate_hz, seed=seed)
    both = noise[:, :1] + 0.2 * noise[:, 1:] * np.array([1.0, -1.0])
    time = np.arange(len(both)) / rate_hz
    swell = 0.15 + 0.85 * np.sin(2 * np.pi * time) ** 2
    sound = both * (swell * fade(len(both), rate_hz))[:, np.newaxis]
    return np.asarray(0.5 * sound / np.abs(sound).max())


def fade(count: int, rate_hz: int = RATE, seconds: float = 0.02) -> Signal:
    """1, but rising from 0 and falling to it linearly at the ends."""
    ramp = np.arange(count) / (seconds * rate_hz)
    return np.minimum(1.0, np.minimum(ramp, ramp[::-1]))


def sine(hz: float, seconds: float, peak: float = 0.5, rate_hz: int = RATE) -> Signal:
    """A sine, one channel."""
    return np.asarray(peak * np.sin(2 * np.pi * hz * np.arange(round(seconds * rate_hz)) / rate_hz))


def square(hz: float, seconds: float, peak: float = 0.5) -> Signal:
    """A square wave as a chip makes it, not band-limited."""
    return np.where(sine(hz, seconds) >= 0.0, peak, -peak)


def pcm16(signal: Signal) -> NDArray[np.int16]:
    """As 16-bit samples, rounded."""
    return np.asarray(np.rint(signal * 32767.0).astype(np.int16))


def lowpassed(signal: Signal, cutoff_hz: float, slope_db: float, rate_hz: int = RATE) -> Signal:
    """Falls by so much an octave from a frequency on; inf: a wall."""
    count = len(signal)
    hz = np.fft.rfftfreq(count, 1 / rate_hz)[:, np.newaxis]
    octaves = np.log2(np.maximum(hz, 1.0) / cutoff_hz).clip(0.0)
    wall = np.where(octaves > 0.0, 0.0, 1.0)
    gain = wall if np.isinf(slope_db) else 10.0 ** (-slope_db * octaves / 20.0)
    return np.asarray(np.fft.irfft(np.fft.rfft(signal, axis=0) * gain, count, axis=0))


def resampled(signal: Signal, rate_hz: int, new_hz: int) -> Signal:
    """At a higher rate, with nothing above the old half of the rate."""
    count = round(len(signal) * new_hz / rate_hz)
    spectrum = np.fft.rfft(signal, axis=0)
    return np.asarray(np.fft.irfft(spectrum, count, axis=0) * count / len(signal))


def encoded(
    signal: NDArray[Any], rate_hz: int, kind: str, subtype: str, **options: Any
) -> io.BytesIO:
    """The file that libsndfile writes, open."""
    file = io.BytesIO()
    soundfile.write(file, signal, rate_hz, format=kind, subtype=subtype, **options)
    file.seek(0)
    return file


def mp3(signal: Signal, rate_hz: int, level: float) -> io.BytesIO:
    """LAME at a constant bit rate; at 44.1 kHz level 0.65 is 128 kb/s, 0.4 is 192, 0 is 320."""
    options = {"compression_level": level, "bitrate_mode": "CONSTANT"}
    return encoded(signal, rate_hz, "MP3", "MPEG_LAYER_III", **options)
