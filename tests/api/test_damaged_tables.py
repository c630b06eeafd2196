"""Table files that are damaged, foreign or forged: refused; never a crash or a wrong number."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import loudscope
from loudscope import Analysis, BlockTable, TableError

from ..strategies import examples

TABLE = loudscope.scan(np.random.default_rng(2).uniform(-0.5, 0.5, (4000, 1)), 8000)


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A sound table file."""
    path = tmp_path_factory.mktemp("sound") / "table.npz"
    TABLE.save(path)
    return path.read_bytes()


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the damaged files are written."""
    return tmp_path_factory.mktemp("damaged") / "table.npz"


def refused_or_equal(path: Path, content: bytes) -> bool:
    """Whether a file is refused with TableError; if it is not, it holds the very table."""
    path.write_bytes(content)
    try:
        loaded = BlockTable.load(path)
    except TableError:
        return True
    assert loaded == TABLE
    return False


def test_any_bit_flipped(content: bytes, path: Path) -> None:
    """In every other byte: refused, or where it means nothing, as in a time stamp of the zip."""
    accepted = 0
    for at in range(0, len(content), 2):
        damaged = bytearray(content)
        damaged[at] ^= 1 << at // 2 % 8
        accepted += not refused_or_equal(path, bytes(damaged))
    entries = 2 + len(list(TABLE.columns()))
    assert accepted < 40 * entries  # of 76 and more bytes of headers that an entry has


@examples(3.0)
@given(places=st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), min_size=1, max_size=8))
def test_bytes_overwritten(content: bytes, path: Path, places: list[tuple[float, int]]) -> None:
    """A few bytes anywhere, with any value."""
    damaged = bytearray(content)
    for share, value in places:
        damaged[int(share * (len(content) - 1))] = value
    refused_or_equal(path, bytes(damaged))


def test_cut_anywhere(content: bytes, path: Path) -> None:
    """A file that ends early is refused, wherever it ends."""
    for length in range(0, len(content), 7):
        assert refused_or_equal(path, content[:length])


@examples(1.0)
@given(start=st.floats(0, 1), length=st.integers(1, 400))
def test_bytes_missing_or_doubled(content: bytes, path: Path, start: float, length: int) -> None:
    """A gap, and a stretch that stands there twice."""
    at = int(start * (len(content) - 1))
    refused_or_equal(path, content[:at] + content[at + length :])
    refused_or_equal(path, content[: at + length] + content[at:])


FOREIGN: dict[str, Callable[[], bytes]] = {
    "empty": lambda: b"",
    "text": lambda: b"frames,ticks\n1,2\n",
    "zip of text": lambda: zipped({"hello.txt": b"hello"}),
    "empty zip": lambda: zipped({}),
    "npy": lambda: saved_array(np.zeros(3)),
    "npz of others": lambda: archive(weights=np.zeros(3)),
    "compressed npz": lambda: compressed(frames=np.zeros(3)),
    "npz with pickles": lambda: archive(meta=np.array([{"format": 1}], dtype=object)),
    "wave": lambda: b"RIFF\x24\0\0\0WAVEfmt " + bytes(40),
}


def zipped(entries: dict[str, bytes]) -> bytes:
    """A zip archive."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as target:
        for name, data in entries.items():
            target.writestr(name, data)
    return file.getvalue()


def saved_array(array: Any) -> bytes:
    """An .npy file."""
    file = io.BytesIO()
    np.save(file, array)
    return file.getvalue()


def archive(**entries: Any) -> bytes:
    """An .npz file."""
    file = io.BytesIO()
    np.savez(file, **entries)
    return file.getvalue()


def compressed(**entries: Any) -> bytes:
    """A compressed .npz file."""
    file = io.BytesIO()
    np.savez_compressed(file, **entries)
    return file.getvalue()


@pytest.mark.parametrize("foreign", FOREIGN.values(), ids=FOREIGN)
def test_foreign_files(path: Path, foreign: Callable[[], bytes]) -> None:
    """Other people's files are not block tables."""
    path.write_bytes(foreign())
    with pytest.raises(TableError, match="is not a block table: "):
        BlockTable.load(path)


META = {
    "format": "loudscope block table", "schema": 1, "rate_hz": 8000, "zeroed": 0, "partial": False,
    "layout": {"name": "mono", "channels": [["M", 0.0, 0.0, False]]},
    "edges_hz": list(TABLE.edges_hz), "columns": [name for name, _ in TABLE.columns()],
}  # fmt: skip


def forged(about: object = META, /, **changes: Any) -> bytes:
    """A well-formed archive with some of a table's entries changed; None leaves one out."""
    text = json.dumps(about).encode()
    entries = {"meta": np.frombuffer(text, np.uint8), "seams": TABLE.seams, **dict(TABLE.columns())}
    entries.update(changes)
    return archive(**{name: entry for name, entry in entries.items() if entry is not None})


def column(name: str) -> Any:
    """A copy of a column, to change."""
    return getattr(TABLE, name).copy()


def with_value(name: str, at: Any, value: Any) -> dict[str, Any]:
    """One value of one column changed."""
    changed = column(name)
    changed[at] = value
    return {name: changed}


FORGED: dict[str, dict[str, Any]] = {
    "more ticks than a block has": with_value("ticks", -1, 255),
    "fewer ticks within a programme": with_value("ticks", 1, 9),
    "frames that are not those of the ticks": with_value("frames", 1, 5),
    "a block of no frames": {
        **with_value("frames", 1, 0),
        **with_value("tick_frames", slice(10, 20), 0),
    },
    "NaN energy": with_value("tick_energy", 3, np.nan),
    "infinite peak": with_value("true_peak", 2, np.inf),
    "negative energy": with_value("band_energy", 0, -1.0),
    "negative peak": with_value("sample_peak", 0, -0.5),
    "peak outside its block": with_value("true_peak_at", 0, 800),
    "more clips than frames": with_value("clips", (0, 0, 0), 801),
    "seam out of order": {"seams": np.array([0, 3, 2])},
    "seam twice": {"seams": np.array([0, 0])},
    "seam beyond the end": {"seams": np.array([0, 5])},
    "no seam": {"seams": np.zeros(0, np.int64)},
    "first seam not 0": {"seams": np.array([1])},
    "seams of another dtype": {"seams": np.zeros(1, np.int32)},
    "a row less": {"energy": column("energy")[:-1]},
    "another dtype": {"energy": column("energy").astype(np.float32)},
    "a required column missing": {"ticks": None},
    "a column missing": {"clips": None},
    "an unknown column": {"surprise": np.zeros(5)},
    "no rows": {
        "seams": np.zeros(1, np.int64),
        **{name: values[:0] for name, values in TABLE.columns()},
    },
    "no meta": {"meta": None},
}


@pytest.mark.parametrize("changes", FORGED.values(), ids=FORGED)
def test_forged_columns(path: Path, changes: dict[str, Any]) -> None:
    """Archives whose checksums fit and whose rows do not."""
    path.write_bytes(forged(**changes))
    with pytest.raises(TableError, match="is not a block table: "):
        BlockTable.load(path)


FORGED_META: dict[str, dict[str, Any]] = {
    "another format": {"format": "table"},
    "a later schema": {"schema": 2},
    "rate 0": {"rate_hz": 0},
    "rate too high": {"rate_hz": 1e9},
    "rate of infinity": {"rate_hz": float("inf")},
    "rate in words": {"rate_hz": "48k"},
    "edges falling": {"edges_hz": [200.0, 100.0]},
    "edges of NaN": {"edges_hz": [float("nan"), 100.0]},
    "edges of nothing": {"edges_hz": None},
    "fewer edges": {"edges_hz": [100.0, 1000.0]},
    "another layout": {
        "layout": {"name": None, "channels": [["L", 30, 0, False], ["R", -30, 0, False]]}
    },
    "a wrong name": {"layout": {"name": "stereo", "channels": [["M", 0.0, 0.0, False]]}},
    "an angle too far": {"layout": {"name": None, "channels": [["M", 500.0, 0.0, False]]}},
    "a channel of two words": {"layout": {"name": None, "channels": [["M", 0.0]]}},
    "no layout": {"layout": None},
    "no zeroed": {"zeroed": "many"},
    "a column less": {"columns": [name for name, _ in TABLE.columns()][:-1]},
    "no columns": {"columns": None},
}


@pytest.mark.parametrize("changes", FORGED_META.values(), ids=FORGED_META)
def test_forged_meta(path: Path, changes: dict[str, Any]) -> None:
    """JSON that says something else than the columns, or nothing."""
    path.write_bytes(forged({**META, **changes}))
    with pytest.raises(TableError, match="is not a block table: "):
        BlockTable.load(path)


@pytest.mark.parametrize("meta", [[], 5, "text", None, {}, {"format": "loudscope block table"}])
def test_meta_that_is_not_one(path: Path, meta: Any) -> None:
    """Any other JSON in its place."""
    path.write_bytes(forged(meta))
    with pytest.raises(TableError, match="is not a block table: "):
        BlockTable.load(path)


def test_a_later_schema_says_so(path: Path) -> None:
    """With the remedy."""
    path.write_bytes(forged({**META, "schema": 2}))
    with pytest.raises(
        TableError, match="its schema is 2, this version reads 1; measure"
    ) as caught:
        BlockTable.load(path)
    assert str(path) in str(caught.value)


def test_what_is_forged_well_is_accepted(path: Path) -> None:
    """The forger above can write a sound file: so the refusals are for what was changed."""
    path.write_bytes(forged())
    assert BlockTable.load(path) == TABLE
    assert Analysis(BlockTable.load(path)).to_json() == Analysis(TABLE).to_json()
