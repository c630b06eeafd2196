"""Fifteen tracks, made by code: a clean one, and others with one known fault each.

All of them come from one piece of shaped noise with a beat, whose bands lie where the pop baseline
has them. `RandomState` is frozen: the same bits on every version of NumPy.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

RATE_HZ = 48000
SECONDS = 12
EDGES_HZ = (20.0, 60.0, 250.0, 500.0, 2000.0, 6000.0, 24000.0)
POP_DB = (-2.4, 3.6, -1.5, 0.0, -3.8, -6.3)  # each band against 500 to 2000 Hz
SIDE = (0.0, 0.0, 0.3, 0.5, 0.5, 0.5)  # side over mid, as amplitude
TIMES = np.arange(SECONDS * RATE_HZ) / RATE_HZ

Floats = NDArray[np.float64]
Six = tuple[float, float, float, float, float, float]
NONE: Six = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
ONES: Six = (1.0, 1.0, 1.0, 1.0, 1.0, 1.0)


@dataclass(frozen=True)
class Track:
    """Samples (frames, channels), and what they are judged against."""

    samples: Floats
    genre: str | None = "pop"
    target: str | None = None


def shaped(seed: int, levels_db: Six, scale: Six = ONES) -> Floats:
    """Noise of unit power in the mid band, with these levels in the bands."""
    spectrum = np.fft.rfft(np.random.RandomState(seed).standard_normal(len(TIMES)))
    hertz = np.fft.rfftfreq(len(TIMES), 1.0 / RATE_HZ)
    amplitude = np.zeros(len(hertz))
    for place, (level_db, factor) in enumerate(zip(levels_db, scale, strict=True)):
        low_hz, high_hz = EDGES_HZ[place : place + 2]
        density = 10.0 ** (level_db / 10.0) / (high_hz - low_hz)
        amplitude[(hertz >= low_hz) & (hertz < high_hz)] = factor * np.sqrt(density)
    noise: Floats = np.fft.irfft(spectrum * amplitude, len(TIMES)) * np.sqrt(RATE_HZ / 2.0)
    return noise


def beat() -> Floats:
    """Two hits a second over a bed; faded at both ends."""
    envelope = 0.35 + 0.65 * np.exp(-(TIMES % 0.5) / 0.09)
    fade = np.minimum(1.0, np.minimum(TIMES, SECONDS - TIMES) / 0.05)
    beats: Floats = envelope * fade
    return beats


def piece(levels_db: Six = POP_DB, side: Six = SIDE, level: float = 0.05) -> Floats:
    """The piece: mid and side as independent noise under one beat."""
    mid, sides = shaped(1, levels_db), shaped(2, levels_db, side)
    return np.stack([mid + sides, mid - sides], axis=1) * beat()[:, np.newaxis] * level


def changed(**bands_db: float) -> Six:
    """The pop levels with some bands moved: ``changed(air=-12.0)``."""
    names = ("sub", "bass", "low_mids", "mids", "high_mids", "air")
    moved = [level + bands_db.get(name, 0.0) for name, level in zip(names, POP_DB, strict=True)]
    sub, bass, low_mids, mids, high_mids, air = moved
    return sub, bass, low_mids, mids, high_mids, air


def clean() -> Track:
    return Track(piece(), target="spotify")


def clipped() -> Track:
    """Clipped at full scale and turned down by 3 dB afterwards."""
    return Track(np.clip(4.0 * piece(), -1.0, 1.0) * 0.7, genre=None)


def inverted() -> Track:
    both = piece(side=(0.0, 0.0, 0.05, 0.05, 0.05, 0.05))
    return Track(both * [1.0, -1.0])


def dc() -> Track:
    return Track(piece() + np.array([0.005, 0.0]), genre=None)


def loud() -> Track:
    return Track(1.5 * piece(), target="r128")


def overs() -> Track:
    """Floating-point samples above full scale: nothing is cut off yet."""
    return Track(piece() * (1.1 / np.abs(piece()).max()), genre=None)


def dull() -> Track:
    return Track(piece(changed(high_mids=-12.0, air=-22.0)))


def bright() -> Track:
    return Track(piece(changed(high_mids=8.0, air=16.0), level=0.03))


def boomy() -> Track:
    """A resonance from 70 to 130 Hz, in the middle."""
    spectrum = np.fft.rfft(shaped(5, changed(bass=16.0)))
    hertz = np.fft.rfftfreq(len(TIMES), 1.0 / RATE_HZ)
    boom = np.fft.irfft(np.where((hertz > 70.0) & (hertz < 130.0), spectrum, 0.0), len(TIMES))
    return Track(0.4 * (piece() + 0.05 * (boom * beat())[:, np.newaxis]))


def wide_bass() -> Track:
    return Track(piece(side=(1.2, 1.2, 0.3, 0.5, 0.5, 0.5)))


def dual_mono() -> Track:
    return Track(piece(side=NONE))


def late() -> Track:
    return Track(np.concatenate([np.zeros((2 * RATE_HZ, 2)), piece()]), genre=None)


def hum() -> Track:
    """Mains hum that pauses in the music lay open."""
    lines = sum(
        level * np.sin(2 * np.pi * hertz * TIMES)
        for hertz, level in ((50.0, 0.02), (100.0, 0.015), (150.0, 0.01))
    )
    music = piece() * np.clip(4.0 * np.sin(2 * np.pi * TIMES / 4.0), 0.0, 1.0)[:, np.newaxis]
    return Track(music + np.asarray(lines)[:, np.newaxis], genre=None)


def limited() -> Track:
    """A soft limiter with nothing left above it; arctan has no flat tops."""
    noise = np.stack([shaped(1, POP_DB), shaped(2, POP_DB)], axis=1)
    mono = noise.mean(axis=1, keepdims=True)
    fade = np.minimum(1.0, np.minimum(TIMES, SECONDS - TIMES) / 0.05)[:, np.newaxis]
    return Track(0.35 * np.arctan(3.0 * (mono + 0.2 * noise)) * fade, genre=None)


def speech() -> Track:
    """Syllables in one channel, far too quiet, over a noisy room."""
    voice = shaped(3, (-40.0, -5.0, 0.0, 0.0, -10.0, -30.0))
    syllables = np.clip(np.sin(2 * np.pi * 4.0 * TIMES), 0.0, 1.0) ** 2
    phrases = (TIMES % 3.0) < 2.0
    room = np.random.RandomState(4).standard_normal(len(TIMES))
    sound = 0.02 * voice * syllables * phrases + 0.0008 * room
    return Track(sound[:, np.newaxis], genre=None, target="apple-podcasts")


TRACKS: dict[str, Callable[[], Track]] = {
    "clean": clean,
    "clipped": clipped,
    "inverted": inverted,
    "dc": dc,
    "loud": loud,
    "overs": overs,
    "dull": dull,
    "bright": bright,
    "boomy": boomy,
    "wide_bass": wide_bass,
    "dual_mono": dual_mono,
    "late": late,
    "hum": hum,
    "limited": limited,
    "speech": speech,
}
