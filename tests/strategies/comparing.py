"""How two measurements are compared, and how many examples a property gets."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import settings
from numpy.typing import ArrayLike

from loudscope import Analysis, BlockTable

LU = 1e-9  # of a loudness
RELATIVE = 1e-9  # of an energy


def examples(share: float) -> settings:
    """A share of the profile's examples, for properties that are slow or narrow."""
    return settings(max_examples=max(1, round(settings().max_examples * share)))


def close(actual: float | None, expected: float | None, within: float = LU) -> bool:
    """Whether two figures agree, or both do not exist."""
    if actual is None or expected is None:
        return actual is expected
    return abs(actual - expected) <= within


def lu_close(actual: ArrayLike, expected: ArrayLike, quietest: float = -70.0) -> bool:
    """Whether two series agree to 1e-9 LU wherever one of them is louder than `quietest` LUFS.

    Below the absolute gate nothing enters a figure, and filters that ring out leave their rounding.
    """
    a, b = (np.maximum(np.asarray(series, np.float64), quietest) for series in (actual, expected))
    return a.shape == b.shape and bool((np.abs(a - b) <= LU).all())


def power_close(actual: ArrayLike, expected: ArrayLike, loudest: ArrayLike, floor: float) -> bool:
    """Whether energies agree to 1e-9 of themselves plus `floor` of what was loudest before."""
    a, b = np.asarray(actual, np.float64), np.asarray(expected, np.float64)
    allowed = RELATIVE * np.abs(b) + floor * np.asarray(loudest, np.float64)
    return a.shape == b.shape and bool((np.abs(a - b) <= allowed).all())


def different_columns(one: BlockTable, other: BlockTable) -> list[str]:
    """Names of the columns in which two tables differ by as much as a bit."""
    mine, theirs = dict(one.columns()), dict(other.columns())
    return sorted(
        name
        for name in mine.keys() | theirs.keys()
        if name not in mine
        or name not in theirs
        or mine[name].dtype != theirs[name].dtype
        or mine[name].tobytes() != theirs[name].tobytes()
    )


def figures(analysis: Analysis) -> dict[str, Any]:
    """Every figure by its path, as in ``"loudness.integrated"``; numbers and None only."""
    found: dict[str, Any] = {}

    def walk(path: str, value: object) -> None:
        if isinstance(value, dict):
            for name, inner in value.items():
                walk(f"{path}.{name}" if path else str(name), inner)
        elif isinstance(value, list):
            for index, inner in enumerate(value):
                walk(f"{path}.{index}", inner)
        elif value is None or isinstance(value, int | float):
            found[path] = value

    walk("", {name: value for name, value in analysis.to_dict().items() if name != "notes"})
    return found
