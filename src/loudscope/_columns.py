"""The columns of a block table: their dtypes and dimensions."""

from __future__ import annotations

import numpy as np

__all__ = ["CLIP_FIELDS", "COLUMNS", "TICKS"]

TICKS = 10  # per block
CLIP_FIELDS = ("samples", "lead", "trail", "longest", "runs")

# Name: dtype and dimensions. B blocks, T ticks, C channels, E bands with below and above, K clip
# fields. The first three columns are always there; the others where they were asked for.
COLUMNS: dict[str, tuple[type[np.generic], str]] = {
    "frames": (np.uint32, "B"),
    "ticks": (np.uint8, "B"),
    "tick_frames": (np.uint16, "T"),
    "tick_energy": (np.float64, "TC"),
    "energy": (np.float64, "BC"),
    "total": (np.float64, "BC"),
    "cross": (np.float64, "B"),
    "k_cross": (np.float64, "B"),
    "band_energy": (np.float64, "BEC"),
    "band_cross": (np.float64, "BE"),
    "sample_peak": (np.float32, "BC"),
    "true_peak": (np.float32, "BC"),
    "sample_peak_at": (np.uint16, "BC"),
    "true_peak_at": (np.uint16, "BC"),
    "clips": (np.uint32, "BCK"),
}
