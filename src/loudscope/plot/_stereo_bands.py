"""Correlation and width of each band."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes

from .. import Analysis
from ..qc import Inspection, stereo_figures
from ._style import Theme, axes_for
from ._words import say, title

__all__ = ["stereo_bands"]

APART = 0.16  # of the two marks of a band, in columns


def stereo_bands(
    measured: Analysis | Inspection, *, ax: Axes | None = None, theme: Theme = "auto"
) -> Axes:
    """Correlation and width of front left and right in each band.

    Correlation runs from -1 to 1, width from 0 to 1; see `stereo`.

    Args:
        measured: What to draw.
        ax: As in `loudness`.
        theme: As in `loudness`.

    Returns:
        The axes, a column for each band.

    Raises:
        InvalidArgument: There is no such theme.
    """
    alone = ax is None
    ax, palette = axes_for(ax, theme, (5.0, 3.4))
    found = measured.stereo if isinstance(measured, Inspection) else stereo_figures(measured)
    if found is None or all(band.correlation is None for band in found.bands):
        title(ax, "Stereo of the bands", [], palette)
        say(ax, "no bands of a front left and right", palette)
        return ax
    places = np.arange(len(found.bands))
    ax.axhspan(-2.0, 0.0, color=palette.shade, lw=0, zorder=0.5)
    ax.axhline(0.0, color=palette.soft, lw=0.9, zorder=0.8)
    marks = []
    for name, colour, marker, shift in (
        ("correlation", palette.strong, "o", -APART),
        ("width", palette.other, "s", APART),
    ):
        values = [getattr(band, name) for band in found.bands]
        drawn = np.array([np.nan if value is None else value for value in values])
        ax.vlines(places + shift, 0.0, drawn, color=colour, lw=1.6)
        marks += ax.plot(places + shift, drawn, marker, color=colour, ms=6.5, label=name)
    ax.set_xticks(places, labels=[band.name for band in found.bands], rotation=40, ha="right")
    ax.tick_params(axis="x", labelsize="small")
    ax.set(xlim=(-0.6, len(places) - 0.4), ylim=(-1.05, 1.05), ylabel="correlation, width")
    ax.grid(False, axis="x")
    if alone:
        title(ax, "Stereo of the bands", marks, palette)
    return ax
