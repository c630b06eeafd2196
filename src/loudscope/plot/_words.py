"""Titles, legends, and words where there is nothing to draw."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from matplotlib.artist import Artist
from matplotlib.axes import Axes

from .. import Analysis
from ._style import Palette, inches_wide

__all__ = ["number", "printable", "say", "signed", "title", "why_not"]

POINTS = 72.0
LEGEND_ROW = 12.6  # points
LINE = 44  # letters
LETTERS_TO_INCH = 9.5


def number(value: float, decimals: int = 1) -> str:
    """A figure with a true minus, as the axes have it; never -0.0."""
    return f"{value:z.{decimals}f}".replace("-", "−")


def signed(value: float, decimals: int = 1) -> str:
    """The same with a plus."""
    return f"{value:+z.{decimals}f}".replace("-", "−")


def printable(name: str) -> str:
    """A name without control characters, which no font has: they become escapes."""
    return "".join(
        letter if letter.isprintable() else letter.encode("unicode_escape").decode("ascii")
        for letter in name
    )


def title(ax: Axes, words: str, entries: Sequence[Artist], palette: Palette) -> None:
    """A title; below it, above the axes, what the marks mean, in as many rows as that takes."""
    columns = _columns(ax, [30.0 + 5.2 * len(str(entry.get_label())) for entry in entries])
    if entries:
        ax.legend(
            handles=list(entries),
            loc="lower left",
            bbox_to_anchor=(0.0, 1.0),
            borderaxespad=0.2,
            borderpad=0.0,
            ncols=columns,
            frameon=False,
            fontsize="small",
            labelcolor=palette.soft,
            handlelength=1.6,
            columnspacing=1.3,
        )
    ax.set_title(
        textwrap.fill(words, max(16, int(inches_wide(ax) * LETTERS_TO_INCH))),
        loc="left",
        pad=4.5 + LEGEND_ROW * -(-len(entries) // columns),
        fontsize="medium",
        fontweight="bold",
        color=palette.ink,
        parse_math=False,
    )


def _columns(ax: Axes, widths: list[float]) -> int:
    """Columns that are not wider together than the axes, in as few rows; widths in points."""
    room, count = POINTS * inches_wide(ax), len(widths)
    for rows in range(1, count):
        parts = [widths[start : start + rows] for start in range(0, count, rows)]
        if sum(map(max, parts)) <= room:
            return len(parts)
    return 1


def say(ax: Axes, words: str, palette: Palette) -> None:
    """Words in the middle of axes that have nothing to show."""
    ax.text(
        0.5,
        0.5,
        textwrap.fill(words, max(16, min(LINE, int(inches_wide(ax) * LETTERS_TO_INCH)))),
        transform=ax.transAxes,
        ha="center",
        va="center",
        color=palette.soft,
        parse_math=False,
    )
    ax.set(xticks=[], yticks=[])
    ax.grid(False)
    ax.spines[:].set_visible(False)


def why_not(analysis: Analysis, figure: str, otherwise: str) -> str:
    """Why a figure does not exist, as the analysis' notes have it."""
    said = f"{figure} does not exist: "
    messages = (note.message for note in analysis.notes if note.message.startswith(said))
    return next(messages, otherwise).removeprefix(said)
