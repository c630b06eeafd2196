"""The pages name everything there is: public names, columns, notes, keys, layouts, options."""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import loudscope
from loudscope._cli.arguments import parse

DOCS = Path(__file__).parents[2] / "docs"
NOTES = (DOCS / "notes.md").read_text("utf-8")
JSON = (DOCS / "json.md").read_text("utf-8")
LAYOUTS = (DOCS / "guide" / "multichannel.md").read_text("utf-8")
COMMAND_LINE = (DOCS / "cli.md").read_text("utf-8")
ARRAYS = (DOCS / "guide" / "arrays.md").read_text("utf-8")
FIGURES = (DOCS / "figures.md").read_text("utf-8")
TABLE = (DOCS / "table.md").read_text("utf-8")
API = (DOCS / "api.md").read_text("utf-8")


ROOMS = {
    *("compare", "feedback", "genres", "plot", "qc", "reference", "report", "tags", "targets"),
    *("service", "typing"),
}


@pytest.fixture(scope="module")
def analysis() -> loudscope.Analysis:
    noise = np.random.default_rng(1).normal(0.0, 0.1, (4 * 8000, 2))
    return loudscope.analyze(noise, 8000)


def words(page: str) -> set[str]:
    """What stands in code type in the text, whole and split at dots."""
    spans = set(re.findall(r"`([^`\n]+)`", re.sub(r"(?ms)^```.*?^```$", "", page)))
    return spans | {word.removesuffix("[]") for span in spans for word in span.split(".")}


def keys(value: Any) -> Iterator[str]:
    """Keys of nested dictionaries."""
    for item in value if isinstance(value, list) else []:
        yield from keys(item)
    for key, item in value.items() if isinstance(value, dict) else []:
        yield key
        yield from keys(item)


def test_api_page_has_every_public_name_once() -> None:
    """Those that a room lends are linked to where they are at home."""
    shown = re.findall(r"^::: loudscope\.(\w+)$", API, re.MULTILINE)
    shown += re.findall(r"\(api/qc\.md#loudscope\.qc\.(\w+)\)", API)
    assert sorted(shown) == sorted(set(loudscope.__all__) - {"__version__"})


@pytest.mark.parametrize(
    "room",
    sorted(ROOMS),
)
def test_each_room_has_a_page_with_every_public_name_once(room: str) -> None:
    page = (DOCS / "api" / f"{room}.md").read_text("utf-8")
    shown = re.findall(rf"^::: loudscope\.{room}\.(\w+)$", page, re.MULTILINE)
    assert sorted(shown) == sorted(importlib.import_module(f"loudscope.{room}").__all__)


def test_every_figure_is_defined() -> None:
    """All public properties of an analysis that hold a figure, and the columns of rows."""
    written = words(FIGURES)
    properties = {
        name
        for name in dir(loudscope.Analysis)
        if not name.startswith("_") and isinstance(getattr(loudscope.Analysis, name), property)
    }
    plain = {"duration", "frames", "rate_hz", "layout", "mono", "notes", "partial", "zeroed"}
    ends = re.compile(r"(_at|_channel)?(_per_channel)?$")
    missing = properties - plain - written
    assert {name for name in missing if ends.sub("", name) not in written} == set()


def test_every_column_of_rows_is_named() -> None:
    named = set(re.findall(r"`(\w+)`", ARRAYS + FIGURES))
    common = {"name", "duration_s", "rate_hz", "channels", "layout", "mono", "notes"}
    left_out = re.compile(r"_at_s$|_low_lufs$|_high_lufs$|^band_|_channel$")
    wanted = {name for name in loudscope.ROW_COLUMNS if not left_out.search(name)}
    assert wanted - common <= named


def test_every_note_code_is_explained() -> None:
    assert {str(code) for code in loudscope.NoteCode} <= words(NOTES)


def test_every_key_of_to_dict_is_explained(analysis: loudscope.Analysis) -> None:
    """A key that ends in _at, _low, _high may stand with its figure."""
    written = words(JSON)
    missing = set(keys(analysis.to_dict())) - written
    ends = re.compile(r"_at(_per_channel)?$|_low$|_high$|_per_channel$")
    assert {key for key in missing if ends.sub("", key) not in written} == set()


def test_every_layout_is_named() -> None:
    assert set(loudscope.layout_names()) <= words(LAYOUTS)


def test_every_option_is_explained(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parse(["--help"])
    options = set(re.findall(r"^  (--[a-z-]+)", capsys.readouterr().out, re.MULTILINE))
    assert options - {"--version"} <= set(re.findall(r"`(--[a-z-]+)", COMMAND_LINE))


def test_the_whole_tree_of_errors_is_drawn() -> None:
    errors = {
        name
        for name in loudscope.__all__
        if isinstance(kind := getattr(loudscope, name), type) and issubclass(kind, Exception)
    }
    drawn = set(re.findall(r"^[│├└─ ]*([A-Z]\w+)", NOTES, re.MULTILINE))
    assert errors <= drawn


def test_table_page_has_every_column_with_its_dtype(analysis: loudscope.Analysis) -> None:
    rows = [line for line in TABLE.splitlines() if line.startswith("| `")]
    for name, column in analysis.table.columns():
        [row] = [row for row in rows if f"`{name}`" in row.split("|")[1]]
        assert row.split("|")[3].strip() == str(column.dtype)
