"""Files that are not what they seem: made here, byte by byte, small and quick to make."""

from __future__ import annotations

import struct
import zipfile
from functools import cache
from io import BytesIO
from pathlib import Path

__all__ = ["flac", "flac_of", "playlist", "wav_of", "zipped"]

BLOCK = 65535  # samples of a FLAC frame, the most there may be


def crc(data: bytes, polynomial: int, bits: int) -> int:
    """The checksums of RFC 9639, 9.1.8 and 9.3: no reflection, from zero."""
    table = _table(polynomial, bits)
    value, mask = 0, (1 << bits) - 1
    for byte in data:
        value = ((value << 8) & mask) ^ table[(value >> (bits - 8)) ^ byte]
    return value


@cache
def _table(polynomial: int, bits: int) -> list[int]:
    return [_entry(byte, polynomial, bits) for byte in range(256)]


def _entry(byte: int, polynomial: int, bits: int) -> int:
    value = byte << (bits - 8)
    for _ in range(8):
        carry = value >> (bits - 1)
        value = ((value << 1) & ((1 << bits) - 1)) ^ (polynomial if carry else 0)
    return value


def frame(number: int, channels: int, value: int) -> bytes:
    """65535 samples of one value in each channel: a constant subframe takes three bytes."""
    head = bytes([0xFF, 0xF8, 0x70, (channels - 1) << 4 | 0b1000])
    head += chr(number).encode("utf-8", "surrogatepass")  # the same code, up to 0x10FFFF
    head += struct.pack(">H", BLOCK - 1)  # block size; the rate is that of STREAMINFO
    head += bytes([crc(head, 0x07, 8)])
    body = head + b"".join(b"\x00" + struct.pack(">h", value) for _ in range(channels))
    return body + struct.pack(">H", crc(body, 0x8005, 16))


def flac(rate_hz: int, channels: int, frames: int, declared: int | None = None) -> bytes:
    """A FLAC file of `frames` frames of 65535 samples.

    Args:
        rate_hz: Sampling rate.
        channels: 1 to 8.
        frames: How many frames there really are.
        declared: How many samples the header says there are; None: the truth, 0: not known.
    """
    total = frames * BLOCK if declared is None else declared
    packed = rate_hz << 44 | (channels - 1) << 41 | 15 << 36 | total
    info = struct.pack(">HH", BLOCK, BLOCK) + bytes(6) + packed.to_bytes(8, "big") + bytes(16)
    data = b"".join(frame(number, channels, 1000 * (number % 2)) for number in range(frames))
    return b"fLaC" + bytes([0x80, 0, 0, len(info)]) + info + data


def flac_of(seconds: float, rate_hz: int, channels: int, declared: int | None = None) -> bytes:
    """As `flac`, of at least so many seconds."""
    return flac(rate_hz, channels, -(-round(seconds * rate_hz) // BLOCK), declared)


def wav_of(data_bytes: int, really: int) -> bytes:
    """A WAV of 16 bits, stereo, 48 kHz, whose header promises `data_bytes`."""
    head = struct.pack("<4sI4s4sIHHIIHH4sI", b"RIFF", min(data_bytes + 36, 0xFFFFFFFF), b"WAVE",
                       b"fmt ", 16, 1, 2, 48000, 192000, 4, 16, b"data", data_bytes)  # fmt: skip
    return head + bytes(range(256)) * (really // 256)


def playlist(other: Path, kind: str) -> bytes:
    """Files that make FFmpeg open another file, if it is let."""
    return {
        "hls": f"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nfile://{other}\n#EXT-X-ENDLIST\n",
        "concat": f"ffconcat version 1.0\nfile '{other}'\n",
        "m3u": f"{other}\n",
        "sdp": f"v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nm=audio 9 RTP/AVP 0\na=control:{other}\n",
        "pls": f"[playlist]\nFile1=file://{other}\nNumberOfEntries=1\nVersion=2\n",
    }[kind].encode()


def zipped(content: bytes) -> bytes:
    """The content in a zip archive."""
    whole = BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("track.wav", content)
    return whole.getvalue()
