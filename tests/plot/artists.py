"""What a chart holds, read back from its artists."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def line(ax: Axes, label: str) -> tuple[Floats, Floats]:
    """The points of the one line of that name."""
    [found] = [line for line in ax.get_lines() if str(line.get_label()).startswith(label)]
    x, y = found.get_data()
    return np.asarray(x, np.float64), np.asarray(y, np.float64)


def labels(ax: Axes) -> set[str]:
    """Names in the legend."""
    legend = ax.get_legend()
    return set() if legend is None else {text.get_text() for text in legend.get_texts()}


def spans(ax: Axes, label: str) -> list[tuple[float, float, float, float]]:
    """(left, right, bottom, top) of each rectangle of that name; in data where it is so."""
    boxes = [patch for patch in ax.patches if str(patch.get_label()).startswith(label)]
    found = [patch.get_path().get_extents(patch.get_patch_transform()) for patch in boxes]
    return [(box.x0, box.x1, box.y0, box.y1) for box in found]


def outline(ax: Axes, label: str, place: int = 0) -> Floats:
    """(N, 2) corners of a filled area of that name."""
    found: list[Any] = [c for c in ax.collections if str(c.get_label()).startswith(label)]
    return np.asarray(found[place].get_paths()[0].vertices, np.float64)


def words(ax: Axes) -> str:
    """All text on the axes, but that of its ticks."""
    return " ".join(text.get_text() for text in ax.texts).replace("\n", " ")
