"""`Analysis.chart`: loudness over time in letters."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from loudscope import Analysis, BlockTable, InvalidArgument, analyze, scan

from ..strategies import examples

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "audio" / "night_drive.flac"
RATE = 48000
PARTS = " ▁▂▃▄▅▆▇█"


@pytest.fixture(scope="module")
def analysis() -> Analysis:
    return analyze(EXAMPLE)


def rows(chart: str) -> list[tuple[int, str]]:
    """Middle of each row in LUFS, and its cells."""
    found = re.findall(r"(?m)^ *(-?\d+)[┤|](.*)$", chart)
    return [(int(level), cells) for level, cells in found]


def heights(chart: str, count: int) -> np.ndarray:
    """LUFS of the top of each column."""
    levels = rows(chart)
    step = levels[0][0] - levels[1][0]
    top = np.full(count, np.nan)
    for middle, cells in reversed(levels):
        for column, cell in enumerate(cells.ljust(count)[:count]):
            if cell in PARTS[1:]:
                top[column] = middle - step / 2 + step * PARTS.index(cell) / 8
    return top


def test_columns_are_as_high_as_the_short_term_loudness(analysis: Analysis) -> None:
    """Within an eighth of a row, of the largest value in the column's time."""
    count = 100 - 6 - 11
    found = heights(analysis.chart(100), count)
    series, edges = analysis.short_term, np.arange(count + 1) / count * analysis.duration
    step = 3
    for column in range(count):
        inside = (series.times > edges[column] + 1e-9) & (series.times <= edges[column + 1] + 1e-9)
        if inside.any():
            expected = series.values[inside].max()
            assert found[column] == pytest.approx(expected, abs=step / 8 + 1e-9)


def test_the_integrated_loudness_stands_at_its_row(analysis: Analysis) -> None:
    [(middle, cells)] = [row for row in rows(analysis.chart(80)) if "◂" in row[1]]
    assert cells.endswith(f"◂ I {analysis.integrated:.1f}")
    assert analysis.integrated is not None
    assert abs(middle - analysis.integrated) <= 1.5


def test_the_largest_momentary_loudness_is_in_the_top_row_or_below(analysis: Analysis) -> None:
    top, cells = rows(analysis.chart(120))[0]
    assert analysis.momentary_max is not None
    assert top - 1.5 <= analysis.momentary_max < top + 1.5
    assert "░" in cells


@examples(0.2)
@given(width=st.integers(40, 300), height=st.integers(4, 60), plain=st.booleans())
def test_it_fits_and_is_ascii_where_asked(width: int, height: int, plain: bool) -> None:
    analysis = EXAMPLE_ANALYSIS
    chart = analysis.chart(width, height, ascii_only=plain)
    lines = chart.splitlines()
    assert max(map(len, lines)) <= width
    assert len(rows(chart)) <= height
    assert chart.isascii() is plain
    assert all(line == line.rstrip() for line in lines)
    assert len(lines) == len(rows(chart)) + 3


EXAMPLE_ANALYSIS = analyze(EXAMPLE)


def test_times_stand_below_their_columns(analysis: Analysis) -> None:
    *_, axis, times = analysis.chart(100).splitlines()
    for found in re.finditer(r"(\d+):(\d+)", times):
        seconds = 60 * int(found[1]) + int(found[2])
        assert axis[found.start()] == "┬"
        assert (found.start() - 6) / 83 * analysis.duration == pytest.approx(seconds, abs=0.3)


def test_hours(analysis: Analysis) -> None:
    chart = Analysis(BlockTable.album([analysis.table] * 1500)).chart(80)
    assert "9:00:00" in chart
    assert len(chart) < 3000


@pytest.mark.parametrize(
    ("samples", "said"),
    [
        (np.zeros((RATE, 2)), "digital silence"),
        (np.zeros((100, 2)), "no whole window of 0.4 s"),
    ],
)
def test_without_loudness_it_is_words(samples: np.ndarray, said: str) -> None:
    assert said in Analysis(scan(samples, RATE)).chart()


def test_below_the_gate_it_is_drawn_without_the_integrated_loudness() -> None:
    quiet = np.random.default_rng(0).normal(0, 1e-5, (4 * RATE, 2))
    chart = Analysis(scan(quiet, RATE)).chart(60)
    assert "█" in chart
    assert "◂" not in chart


@pytest.mark.parametrize("options", [{"width": 39}, {"width": 1001}, {"height": 3}])
def test_what_does_not_fit_is_an_error(analysis: Analysis, options: dict[str, Any]) -> None:
    [(name, value)] = options.items()
    with pytest.raises(InvalidArgument, match=f"{name}={value}: give"):
        analysis.chart(**options)


def test_the_width_of_the_terminal(analysis: Analysis, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "64")
    assert analysis.chart() == analysis.chart(64)
    monkeypatch.setenv("COLUMNS", "20")
    assert analysis.chart() == analysis.chart(40)
