"""Uncompressed samples straight from a WAVE file's bytes: nothing is converted but 24-bit ones."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from . import _core
from ._decoder import Samples
from ._layouts import Layout
from ._riff import WaveHeader
from ._soundfile import SoundFileDecoder
from ._stream import ByteStream

__all__ = ["PcmDecoder"]

LITTLE_ENDIAN = (b"RIFF", b"RF64", b"BW64")
PCM, FLOAT = 0x0001, 0x0003


def _as(dtype: str) -> Callable[[bytes], NDArray[Any]]:
    return lambda data: np.frombuffer(data, dtype)


# libsndfile's name of the samples: format tag, bytes, from bytes to what it would have given.
KINDS: dict[str, tuple[int, int, Callable[[bytes], NDArray[Any]]]] = {
    "PCM_16": (PCM, 2, _as("<i2")),
    "PCM_24": (PCM, 3, _core.unpack24),
    "PCM_32": (PCM, 4, _as("<i4")),
    "FLOAT": (FLOAT, 4, _as("<f4")),
    "DOUBLE": (FLOAT, 8, _as("<f8")),
}


class PcmDecoder:
    """Frames of a WAVE file whose header libsndfile has read; see `Decoder`.

    libsndfile asks for a few kilobytes at a time, and each time calls back into Python.
    """

    def __init__(self, inner: SoundFileDecoder, stream: ByteStream, wave: WaveHeader) -> None:
        self._inner, self._stream = inner, stream
        self._start, self._align = wave.data_start, wave.block_align
        self._count = inner.frames_there
        self._values = KINDS[inner.subtype][2]
        self._position = 0
        self.rate_hz: int = inner.rate_hz
        self.channels: int = inner.channels
        self.frames: int | None = inner.frames
        self.exact: bool = inner.exact
        self.layout: Layout | None = inner.layout
        self.dtype: np.dtype[Any] = inner.dtype
        self.bits: int | None = inner.bits
        self.packed = False

    @staticmethod
    def reads(inner: SoundFileDecoder, stream: ByteStream, wave: WaveHeader) -> bool:
        """Whether the bytes are what both headers' readers say, with nothing left to interpret."""
        if inner.subtype not in KINDS or sys.byteorder != "little":
            return False
        tag, width, _ = KINDS[inner.subtype]
        there = stream.size - wave.data_start
        held = there if wave.data_bytes is None else min(there, wave.data_bytes)
        return (
            wave.form in LITTLE_ENDIAN
            and wave.format_tag == tag
            and wave.block_align == width * inner.channels
            and inner.frames_there == held // wave.block_align
        )

    def read(self, frames: int) -> Samples:
        wanted = min(frames, self._count - self._position) * self._align
        data = self._stream.read_at(self._start + self._position * self._align, wanted)
        whole = len(data) // self._align
        self._position += whole
        return self._values(data[: whole * self._align]).reshape(whole, self.channels)

    def seek(self, frame: int) -> int:
        self._position = min(frame, self._count)
        return self._position

    def close(self) -> None:
        self._inner.close()
