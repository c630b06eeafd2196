"""docs/targets.md says what the data file says."""

from __future__ import annotations

from pathlib import Path

from loudscope.targets import Playback, Rule, Target
from loudscope.targets._figures import UNITS

from .page import page_table

PAGE = (Path(__file__).parents[2] / "docs" / "targets.md").read_text("utf-8")


def test_the_table_is_that_of_the_data_file() -> None:
    shown = [line for line in PAGE.splitlines() if line.startswith("| `")]
    expected = page_table()[2:]
    assert [line for line in shown if line in expected] == expected


def test_every_key_of_the_format_is_on_the_page() -> None:
    keys = {*Target.__slots__, *Rule.__slots__, *Playback.__slots__, "like", "advice", "value"}
    keys |= {"low", "high", "tolerance", "rule", "schema", "above", "below"}
    for key in keys - {"rules", "binding"}:
        assert f"`{key}`" in PAGE, key


def test_every_figure_that_can_be_judged_is_on_the_page() -> None:
    for figure in UNITS:
        assert f"`{figure}`" in PAGE, figure
