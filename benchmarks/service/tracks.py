"""Tracks to upload: four minutes of MP3, each another file and none of them anybody's music."""

from __future__ import annotations

import io
import secrets

import numpy as np
import soundfile

__all__ = ["base", "distinct"]

RATE_HZ = 44100


def base(seconds: float = 240.0, seed: int = 1) -> bytes:
    """Coloured noise that swells and is limited, as MP3 of 192 kb/s."""
    rng = np.random.default_rng(seed)
    count = round(seconds * RATE_HZ)
    spectrum = np.fft.rfft(rng.standard_normal((count, 2)).astype(np.float32), axis=0)
    hz = np.maximum(np.fft.rfftfreq(count, 1 / RATE_HZ), 30.0)[:, np.newaxis]
    noise = np.fft.irfft(spectrum * (hz / 1000.0) ** -0.7, count, axis=0)
    swell = 0.3 + 0.7 * np.sin(np.arange(count) / RATE_HZ * 2.0) ** 2
    sound = np.tanh(noise / noise.std() * 0.4 * swell[:, np.newaxis])
    file = io.BytesIO()
    soundfile.write(
        file, sound, RATE_HZ, format="MP3", subtype="MPEG_LAYER_III",
        bitrate_mode="CONSTANT", compression_level=0.4,
    )  # fmt: skip
    return file.getvalue()


def distinct(track: bytes) -> bytes:
    """The same audio behind an ID3v2 tag of its own: another file, to be measured anew."""
    text = b"\0loudscope\0" + secrets.token_hex(16).encode()
    frame = b"TXXX" + len(text).to_bytes(4, "big") + b"\0\0" + text
    size = bytes(len(frame) >> shift & 0x7F for shift in (21, 14, 7, 0))
    return b"ID3\x03\0\0" + size + frame + track
