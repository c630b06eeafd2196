"""Rows and frames of many analyses, and a table's columns, in the libraries that take them."""

from __future__ import annotations

import csv
import io
import json
import math
from typing import Any

import numpy as np
import pytest

import loudscope
from loudscope import Analysis, InvalidArgument, MissingExtra, UnsupportedType

RATE_HZ = 8000
NOISE = np.random.default_rng(7).uniform(-0.5, 0.5, (4 * RATE_HZ, 2)).astype(np.float32)


@pytest.fixture(scope="module")
def analyses() -> list[Analysis]:
    """One that has every figure, one that has hardly any, one of one channel."""
    return [
        loudscope.analyze(NOISE, RATE_HZ),
        loudscope.analyze(np.zeros((RATE_HZ // 4, 2), np.float32), RATE_HZ),
        loudscope.analyze(NOISE[:, 0], RATE_HZ),
    ]


def test_rows_are_plain_values_under_the_public_names(analyses: list[Analysis]) -> None:
    rows = loudscope.to_rows(analyses)
    assert [tuple(row) for row in rows] == [loudscope.ROW_COLUMNS] * 3
    assert rows[0]["integrated_lufs"] == analyses[0].integrated
    assert rows[1]["integrated_lufs"] is None
    assert "integrated:too_short" in str(rows[1]["notes"]).split()
    assert {type(value) for row in rows for value in row.values()} <= {str, int, float, type(None)}
    assert json.loads(json.dumps(rows, allow_nan=False)) == rows
    sheet = csv.DictWriter(io.StringIO(), loudscope.ROW_COLUMNS)
    sheet.writerows(rows)


def test_rows_have_the_bands_of_the_profile(analyses: list[Analysis]) -> None:
    """And none where other edges were measured."""
    profile = analyses[0].band_profile
    assert profile is not None
    [row] = loudscope.to_rows(analyses[:1])
    assert row["band_low_mids_dbfs"] == profile["Low-mids"].level
    other = loudscope.analyze(NOISE, RATE_HZ, edges=[100, 1000])
    assert loudscope.to_rows([other])[0]["band_low_mids_dbfs"] is None


@pytest.mark.parametrize("call", [loudscope.to_rows, loudscope.to_frame])
def test_only_analyses_have_rows(call: Any, analyses: list[Analysis]) -> None:
    with pytest.raises(UnsupportedType, match=r"analyses: Analysis is no iterable.*give a list"):
        call(analyses[0])
    with pytest.raises(UnsupportedType, match=r"analyses\[1\]: cannot read str; give an Analysis"):
        call([analyses[0], "song.wav"])


def test_plain_rows_make_a_pandas_frame(analyses: list[Analysis]) -> None:
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame(loudscope.to_rows(analyses))
    assert list(frame.columns) == list(loudscope.ROW_COLUMNS)
    assert frame["integrated_lufs"][0] == analyses[0].integrated
    assert frame["integrated_lufs"].isna().tolist() == [False, True, False]


def test_plain_rows_make_a_polars_frame(analyses: list[Analysis]) -> None:
    polars = pytest.importorskip("polars")
    frame = polars.DataFrame(loudscope.to_rows(analyses))
    assert frame["integrated_lufs"].to_list() == [a.integrated for a in analyses]


def test_a_pandas_frame_has_its_types_however_few_rows(analyses: list[Analysis]) -> None:
    """Frames of silence, of nothing and of music concatenate without a change of type."""
    pandas = pytest.importorskip("pandas")
    frames = [loudscope.to_frame(some) for some in (analyses, analyses[1:2], [])]
    assert isinstance(frames[0], pandas.DataFrame)
    assert [len(frame) for frame in frames] == [3, 1, 0]
    for frame in frames:
        assert list(frame.columns) == list(loudscope.ROW_COLUMNS)
        assert [str(kind) for kind in frame.dtypes] == [str(kind) for kind in frames[0].dtypes]
    whole: Any = frames[0]
    assert str(whole["integrated_lufs"].dtype) == "float64"
    assert whole["integrated_lufs"][0] == analyses[0].integrated
    assert math.isnan(whole["integrated_lufs"][1])  # what pandas calls missing
    assert whole["true_peak_channel"].isna()[1]
    assert whole["clipped_samples"].tolist() == [0, 0, 0]


@pytest.mark.parametrize("library", ["polars", "pyarrow"])
def test_polars_and_arrow_have_nulls_and_types(library: Any, analyses: list[Analysis]) -> None:
    """Never NaN; and a column that is all null keeps its type."""
    pytest.importorskip(library)
    frame: Any = loudscope.to_frame(analyses, library)
    nothing: Any = loudscope.to_frame(analyses[1:2], library)
    assert frame.shape == (3, len(loudscope.ROW_COLUMNS))
    assert frame.schema == nothing.schema
    integrated = frame["integrated_lufs"]
    values = integrated.to_list() if library == "polars" else integrated.to_pylist()
    assert values == [analysis.integrated for analysis in analyses]


def test_all_libraries_say_the_same(analyses: list[Analysis]) -> None:
    pytest.importorskip("pandas")
    pytest.importorskip("polars")
    pytest.importorskip("pyarrow")
    rows = loudscope.to_rows(analyses)
    assert loudscope.to_frame(analyses, "polars").to_dicts() == rows
    assert loudscope.to_frame(analyses, "pyarrow").to_pylist() == rows
    seen = loudscope.to_frame(analyses).astype(object)
    assert seen.where(seen.notna(), None).to_dict("records") == rows


def test_another_library_is_refused(analyses: list[Analysis]) -> None:
    with pytest.raises(InvalidArgument, match=r"library='dask': choose 'pandas', 'polars'"):
        loudscope.to_frame(analyses, "dask")  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue, reportArgumentType]


def test_an_absent_library_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """None in sys.modules is how Python itself marks what cannot be imported."""
    import sys

    for name in ("pandas", "xarray"):
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(MissingExtra, match="pandas is not installed: pip install pandas"):
        loudscope.to_frame([])
    with pytest.raises(MissingExtra, match="xarray is not installed: pip install xarray"):
        loudscope.to_xarray(loudscope.scan(NOISE, RATE_HZ))


def test_a_dataset_has_the_columns_themselves() -> None:
    """Every column, not copied, with dimensions by name."""
    pytest.importorskip("xarray")
    table = loudscope.scan(NOISE, RATE_HZ)
    data = loudscope.to_xarray(table)
    assert set(data.data_vars) == {name for name, _ in table.columns()}
    for name, column in table.columns():
        assert np.shares_memory(data[name].values, column)
    assert table.energy is not None
    assert data.energy.sel(channel="R").values.tolist() == table.energy[:, 1].tolist()


def test_a_dataset_knows_its_times_and_bands() -> None:
    """Seconds of blocks and ticks, labels, names; at 8 kHz there is no air."""
    pytest.importorskip("xarray")
    table = loudscope.scan(NOISE, RATE_HZ) + loudscope.scan(NOISE[:RATE_HZ], RATE_HZ)
    data = loudscope.to_xarray(table)
    assert data.block.values.tolist() == pytest.approx(np.arange(table.blocks) / 10)
    assert data.tick.values.tolist() == pytest.approx(np.arange(10 * table.blocks) / 100)
    assert data.channel.values.tolist() == ["L", "R"]
    assert data.band.values.tolist() == [
        "below", "Sub", "Bass", "Low-mids", "Mids", "High-mids", "above",
    ]  # fmt: skip
    assert data.attrs["seams"] == [0, 40]
    assert data.attrs["rate_hz"] == RATE_HZ


def test_a_dataset_lacks_what_was_not_measured() -> None:
    pytest.importorskip("xarray")
    profile = loudscope.band_profile(NOISE, RATE_HZ, edges=[100, 1000])
    data = loudscope.to_xarray(profile.table)
    assert "tick_energy" not in data
    assert data.band.values.tolist() == ["below", "100-1000 Hz", "above"]
    with pytest.raises(UnsupportedType, match="table: cannot read Band"):
        loudscope.to_xarray(profile)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
