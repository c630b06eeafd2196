"""MPEG audio (MP1, MP2, MP3): a walk over the frame headers.

mpg123, which libsndfile decodes with, guesses the length of an MP3 without a Xing or Info tag from
its first frame and stops there: of a variable-rate file whole minutes were lost without a word.
So every frame is counted here, and an MP3 is handed on with a tag that says the count.

Sources: ISO/IEC 11172-3 section 2.4.1.3 and ISO/IEC 13818-3 (header); the Xing/Info tag as LAME
documents it; the VBRI tag of Fraunhofer encoders.
"""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass, field

from ._stream import ByteStream, View

__all__ = ["MpegWalk", "id3_bytes", "looks_like_mpeg", "walk_mpeg"]

BLOCK = 1 << 20
CHAIN = 4  # headers in a row that make it certain that they are headers
RESYNC_BYTES = 1024  # junk between frames that players pass over without a word
MAX_TRIES = 10_000  # places to look for the next frame, so that no file makes the search slow
SYNC = re.compile(rb"\xff(?=[\xe2-\xff][\x10-\xef])", re.DOTALL)
_RATES = ((44100, 48000, 32000), (22050, 24000, 16000), (11025, 12000, 8000))
_KBPS = {
    (1, 1): (32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448),
    (1, 2): (32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384),
    (1, 3): (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    (2, 1): (32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256),
    (2, 2): (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
_KBPS[2, 3] = _KBPS[2, 2]


@dataclass(frozen=True, slots=True)
class FrameHeader:
    """Four bytes of MPEG audio header.

    Attributes:
        rate_hz, mono, layer: What may not change within a file.
        low_rate: MPEG-2 or 2.5, whose side information is shorter.
        length: Bytes of the whole frame.
    """

    rate_hz: int
    mono: bool
    layer: int
    low_rate: bool
    length: int

    @property
    def kind(self) -> tuple[int, bool, int]:
        """What may not change."""
        return self.rate_hz, self.mono, self.layer

    @property
    def tag_offset(self) -> int:
        """Where a Xing or Info tag lies: behind the header and the side information."""
        if self.low_rate:
            return 4 + (9 if self.mono else 17)
        return 4 + (17 if self.mono else 32)


@dataclass(frozen=True, slots=True)
class MpegWalk:
    """What the walk found.

    Attributes:
        view: The audio frames alone, with a tag frame that says their true number.
        exact: The decoder can tell from that tag how many sample frames there are.
        shortfall: What is missing or damaged, or None.
        change: Where rate or channels change, or None.
    """

    view: View
    exact: bool
    shortfall: str | None
    change: str | None


@dataclass(slots=True)
class _Tally:
    """State of a walk: whole frames found, and the spans of the stream that they fill."""

    first: FrameHeader
    count: int = 0
    spans: list[tuple[int, int]] = field(default_factory=list)
    cut: bool = False
    damage: str | None = None
    change: str | None = None
    tries: int = 0


def id3_bytes(head: bytes) -> int:
    """Length of the ID3v2 tag that `head` begins with, 0 if it does not (ID3v2.4 section 3.1)."""
    if len(head) < 10 or head[:3] != b"ID3" or any(byte & 0x80 for byte in head[6:10]):
        return 0
    a, b, c, d = head[6:10]
    footer = 10 if head[5] & 0x10 else 0
    return 10 + footer + (a << 21 | b << 14 | c << 7 | d)


def looks_like_mpeg(stream: ByteStream, start: int) -> bool:
    """True if an MPEG audio frame begins at `start`, followed by another or by the end."""
    header = parse_header(stream.read_at(start, 4))
    if header is None:
        return False
    following = stream.read_at(start + header.length, 4)
    after = parse_header(following)
    return len(following) < 4 or (after is not None and after.kind == header.kind)


def parse_header(data: bytes) -> FrameHeader | None:
    """The header that `data` begins with, None if it is none (free format included)."""
    if len(data) < 4 or data[0] != 0xFF or data[1] & 0xE0 != 0xE0:
        return None
    version, layer = data[1] >> 3 & 3, 4 - (data[1] >> 1 & 3)
    kbps_index, rate_index = data[2] >> 4, data[2] >> 2 & 3
    if version == 1 or layer == 4 or kbps_index in (0, 15) or rate_index == 3:
        return None
    low_rate = version != 3
    rate_hz = _RATES[{3: 0, 2: 1, 0: 2}[version]][rate_index]
    bits = _KBPS[2 if low_rate else 1, layer][kbps_index - 1] * 1000
    padding = data[2] >> 1 & 1
    if layer == 1:
        length = (12 * bits // rate_hz + padding) * 4
    else:
        length = (72 if low_rate and layer == 3 else 144) * bits // rate_hz + padding
    return FrameHeader(rate_hz, data[3] >> 6 == 3, layer, low_rate, length)


def walk_mpeg(stream: ByteStream, start: int, end: int) -> MpegWalk:
    """Walk over every frame from `start`, which must be a frame, up to `end`.

    Returns:
        The walk; its view holds no tags before, between or behind the frames.
    """
    head = stream.read_at(start, 4096)
    first = parse_header(head)
    if first is None:
        raise ValueError("the walk must start at a frame")
    tag, promised = _tag(head, first)
    audio = start + first.length if tag else start
    tally = _walk(stream, audio, end, first)
    shortfall = _shortfall(tally, promised)
    if tag == b"Info" and promised is not None and (promised == tally.count or shortfall):
        return MpegWalk(View(stream, [(start, audio), *tally.spans]), True, shortfall, tally.change)
    info = _info_frame(head, first, tally.count) if first.layer == 3 else b""
    return MpegWalk(View(stream, tally.spans, info), bool(info), shortfall, tally.change)


def _shortfall(tally: _Tally, promised: int | None) -> str | None:
    missing = 0 if promised is None else promised - tally.count
    if missing > 1 or (missing == 1 and tally.cut):  # some encoders count the tag frame too
        return f"its tag promises {promised} MPEG frames and {tally.count} whole ones are there"
    return "its last MPEG frame is cut off" if tally.cut else tally.damage


def _walk(stream: ByteStream, start: int, end: int, first: FrameHeader) -> _Tally:
    tally = _Tally(first)
    lengths: dict[bytes, int] = {}
    block, base, offset, begin = b"", start, start, start
    while offset + 4 <= end:
        if offset + 4 > base + len(block):
            base, block = offset, stream.read_at(offset, min(BLOCK, end - offset))
        header = block[offset - base : offset - base + 4]
        length = lengths.get(header) or _length(header, first)
        if not length:
            tally.spans.append((begin, offset))
            offset = begin = _resume(stream, offset, end, tally)
            continue
        if offset + length > end:
            tally.cut = True
            break
        lengths[header] = length
        offset += length
        tally.count += 1
    tally.spans.append((begin, min(offset, end)))
    return tally


def _length(data: bytes, first: FrameHeader) -> int:
    header = parse_header(data)
    return header.length if header is not None and header.kind == first.kind else 0


def _resume(stream: ByteStream, offset: int, end: int, tally: _Tally) -> int:
    """Where the walk goes on after bytes that are no such frame; `end` where it does not."""
    head = stream.read_at(offset, 10)
    if tag := id3_bytes(head):
        return min(offset + tag, end)
    header = parse_header(head)
    if header is not None and _chains(stream, offset, end, header):
        was, now = tally.first.kind, header.kind
        tally.change = f"changes from {_say(was)} to {_say(now)} at byte {offset}"
        return end
    found = _next_chain(stream, offset + 1, end, tally)
    if found - offset > RESYNC_BYTES and (found < end or tally.tries > MAX_TRIES):
        tally.damage = f"{found - offset} bytes from byte {offset} are not MPEG audio"
    return found


def _say(kind: tuple[int, bool, int]) -> str:
    rate_hz, mono, layer = kind
    return f"layer {layer}, {rate_hz} Hz, {'1 channel' if mono else '2 channels'}"


def _next_chain(stream: ByteStream, offset: int, end: int, tally: _Tally) -> int:
    while offset < end and tally.tries <= MAX_TRIES:
        block = stream.read_at(offset, min(BLOCK, end - offset))
        for match in SYNC.finditer(block):
            if _chains(stream, offset + match.start(), end, tally.first):
                return offset + match.start()
            tally.tries += 1
            if tally.tries > MAX_TRIES:
                break
        offset += max(1, len(block) - 3)  # a header may straddle two blocks
    return end


def _chains(stream: ByteStream, offset: int, end: int, like: FrameHeader) -> bool:
    for _ in range(CHAIN):
        length = _length(stream.read_at(offset, min(4, end - offset)), like)
        if not length:
            return False
        offset += length
    return True


def _tag(head: bytes, first: FrameHeader) -> tuple[bytes, int | None]:
    """Kind of the tag in the first frame (``b""``: none) and the frames that it promises."""
    at = first.tag_offset
    if first.layer != 3:
        return b"", None
    if head[at : at + 4] in (b"Xing", b"Info") and len(head) >= at + 12:
        flags, frames = struct.unpack_from(">II", head, at + 4)
        return b"Info", int(frames) if flags & 1 else None
    if head[36:40] == b"VBRI" and len(head) >= 54:
        return b"VBRI", int(struct.unpack_from(">I", head, 50)[0])
    return b"", None


def _info_frame(head: bytes, first: FrameHeader, frames: int) -> bytes:
    """A silent Layer III frame with an Info tag: version, rate and channels of the first frame."""
    tag = struct.pack(">4sII", b"Info", 1, frames)
    for kbps_index in range(1, 15):
        start = bytes([0xFF, head[1] | 1, kbps_index << 4 | head[2] & 0x0C, head[3]])
        header = parse_header(start)
        if header is not None and header.length >= first.tag_offset + len(tag):
            return (start + bytes(first.tag_offset - 4) + tag).ljust(header.length, b"\0")
    raise ValueError("no bit rate leaves room for a tag")
