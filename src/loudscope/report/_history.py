"""A track over time, thinned to what a chart can show; each bucket keeps its extreme."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from loudscope import Analysis, BlockTable, Series

from ..qc import StereoFigures

__all__ = ["MOST_BUCKETS", "distribution_of", "history_of"]

BLOCK_SECONDS = 0.1
MOST_BUCKETS = 3000  # more than any screen has columns; a 5 min track keeps its 100 ms
CLASS_LU = 0.5
TENTHS, HUNDREDTHS, THOUSANDTHS = 10.0, 100.0, 1000.0

Floats = NDArray[np.float64]
Extreme = np.ufunc


@dataclass(frozen=True, slots=True)
class _Buckets:
    """Equal stretches of a track: `blocks` rows of the table each."""

    count: int
    blocks: int

    @property
    def seconds(self) -> float:
        return self.blocks * BLOCK_SECONDS

    def of_series(self, series: Series, extreme: Extreme, empty: float) -> Floats:
        """The extreme of the values whose time lies in each bucket; its end is part of it."""
        values = np.full(self.count, empty)
        index = ((np.asarray(series.times) - 1e-6) / self.seconds).astype(np.int64)
        extreme.at(values, np.clip(index, 0, self.count - 1), np.asarray(series.values))
        return values

    def of_rows(self, rows: Floats, reduce: Callable[..., Floats]) -> Floats:
        """(B, …) to (count, …)."""
        padding = self.count * self.blocks - len(rows)
        padded = np.concatenate([rows, np.zeros((padding, *rows.shape[1:]))])
        return reduce(padded.reshape(self.count, self.blocks, *rows.shape[1:]), axis=1)


def history_of(analysis: Analysis, stereo: StereoFigures | None) -> dict[str, Any]:
    """Series on one time axis, as whole numbers so that a page stays small.

    Returns:
        ``step`` (seconds of a bucket) and ``count``; ``momentary`` and ``short_term`` (largest,
        tenths of a LUFS), ``true_peak`` per channel (largest, tenths of a dBTP), ``envelope`` and
        ``rms`` (thousandths of full scale), ``correlation`` (least, hundredths). What does not
        exist is None.
    """
    table = analysis.table
    buckets = _buckets(table.blocks)
    return {
        "step": round(buckets.seconds, 6),
        "count": buckets.count,
        "momentary": _whole(buckets.of_series(analysis.momentary, np.maximum, -np.inf), TENTHS),
        "short_term": _whole(buckets.of_series(analysis.short_term, np.maximum, -np.inf), TENTHS),
        **_levels(table, buckets),
        "correlation": _correlation(stereo, buckets),
    }


def distribution_of(analysis: Analysis) -> dict[str, Any]:
    """How often each short-term loudness occurs above the absolute gate, in classes of 0.5 LU."""
    values = np.asarray(analysis.short_term.values)
    values = values[values >= -70.0]
    if len(values) == 0:
        return {"low": -70.0, "step": CLASS_LU, "counts": []}
    classes = np.floor(values / CLASS_LU).astype(np.int64)
    low = int(classes.min())
    counts = np.bincount(classes - low).tolist()
    return {"low": low * CLASS_LU, "step": CLASS_LU, "counts": counts}


def _buckets(blocks: int) -> _Buckets:
    width = max(1, -(-blocks // MOST_BUCKETS))
    return _Buckets(max(1, -(-blocks // width)), width)


def _levels(table: BlockTable, buckets: _Buckets) -> dict[str, Any]:
    assert table.true_peak is not None  # `inspect` measures everything
    assert table.sample_peak is not None
    assert table.energy is not None
    heard = [at for at, channel in enumerate(table.layout.channels) if not channel.lfe]
    peaks = buckets.of_rows(table.true_peak.astype(np.float64), np.max)
    envelope = buckets.of_rows(table.sample_peak.astype(np.float64), np.max).max(axis=1)
    energy = buckets.of_rows(table.energy, np.sum)[:, heard].mean(axis=1)
    frames = buckets.of_rows(table.frames.astype(np.float64), np.sum)
    with np.errstate(divide="ignore"):
        decibels = 20.0 * np.log10(peaks)
    return {
        "true_peak": [_whole(channel, TENTHS) for channel in decibels.T],
        "envelope": _whole(np.minimum(envelope, 1.05), THOUSANDTHS),
        "rms": _whole(np.sqrt(energy / np.maximum(frames, 1.0)), THOUSANDTHS),
    }


def _correlation(stereo: StereoFigures | None, buckets: _Buckets) -> list[int | None]:
    if stereo is None:
        return [None] * buckets.count
    return _whole(buckets.of_series(stereo.windows, np.minimum, np.inf), HUNDREDTHS)


def _whole(values: Floats, scale: float) -> list[int | None]:
    scaled = np.rint(np.where(np.isfinite(values), values, 0.0) * scale).astype(np.int64).tolist()
    there = np.isfinite(values).tolist()
    return [value if exists else None for value, exists in zip(scaled, there, strict=True)]
