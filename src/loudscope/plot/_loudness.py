"""Loudness over time: momentary, short-term and integrated, and what the gates leave out."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes

from .. import Analysis
from ..qc import Inspection
from ._clock import clock_axis
from ._distribution import distribution
from ._style import Palette, Theme, axes_beside, axes_for, is_wide
from ._thin import analysis_of, thinned
from ._wanted import TargetLike, Wanted, wanted
from ._words import number, say, title, why_not

__all__ = ["loudness"]

BESIDE = 0.2  # of the width
STEP_LU = 3.0
LEAST_LU, MOST_LU = 24.0, 60.0  # what the scale spans


def loudness(
    measured: Analysis | Inspection,
    *,
    target: TargetLike = None,
    beside: bool = True,
    ax: Axes | None = None,
    theme: Theme = "auto",
) -> Axes:
    """Momentary and short-term loudness over time, the integrated loudness, and the gates.

    What counts for nothing in the integrated loudness, because no gating block that reaches into
    it passes both gates (BS.1770-5), is shaded; see `Analysis.dropped_spans`.

    Args:
        measured: What to draw.
        target: A delivery target, its name, or a check: what it asks for is drawn as a band.
        beside: Draw the `distribution` of the short-term loudness to the right, on the same scale,
            where the axes are 4 inches wide or more.
        ax: Axes to draw on; None makes a figure that pyplot does not know.
        theme: What lies behind: "light", "dark", or "auto" as the axes or Matplotlib's settings
            have it.

    Returns:
        The axes of the history; those of the distribution are the first of its `child_axes`.

    Raises:
        InvalidArgument: No target of this name, or no such theme.
    """
    analysis = analysis_of(measured)
    asked = wanted(analysis, target)
    ax, palette = axes_for(ax, theme, (9.0, 3.6))
    if analysis.momentary_max is None:
        title(ax, "Loudness", [], palette)
        say(ax, why_not(analysis, "momentary_max", "no loudness over time"), palette)
        return ax
    ax.set(xlim=(0.0, analysis.duration), ylim=_range(analysis, asked), ylabel="LUFS")
    clock_axis(ax.xaxis, analysis.duration)
    title(ax, "Loudness", [*_entries(ax, analysis, asked, palette)], palette)
    if beside and is_wide(ax) and analysis.short_term_max is not None:
        side = axes_beside(ax, BESIDE)
        distribution(analysis, target=target, ax=side, theme=theme).set_ylabel("")
    return ax


def _entries(
    ax: Axes, analysis: Analysis, asked: Wanted | None, palette: Palette
) -> Iterator[Artist]:
    """Draws, and gives what belongs into the legend."""
    momentary, short_term = thinned(analysis.momentary), thinned(analysis.short_term)
    yield from ax.plot(*momentary, color=palette.faint, lw=0.8, label="momentary")
    yield from ax.plot(*short_term, color=palette.strong, lw=2.0, label="short-term")
    level = analysis.integrated
    if level is not None:
        words = f"integrated {number(level)} LUFS"
        yield ax.axhline(level, color=palette.ink, lw=1.3, ls=(0, (5, 3)), label=words)
    if asked is not None:
        yield asked.draw(ax, palette)
    spans = [(start, stop - start) for start, stop in analysis.dropped_spans]
    if spans:
        yield ax.broken_barh(
            spans,
            (0.0, 1.0),
            transform=ax.get_xaxis_transform(),
            color=palette.shade,
            lw=0,
            zorder=0.5,
            label="left out by the gates",
        )


def _range(analysis: Analysis, asked: Wanted | None) -> tuple[float, float]:
    """Whole steps from the loudest down to where it matters: the report's page has the same."""
    ends = () if asked is None else asked.ends
    top = analysis.momentary_max
    high = max((-60.0 if top is None else top), *ends, -60.0)
    levels, range_low = analysis.integrated, analysis.loudness_range_low
    lows = [*ends, *([] if levels is None else [levels - 24.0])]
    lows += [] if range_low is None else [range_low - 6.0]
    high = math.ceil((high + 1.5) / STEP_LU) * STEP_LU
    low = float(np.clip(min(lows, default=high - MOST_LU), high - MOST_LU, high - LEAST_LU))
    return math.floor(low / STEP_LU) * STEP_LU, high
