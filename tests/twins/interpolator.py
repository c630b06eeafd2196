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
REACH = 54  # samples on either side that bear on a point or on the coarse points near it


@cache
def table() -> Array:
    """(32, 36): row p gives the point p/32 after frame n from the samples n - 17 to n + 18."""
    text = HEADER.read_text(encoding="utf-8")
    body = text[text.index("kPeakTable[") :]
    body = body[body.index("= {") : body.index("};")]
    taps = [np.float32(number) for number in re.findall(r"(-?\d[^,F\s]*)F", body)]
    return np.array(taps, dtype=np.float64).reshape(PHASES, TAPS)


def row(phase: int, shift: int = 0) -> Array:
    """Coefficients of a point over the samples -REACH to REACH."""
    found = np.zeros(2 * REACH + 1)
    first = REACH + shift - (TAPS // 2 - 1)
    found[first : first + TAPS] = table()[phase]
    return found


def bends() -> Array:
    """Second differences of samples and half-sample points, as they follow each other."""
    sample = np.eye(2 * REACH + 1)
    points = []
    for shift in range(-36, 37):
        points += [sample[REACH + shift], row(16, shift)]
    grid = np.array(points)
    return np.asarray(grid[:-2] - 2 * grid[1:-1] + grid[2:])


@cache
def hidden_peak(phase: int, tier: int, bend: float | None = None) -> tuple[Array, float]:
    """Samples in which one point stands out as far as it can above all that is known before.

    A linear programme: samples and the points of the tier's phases stay within 1 for 36 samples on
    either side, and the point of `phase` after sample 0 is as large as it can be.

    Args:
        phase: The point is at phase/32.
        tier: Which points are known, an index of `TIERS`.
        bend: Largest second difference on the grid of half samples; None: any.

    Returns:
        The samples -REACH to REACH, and that point's value.
    """
    known = np.array([row(known, shift) for known in TIERS[tier] for shift in range(-36, 36)])
    limits = np.ones(len(known))
    if bend is not None:
        known = np.vstack([known, bends()])
        limits = np.append(limits, np.full(len(known) - len(limits), bend))
    solved = linprog(
        -row(phase),
        A_ub=np.vstack([known, -known]),
        b_ub=np.tile(limits, 2),
        bounds=(-1.0, 1.0),
        method="highs",
    )
    return np.asarray(solved.x, dtype=np.float64), float(-solved.fun)
