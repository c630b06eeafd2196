"""Loudness over time as lines of text: the twin of the chart that a notebook shows."""

from __future__ import annotations

import math
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ._buckets import Floats, clock, columns_of, round_step, scale_of
from ._errors import InvalidArgument

if TYPE_CHECKING:
    from ._analysis import Analysis

__all__ = ["chart_of"]

LEAST_WIDTH, LEAST_HEIGHT = 40, 4
MOST_WIDTH = 1000
STEPS_LU = (1, 2, 3, 4, 6, 9, 12, 15, 20, 30)
MARGIN = 6  # letters to the left of the columns
REMARK = 11  # letters to their right
TIME_APART = 12  # letters between two times


@dataclass(frozen=True, slots=True)
class _Marks:
    """What a chart is made of; `partial` are the heights of a cell, from nothing to full."""

    partial: str
    behind: str
    line: str
    corner: str
    across: str
    tick: str
    here: str


_BLOCKS = _Marks(" ▁▂▃▄▅▆▇█", "░", "┤", "└", "─", "┬", "◂")
_PLAIN = _Marks(" #", ":", "|", "+", "-", "+", "<")


def chart_of(analysis: Analysis, width: int | None, height: int, ascii_only: bool) -> str:
    """The chart, without a line feed at its end; words where there is no loudness."""
    width = _width(width)
    if not height >= LEAST_HEIGHT:
        raise InvalidArgument(f"height={height}: give at least {LEAST_HEIGHT} lines")
    scale = scale_of(analysis)
    if scale is None:
        return _why_not(analysis)
    marks = _PLAIN if ascii_only else _BLOCKS
    count = width - MARGIN - REMARK
    short_term, momentary = (
        columns_of(series, analysis.duration, count)
        for series in (analysis.short_term, analysis.momentary)
    )
    head = f"{'LUFS':>{MARGIN - 1}}  {marks.partial[-1]} short-term  {marks.behind} momentary"
    rows = _rows(scale, height)
    lines = [
        _line(middle, step, short_term, momentary, marks) + _remark(analysis, middle, step, marks)
        for middle, step in rows
    ]
    return "\n".join(line.rstrip() for line in (head, *lines, *_times(analysis, count, marks)))


def _width(asked: int | None) -> int:
    """Columns to fill: as asked for, or the terminal's, within bounds."""
    if asked is None:
        return min(max(shutil.get_terminal_size().columns, LEAST_WIDTH), MOST_WIDTH)
    if not LEAST_WIDTH <= asked <= MOST_WIDTH:
        raise InvalidArgument(f"width={asked}: give {LEAST_WIDTH} to {MOST_WIDTH} columns")
    return asked


def _why_not(analysis: Analysis) -> str:
    messages = [note.message for note in analysis.notes if note.figure == "momentary_max"]
    return messages[0] if messages else "there is no loudness to draw"


def _rows(scale: tuple[float, float], height: int) -> list[tuple[int, int]]:
    """Middle and height of each row in LUFS, whole numbers, from the top."""
    low, high = scale
    fitting = (step for step in STEPS_LU if _top(high, step) - low <= height * step)
    step = next(fitting, STEPS_LU[-1])
    top = _top(high, step)
    return [(top - row * step, step) for row in range(math.ceil((top - low) / step))]


def _top(high: float, step: int) -> int:
    """Middle of the row that the highest value lies in."""
    return math.floor(high / step + 0.5) * step


def _line(middle: int, step: int, front: Floats, behind: Floats, marks: _Marks) -> str:
    """A row: each cell is as full as the value in front reaches into it."""
    cells = []
    for level, other in zip(front, behind, strict=True):
        part = _part(level, middle, step, len(marks.partial) - 1)
        whole = _part(other, middle, step, 2)
        cells.append(marks.partial[part] if part else marks.behind if whole else " ")
    return f"{middle:>{MARGIN - 1}}{marks.line}{''.join(cells)}"


def _part(level: float, middle: int, step: int, parts: int) -> int:
    if np.isnan(level):
        return 0
    share = (level - (middle - step / 2)) / step
    return min(max(math.floor(share * parts + 0.5), 0), parts)


def _remark(analysis: Analysis, middle: int, step: int, marks: _Marks) -> str:
    """Beside the row in which the integrated loudness lies."""
    level = analysis.integrated
    inside = level is not None and middle - step / 2 <= level < middle + step / 2
    return f" {marks.here} I {level:.1f}" if inside else ""


def _times(analysis: Analysis, count: int, marks: _Marks) -> tuple[str, str]:
    """The axis and round times below it."""
    axis, words = [marks.across] * count, [" "] * (count + MARGIN + REMARK)
    step = round_step(analysis.duration, max(2, count // TIME_APART))
    for number in range(math.floor(analysis.duration / step + 1e-9) + 1):
        column = min(round(number * step / analysis.duration * count), count - 1)
        axis[column] = marks.tick
        at = clock(number * step, 0 if step >= 1 else 2 if step < 0.1 else 1)
        words[MARGIN + column : MARGIN + column + len(at)] = at
    return f"{'':>{MARGIN - 1}}{marks.corner}{''.join(axis)}", "".join(words)
