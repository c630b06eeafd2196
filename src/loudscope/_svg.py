"""The few shapes of SVG that small charts take, as text. Colours are classes of the page's."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

import numpy as np

from ._buckets import Floats

__all__ = ["area", "line", "path", "rect", "svg", "text"]


def svg(width: float, height: float, label: str, shapes: Iterable[str]) -> str:
    """A drawing, and what it shows in words for those who do not see it."""
    return (
        f'<svg viewBox="0 0 {width:g} {height:g}" role="img" aria-label="{escape(label)}">'
        f"{''.join(shapes)}</svg>"
    )


def rect(kind: str, x: float, y: float, width: float, height: float) -> str:
    """A filled rectangle."""
    return (
        f'<rect class="{kind}" x="{_short(x)}" y="{_short(y)}" width="{_short(width)}" '
        f'height="{_short(height)}"/>'
    )


def line(kind: str, x1: float, y1: float, x2: float, y2: float) -> str:
    """A straight line."""
    return f'<path class="{kind}" d="M{_short(x1)} {_short(y1)}L{_short(x2)} {_short(y2)}"/>'


def path(kind: str, x: Floats, y: Floats) -> str:
    """A line through the points; it is broken where `y` is NaN."""
    return f'<path class="{kind}" d="{"".join(_run(part) for part in _runs(x, y))}"/>'


def area(kind: str, x: Floats, upper: Floats, lower: Floats) -> str:
    """What lies between two lines; it is broken where `upper` is NaN."""
    parts = []
    for points in _runs(x, upper):
        first = int(np.searchsorted(x, points[0][0]))
        below = [(at, float(lower[first + place])) for place, (at, _) in enumerate(points)]
        parts.append(_run([*points, *reversed(below)]) + "Z")
    return f'<path class="{kind}" d="{"".join(parts)}"/>'


def text(x: float, y: float, words: str, anchor: str = "start", kind: str = "") -> str:
    """Words; `anchor` is start, middle or end."""
    style = f' class="{kind}"' if kind else ""
    turn = "" if anchor == "start" else f' text-anchor="{anchor}"'
    return f'<text{style} x="{_short(x)}" y="{_short(y)}"{turn}>{escape(words)}</text>'


def _runs(x: Floats, y: Floats) -> list[list[tuple[float, float]]]:
    """Points between gaps."""
    there = np.isfinite(y)
    breaks = np.flatnonzero(np.diff(there.astype(np.int8))) + 1
    return [
        list(zip(across.tolist(), up.tolist(), strict=True))
        for across, up in zip(np.split(x, breaks), np.split(y, breaks), strict=True)
        if len(up) and np.isfinite(up[0])
    ]


def _run(points: list[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{_short(x)} {_short(y)}" for x, y in points)


def _short(value: float) -> str:
    """Tenths: finer than a screen."""
    return f"{round(value, 1):g}"
