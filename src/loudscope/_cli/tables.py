"""The one look of the tables that the verbs print."""

from __future__ import annotations

from rich import box
from rich.table import Table

__all__ = ["bare_table"]


def bare_table(gap: int = 2) -> Table:
    """A table without a frame: bold headings, a line below them, `gap` spaces between columns."""
    return Table(
        box=box.SIMPLE_HEAD,
        show_edge=False,
        pad_edge=False,
        padding=(0, gap, 0, 0),
        header_style="bold",
    )
