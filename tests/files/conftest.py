"""Signals and files for the tests of reading."""

from __future__ import annotations

import io
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from loudscope._files import AudioFile, open_audio

Signal = NDArray[np.float64]
MakeSignal = Callable[[int, int, float], Signal]
MakeFile = Callable[..., bytes]


def read_all(file: AudioFile, step: int = 10_000) -> NDArray[Any]:
    """All samples from here on, `step` frames at a time."""
    pieces = []
    while len(piece := file.read(step)):
        assert piece.dtype == file.dtype
        assert piece.shape[1] == file.channels
        assert piece.flags.c_contiguous
        pieces.append(piece)
    return np.concatenate(pieces)


def whole(source: Path | io.BytesIO) -> NDArray[Any]:
    """All samples of a file."""
    with open_audio(source) as file:
        return read_all(file)


def contents(data: bytes) -> NDArray[Any]:
    """All samples of the file with these bytes."""
    return whole(io.BytesIO(data))


def wave(fmt: bytes, data: bytes, *, form: bytes = b"RIFF", size: int | None = None) -> bytes:
    order = ">" if form == b"RIFX" else "<"
    promised = len(data) if size is None else size
    body = b"WAVE" + b"fmt " + struct.pack(order + "I", len(fmt)) + fmt
    body += b"data" + struct.pack(order + "I", promised) + data
    return form + struct.pack(order + "I", min(len(body), 0xFFFFFFFF)) + body


def pcm16(channels: int, rate_hz: int = 48000) -> bytes:
    return struct.pack("<HHIIHH", 1, channels, rate_hz, rate_hz * 2 * channels, 2 * channels, 16)


def extensible(channels: int, mask: int) -> bytes:
    head = struct.pack("<HHIIHH", 0xFFFE, channels, 48000, 96000 * channels, 2 * channels, 16)
    guid = bytes.fromhex("0100000000001000800000aa00389b71")
    return head + struct.pack("<HHI", 22, 16, mask) + guid


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
