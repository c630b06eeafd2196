"""A short piece in every container that takes tags."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from loudscope._files import open_audio

Make = Callable[[str], Path]

RATE_HZ = 48000

WITH_SOUNDFILE = {
    "a.flac": ("FLAC", "PCM_16"),
    "a.mp3": ("MP3", "MPEG_LAYER_III"),
    "a.ogg": ("OGG", "VORBIS"),
    "a.opus": ("OGG", "OPUS"),
    "a.wav": ("WAV", "PCM_24"),
    "a.aiff": ("AIFF", "PCM_16"),
}
WITH_PYAV = {
    "a.m4a": ("ipod", "aac"),
    "alac.m4a": ("ipod", "alac"),
    "a.wv": ("wv", "wavpack"),
    "a.wma": ("asf", "wmav2"),
}
NAMES = (*WITH_SOUNDFILE, *WITH_PYAV)


def piece() -> NDArray[np.float32]:
    """Two seconds of two tones with a little noise, about -20 LUFS."""
    time = np.arange(2 * RATE_HZ) / RATE_HZ
    noise = np.random.default_rng(18).standard_normal((len(time), 2))
    tones = np.sin(2 * np.pi * np.outer(time, [440, 554.4]))
    return (0.1 * tones + 0.005 * noise).astype(np.float32)


def pcm(path: Path) -> NDArray[Any]:
    """All samples, as they are decoded."""
    with open_audio(path) as file:
        pieces = []
        while len(part := file.read(48000)):
            pieces.append(part)
    return np.concatenate(pieces)


def _encode_with_pyav(path: Path, container: str, codec: str) -> None:
    av = pytest.importorskip("av", reason="makes this container")
    with av.open(str(path), "w", format=container) as out:
        stream = out.add_stream(codec, rate=RATE_HZ, layout="stereo")
        stream.bit_rate = 128_000
        wanted = stream.codec_context.codec.audio_formats[0].name
        resampler = av.AudioResampler(format=wanted, layout="stereo", rate=RATE_HZ)
        frame = av.AudioFrame.from_ndarray(
            np.ascontiguousarray(piece().T), format="fltp", layout="stereo"
        )
        frame.rate, frame.pts, frame.time_base = RATE_HZ, 0, Fraction(1, RATE_HZ)
        size = stream.codec_context.frame_size or 4096
        fifo = av.AudioFifo()
        for ready in resampler.resample(frame):
            fifo.write(ready)
        while (part := fifo.read(size, partial=True)) is not None:
            out.mux(stream.encode(part))
        out.mux(stream.encode(None))


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """make(name): the piece in the container and codec that the name stands for."""

    def make(name: str) -> Path:
        path = tmp_path / name
        if name in WITH_SOUNDFILE:
            form, subtype = WITH_SOUNDFILE[name]
            with path.open("wb") as file:
                soundfile.write(file, piece(), RATE_HZ, format=form, subtype=subtype)
        else:
            _encode_with_pyav(path, *WITH_PYAV[name])
        return path

    return make
