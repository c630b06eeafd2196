"""Tables of levels and differences, for people."""

from __future__ import annotations

import math
from collections.abc import Sequence

from .sheet import Sheet
from .styled import Styled
from .tables import Table

__all__ = ["nominal", "signed", "tell_limits", "value_table", "worded"]

_STYLES = {"typical": "green", "unusual": "yellow", "far out": "bold red", "not judged": "dim"}
_NOMINAL = (1.0, 1.25, 1.6, 2.0, 2.5, 3.15, 4.0, 5.0, 6.3, 8.0)  # IEC 61260-1, annex E


def value_table(headings: Sequence[str], left: int = 1) -> Table:
    """A table whose first `left` columns and whose last hold words, and the others numbers."""
    table = Table()
    last = len(headings) - 1
    for place, heading in enumerate(headings):
        table.add_column(heading, right=left <= place < last, folds=place == last)
    return table


def signed(value: float | None, decimals: int = 1) -> str:
    """A difference with its sign; `-` for None, and never `-0.0`."""
    return "-" if value is None else f"{value:+z.{decimals}f}"


def worded(word: str) -> Styled:
    """A word of a judgement in its colour."""
    return Styled.of(word, _STYLES.get(word, ""))


def nominal(hz: float) -> str:
    """The nominal frequency of a third octave in short: 31.5, 800, 1.25k."""
    place = round(10.0 * math.log10(hz))
    value = _NOMINAL[place % 10] * 10.0 ** (place // 10)
    return f"{value:g}" if value < 1000.0 else f"{value / 1000.0:g}k"


def tell_limits(sheet: Sheet, limits: Sequence[str]) -> None:
    """Add what a reader has to know along with the figures."""
    sheet.line()
    for limit in limits:
        sheet.line(f"note: {limit}")
