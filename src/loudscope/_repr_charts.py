"""The small charts of an analysis in a notebook: loudness and peaks over time, and bands."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import numpy as np

from ._buckets import Floats, clock, columns_of, round_step, scale_of
from ._svg import area, line, path, rect, svg, text

if TYPE_CHECKING:
    from ._analysis import Analysis

__all__ = ["bands_chart", "figure_text", "loudness_chart", "peaks_chart"]

WIDTH, LEFT, RIGHT = 560.0, 34.0, 8.0
LOUDNESS_HEIGHT, PEAKS_HEIGHT, TOP, BOTTOM = 170.0, 70.0, 8.0, 18.0
OVERS_HEIGHT = 8.0  # room for the marks above the peaks
COLUMNS = 259  # two units each
GRID_LU = (3, 6, 12)
MOST_GRID_LINES = 6
MOST_TIMES = 8
BANDS_WIDTH, BAND_HEIGHT, NAME_WIDTH, VALUE_WIDTH = 300.0, 24.0, 74.0, 44.0
BAND_DB = 48.0  # a bar starts this far below the level of the whole

Place = Callable[[float], float]


def figure_text(value: float | None, decimals: int = 1) -> str:
    """A figure with a true minus; a dash where there is none."""
    return "–" if value is None else f"{value:z.{decimals}f}".replace("-", "−")


def loudness_chart(analysis: Analysis) -> str:
    """Momentary as an area, short-term as a line, integrated dashed; "" without loudness."""
    scale = scale_of(analysis)
    if scale is None:
        return ""
    low, high = math.floor(scale[0] / 3) * 3, math.ceil((scale[1] + 1) / 3) * 3
    floor = LOUDNESS_HEIGHT - BOTTOM
    x = _x(analysis.duration)

    def y(level: float) -> float:
        return TOP + (high - min(max(level, low), high)) / (high - low) * (floor - TOP)

    shapes = [
        *_dropped(analysis, floor),
        *_levels(low, high, y),
        *_times(analysis.duration, x, floor),
        *_curves(analysis, y, floor),
    ]
    level, loudest = figure_text(analysis.integrated), figure_text(analysis.short_term_max)
    words = f"Loudness over time: integrated {level} LUFS, short-term up to {loudest} LUFS"
    return svg(WIDTH, LOUDNESS_HEIGHT, words, shapes)


def _dropped(analysis: Analysis, floor: float) -> Iterator[str]:
    """What the gates left out: columns, so that hours take no more room than minutes."""
    middles, width = (np.arange(COLUMNS) + 0.5) / COLUMNS * analysis.duration, _middles()
    gone = np.zeros(COLUMNS, bool)
    for start, stop in analysis.dropped_spans:
        gone[np.searchsorted(middles, start) : np.searchsorted(middles, stop)] = True
    step = float(width[1] - width[0])
    edges = np.flatnonzero(np.diff(gone.astype(np.int8), prepend=0, append=0))
    for first, last in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        yield rect("ls-gone", LEFT + first * step, TOP, (last - first) * step, floor - TOP)


def _x(duration: float) -> Place:
    return lambda seconds: LEFT + seconds / duration * (WIDTH - LEFT - RIGHT)


def _middles() -> Floats:
    return LEFT + (np.arange(COLUMNS) + 0.5) / COLUMNS * (WIDTH - LEFT - RIGHT)


def _levels(low: int, high: int, y: Place) -> Iterator[str]:
    step = next((step for step in GRID_LU if (high - low) / step <= MOST_GRID_LINES), GRID_LU[-1])
    for level in range(math.ceil(low / step) * step, high + 1, step):
        yield line("ls-grid", LEFT, y(level), WIDTH - RIGHT, y(level))
        yield text(LEFT - 5, y(level) + 4, figure_text(level, 0), "end")


def _times(duration: float, x: Place, floor: float) -> Iterator[str]:
    step = round_step(duration, MOST_TIMES)
    for number in range(math.floor(duration / step + 1e-9) + 1):
        at = number * step
        yield line("ls-axis", x(at), floor, x(at), floor + 3)
        words = clock(at, 0 if step >= 1 else 1 if step >= 0.1 else 2)
        yield text(x(at), floor + 14, words, "end" if x(at) > WIDTH - 20 else "middle")
    yield line("ls-axis", LEFT, floor, WIDTH - RIGHT, floor)


def _curves(analysis: Analysis, y: Place, floor: float) -> Iterator[str]:
    momentary, short_term = (
        np.array([y(level) for level in columns_of(series, analysis.duration, COLUMNS)])
        for series in (analysis.momentary, analysis.short_term)
    )
    across = _middles()
    yield area("ls-m", across, momentary, np.full(COLUMNS, floor))
    yield path("ls-s", across, short_term)
    if analysis.integrated is not None:
        at = y(analysis.integrated)
        yield line("ls-i", LEFT, at, WIDTH - RIGHT, at)


def peaks_chart(analysis: Analysis) -> str:
    """The envelope, the largest of the channels, and marks where the true peak exceeds 0 dBTP."""
    table = analysis.table
    if table.sample_peak is None or table.true_peak is None or analysis.sample_peak is None:
        return ""
    samples, true_peaks = (
        _largest(column.max(axis=1).astype(np.float64))
        for column in (table.sample_peak, table.true_peak)
    )
    middle, across = PEAKS_HEIGHT / 2 + OVERS_HEIGHT, _middles()
    reach = (PEAKS_HEIGHT / 2 - 6) / max(1.0, float(samples.max()))
    shapes = [
        *(line("ls-grid", LEFT, at, WIDTH - RIGHT, at) for at in (middle - reach, middle + reach)),
        text(LEFT - 5, middle - reach + 4, "0", "end"),
        area("ls-p", across, middle - reach * samples, middle + reach * samples),
        *(
            f'<path class="ls-over" d="M{at - 3:.0f} 4h6l-3 6z"/>'
            for at in across[true_peaks > 1.0].tolist()
        ),
    ]
    words = (
        f"Peaks over time: true peak {figure_text(analysis.true_peak, 2)} dBTP at "
        f"{clock(analysis.true_peak_at or 0.0, 1)}"
    )
    return svg(WIDTH, PEAKS_HEIGHT + OVERS_HEIGHT, words, shapes)


def _largest(rows: Floats) -> Floats:
    """(COLUMNS,) the largest of the rows in each column, or of the row that it lies in."""
    edges = np.arange(COLUMNS + 1) * len(rows) / COLUMNS
    first = np.minimum(edges[:-1].astype(np.int64), len(rows) - 1)
    last = np.maximum(np.ceil(edges[1:]).astype(np.int64), first + 1)
    if len(rows) >= COLUMNS:
        return np.maximum.reduceat(rows, first)
    return np.array([rows[a:b].max() for a, b in zip(first, last, strict=True)])


def bands_chart(analysis: Analysis) -> str:
    """Bars of the bands' levels, dB of the whole; "" where there are none."""
    profile = analysis.band_profile
    if profile is None or profile.total is None:
        return ""
    room = BANDS_WIDTH - NAME_WIDTH - VALUE_WIDTH
    shapes, words = [], []
    for place, band in enumerate(reversed(profile.bands)):
        top, value = place * BAND_HEIGHT + 5, figure_text(band.relative)
        share = 0.0 if band.relative is None else min(max(1 + band.relative / BAND_DB, 0.0), 1.0)
        shapes += [
            text(NAME_WIDTH - 8, top + 12, band.name, "end"),
            rect("ls-gone", NAME_WIDTH, top, room, BAND_HEIGHT - 8),
            rect("ls-b", NAME_WIDTH, top, share * room, BAND_HEIGHT - 8),
            text(BANDS_WIDTH, top + 12, value, "end", "ls-value"),
        ]
        words.append(f"{band.name} {value}")
    height = len(words) * BAND_HEIGHT + 2
    label = f"Bands, dB of the whole: {', '.join(reversed(words))}"
    return svg(BANDS_WIDTH, height, label, shapes)
