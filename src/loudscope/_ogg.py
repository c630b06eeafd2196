"""Ogg pages (RFC 3533): where each chained stream lies, and whether its end is there.

libsndfile reads the first stream of a chain and says nothing of the others, and it takes the last
page that it finds for the end.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field

from ._stream import ByteStream

__all__ = ["OggLink", "OggWalk", "vorbis_order", "walk_ogg"]

CAPTURE = b"OggS"
CONTINUES, FIRST, LAST = 1, 2, 4  # header_type flags
BLOCK = 1 << 20

# Vorbis I section 4.3.9 and RFC 7845 section 5.1.1.2 put the centre second and the LFE last.
# Channel count: the indices that bring it into WAVE order, and the WAVE channel mask.
_TO_WAVE: dict[int, tuple[tuple[int, ...], int]] = {
    3: ((0, 2, 1), 0x7),
    4: ((0, 1, 2, 3), 0x33),
    5: ((0, 2, 1, 3, 4), 0x37),
    6: ((0, 2, 1, 5, 3, 4), 0x3F),
    7: ((0, 2, 1, 6, 5, 3, 4), 0x70F),
    8: ((0, 2, 1, 7, 5, 6, 3, 4), 0x63F),
}


@dataclass(slots=True)
class OggLink:
    """One stream of a chain.

    Attributes:
        start, end: Bytes it fills.
        packet: What its first page holds.
        ended: Its last page carries the end-of-stream flag.
    """

    start: int
    end: int
    packet: bytes
    ended: bool = False
    pages: dict[bytes, int] = field(default_factory=dict)  # serial number: last page number


@dataclass(frozen=True, slots=True)
class OggWalk:
    """What a walk over the pages found: streams one after the other, and what is missing."""

    links: tuple[OggLink, ...]
    shortfall: str | None


def walk_ogg(stream: ByteStream) -> OggWalk:
    """Walk over all pages of an Ogg file."""
    links: list[OggLink] = []
    shortfall: str | None = None
    headers, offset = True, 0
    while offset < stream.size:
        head = stream.read_at(offset, 282)
        if head[:4] != CAPTURE:
            found = _next_page(stream, offset + 1)
            if found < stream.size:
                shortfall = shortfall or f"{found - offset} bytes at {offset} are no Ogg page"
            offset = found
            continue
        end, flags, serial, number = _page(head, offset)
        if end > stream.size:
            shortfall = shortfall or "its last Ogg page is cut off"
            break
        if (flags & FIRST and not headers) or not links:
            links.append(OggLink(offset, end, stream.read_at(offset + 27 + head[26], 64)))
        headers = bool(flags & FIRST)
        link = links[-1]
        if link.pages.setdefault(serial, number - 1) != number - 1:
            shortfall = shortfall or f"Ogg pages are missing before byte {offset}"
        link.pages[serial] = number
        link.end, link.ended = end, bool(flags & LAST)
        offset = end
    if not all(link.ended for link in links):
        shortfall = shortfall or "its last Ogg page does not carry the end-of-stream flag"
    return OggWalk(tuple(links), shortfall)


def vorbis_order(link: OggLink, channels: int) -> tuple[tuple[int, ...], int] | None:
    """How to bring the channels of a Vorbis or Opus stream into WAVE order.

    Returns:
        Indices and channel mask; None where the order is WAVE's or is not defined (mapping
        families of Opus other than 1).
    """
    opus = link.packet[:8] == b"OpusHead"
    if opus and link.packet[18:19] != b"\x01":
        return None
    return _TO_WAVE.get(channels)


def _page(head: bytes, offset: int) -> tuple[int, int, bytes, int]:
    """End of the page, its flags, serial number and page number; an end past all if it is cut."""
    if len(head) < 27 or len(head) < 27 + head[26]:
        return 1 << 63, 0, b"", 0
    length = 27 + head[26] + sum(head[27 : 27 + head[26]])
    return offset + length, head[5], head[14:18], int(struct.unpack_from("<I", head, 18)[0])


def _next_page(stream: ByteStream, offset: int) -> int:
    while offset < stream.size:
        block = stream.read_at(offset, BLOCK)
        at = block.find(CAPTURE)
        if at >= 0:
            return offset + at
        offset += max(1, len(block) - 3)  # a capture pattern may straddle two blocks
    return stream.size
