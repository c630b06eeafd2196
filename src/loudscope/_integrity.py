"""What a container says of its audio, and whether the file holds it.

Decoders take what is there for the whole: libsndfile shortens a cut WAVE file without a word.
So the promise of each container is read here, and compared with the length of the file.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from ._mpeg import id3_bytes, looks_like_mpeg, walk_mpeg
from ._ogg import OggLink, walk_ogg
from ._riff import MPEG_TAGS, WaveHeader, parse_wave
from ._stream import ByteStream, View

__all__ = ["Survey", "survey"]

FRAME_TAGS = (0x0001, 0x0003, 0x0006, 0x0007)  # PCM, float, A-law, mu-law: a block is a frame
MAX_CHUNKS = 100_000
MAX_HEAD = 1 << 20
_ASF_FILE = bytes.fromhex("a1dcab8c47a9cf118ee400c00c205365")
_FLAC_TAG = re.compile(rb"WAVEFORMATEXTENSIBLE_CHANNEL_MASK=0x([0-9a-fA-F]{1,8})", re.IGNORECASE)
_FLAC_MASKS = {3: 0x7, 4: 0x33, 5: 0x37, 6: 0x3F, 7: 0x70F, 8: 0x63F}


@dataclass(frozen=True, slots=True)
class Survey:
    """What is known of a file before it is decoded.

    Attributes:
        kind: Name of the container, None if it is none of those known here.
        native: libsndfile reads that container.
        views: What to decode, one after the other.
        frames: Sample frames that the header promises, None where the decoder knows better.
        counted: The decoder's own count of frames is a promise of the container.
        shortfall: What is missing, or None.
        mask: Channel mask of WAVE_FORMAT_EXTENSIBLE, 0 without one.
        link: First stream of an Ogg file.
        change: Where rate or channels change midway, or None.
        wave: Header of a WAVE file of frames.
    """

    kind: str | None
    native: bool
    views: tuple[View, ...]
    frames: int | None = None
    counted: bool = True
    shortfall: str | None = None
    mask: int = 0
    link: OggLink | None = None
    change: str | None = None
    wave: WaveHeader | None = None


def survey(stream: ByteStream) -> Survey:
    """Look at the headers of a file.

    Raises:
        FileError: Reading from an open file failed.
    """
    wave = parse_wave(stream)
    if wave is not None:
        return _wave(stream, wave)
    tag = _id3_tags(stream)
    head = stream.read_at(tag, 16)
    if head[:4] == b"OggS" and not tag:
        return _ogg(stream)
    if looks_like_mpeg(stream, _past_padding(stream, tag)):
        return _mpeg(stream, _past_padding(stream, tag), stream.size)
    if head[:4] == b"fLaC":
        return Survey("FLAC", True, (View(stream),), mask=_flac_mask(stream, tag))
    kind, native, shortfall = _named(stream, head)
    return Survey(kind, native, (View(stream),), shortfall=shortfall)


def _named(stream: ByteStream, head: bytes) -> tuple[str | None, bool, str | None]:
    """Kind by magic number, whether libsndfile reads it, and what is missing."""
    for pattern, kind, native, shortfall in _KINDS:
        if pattern.match(head):
            return kind, native, shortfall(stream)
    return None, False, None


def _wave(stream: ByteStream, wave: WaveHeader) -> Survey:
    start, promised, align = wave.data_start, wave.data_bytes, max(1, wave.block_align)
    there = stream.size - start
    if wave.format_tag in MPEG_TAGS and looks_like_mpeg(stream, start):
        return _mpeg(stream, start, stream.size if promised is None else start + promised)
    shortfall = None
    if promised is not None and there // align < promised // align:
        shortfall = f"its data chunk promises {promised} bytes and {there} are there"
    frames = None
    if shortfall is not None and promised is not None and wave.format_tag in FRAME_TAGS:
        frames = promised // align
    view = View(stream)
    if wave.form == b"BW64":  # libsndfile knows the same header under its older name
        view = View(stream, [(4, stream.size)], b"RF64")
    elif promised is None and wave.form == b"RIFF" and start <= MAX_HEAD:
        view = View(stream, [(start, stream.size)], _wave_head(stream, start, there))
    counted, mask = promised is not None, wave.mask
    return Survey("WAVE", True, (view,), frames, counted, shortfall, mask=mask, wave=wave)


def _wave_head(stream: ByteStream, start: int, there: int) -> bytes:
    """The header with the length that is there; as RF64 where it needs more than 32 bits."""
    if there < 0xFFFFFFFF:
        return stream.read_at(0, start - 4) + struct.pack("<I", there)
    ds64 = struct.pack("<4sIQQQI", b"ds64", 28, stream.size, there, 0, 0)
    return b"RF64\xff\xff\xff\xffWAVE" + ds64 + stream.read_at(12, start - 16) + b"\xff" * 4


def _mpeg(stream: ByteStream, start: int, end: int) -> Survey:
    walk = walk_mpeg(stream, start, min(end, stream.size))
    shortfall = walk.shortfall or _short("data", start, end - start, stream)
    return Survey("MPEG audio", True, (walk.view,), None, walk.exact, shortfall, change=walk.change)


def _ogg(stream: ByteStream) -> Survey:
    walk = walk_ogg(stream)
    if not walk.links:
        return Survey("Ogg", False, (View(stream),), shortfall=walk.shortfall)
    packet = walk.links[0].packet
    native = packet[:8] == b"OpusHead" or packet[:7] == b"\x01vorbis"
    views = tuple(View(stream, [(link.start, link.end)]) for link in walk.links)
    return Survey(
        "Ogg", native, views if native else (View(stream),), None, True, walk.shortfall,
        link=walk.links[0],
    )  # fmt: skip


def _flac_mask(stream: ByteStream, start: int) -> int:
    """Channel mask of a FLAC file: its tag's, else by the number of channels (RFC 9639, 8.6.2)."""
    info = stream.read_at(start, 42)
    channels = (info[20] >> 1 & 7) + 1 if len(info) == 42 else 0
    offset, block = start + 4, 0
    while block & 0x80 == 0:
        head = stream.read_at(offset, 4)
        if len(head) < 4:
            break
        block, length = head[0], int.from_bytes(head[1:], "big")
        if block & 0x7F == 4:
            tag = _FLAC_TAG.search(stream.read_at(offset + 4, length))
            return int(tag[1], 16) if tag else _FLAC_MASKS.get(channels, 0)
        offset += 4 + length
    return _FLAC_MASKS.get(channels, 0)


def _id3_tags(stream: ByteStream) -> int:
    """Length of the ID3v2 tags at the start; some files have several."""
    offset = 0
    while length := id3_bytes(stream.read_at(offset, 10)):
        offset += length
    return offset


def _past_padding(stream: ByteStream, start: int) -> int:
    """Some taggers leave zero bytes behind an ID3v2 tag that they do not count."""
    head = stream.read_at(start, 1 << 16)
    return start + len(head) - len(head.lstrip(b"\0")) if start else 0


def _short(name: str, start: int, size: int, stream: ByteStream) -> str | None:
    there = max(0, stream.size - start)
    if size <= there or size in (0xFFFFFFFF, 0xFFFFFFFFFFFFFFFF):
        return None
    return f"its {name} chunk promises {size} bytes and {there} are there"


def _chunks(layout: str, offset: int, wanted: bytes, stream: ByteStream) -> str | None:
    """Shortfall of the chunk named `wanted`: the audio of AIFF, CAF and Wave64 files."""
    header = struct.calcsize(layout)
    for _ in range(MAX_CHUNKS):
        data = stream.read_at(offset, header)
        if len(data) < header:
            return None
        name, size = struct.unpack(layout, data)
        if layout[1:4] == "16s":  # Wave64 counts the header and rounds up to 8
            size = max(0, size - header)
        if name[:4] == wanted:
            return None if size < 0 else _short(wanted.decode(), offset + header, size, stream)
        step = {">4sI": 2, ">4sq": 1, "<16sQ": 8}[layout]
        offset += header + max(0, size) + -size % step
    return None


def _riff(stream: ByteStream) -> str | None:
    order = ">I" if stream.read_at(0, 4) == b"RIFX" else "<I"
    return _short("RIFF", 8, struct.unpack(order, stream.read_at(4, 4))[0], stream)


def _au(order: str, stream: ByteStream) -> str | None:
    data = stream.read_at(4, 8)
    if len(data) < 8:
        return None
    start, size = struct.unpack(order + "II", data)
    return _short("audio", start, size, stream)


def _boxes(stream: ByteStream) -> str | None:
    """Shortfall of the top-level boxes of an MP4 or QuickTime file (ISO/IEC 14496-12)."""
    for name, start, size in _top_boxes(stream):
        if start + size > stream.size:
            there = stream.size - start
            return f"its {name!r} box promises {size} bytes and {there} are there"
    return None


def _top_boxes(stream: ByteStream) -> Iterator[tuple[str, int, int]]:
    offset = 0
    for _ in range(MAX_CHUNKS):
        data = stream.read_at(offset, 16)
        if len(data) < 8:
            return
        size, name = struct.unpack_from(">I4s", data)
        if size == 1 and len(data) == 16:
            (size,) = struct.unpack_from(">Q", data, 8)
        if size < 8 or not name.isalnum():  # 0: up to the end of the file
            return
        yield name.decode("ascii"), offset, size
        offset += size


def _matroska(stream: ByteStream) -> str | None:
    """Shortfall of the Segment of a Matroska or WebM file (RFC 8794, RFC 9559)."""
    length, width = _vint(stream.read_at(4, 8))
    offset = 4 + width + (length or 0)
    if stream.read_at(offset, 4) != b"\x18\x53\x80\x67":
        return None
    length, width = _vint(stream.read_at(offset + 4, 8))
    return None if length is None else _short("Segment", offset + 4 + width, length, stream)


def _vint(data: bytes) -> tuple[int | None, int]:
    """Value and width of an EBML variable-size integer; None for the unknown size."""
    width = 9 - data[0].bit_length() if data else 9
    if len(data) < width:
        return None, 0
    ones = (1 << 7 * width) - 1
    value = int.from_bytes(data[:width], "big") & ones
    return (None if value == ones else value), width


def _asf(stream: ByteStream) -> str | None:
    """Shortfall against the File Properties Object (Advanced Systems Format, section 3.2)."""
    offset = 30
    for _ in range(100):
        data = stream.read_at(offset, 92)
        if len(data) < 92:
            return None
        size = int.from_bytes(data[16:24], "little")
        if data[:16] == _ASF_FILE:
            live = data[88] & 1
            declared = int.from_bytes(data[40:48], "little")
            return None if live else _short("whole", 0, declared, stream)
        offset += max(size, 24)
    return None


# First 16 bytes, name, whether libsndfile is given it, and what is missing. All else that
# libsndfile would take (some of it by two bytes) is not given to it.
_KINDS: tuple[tuple[re.Pattern[bytes], str, bool, Callable[[ByteStream], str | None]], ...] = tuple(
    (re.compile(pattern, re.DOTALL), kind, native, shortfall)
    for pattern, kind, native, shortfall in (
        (rb"FORM....AIF[FC]", "AIFF", True, partial(_chunks, ">4sI", 12, b"SSND")),
        (rb"caff", "CAF", True, partial(_chunks, ">4sq", 8, b"data")),
        (rb"riff\x2e\x91\xcf\x11", "Wave64", True, partial(_chunks, "<16sQ", 40, b"data")),
        (rb"\.snd", "AU", True, partial(_au, ">")),
        (rb"dns\.", "AU", True, partial(_au, "<")),
        (rb"RIF[FX]....WAVE", "WAVE", False, _riff),  # one without a data chunk
        (rb"RIFF....AVI ", "AVI", False, _riff),
        (rb"....(ftyp|moov|mdat|free|skip|wide|pnot|styp)", "MP4 or QuickTime", False, _boxes),
        (rb"\x1a\x45\xdf\xa3", "Matroska", False, _matroska),
        (rb"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "ASF", False, _asf),
    )
)
