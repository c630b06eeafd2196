"""The pages name everything there is: public names, columns, notes, keys, layouts, options."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import loudscope
from loudscope._cli.arguments import parse

DOCS = Path(__file__).parents[2] / "docs"
GUIDE = (DOCS / "guide.md").read_text("utf-8")
TABLE = (DOCS / "table.md").read_text("utf-8")
API = (DOCS / "api.md").read_text("utf-8")


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
    shown = re.findall(r"^::: loudscope\.(\w+)$", API, re.MULTILINE)
    assert sorted(shown) == sorted(set(loudscope.__all__) - {"__version__"})


def test_guide_has_every_note_code() -> None:
    assert {str(code) for code in loudscope.NoteCode} <= words(GUIDE)


def test_guide_has_every_key_of_to_dict(analysis: loudscope.Analysis) -> None:
    """A key that ends in _at, _low, _high may stand with its figure."""
    written = words(GUIDE)
    missing = set(keys(analysis.to_dict())) - written
    ends = re.compile(r"_at(_per_channel)?$|_low$|_high$|_per_channel$")
    assert {key for key in missing if ends.sub("", key) not in written} == set()


def test_guide_has_every_layout() -> None:
    assert set(loudscope.layout_names()) <= words(GUIDE)


def test_guide_has_every_option(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parse(["--help"])
    options = set(re.findall(r"^  (--[a-z-]+)", capsys.readouterr().out, re.MULTILINE))
    assert options - {"--version"} <= set(re.findall(r"`(--[a-z-]+)", GUIDE))


def test_guide_draws_the_whole_tree_of_errors() -> None:
    errors = {
        name
        for name in loudscope.__all__
        if isinstance(kind := getattr(loudscope, name), type) and issubclass(kind, Exception)
    }
    drawn = set(re.findall(r"^[│├└─ ]*([A-Z]\w+)", GUIDE, re.MULTILINE))
    assert errors <= drawn


def test_table_page_has_every_column_with_its_dtype(analysis: loudscope.Analysis) -> None:
    rows = [line for line in TABLE.splitlines() if line.startswith("| `")]
    for name, column in analysis.table.columns():
        [row] = [row for row in rows if f"`{name}`" in row.split("|")[1]]
        assert row.split("|")[3].strip() == str(column.dtype)
