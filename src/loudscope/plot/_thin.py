"""Fewer points than a series has: those that a picture can show, and each is one of the series."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .. import Analysis, Series
from ..qc import Inspection

__all__ = ["analysis_of", "row_peaks", "thinned"]

MOST_POINTS = 4000  # a page of print has about as many columns

Floats = NDArray[np.float64]


def analysis_of(measured: Analysis | Inspection) -> Analysis:
    """The analysis itself, or that of an inspection."""
    return measured.analysis if isinstance(measured, Inspection) else measured


def thinned(series: Series) -> tuple[Floats, Floats]:
    """Times and values; of a long series the least and the largest of each stretch.

    Digital silence, -inf, is NaN: a gap in the line.
    """
    times, values = np.asarray(series.times), np.asarray(series.values)
    stretch = -(-2 * len(values) // MOST_POINTS)
    if stretch > 2:
        whole = len(values) // stretch * stretch
        rows = values[:whole].reshape(-1, stretch)
        places = np.stack([rows.argmin(axis=1), rows.argmax(axis=1)], axis=1)
        kept = np.sort(places, axis=1) + np.arange(len(rows))[:, None] * stretch
        index = np.unique(np.concatenate([kept.ravel(), np.arange(whole, len(values))]))
        times, values = times[index], values[index]
    return times, np.where(np.isfinite(values), values, np.nan)


def row_peaks(rows: Floats) -> tuple[Floats, int]:
    """(N, C) the largest of every so many rows, and how many."""
    stretch = max(1, -(-2 * len(rows) // MOST_POINTS))
    starts = np.arange(0, len(rows), stretch)
    return np.maximum.reduceat(rows, starts, axis=0), stretch
