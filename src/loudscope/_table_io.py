"""Block tables on disk: a NumPy ``.npz`` whose entry ``meta`` is JSON with a schema number."""

from __future__ import annotations

import contextlib
import io
import json
import os
import zipfile
from itertools import pairwise
from os import PathLike
from pathlib import Path
from typing import Any
from uuid import uuid4

import numpy as np
from numpy.typing import NDArray

from . import _core
from ._audio import check_rate
from ._columns import CLIP_FIELDS, COLUMNS, TICKS
from ._errors import FileError, TableError
from ._layouts import Channel, Layout
from ._table import BlockTable

__all__ = ["load_table", "packed_table", "save_table", "unpacked_table"]

FORMAT = "loudscope block table"
SCHEMA = 1
_REQUIRED = ("frames", "ticks", "tick_frames")


def save_table(table: BlockTable, path: str | PathLike[str]) -> None:
    """Writes to a neighbour and renames it: a reader finds the old file or the new one."""
    target, content = Path(path), packed_table(table)
    try:
        neighbour = target.with_name(f".{target.name}.{uuid4().hex}")
        try:
            with neighbour.open("xb") as file:
                file.write(content)
            os.replace(neighbour, target)
        except BaseException:
            with contextlib.suppress(OSError):
                neighbour.unlink()
            raise
    except OSError as error:
        raise FileError(f"path: cannot write {str(path)!r}: {error.strerror}", str(path)) from error


def load_table(path: str | PathLike[str]) -> BlockTable:
    """Reads and checks; anything but a sound table is refused."""
    try:
        content = Path(path).read_bytes()
    except OSError as error:
        raise FileError(f"path: cannot read {str(path)!r}: {error.strerror}", str(path)) from error
    return unpacked_table(content, f"path: {str(path)!r}")


def packed_table(table: BlockTable) -> bytes:
    """The content of a table's file."""
    meta = {
        "format": FORMAT,
        "schema": SCHEMA,
        "rate_hz": table.rate_hz,
        "layout": {
            "name": table.layout.name,
            "channels": [[c.label, c.azimuth, c.elevation, c.lfe] for c in table.layout.channels],
        },
        "edges_hz": list(table.edges_hz),
        "zeroed": table.zeroed,
        "partial": table.partial,
        "columns": [name for name, _ in table.columns()],
    }
    entries: dict[str, Any] = {
        "meta": np.frombuffer(json.dumps(meta).encode(), np.uint8),
        "seams": table.seams,
    }
    entries.update(table.columns())
    content = io.BytesIO()
    np.savez(content, **entries)
    return content.getvalue()


def unpacked_table(content: bytes, what: str) -> BlockTable:
    """The table in a file's content; `what` begins the message where there is none.

    Raises:
        TableError: The content is damaged, or is no block table of a known schema.
    """
    if content[:4] != b"PK\x03\x04":
        raise _refused(what, "it is not an .npz archive")
    try:
        entries = _entries(content)
    except Exception as error:  # damaged bytes make zipfile and NumPy raise a dozen kinds
        raise _refused(what, f"it is damaged ({error})") from error
    try:
        return _table_from(entries)
    except (LookupError, TypeError, ValueError, AttributeError, ArithmeticError) as error:
        raise _refused(what, str(error)) from error


def _entries(content: bytes) -> dict[str, NDArray[Any]]:
    """The arrays of an archive. Each entry is read whole, which compares its checksum."""
    entries = {}
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for info in archive.infolist():
            if info.compress_type != zipfile.ZIP_STORED:
                raise ValueError(f"{info.filename} is compressed")
            data = io.BytesIO(archive.read(info))
            name = info.filename.removesuffix(".npy")
            entries[name] = np.lib.format.read_array(data, allow_pickle=False)
            if data.read(1):
                raise ValueError(f"{info.filename} is longer than its array")
    return entries


def _refused(what: str, why: str) -> TableError:
    return TableError(f"{what} is not a block table: {why}")


def _table_from(entries: dict[str, NDArray[Any]]) -> BlockTable:
    meta = json.loads(bytes(entries.pop("meta")))
    if meta["format"] != FORMAT:
        raise ValueError(f"its format is {meta['format']!r}")
    if meta["schema"] != SCHEMA:
        raise ValueError(
            f"its schema is {meta['schema']}, this version reads {SCHEMA}; measure it again"
        )
    layout = Layout(
        meta["layout"]["name"],
        tuple(Channel(str(c[0]), float(c[1]), float(c[2]), bool(c[3]))
              for c in meta["layout"]["channels"]),
    )  # fmt: skip
    if layout.name is not None and layout != Layout.named(layout.name):
        raise ValueError(f"its layout is called {layout.name} and is another")
    rate_hz, edges = check_rate(meta["rate_hz"]), tuple(float(edge) for edge in meta["edges_hz"])
    if not all(low < high < np.inf for low, high in pairwise((0.0, *edges))):
        raise ValueError(f"its band edges are {edges}")
    seams = entries.pop("seams")
    known = set(meta["columns"]) <= COLUMNS.keys() and {*_REQUIRED} <= entries.keys()
    if not known or entries.keys() != set(meta["columns"]):
        raise ValueError(f"its columns are {sorted(entries)}")
    _check_columns(entries, layout.count, len(_core.band_edges(edges, rate_hz)) + 1)
    _check_seams(seams, len(entries["frames"]))
    _check_rows(entries, seams)
    columns: dict[str, Any] = entries
    return BlockTable(
        rate_hz=rate_hz,
        layout=layout,
        edges_hz=edges,
        seams=seams,
        zeroed=int(meta["zeroed"]),
        partial=bool(meta["partial"]),
        **columns,
    )


def _check_columns(columns: dict[str, NDArray[Any]], channels: int, bands: int) -> None:
    blocks = len(columns["frames"])
    sizes = {"B": blocks, "T": blocks * TICKS, "C": channels, "E": bands, "K": len(CLIP_FIELDS)}
    for name, column in columns.items():
        dtype, dimensions = COLUMNS[name]
        shape = tuple(sizes[letter] for letter in dimensions)
        if column.dtype != dtype or column.shape != shape:
            raise ValueError(
                f"column {name} is {column.dtype}{column.shape}, not {np.dtype(dtype)}{shape}"
            )
        if column.dtype.kind == "f" and not np.isfinite(column).all():
            raise ValueError(f"column {name} holds a value that is not finite")


def _check_seams(seams: NDArray[Any], blocks: int) -> None:
    sound = seams.dtype == np.int64 and seams.ndim == 1 and len(seams) > 0 and seams[0] == 0
    if not sound or (np.diff(seams) <= 0).any() or seams[-1] >= blocks:
        raise ValueError("its seams are not rows in order")


def _check_rows(columns: dict[str, NDArray[Any]], seams: NDArray[Any]) -> None:
    """Only a programme's last block may be short, and no row may point outside itself."""
    frames, ticks = columns["frames"].astype(np.int64), columns["ticks"]
    last = np.append(seams[1:], len(frames)) - 1
    whole = np.delete(ticks, last)
    held = columns["tick_frames"].reshape(-1, TICKS).sum(axis=1, dtype=np.int64)
    sound = (whole == TICKS).all() and (ticks <= TICKS).all() and (frames > 0).all()
    if not sound or (held != frames).any():
        raise ValueError("its blocks and ticks do not fit each other")
    for name, column in columns.items():
        limit = frames[:, None] if name.endswith("_at") else None
        if limit is not None and (column >= limit).any():
            raise ValueError(f"column {name} points outside its block")
        if name == "clips" and (column > frames[:, None, None]).any():
            raise ValueError("column clips counts more samples than there are")
        if (name.endswith("energy") or name.endswith("_peak")) and (column < 0).any():
            raise ValueError(f"column {name} holds a value below zero")
