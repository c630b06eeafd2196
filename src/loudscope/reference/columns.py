"""All columns of a block table at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from .bands import band_energies, band_signals, used_edges
from .grid import block_bounds, samples, tick_bounds, tick_counts
from .levels import block_cross, block_energies, block_sums, clip_columns, tick_energies
from .peaks import peak_columns
from .weighting import k_weight

DEFAULT_EDGES_HZ = (20.0, 60.0, 250.0, 500.0, 2000.0, 6000.0, 20000.0)
"""Sub, Bass, Low-mids, Mids, High-mids, Air."""

Columns = dict[str, npt.NDArray[Any]]


def table(
    x: npt.ArrayLike,
    rate_hz: int,
    edges: Sequence[float] = DEFAULT_EDGES_HZ,
    pair: tuple[int, int] | None = None,
    taps: npt.ArrayLike | None = None,
) -> Columns:
    """The columns of a block table of one programme, by name.

    With B blocks of 100 ms, C channels and E = number of edges used + 1 bands (0 without edges):

    - frames (B,) uint32, ticks (B,) uint8 complete ticks, tick_frames (10 B,) uint16
    - tick_energy (10 B, C) K-weighted sum of squares
    - energy (B, C) sum of squares, total (B, C) sum of samples
    - sample_peak (B, C) float32, sample_peak_at (B, C) uint16 frame within the block
    - true_peak, true_peak_at: the same; only with `taps`
    - band_energy (B, E, C), band_cross (B, E), cross (B,), k_cross (B,)
    - clips (B, C, 5) uint32, see `clip_columns`

    Args:
        x: Shape (frames,) or (frames, channels).
        rate_hz: Sampling rate, 8000 to 384000.
        edges: Band edges in Hz, rising; those the rate cannot hold are left out (`used_edges`).
        pair: The front pair; None leaves the products of its channels 0.
        taps: Table of the true-peak interpolator, shape (phases, taps).

    Returns:
        One array per column.
    """
    signal = samples(x)
    columns = _level_columns(signal, rate_hz, pair) | _band_columns(signal, rate_hz, edges, pair)
    columns["clips"] = clip_columns(signal, rate_hz)
    columns["sample_peak"], columns["sample_peak_at"] = peak_columns(signal, rate_hz)
    if taps is not None:
        columns["true_peak"], columns["true_peak_at"] = peak_columns(signal, rate_hz, taps)
    return columns


def _level_columns(
    signal: npt.NDArray[np.float64], rate_hz: int, pair: tuple[int, int] | None
) -> Columns:
    return {
        "frames": np.diff(block_bounds(len(signal), rate_hz)).astype(np.uint32),
        "ticks": tick_counts(len(signal), rate_hz),
        "tick_frames": np.diff(tick_bounds(len(signal), rate_hz)).astype(np.uint16),
        "tick_energy": tick_energies(signal, rate_hz),
        "energy": block_energies(signal, rate_hz),
        "total": block_sums(signal, rate_hz),
        "cross": block_cross(signal, rate_hz, pair),
        "k_cross": block_cross(k_weight(signal, rate_hz), rate_hz, pair),
    }


def _band_columns(
    signal: npt.NDArray[np.float64],
    rate_hz: int,
    edges: Sequence[float],
    pair: tuple[int, int] | None,
) -> Columns:
    used = used_edges(edges, rate_hz)
    if not used:
        blocks = len(block_bounds(len(signal), rate_hz)) - 1
        return {
            "band_energy": np.zeros((blocks, 0, signal.shape[1])),
            "band_cross": np.zeros((blocks, 0)),
        }
    products = [block_cross(band, rate_hz, pair) for band in band_signals(signal, rate_hz, used)]
    return {
        "band_energy": band_energies(signal, rate_hz, used),
        "band_cross": np.stack(products, axis=1),
    }
