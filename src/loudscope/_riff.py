"""WAVE headers: RIFF, RIFX, RF64 and BW64 up to the audio, read and never trusted.

Sources: Microsoft RIFF/WAVE and WAVEFORMATEXTENSIBLE, EBU Tech 3306 (RF64), ITU-R BS.2088 (BW64).
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Any

from ._stream import ByteStream

__all__ = ["MPEG_TAGS", "WaveHeader", "parse_wave"]

MPEG_TAGS = (0x0050, 0x0055)  # WAVE_FORMAT_MPEG, WAVE_FORMAT_MPEGLAYER3
EXTENSIBLE = 0xFFFE
UNKNOWN_SIZE = 0xFFFFFFFF
SOX_UNKNOWN_SIZE = 0x7FFFF000  # what SoX writes to a pipe, rounded down to whole frames
MAX_CHUNKS = 1000  # before the audio; a header of endless empty chunks is not a sound file


@dataclass(frozen=True, slots=True)
class WaveHeader:
    """What a WAVE header says.

    Attributes:
        form: ``b"RIFF"``, ``b"RIFX"``, ``b"RF64"`` or ``b"BW64"``.
        format_tag: ``wFormatTag``, looked up in the sub-format where it is EXTENSIBLE.
        block_align: Bytes per frame, or per block of a block codec.
        mask: ``dwChannelMask``, 0 where there is none.
        data_start: Offset of the first audio byte.
        data_bytes: Bytes of audio the header promises, None where it does not know them.
    """

    form: bytes
    format_tag: int
    block_align: int
    mask: int
    data_start: int
    data_bytes: int | None


@dataclass(slots=True)
class _Format:
    tag: int = 0
    block_align: int = 0
    mask: int = 0


def parse_wave(stream: ByteStream) -> WaveHeader | None:
    """Read a WAVE header up to its data chunk.

    Returns:
        The header, or None if this is not a WAVE file or the walk finds no data chunk.
    """
    form, riff_bytes, kind = _fields("<4sI4s", stream.read_at(0, 12), b"", 0, b"")
    if form not in (b"RIFF", b"RIFX", b"RF64", b"BW64") or kind != b"WAVE":
        return None
    order = ">" if form == b"RIFX" else "<"
    found = _Format()
    long_data_bytes: int | None = None
    offset = 12
    for _ in range(MAX_CHUNKS):
        name, size = _fields(order + "4sI", stream.read_at(offset, 8), b"", 0)
        offset += 8
        if name == b"data":
            promised = long_data_bytes if size == UNKNOWN_SIZE else size
            promised = _known(promised, riff_bytes, offset, found.block_align, stream.size)
            return WaveHeader(form, found.tag, found.block_align, found.mask, offset, promised)
        if name == b"ds64":
            _, long_data_bytes = _fields("<QQ", stream.read_at(offset, 16), 0, None)
        elif name == b"fmt ":
            found = _format(order, stream.read_at(offset, min(size, 40)))
        offset += size + size % 2
        if not name or offset >= stream.size:
            return None
    return None


def _known(promised: int | None, riff_bytes: int, start: int, align: int, size: int) -> int | None:
    """The promise, or None for the values that writers leave which do not know the length."""
    if promised is None:
        return None
    if SOX_UNKNOWN_SIZE - align < promised <= SOX_UNKNOWN_SIZE < riff_bytes + align:
        return None
    unfinished = promised == 0 and riff_bytes <= start - 8 and size > start
    return None if unfinished else promised


def _format(order: str, chunk: bytes) -> _Format:
    tag, _, _, _, align = _fields(order + "HHIIH", chunk, 0, 0, 0, 0, 0)
    if tag != EXTENSIBLE or len(chunk) < 40:
        return _Format(tag, align)
    mask, sub_tag = struct.unpack_from(order + "IH", chunk, 20)
    return _Format(sub_tag, align, mask)


def _fields(layout: str, data: bytes, *default: int | bytes | None) -> tuple[Any, ...]:
    """Unpack, or the defaults where the bytes end too early."""
    if len(data) < struct.calcsize(layout):
        return default
    return struct.unpack_from(layout, data)
