"""Block tables: values with columns, kept on disk."""

from __future__ import annotations

import copy
import dataclasses
import os
import pickle
import stat
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given

import loudscope
from loudscope import Analysis, BlockTable, FileError, TableError

from ..strategies import Audio, Rows, audio, different_columns, examples, rows

NOISE = np.random.default_rng(2).uniform(-0.5, 0.5, (30_000, 2))


@pytest.fixture
def table() -> BlockTable:
    """0.625 s of stereo noise at 48 kHz."""
    return loudscope.scan(NOISE, 48000)


def assert_equal(one: BlockTable, other: BlockTable) -> None:
    assert different_columns(one, other) == []
    assert one == other
    assert not one != other  # noqa: SIM202 - both operators are looked at


@given(made=rows())
def test_saved_tables_are_loaded_as_they_were(
    tmp_path_factory: pytest.TempPathFactory, made: Rows
) -> None:
    """Bit for bit, with seams, layout, edges and what was noticed."""
    path = tmp_path_factory.getbasetemp() / "generated.npz"
    table = dataclasses.replace(made.table, zeroed=3, partial=True)
    table.save(path)
    loaded = BlockTable.load(path)
    assert_equal(loaded, table)
    assert (loaded.zeroed, loaded.partial) == (3, True)
    assert loaded != made.table
    assert Analysis(loaded).to_json() == Analysis(table).to_json()


@examples(0.5)
@given(sound=audio(most_samples=100_000))
def test_measured_tables_are_sound(tmp_path_factory: pytest.TempPathFactory, sound: Audio) -> None:
    """What the engine makes passes every check that a loaded file has to pass."""
    path = tmp_path_factory.getbasetemp() / "measured.npz"
    for name in (str(path), path):
        table = loudscope.scan(sound.samples, sound.rate_hz, layout=sound.layout, edges=(50, 1e5))
        table.save(name)
        assert_equal(BlockTable.load(name), table)


def test_single_figure_tables_are_kept_too(tmp_path: Path, table: BlockTable) -> None:
    """Columns that were not measured are still not there."""
    bare = dataclasses.replace(
        table, true_peak=None, band_energy=None, band_cross=None, edges_hz=()
    )
    bare.save(tmp_path / "bare.npz")
    assert_equal(BlockTable.load(tmp_path / "bare.npz"), bare)


@examples(0.5)
@given(made=rows())
def test_tables_are_values(made: Rows) -> None:
    """Pickled and copied: equal, and as read-only as before; frozen; not hashable."""
    table = made.table
    for other in (pickle.loads(pickle.dumps(table)), copy.copy(table), copy.deepcopy(table)):
        assert_equal(other, table)
        assert not any(column.flags.writeable for _, column in other.columns())
        assert not other.seams.flags.writeable
    with pytest.raises(dataclasses.FrozenInstanceError):
        table.rate_hz = 1  # type: ignore[misc]
    with pytest.raises(TypeError, match="unhashable"):
        hash(table)
    assert table != 5
    assert table is not None


def test_every_bit_counts(table: BlockTable) -> None:
    """A table that differs in one value of one column, in a seam or a note, is another."""
    for name, column in table.columns():
        changed = column.copy()
        changed.reshape(-1)[-1] += 1
        assert dataclasses.replace(table, **{name: changed}) != table, name  # type: ignore[arg-type]
        assert dataclasses.replace(table, **{name: None}) != table, name  # type: ignore[arg-type]
    other = {"rate_hz": 44100, "edges_hz": (1.0, 2.0), "zeroed": 1, "partial": True}
    for name, value in other.items():
        assert dataclasses.replace(table, **{name: value}) != table, name  # type: ignore[arg-type]
    assert dataclasses.replace(table, seams=np.array([0, 2])) != table


def test_columns_are_views_and_read_only(table: BlockTable) -> None:
    """Reading a column copies nothing; writing to one is refused."""
    for name, column in table.columns():
        assert getattr(table, name) is column
        assert column.flags.c_contiguous
        assert not column.flags.owndata  # the memory is the engine's
        with pytest.raises(ValueError, match="read-only"):
            column[0] = 0
    with pytest.raises(ValueError, match="read-only"):
        table.seams[0] = 1
    assert len(table) == table.blocks == 7
    assert table.frame_count == 30_000
    assert table.duration == 0.625
    np.testing.assert_array_equal(table.starts, [0, 4800, 9600, 14400, 19200, 24000, 28800, 30000])


def test_columns_outlive_their_table() -> None:
    """A column keeps its memory when nothing else does."""
    energy = loudscope.scan(NOISE, 48000).energy
    assert energy is not None
    before = energy.copy()
    for _ in range(20):
        loudscope.scan(NOISE, 48000)
    np.testing.assert_array_equal(energy, before)


def test_repr_says_what_it_is(table: BlockTable) -> None:
    """Duration, rate, layout and rows; programmes where there are several."""
    assert repr(table) == "<BlockTable 0.625 s, 48000 Hz, stereo, 7 blocks>"
    assert "2 programmes" in repr(table + table)


def test_an_album_of_many() -> None:
    """BlockTable.album is the sum, in order."""
    tables = [loudscope.scan(NOISE[: 5000 * n], 48000) for n in range(1, 6)]
    total = tables[0]
    for table in tables[1:]:
        total = total + table
    assert_equal(BlockTable.album(tables), total)
    assert BlockTable.album(tables[:1]) is tables[0]
    with pytest.raises(loudscope.InvalidArgument, match="tables: there are none"):
        BlockTable.album([])


def test_saving_replaces_at_once_or_not_at_all(
    tmp_path: Path, table: BlockTable, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A save that fails midway leaves the old file and nothing else behind."""
    path = tmp_path / "kept.npz"
    table.save(path)

    class Full(Exception):
        """The disk is full."""

    def write(file: Any, **entries: Any) -> None:
        file.write(b"half of it")
        raise Full

    monkeypatch.setattr(np, "savez", write)
    with pytest.raises(Full):
        (table + table).save(path)
    monkeypatch.undo()
    assert os.listdir(tmp_path) == ["kept.npz"]
    assert_equal(BlockTable.load(path), table)
    (table + table).save(path)
    assert os.listdir(tmp_path) == ["kept.npz"]
    assert_equal(BlockTable.load(path), table + table)


def test_saved_files_have_ordinary_permissions(tmp_path: Path, table: BlockTable) -> None:
    """What the umask allows, as for any file that a program writes."""
    table.save(tmp_path / "table.npz")
    (tmp_path / "plain").write_bytes(b"")
    modes = {stat.S_IMODE(os.stat(tmp_path / name).st_mode) for name in ("table.npz", "plain")}
    assert len(modes) == 1


def test_places_that_cannot_be_written_or_read(tmp_path: Path, table: BlockTable) -> None:
    """FileError with the path: a folder that is not there, and one in place of the file."""
    for path in (tmp_path / "no" / "such" / "folder.npz", tmp_path):
        with pytest.raises(FileError, match="cannot write") as caught:
            table.save(path)
        assert caught.value.path == str(path)
        with pytest.raises(FileError, match="cannot read") as caught:
            BlockTable.load(path)
        assert caught.value.path == str(path)
    assert os.listdir(tmp_path) == []


def test_the_file_is_an_open_format(tmp_path: Path, table: BlockTable) -> None:
    """NumPy alone reads it: one array for each column, and JSON that says what they are."""
    import json

    path = tmp_path / "open.npz"
    table.save(path)
    with np.load(path, allow_pickle=False) as archive:
        meta = json.loads(bytes(archive["meta"]))
        np.testing.assert_array_equal(archive["tick_energy"], table.tick_energy)
        names = set(archive.files)
    assert names == {"meta", "seams", *(name for name, _ in table.columns())}
    assert (meta["format"], meta["schema"]) == ("loudscope block table", 1)
    assert meta["layout"]["channels"] == [["L", 30.0, 0.0, False], ["R", -30.0, 0.0, False]]
    with pytest.raises(TableError, match="is not a block table"):
        path.write_bytes(path.read_bytes()[:-40])
        BlockTable.load(path)
