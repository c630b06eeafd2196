"""The engine's table of the true-peak interpolator, and signals that its shortcuts fear most."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog

Array = NDArray[np.float64]

HEADER = Path(__file__).parents[2] / "cpp" / "kernel" / "true_peak_table.hpp"
PHASES, TAPS = 32, 36
TIERS = ((16,), (8, 16, 24), (4, 8, 12, 16, 20, 24, 28))  # phases known before the next are asked
REACH = 54  # samples on either side that a hidden peak is made of
WIDE = REACH + TAPS  # and those that points near its ends are made of
POINTS = range(-REACH - TAPS // 2, REACH + TAPS // 2)  # frames after which there is anything


@cache
def table() -> Array:
    """(32, 36): row p gives the point p/32 after frame n from the samples n - 17 to n + 18."""
    text = HEADER.read_text(encoding="utf-8")
    body = text[text.index("kPeakTable[") :]
    body = body[body.index("= {") : body.index("};")]
    taps = [np.float32(number) for number in re.findall(r"(-?\d[^,F\s]*)F", body)]
    return np.array(taps, dtype=np.float64).reshape(PHASES, TAPS)


def row(phase: int, shift: int = 0) -> Array:
    """Coefficients of a point over the samples -WIDE to WIDE."""
    found = np.zeros(2 * WIDE + 1)
    first = WIDE + shift - (TAPS // 2 - 1)
    found[first : first + TAPS] = table()[phase]
    return found


def sample(shift: int) -> Array:
    """Coefficients of a sample over the samples -WIDE to WIDE."""
    found: Array = np.eye(1, 2 * WIDE + 1, WIDE + shift)[0]
    return found


def bends() -> Array:
    """Second differences of samples and half-sample points, as they follow each other."""
    grid = np.array([found for shift in POINTS for found in (sample(shift), row(16, shift))])
    return np.asarray(grid[:-2] - 2 * grid[1:-1] + grid[2:])


@cache
def hidden_peak(phase: int, tier: int, bend: float | None = None) -> tuple[Array, float]:
    """Samples in which points stand out as far as they can above all that is known before.

    A linear programme: the samples and the points of the tier's phases stay within 1, and the point
    of `phase` after sample 0 is as large as it can be.

    Args:
        phase: The point is at phase/32.
        tier: Which points are known, an index of `TIERS`.
        bend: Largest second difference on the grid of half samples; None: any.

    Returns:
        The samples -REACH to REACH, and the largest of all points.
    """
    known = np.array([row(known, shift) for known in TIERS[tier] for shift in POINTS])
    limits = np.ones(len(known))
    if bend is not None:
        known = np.vstack([known, bends()])
        limits = np.append(limits, np.full(len(known) - len(limits), bend))
    free = slice(WIDE - REACH, WIDE + REACH + 1)
    solved = linprog(
        -row(phase)[free],
        A_ub=np.vstack([known, -known])[:, free],
        b_ub=np.tile(limits, 2),
        bounds=(-1.0, 1.0),
        method="highs",
    )
    piece = np.asarray(solved.x, dtype=np.float64)
    points = [np.convolve(piece, taps[::-1]) for taps in table()]
    return piece, float(np.abs(points).max())
