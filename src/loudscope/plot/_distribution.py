"""How often each loudness occurs."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes

from .. import Analysis
from ..qc import Inspection
from ._style import Palette, Theme, axes_for
from ._thin import analysis_of
from ._wanted import TargetLike, wanted
from ._words import say, title, why_not

__all__ = ["distribution"]

ABSOLUTE_GATE_LUFS = -70.0
CLASS_LU = 0.5


def distribution(
    measured: Analysis | Inspection,
    *,
    target: TargetLike = None,
    ax: Axes | None = None,
    theme: Theme = "auto",
) -> Axes:
    """For how much of the time the short-term loudness lies where, in classes of 0.5 LU.

    Of the time above -70 LUFS. The ends of the loudness range (EBU Tech 3342) are marked: the 10th
    and the 95th percentile of what passes its gates.

    Args:
        measured: What to draw.
        target: As in `loudness`.
        ax: As in `loudness`.
        theme: As in `loudness`.

    Returns:
        The axes.

    Raises:
        InvalidArgument: As in `loudness`.
    """
    analysis = analysis_of(measured)
    asked = wanted(analysis, target)
    alone = ax is None
    ax, palette = axes_for(ax, theme, (3.4, 3.6))
    values = np.asarray(analysis.short_term.values)
    values = values[values >= ABSOLUTE_GATE_LUFS]
    if alone:
        title(ax, "Short-term loudness", [], palette)
    if len(values) == 0:
        say(ax, why_not(analysis, "short_term_max", "nothing reaches −70 LUFS"), palette)
        return ax
    classes, counts = np.unique(np.floor(values / CLASS_LU), return_counts=True)
    shares = 100.0 * counts / len(values)
    bottoms = classes * CLASS_LU
    ax.barh(bottoms, shares, 0.86 * CLASS_LU, align="edge", color=palette.strong)
    if alone:
        ax.set_ylim(bottoms.min() - 1.0, bottoms.max() + 1.5)
    if asked is not None:
        asked.draw(ax, palette)
    ax.set(xlim=(0.0, 1.35 * shares.max()), xlabel="% of the time", ylabel="LUFS")
    _ends(ax, analysis, palette)
    return ax


def _ends(ax: Axes, analysis: Analysis, palette: Palette) -> None:
    for level, words in (
        (analysis.loudness_range_high, "95 %"),
        (analysis.loudness_range_low, "10 %"),
    ):
        if level is None:
            continue
        ax.axhline(level, color=palette.soft, lw=0.9, ls=(0, (2, 2)), label=words)
        ax.annotate(
            words,
            (1.0, level),
            xycoords=("axes fraction", "data"),
            xytext=(0, 2),
            textcoords="offset points",
            ha="right",
            size="x-small",
            color=palette.soft,
        )
