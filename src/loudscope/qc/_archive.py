"""An inspection as bytes: the table's own file and the figures, compressed under one checksum.

Layout: magic, schema (uint16), SHA-256 of the rest, length of the content (uint64), the content
compressed by zlib with its bytes in planes. Content: length of the figures (uint64), the figures as
JSON, the block table's file. Numbers are little-endian. Arrays stand in the JSON in base64.
"""

from __future__ import annotations

import hashlib
import json
import struct
import zlib
from typing import TYPE_CHECKING, Any

import numpy as np

from .._analysis import Analysis
from .._errors import TableError
from .._table_io import packed_table, unpacked_table
from ._values import packed_value, unpacked_value

if TYPE_CHECKING:
    from ._inspection import Inspection

__all__ = ["packed", "unpacked"]

MAGIC = b"loudscope inspection\n"
SCHEMA = 1
PLANES = 8  # first bytes of all float64, then their second bytes: signs and exponents are alike
LARGEST = 1 << 30  # of the content; four minutes of stereo take 1.3 MB
_HEAD, _LENGTH = struct.Struct("<H32s"), struct.Struct("<Q")


def packed(inspection: Inspection) -> bytes:
    """As `Inspection.to_bytes`."""
    analysis = inspection.analysis
    figures = packed_value(inspection, but=("analysis",))
    options = {"dual_mono": analysis.dual_mono, "name": analysis.name}
    text = json.dumps([options, figures], separators=(",", ":")).encode()
    content = _LENGTH.pack(len(text)) + text + packed_table(analysis.table)
    body = _LENGTH.pack(len(content)) + _compressed(content)
    return MAGIC + _HEAD.pack(SCHEMA, hashlib.sha256(body).digest()) + body


def unpacked(data: bytes) -> Inspection:
    """As `Inspection.from_bytes`."""
    content = _content(data)
    try:
        (length,) = _LENGTH.unpack_from(content)
        text, table = content[_LENGTH.size :][:length], content[_LENGTH.size + length :]
        options, figures = json.loads(text)
        return _inspection(options, figures, table)
    except TableError:
        raise
    except (struct.error, LookupError, TypeError, ValueError, RecursionError) as error:
        raise _refused(str(error)) from error


def _content(data: bytes) -> bytes:
    if not data.startswith(MAGIC):
        raise _refused("they begin otherwise")
    start = len(MAGIC) + _HEAD.size
    if len(data) < start + _LENGTH.size:
        raise _refused("they end within the head")
    schema, digest = _HEAD.unpack_from(data, len(MAGIC))
    if schema != SCHEMA:
        raise _refused(f"their schema is {schema}, this version reads {SCHEMA}; measure it again")
    if hashlib.sha256(memoryview(data)[start:]).digest() != digest:
        raise _refused("they are damaged")
    (length,) = _LENGTH.unpack_from(data, start)
    if length > LARGEST:
        raise _refused(f"they promise {length} bytes, more than {LARGEST}")
    return _decompressed(data[start + _LENGTH.size :], length)


def _inspection(options: Any, figures: Any, table: bytes) -> Inspection:  # noqa: ANN401 - JSON
    from ._inspection import Inspection

    name, dual_mono = options["name"], options["dual_mono"]
    if not isinstance(name, str | None) or not isinstance(dual_mono, bool):
        raise TypeError(f"their options are {options!r:.80}")
    analysis = Analysis(unpacked_table(table, "data: what should be its table"), dual_mono, name)
    return unpacked_value(Inspection, figures, analysis=analysis)


def _compressed(content: bytes) -> bytes:
    """Runs and Huffman codes alone: matches are rare in float64, and searching them is slow."""
    even = len(content) // PLANES * PLANES
    planes = np.frombuffer(content, np.uint8, even).reshape(-1, PLANES).T.tobytes()
    coder = zlib.compressobj(1, zlib.DEFLATED, 15, 9, zlib.Z_RLE)
    return coder.compress(planes) + coder.compress(content[even:]) + coder.flush()


def _decompressed(data: bytes, length: int) -> bytes:
    decoder = zlib.decompressobj()
    try:
        planes = decoder.decompress(data, length + 1)
    except zlib.error as error:
        raise _refused(str(error)) from error
    if len(planes) != length or not decoder.eof or decoder.unused_data:
        raise _refused("they hold more or less than they promise")
    even = length // PLANES * PLANES
    whole = np.frombuffer(planes, np.uint8, even).reshape(PLANES, -1).T.tobytes()
    return whole + planes[even:]


def _refused(why: str) -> TableError:
    return TableError(f"data: these bytes are not an inspection: {why}")
