"""The mix minus its references: the arithmetic that all comparisons share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypedDict

from ..genres import BandLevel, Word, spread, word_for
from ._comparison import BandDifference

__all__ = ["Differences", "compare_bands", "difference", "raised"]


class Differences(TypedDict):
    """The fields of a `Difference`."""

    mix: float | None
    reference: float | None
    difference: float | None
    differences: tuple[float | None, ...]
    n: int
    low: float | None
    high: float | None
    word: Word


def difference(mix: float | None, references: Sequence[float | None]) -> Differences:
    """The mix beside the references' mean and, with five or more, their range."""
    found = spread(references)
    mean, high = found["mean"], found["high"]
    apart = _minus(mix, mean)
    half = None if mean is None or high is None else high - mean
    return {
        "mix": mix,
        "reference": mean,
        "difference": apart,
        "differences": tuple(_minus(mix, it) for it in references),
        "n": found["n"],
        "low": found["low"],
        "high": high,
        "word": word_for(apart / half if apart is not None and half else None),
    }


def _minus(mix: float | None, other: float | None) -> float | None:
    return None if mix is None or other is None else mix - other


def raised(level: float | None, gain: float | None) -> float | None:
    """A level at the loudness of the mix."""
    return None if level is None or gain is None else level + gain


def compare_bands(
    mix: Sequence[BandLevel],
    references: Sequence[Sequence[BandLevel]],
    gains: Sequence[float | None],
) -> tuple[BandDifference, ...]:
    """Every band of the mix beside that of the references, each raised by its gain."""
    return tuple(
        BandDifference(
            name=band.name,
            low_hz=band.low_hz,
            high_hz=band.high_hz,
            **difference(
                band.level,
                [
                    raised(levels[place].level, gain)
                    for levels, gain in zip(references, gains, strict=True)
                ],
            ),
        )
        for place, band in enumerate(mix)
    )
