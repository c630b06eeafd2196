"""The sounds of examples/audio/night_drive.flac, which render_example.py arranges."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Signal = NDArray[np.float64]
"""Samples of shape (frames,) or (frames, 2), full scale = 1."""

RATE_HZ = 44100


def clock(seconds: float) -> Signal:
    """Times of the samples of a sound, from 0."""
    return np.arange(round(seconds * RATE_HZ)) / RATE_HZ


def silence(seconds: float) -> Signal:
    """An empty stereo track."""
    return np.zeros((round(seconds * RATE_HZ), 2))


def noise(seed: int, frames: int) -> Signal:
    """White noise, -1 to 1, from raw PCG64 words: no release of NumPy may change that stream."""
    words = np.random.PCG64(seed).random_raw(frames) >> np.uint64(11)
    return np.asarray(words * 2.0**-52 - 1.0, np.float64)


def place(track: Signal, sound: Signal, seconds: float, pan: float = 0.0) -> None:
    """Adds a mono or stereo sound to a track; pan from -1 (left) to 1 (right), constant power."""
    if sound.ndim == 1:
        angle = (pan + 1.0) * np.pi / 4.0
        sound = np.multiply.outer(sound, np.sqrt(2.0) * np.array([np.cos(angle), np.sin(angle)]))
    start = round(seconds * RATE_HZ)
    room = track[start : start + len(sound)]
    room += sound[: len(room)]


def widened(middle: Signal, side: Signal) -> Signal:
    """Left and right of a middle and a side signal."""
    return np.stack([middle + side, middle - side], axis=1)


def envelope(t: Signal, attack: float, release: float) -> Signal:
    """Rises over `attack` seconds and falls over the last `release`, each as half a cosine."""
    rise = np.clip(t / attack, 0.0, 1.0)
    fall = np.clip((t[-1] - t) / release, 0.0, 1.0)
    return np.asarray(0.25 * (1.0 - np.cos(np.pi * rise)) * (1.0 - np.cos(np.pi * fall)))


def filtered(sound: Signal, low_hz: float, high_hz: float, order: int) -> Signal:
    """Band-pass with Butterworth magnitudes and no phase shift, along time."""
    f = np.fft.rfftfreq(len(sound), 1.0 / RATE_HZ)[:, np.newaxis]
    gain = 1.0 / np.sqrt(1.0 + (f / high_hz) ** (2 * order))
    gain /= np.sqrt(1.0 + (low_hz / np.maximum(f, 1.0)) ** (2 * order))
    spectrum = np.fft.rfft(sound.reshape(len(sound), -1), axis=0) * gain
    return np.asarray(np.fft.irfft(spectrum, len(sound), axis=0).reshape(sound.shape))


def saw(note: float, t: Signal, cutoff_hz: float, phase: float = 0.0) -> Signal:
    """A sawtooth whose harmonics fall off beyond `cutoff_hz`, read from a table of one period."""
    hz = 440.0 * 2.0 ** ((note - 69.0) / 12.0)
    k = np.arange(1, int(0.4 * RATE_HZ / hz))
    spectrum = np.zeros(2049, complex)
    spectrum[k] = -1024.0j / (k * (1.0 + (k * hz / cutoff_hz) ** 8))
    table = np.fft.irfft(spectrum)
    place_in_table = (hz * t + phase) % 1.0 * 4096.0
    wave = np.interp(place_in_table, np.arange(4097), np.append(table, table[0]))
    return np.asarray(wave, np.float64)


def pad(notes: Sequence[int], seconds: float, bright_hz: float) -> Signal:
    """A slow chord: saws in the middle, and detuned ones between the sides that widen it."""
    t = clock(seconds)
    middle, side = np.zeros(len(t)), np.zeros(len(t))
    for voice, note in enumerate(notes):
        middle += saw(note - 0.03, t, bright_hz, 0.37 * voice) + saw(note + 0.04, t, bright_hz, 0.7)
        side += saw(note - 0.09, t, 600.0, 0.21 * voice) - saw(note + 0.09, t, 600.0, 0.5)
    return widened(0.12 * middle, 0.09 * side) * envelope(t, 0.35, 0.5)[:, np.newaxis]


def bass(note: int) -> Signal:
    """An eighth of a bass whose filter closes."""
    t = clock(0.29)
    dark, bright = saw(note, t, 180.0), saw(note, t, 900.0)
    return (dark + 0.8 * (bright - dark) * np.exp(-t / 0.07)) * envelope(t, 0.004, 0.05)


def pluck(note: int) -> Signal:
    """A short bright string."""
    t = clock(0.5)
    tone = saw(note, t, 700.0) + saw(note, t, 2000.0) * np.exp(-t / 0.03)
    return tone * np.exp(-t / 0.14) * envelope(t, 0.003, 0.1)


def lead(note: int, seconds: float) -> Signal:
    """A singing tone whose vibrato comes in late."""
    t = clock(seconds)
    bent = t + 0.0012 * np.clip(t - 0.25, 0.0, 0.3) * np.sin(2.0 * np.pi * 5.2 * t)
    tone = saw(note, bent, 1900.0) + saw(note + 0.06, bent, 1900.0, 0.3)
    return tone * envelope(t, 0.02, 0.12) * (0.65 + 0.35 * np.exp(-t / 0.4))


def kick() -> Signal:
    """A sine that falls from 177 to 47 Hz, and a click."""
    t = clock(0.34)
    cycles = 47.0 * t + 0.028 * 130.0 * (1.0 - np.exp(-t / 0.028))
    click = 0.25 * np.sin(2.0 * np.pi * 1800.0 * t) * np.exp(-t / 0.003)
    return (np.sin(2.0 * np.pi * cycles) * np.exp(-t / 0.13) + click) * envelope(t, 0.001, 0.1)


def snare(seed: int) -> Signal:
    """A drum head and the rattle under it."""
    t = clock(0.24)
    head = np.sin(2.0 * np.pi * (185.0 * t + 2.0 * (1.0 - np.exp(-t / 0.02)))) * np.exp(-t / 0.06)
    rattle = filtered(noise(seed, len(t)), 900.0, 4200.0, 4) * np.exp(-t / 0.07)
    return (0.55 * head + rattle) * envelope(t, 0.001, 0.08)


def tick(seed: int, low_hz: float, high_hz: float, decay: float) -> Signal:
    """A burst of noise: a closed hat, or a stick on the snare."""
    t = clock(6.0 * decay)
    return filtered(noise(seed, len(t)), low_hz, high_hz, 8) * np.exp(-t / decay)


def echoed(track: Signal, delay: float) -> Signal:
    """Adds four echoes, `delay` seconds apart, that change sides."""
    wet = track.copy()
    for echo in range(1, 5):
        shift = round(echo * delay * RATE_HZ)
        sides = np.array([0.9, 0.25] if echo % 2 else [0.25, 0.9])
        wet[shift:] += 0.42**echo * sides * track[:-shift]
    return wet


def reverb(track: Signal) -> Signal:
    """The middle of a track in two rooms of decaying, darkened noise: one middle, one side."""
    t = clock(1.6)
    decay = np.exp(-t / 0.33) * envelope(t, 0.03, 0.5)
    middle, side = (
        convolved(track.mean(axis=1), decay * filtered(noise(seed, len(t)), 150.0, high_hz, 3))
        for seed, high_hz in ((7, 1500.0), (8, 700.0))
    )
    return widened(middle, 0.6 * side)


def convolved(sound: Signal, room: Signal) -> Signal:
    """The sound in a room of unit energy, as long as the sound."""
    size = 1 << (len(sound) + len(room)).bit_length()
    wet = np.fft.irfft(np.fft.rfft(sound, size) * np.fft.rfft(room, size), size)
    return np.asarray(wet[: len(sound)] / np.sqrt(np.sum(np.square(room))))


def soft_clipped(sound: Signal, knee: float) -> Signal:
    """Bends whatever goes beyond the knee towards 1, without a corner."""
    size = np.abs(sound)
    bent = knee + (1.0 - knee) * np.tanh((size - knee) / (1.0 - knee))
    return np.asarray(np.copysign(np.where(size > knee, bent, size), sound))


def true_peak(sound: Signal) -> float:
    """Largest magnitude at eight times the rate, interpolated through the spectrum."""
    spectrum = np.fft.rfft(sound, axis=0)
    return 8.0 * float(np.max(np.abs(np.fft.irfft(spectrum, 8 * len(sound), axis=0))))
