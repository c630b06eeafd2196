"""Correlation and width over time."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from .. import Analysis, BlockTable, Series
from ..qc import Inspection, StereoFigures, stereo_figures
from ._clock import clock_axis
from ._stereo_bands import stereo_bands
from ._style import Palette, Theme, axes_beside, axes_for, is_wide
from ._thin import analysis_of, thinned
from ._words import number, say, title

__all__ = ["stereo", "stereo_of"]

BESIDE = 0.28  # of the width
WINDOW_BLOCKS = 4  # 400 ms


def stereo(
    measured: Analysis | Inspection,
    *,
    beside: bool = True,
    ax: Axes | None = None,
    theme: Theme = "auto",
) -> Axes:
    """Correlation and width of front left and right over time, in windows of 400 ms.

    Correlation runs from -1 (cancels in mono) over 0 (unrelated) to 1 (mono); width from 0 (mono)
    to 1 (side as strong as mid, or stronger). Windows in which a channel is silent are gaps.

    Args:
        measured: What to draw.
        beside: Draw `stereo_bands`, the same per band, to the right, on the same scale, where the
            axes are 4 inches wide or more.
        ax: As in `loudness`.
        theme: As in `loudness`.

    Returns:
        The axes over time; those of the bands are the first of its `child_axes`.

    Raises:
        InvalidArgument: There is no such theme.
    """
    analysis, found = analysis_of(measured), stereo_of(measured)
    ax, palette = axes_for(ax, theme, (9.0, 3.2))
    if found is None or len(found.windows) == 0:
        title(ax, "Stereo", [], palette)
        say(ax, _why_not(found), palette)
        return ax
    lines = _draw(ax, analysis.table, found, palette)
    ax.set(xlim=(0.0, analysis.duration), ylim=(-1.05, 1.05), ylabel="correlation, width")
    ax.set_yticks([-1.0, -0.5, 0.0, 0.5, 1.0])
    clock_axis(ax.xaxis, analysis.duration)
    title(ax, _title(found), lines, palette)
    if beside and is_wide(ax):
        side = axes_beside(ax, BESIDE)
        stereo_bands(measured, ax=side, theme=theme).set_ylabel("")
    return ax


def stereo_of(measured: Analysis | Inspection) -> StereoFigures | None:
    """The figures of the front pair, as `inspect` has them."""
    return measured.stereo if isinstance(measured, Inspection) else stereo_figures(measured)


def _why_not(found: StereoFigures | None) -> str:
    if found is None:
        return "no front left and right to compare"
    return "left and right do not sound together for 400 ms"


def _title(found: StereoFigures) -> str:
    if found.correlation is None:
        return "Stereo"
    return f"Stereo: correlation {number(found.correlation, 2)} over all"


def _draw(ax: Axes, table: BlockTable, found: StereoFigures, palette: Palette) -> list[Line2D]:
    ax.axhspan(-2.0, 0.0, color=palette.shade, lw=0, zorder=0.5)
    ax.axhline(0.0, color=palette.soft, lw=0.9, zorder=0.8)
    ax.set_ylim(-1.05, 1.05)
    lines = (
        (found.windows, palette.strong, "-", 1.8, "correlation"),
        (_widths(table, found.windows), palette.other, (0, (4, 1.5)), 1.4, "width"),
    )
    drawn = []
    for series, colour, dashes, width, words in lines:
        drawn += ax.plot(*_with_gaps(series), color=colour, ls=dashes, lw=width, label=words)
    return drawn


def _widths(table: BlockTable, windows: Series) -> Series:
    """Width of the windows that end when those of the correlation do."""
    pair = table.layout.front_pair
    assert pair is not None
    assert table.energy is not None
    assert table.cross is not None
    ends = np.searchsorted(table.starts, np.rint(windows.times * table.rate_hz).astype(np.int64))
    both, cross = (
        np.lib.stride_tricks.sliding_window_view(column, WINDOW_BLOCKS).sum(axis=1)
        for column in (table.energy[:, pair].sum(axis=1), table.cross)
    )
    first = ends - WINDOW_BLOCKS
    share = np.clip(0.5 - cross[first] / both[first], 0.0, 1.0)
    return Series(windows.times, np.minimum(1.0, 2.0 * share))


def _with_gaps(series: Series) -> tuple[np.ndarray, np.ndarray]:
    """Thinned, and broken where a window is missing."""
    times, values = thinned(series)
    steps = np.diff(times)
    usual = max(float(np.median(steps)) if len(steps) else 0.0, 0.1)
    breaks = np.flatnonzero(steps > 2.5 * usual) + 1
    return np.insert(times, breaks, times[breaks - 1]), np.insert(values, breaks, np.nan)
