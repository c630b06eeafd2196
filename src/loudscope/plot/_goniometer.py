"""The goniometer: where left and right were at the same time, and how often."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap, to_rgb

from .. import Analysis, UnsupportedType
from ..qc import Goniometer, Inspection
from ..qc import goniometer as measure
from ..typing import LayoutLike, Source
from ._style import Palette, Theme, axes_for, figure_of
from ._words import say, title

__all__ = ["goniometer"]

DEPTH_DB = 40.0
SCALE = (1.03, 0.0, 0.04, 1.0)
MARGIN = 1.12


def goniometer(
    source: Source | Goniometer | None,
    rate_hz: float | None = None,
    *,
    axis: int = 0,
    layout: LayoutLike = None,
    ax: Axes | None = None,
    theme: Theme = "auto",
) -> Axes:
    """How densely the samples of front left and right lie in the plane of mid and side.

    Mid points upwards, side to the right: left alone lies along the diagonal to the upper left, a
    mono signal on the vertical, and one that cancels in mono on the horizontal.

    Args:
        source: The audio, as in `loudscope.scan`, which is read for this: an analysis keeps no
            samples. Or what `loudscope.qc.goniometer` made of it, None as well.
        rate_hz: As in `loudscope.scan`.
        axis: As in `loudscope.scan`.
        layout: As in `loudscope.scan`.
        ax: As in `loudness`.
        theme: As in `loudness`.

    Returns:
        The axes; those of the colour scale are the first of its `child_axes`.

    Raises:
        UnsupportedType: The source is an analysis.
        LoudscopeError: As in `loudscope.scan`.
    """
    if isinstance(source, Analysis | Inspection):
        raise UnsupportedType(
            f"source: an {type(source).__name__} keeps no samples; give the file, or the samples "
            "and their rate_hz"
        )
    found: Goniometer | None
    if source is None or isinstance(source, Goniometer):
        found = source
    else:
        found = measure(source, rate_hz, axis=axis, layout=layout)
    ax, palette = axes_for(ax, theme, (5.0, 4.8))
    if found is None or not found.counts.any():
        title(ax, "Goniometer", [], palette)
        words = "no front left and right" if found is None else "left and right are silent"
        say(ax, words, palette)
        return ax
    _density(ax, found, palette)
    title(ax, "Goniometer", [], palette)
    return ax


def _density(ax: Axes, found: Goniometer, palette: Palette) -> None:
    with np.errstate(divide="ignore"):
        decibels = 10.0 * np.log10(found.counts / found.counts.max())
    edges = np.linspace(-found.extent, found.extent, len(found.counts) + 1)
    ax.grid(False)
    _guides(ax, found.extent, palette)
    drawn = ax.pcolormesh(
        edges,
        edges,
        np.ma.masked_less(decibels, -DEPTH_DB),
        cmap=_colours(palette),
        vmin=-DEPTH_DB,
        vmax=0.0,
        rasterized=True,
    )
    reach = _reach(found)
    ax.set(xlim=(-reach, reach), ylim=(-reach, reach), aspect="equal")
    ax.set(xlabel="side, (R − L) / √2", ylabel="mid, (L + R) / √2")
    scale = figure_of(ax).colorbar(drawn, cax=ax.inset_axes(SCALE))
    scale.set_label("density, dB below the densest", color=palette.soft)
    scale.ax.tick_params(colors=palette.soft)
    scale.outline.set_visible(False)


def _reach(found: Goniometer) -> float:
    """Half a side of the square that holds all there is to see, and a margin."""
    rows, columns = np.nonzero(found.counts)
    middle = len(found.counts) / 2
    farthest = max(np.abs(rows + 0.5 - middle).max(), np.abs(columns + 0.5 - middle).max())
    return float(MARGIN * (farthest + 0.5) / middle * found.extent)


def _guides(ax: Axes, extent: float, palette: Palette) -> None:
    """The axes of left, right, mid and side."""
    for side, mid in ((-1, 1), (1, 1), (0, 1), (1, 0)):
        ends = np.array([-2.0, 2.0]) * extent
        ax.plot(side * ends, mid * ends, color=palette.grid, lw=0.9, zorder=0)
    for x, y, words in ((0.03, 0.97, "L"), (0.97, 0.97, "R")):
        ax.text(x, y, words, transform=ax.transAxes, color=palette.ink, ha="center", va="top")


def _colours(palette: Palette) -> LinearSegmentedColormap:
    """From what lies behind, over the colour of curves, to the ink: lightness tells all of it."""
    faint, strong, ink = (to_rgb(colour) for colour in (palette.band, palette.strong, palette.ink))
    return LinearSegmentedColormap.from_list("loudscope", [faint, strong, ink])
