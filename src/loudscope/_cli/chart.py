"""Loudness over time, drawn with letters."""

from __future__ import annotations

import re
import sys

import loudscope

from .sheet import Sheet, is_unicode
from .styled import Styled

__all__ = ["chart", "write_chart"]

_PARTS = re.compile(r"[▁▂▃▄▅▆▇█]+|░+|[^▁▂▃▄▅▆▇█░]+")


def chart(analysis: loudscope.Analysis) -> str:
    """As wide as the terminal, or 80 columns elsewhere; in ASCII where stdout has no more."""
    return analysis.chart(ascii_only=not is_unicode(sys.stdout))


def write_chart(sheet: Sheet, drawn: str) -> None:
    """Add the lines of a chart: short-term loudness in colour, momentary behind it."""
    for text in drawn.splitlines():
        line = Styled(())
        for part in _PARTS.findall(text):
            line += Styled.of(part, _style(part[0]))
        sheet.line(line)


def _style(letter: str) -> str:
    if letter == "░":
        return "dim"
    return "cyan" if letter in "▁▂▃▄▅▆▇█" else ""
