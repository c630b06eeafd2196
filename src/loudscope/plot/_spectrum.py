"""The long-term spectrum in third octaves."""

from __future__ import annotations

import math

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator
from numpy.typing import NDArray

from ..qc import Inspection, Spectrum
from ._style import Palette, Theme, axes_for, inches_wide
from ._words import number, say, title

__all__ = ["spectrum"]

TICKS_HZ = (20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 20000)
FEW_TICKS_HZ = (20, 50, 200, 1000, 5000, 20000)
MID_HZ = (500.0, 2000.0)  # where the guide meets the spectrum
DENSITY_OF_THIRDS_DB = 3.0103  # a third octave is twice as wide an octave higher
LEAST_DB, MOST_DB, STEP_DB = 24.0, 60.0, 6.0
NARROW_INCHES = 3.6

Floats = NDArray[np.float64]


def spectrum(
    measured: Spectrum | Inspection | None,
    *,
    guide_db: float | None = None,
    label: str | None = None,
    ax: Axes | None = None,
    theme: Theme = "auto",
) -> Axes:
    """The long-term average spectrum in third octaves, as `loudscope.spectrum` measures it.

    Drawn on axes that have one, it is another line, for a mix beside its reference.

    Args:
        measured: A spectrum, or an inspection, which holds one. None, as for silence: words.
        guide_db: Slope of a guide in dB an octave of density, as analysers have it, for example
            -4.5. In third octaves, which double in width every octave, it falls 3 dB less: pink
            noise (-3) is level, and -4.5 falls by 1.5. It meets the spectrum from 500 to 2000 Hz.
        label: What the line is called in the legend.
        ax: As in `loudness`.
        theme: As in `loudness`.

    Returns:
        The axes.

    Raises:
        InvalidArgument: There is no such theme.
    """
    found = measured.spectrum if isinstance(measured, Inspection) else measured
    ax, palette = axes_for(ax, theme, (6.5, 3.6))
    heading = "Third-octave spectrum"
    if found is None:
        title(ax, heading, [], palette)
        say(ax, "no spectrum: nothing passes the gates", palette)
        return ax
    hz = np.array(found.frequencies_hz)
    levels = np.array([np.nan if level is None else level for level in found.levels_db])
    _line(ax, hz, levels, label or "third octaves, power mean", palette)
    if guide_db is not None:
        _guide(ax, hz, levels, guide_db, palette)
    _axes(ax)
    title(ax, heading, ax.get_lines(), palette)
    return ax


def _line(ax: Axes, hz: Floats, levels: Floats, label: str, palette: Palette) -> None:
    styles = (
        (palette.strong, "-", "o", 2.0),
        (palette.other, (0, (5, 2)), "s", 1.6),
        (palette.third, (0, (1, 1.5)), "^", 1.6),
    )
    colour, dashes, marker, width = styles[len(ax.get_lines()) % len(styles)]
    ax.plot(hz, levels, color=colour, ls=dashes, marker=marker, ms=3.5, lw=width, label=label)


def _guide(ax: Axes, hz: Floats, levels: Floats, slope_db: float, palette: Palette) -> None:
    """Through the mean of the levels in the middle, where octaves from 1 kHz are as many."""
    inside = (hz >= MID_HZ[0] * 0.99) & (hz <= MID_HZ[1] * 1.01) & np.isfinite(levels)
    if not inside.any():
        return
    falling = (slope_db + DENSITY_OF_THIRDS_DB) * np.log2(hz / 1000.0)
    guide = falling + np.mean(levels[inside] - falling[inside])
    words = f"{number(slope_db)} dB/octave of density"
    ax.plot(hz, guide, color=palette.ink, lw=1.2, ls=(0, (2, 2)), label=words)


def _axes(ax: Axes) -> None:
    drawn = np.concatenate([np.asarray(line.get_ydata(), np.float64) for line in ax.get_lines()])
    high = math.ceil((float(np.nanmax(drawn)) + 2.0) / STEP_DB) * STEP_DB
    low = min(max(float(np.nanmin(drawn)), high - MOST_DB), high - LEAST_DB)
    ticks = FEW_TICKS_HZ if inches_wide(ax) < NARROW_INCHES else TICKS_HZ
    ax.set_xscale("log")
    ax.xaxis.set_major_locator(FixedLocator(ticks))
    ax.xaxis.set_minor_locator(NullLocator())
    ax.xaxis.set_major_formatter(FuncFormatter(_hertz))
    ax.set(xlim=(18.0, 22400.0), ylim=(math.floor(low / STEP_DB) * STEP_DB, high))
    ax.set(xlabel="Hz", ylabel="dBFS")


def _hertz(value: float, place: int | None = None) -> str:
    del place
    return f"{value / 1000:g}k" if value >= 1000 else f"{value:g}"
