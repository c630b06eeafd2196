"""From the values of single tracks to a range for a new one."""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable, Sequence
from typing import TypedDict

from ._student import student_quantile

__all__ = ["FEWEST", "Spread", "leave_one_out", "spread"]

FEWEST = 5  # references; under that there are differences and no range
PRIOR_WEIGHT = 8  # how many degrees of freedom the built-in sd is worth
COVERAGE = 0.9  # quantile of the range's upper end: eight of ten tracks lie within


class Spread(TypedDict):
    """The fields of a `Range`."""

    mean: float | None
    sd: float | None
    low: float | None
    high: float | None
    n: int
    median: float | None
    mad: float | None
    p10: float | None
    p90: float | None


def spread(values: Iterable[float | None], prior_sd: float | None = None) -> Spread:
    """Mean, sd and range of the values there are, whatever their order.

    The range is mean ± t(.9, n - 1) · sd · √(1 + 1/n): that of one more track. `prior_sd` steadies
    the sd of few: sd² = (8 prior² + (n - 1) s²) / (8 + n - 1).

    Args:
        values: One for each track; None where a track has none.
        prior_sd: A standard deviation known beforehand, or None.
    """
    known = sorted(value for value in values if value is not None)
    n = len(known)
    if n == 0:
        return _nothing()
    mean = math.fsum(known) / n
    sd = _sd(known, mean, prior_sd)
    half = None
    if n >= FEWEST and sd is not None:
        half = student_quantile(COVERAGE, n - 1) * sd * math.sqrt(1.0 + 1.0 / n)
    median = statistics.median(known)
    return {
        "mean": mean,
        "sd": sd,
        "low": None if half is None else mean - half,
        "high": None if half is None else mean + half,
        "n": n,
        "median": median,
        "mad": statistics.median(abs(value - median) for value in known),
        "p10": _percentile(known, 0.1),
        "p90": _percentile(known, 0.9),
    }


def _nothing() -> Spread:
    return {
        "mean": None,
        "sd": None,
        "low": None,
        "high": None,
        "n": 0,
        "median": None,
        "mad": None,
        "p10": None,
        "p90": None,
    }


def _sd(known: list[float], mean: float, prior_sd: float | None) -> float | None:
    square = math.fsum((value - mean) ** 2 for value in known)
    return _steadied(square, len(known) - 1, prior_sd)


def _steadied(square: float, freedom: int, prior_sd: float | None) -> float | None:
    """The sd of a sum of squares, with the prior's weight where there is one."""
    if prior_sd is None:
        return math.sqrt(square / freedom) if freedom else None
    return math.sqrt((PRIOR_WEIGHT * prior_sd**2 + square) / (PRIOR_WEIGHT + freedom))


def _percentile(known: list[float], share: float) -> float:
    """Linear between the nearest ranks."""
    place = share * (len(known) - 1)
    below = math.floor(place)
    above = min(below + 1, len(known) - 1)
    return known[below] + (place - below) * (known[above] - known[below])


def leave_one_out(
    values: Sequence[float | None], prior_sd: float | None = None
) -> list[float | None]:
    """Distance of each value from the mean of the others, in the sd of one more beside them.

    Args:
        values: One for each track; None where a track has none.
        prior_sd: As in `spread`.

    Returns:
        The z values; None without the value, with fewer than two others, or with no sd.
    """
    known = [value for value in values if value is not None]
    others = len(known) - 1
    if others < 2:
        return [None] * len(values)
    mean = math.fsum(known) / len(known)
    square = math.fsum((value - mean) ** 2 for value in known)
    return [
        None if value is None else _beside(value - mean, square, others, prior_sd)
        for value in values
    ]


def _beside(offset: float, square: float, others: int, prior_sd: float | None) -> float | None:
    """The z value of what lies `offset` from the mean of all, itself among them.

    Without it the mean moves by offset/others, and the sum of squares loses offset² · n/others.
    """
    n = others + 1
    rest = max(0.0, square - offset**2 * n / others)
    sd = _steadied(rest, others - 1, prior_sd)
    return offset * n / others / (sd * math.sqrt(1.0 + 1.0 / others)) if sd else None
