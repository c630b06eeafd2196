"""Tables and colours, which are our own: what is aligned, what folds, who gets escapes."""

from __future__ import annotations

import re
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loudscope._cli.sheet import columns
from loudscope._cli.styled import Styled, cells, clip
from loudscope._cli.tables import Table

from .conftest import Record, Run

ESCAPE = re.compile(r"\x1b\[[0-9;]*m")
TEXTS = st.text(st.sampled_from("ab é日本语\u0301-,ｗ한"), max_size=40)


def small() -> Table:
    table = Table(gap=2)
    table.add_column("\nname", folds=True)
    table.add_column("level\ndB", right=True)
    table.add_column("\nword", folds=True)
    return table


def printed(table: Table, width: int = 100) -> list[str]:
    return [line.plain for line in table.lines(width, "-")]


def test_columns_are_aligned_and_no_line_ends_in_spaces() -> None:
    table = small()
    table.add_row("one", "-1.5", "loud")
    table.add_row("three", "-12.25")
    assert printed(table) == [
        "        level",
        "name       dB  word",
        "-------------------",
        "one      -1.5  loud",
        "three  -12.25",
    ]


def test_a_letter_that_is_two_cells_wide_counts_as_two() -> None:
    """UAX 11; a combining mark takes no cell of its own."""
    assert (cells("日本"), cells("e\u0301"), cells("é"), cells("ab")) == (4, 1, 1, 2)
    table = small()
    table.add_row("日本", "1")
    table.add_row("abcd", "2")
    assert [line.index(letter) for line, letter in zip(printed(table)[3:], "12", strict=True)] == [
        8,
        10,
    ]


@given(TEXTS, st.integers(2, 30))
def test_folding_loses_nothing_but_spaces_and_fits(text: str, width: int) -> None:
    lines = [line.plain for line in Styled.of(text).folded(width)]
    assert max(map(cells, lines)) <= width
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")


@given(TEXTS, st.integers(0, 30))
def test_a_clipped_text_fits_and_begins_alike(text: str, width: int) -> None:
    found = clip(text, width)
    assert cells(found) <= max(width, 0)
    assert found == text or text.startswith(found.rstrip("."))


@given(st.lists(st.tuples(TEXTS, st.floats(-99, 99), TEXTS), min_size=1), st.integers(40, 90))
def test_figures_stay_whole_and_lines_fit(rows: list[tuple[str, float, str]], width: int) -> None:
    """The columns that fold give way, on a terminal of 40 columns and more."""
    table = small()
    for name, level, word in rows:
        table.add_row(name, f"{level:.2f}", word)
    lines = printed(table, width)
    assert max(map(cells, lines)) <= width
    for _, level, _ in rows:
        assert any(f"{level:.2f}" in line.split() for line in lines)


def test_colours_change_no_letter() -> None:
    text = Styled.of("fail", "bold red") + Styled.of(" of 3")
    painted = text.painted(colours=True)
    assert painted == "\x1b[1;31mfail\x1b[0m of 3"
    assert ESCAPE.sub("", painted) == text.painted(colours=False) == text.plain


@pytest.mark.parametrize("width", ["", "nonsense", "0", "-4"])
def test_a_width_that_is_none_is_not_believed(monkeypatch: pytest.MonkeyPatch, width: str) -> None:
    monkeypatch.setenv("COLUMNS", width)
    assert columns(sys.__stderr__ or sys.stderr) > 0


def test_who_gets_colours(run: Run, record: Record) -> None:
    """A pipe gets none; FORCE_COLOR asks for them, and NO_COLOR has the last word."""
    record("one.wav")
    assert "\x1b" not in run("one.wav").stdout
    forced = run("one.wav", FORCE_COLOR="1").stdout
    assert "\x1b[1mIntegrated\x1b[0m" in forced
    assert ESCAPE.sub("", forced) == run("one.wav", NO_COLOR="1", FORCE_COLOR="1").stdout


def test_a_check_of_many_files_cuts_no_figure(run: Run, record: Record) -> None:
    """On 80 columns names and reasons fold; a gain of -10.25 dB never reads as -1."""
    for number in range(2):
        record(f"A name that is rather long, number {number}.wav", gain=0.3)
    wide, narrow = (
        run("check", ".", "--target", "r128", COLUMNS=columns).stdout for columns in ("200", "80")
    )
    figures = re.findall(r"(?<= )-\d+\.\d\d(?= )", wide.splitlines()[2])
    assert figures
    assert set(figures) <= set(narrow.split())
    assert "…" not in narrow
    assert max(map(len, narrow.splitlines())) <= 80
