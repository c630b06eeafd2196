"""The waveform's envelope, and where the true peak exceeds a level."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from numpy.typing import NDArray

from .. import Analysis, BlockTable
from ..qc import Inspection
from ._clock import clock, clock_axis
from ._style import Palette, Theme, axes_for
from ._thin import analysis_of, row_peaks
from ._words import number, say, signed, title, why_not

__all__ = ["peaks"]

LANE = 2.35  # from the middle of a channel to the next, by the largest sample or full scale
MARK = 1.15  # from the middle of a channel to its marks, likewise
FEW_CHANNELS = 2
HEIGHT_INCHES = 1.3  # of a channel
MOST_MARKS = 1000

Floats = NDArray[np.float64]


def peaks(
    measured: Analysis | Inspection,
    *,
    level_dbtp: float = 0.0,
    ax: Axes | None = None,
    theme: Theme = "auto",
) -> Axes:
    """The envelope of each channel, and where its true peak exceeds a level.

    The envelope is the largest sample of every 100 ms, upwards and downwards alike, and the RMS of
    the same lies in it. A mark stands at the true peak of each 100 ms over the level; the largest
    true peak of all has its value and time.

    Args:
        measured: What to draw.
        level_dbtp: What counts as an over, dBTP.
        ax: As in `loudness`.
        theme: As in `loudness`.

    Returns:
        The axes: each channel in a lane of its own, the first at the top.

    Raises:
        InvalidArgument: There is no such theme.
    """
    analysis = analysis_of(measured)
    table = analysis.table
    lanes = analysis.layout.count
    height = 1.4 + HEIGHT_INCHES * min(lanes, FEW_CHANNELS) + 0.4 * max(0, lanes - FEW_CHANNELS)
    ax, palette = axes_for(ax, theme, (9.0, height))
    if table.sample_peak is None or table.true_peak is None or analysis.true_peak is None:
        title(ax, "True peak", [], palette)
        say(ax, why_not(analysis, "true_peak", "peaks were not measured"), palette)
        return ax
    reach = max(1.0, float(table.sample_peak.max()))
    middles: Floats = -LANE * reach * np.arange(lanes, dtype=np.float64)
    ax.set_yticks(middles, labels=list(analysis.layout.labels))
    ax.set(xlim=(0.0, analysis.duration), ylim=(middles[-1] - 1.2 * reach, 1.35 * reach))
    ax.grid(False, axis="y")
    clock_axis(ax.xaxis, analysis.duration)
    overs = _overs(table, level_dbtp)
    entries = [*_envelopes(ax, table, middles, palette)]
    above = middles + MARK * reach
    entries += _marks(ax, table, overs, above, palette)
    _worst(ax, analysis, above, palette)
    title(ax, _title(overs, level_dbtp), entries, palette)
    return ax


def _overs(table: BlockTable, level_dbtp: float) -> NDArray[np.bool_]:
    """(B, C) blocks whose true peak exceeds the level."""
    assert table.true_peak is not None
    return np.asarray(table.true_peak > 10.0 ** (level_dbtp / 20.0))


def _title(overs: NDArray[np.bool_], level_dbtp: float) -> str:
    blocks = int(overs.any(axis=1).sum())
    level = f"{number(level_dbtp, 0 if level_dbtp == round(level_dbtp) else 1)} dBTP"
    if blocks == 0:
        return f"True peak: nothing over {level}"
    return f"True peak: over {level} in {blocks} block{'s' * (blocks > 1)} of 100 ms"


def _envelopes(ax: Axes, table: BlockTable, middles: Floats, palette: Palette) -> Iterator[Artist]:
    assert table.sample_peak is not None
    highest, stretch = row_peaks(table.sample_peak.astype(np.float64))
    edges = table.starts[:-1][::stretch] / table.rate_hz
    edges = np.append(edges, table.duration)
    layers = [(highest, palette.faint, "largest sample of 100 ms")]
    if table.energy is not None:
        rms = np.sqrt(table.energy / np.maximum(table.frames, 1)[:, None])
        layers.append((row_peaks(rms)[0], palette.strong, "RMS"))
    for values, colour, words in layers:
        held = np.append(values, values[-1:], axis=0)
        drawn = [
            ax.fill_between(
                edges, middle - lane, middle + lane, step="post", color=colour, lw=0, label=words
            )
            for middle, lane in zip(middles, held.T, strict=True)
        ]
        yield drawn[0]
    full = [
        ax.axhline(level, color=palette.soft, lw=0.7, ls=(0, (2, 2)), zorder=0.8)
        for middle in middles
        for level in (middle - 1.0, middle + 1.0)
    ]
    full[0].set_label("full scale")
    yield full[0]


def _times(table: BlockTable, channel: int) -> Floats:
    """(B,) seconds of the true peak of each block."""
    assert table.true_peak_at is not None
    return np.asarray((table.starts[:-1] + table.true_peak_at[:, channel]) / table.rate_hz)


def _marks(
    ax: Axes, table: BlockTable, overs: NDArray[np.bool_], heights: Floats, palette: Palette
) -> Iterator[Artist]:
    marks: list[Artist] = []
    assert table.true_peak is not None
    for channel, height in enumerate(heights):
        rows = _worst_rows(np.flatnonzero(overs[:, channel]), table.true_peak[:, channel])
        if len(rows):
            times = _times(table, channel)[rows]
            marks += ax.plot(
                times,
                np.full(len(times), height),
                "v",
                color=palette.bad,
                ms=5,
                ls="",
                label="over",
                clip_on=False,
            )
    yield from marks[:1]


def _worst_rows(rows: NDArray[np.int64], peaks: NDArray[np.float32]) -> NDArray[np.int64]:
    """The rows; where they are more than can be told apart, the highest of each stretch."""
    if len(rows) <= MOST_MARKS:
        return rows
    stretch = -(-len(peaks) // MOST_MARKS)
    order = np.lexsort((peaks[rows], rows // stretch))
    last = np.append(np.diff(rows[order] // stretch) > 0, True)
    return np.asarray(rows[order][last], np.int64)


def _worst(ax: Axes, analysis: Analysis, heights: Floats, palette: Palette) -> None:
    peak, seconds, label = analysis.true_peak, analysis.true_peak_at, analysis.true_peak_channel
    if peak is None or seconds is None or label is None:
        return
    height = heights[analysis.layout.labels.index(label)]
    right = seconds > 0.7 * analysis.duration
    ax.plot([seconds], [height], "D", color=palette.ink, ms=6, mfc=palette.page, label="largest")
    ax.annotate(
        f"{signed(peak, 2)} dBTP at {clock(seconds, 2)}",
        (seconds, height),
        xytext=(-8 if right else 8, 1),
        textcoords="offset points",
        ha="right" if right else "left",
        va="center",
        size="small",
        color=palette.ink,
        bbox={"fc": palette.page, "ec": "none", "pad": 1.0, "alpha": 0.85},
    )
