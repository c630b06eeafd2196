"""References that are not like the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ._reference import Reference, Values
from ._statistics import FEWEST, leave_one_out
from ._tone import MID

__all__ = ["Outlier", "outliers_of"]

FAR = 3.0  # sd
BANDS_AT_LEAST = 2


@dataclass(frozen=True, slots=True)
class Outlier:
    """A reference far from the others.

    Attributes:
        name: Name of the file, or None.
        sha256: Its hash, for `Baseline.without`.
        z: For each band the distance from the mean of the others, in the sd that a new track has
            beside them; None for the mid band.
    """

    name: str | None
    sha256: str
    z: Values


def outliers_of(references: Sequence[Reference]) -> tuple[Outlier, ...]:
    """Those beyond 3 sd of all others in two bands or more, each left out in its turn.

    With fewer than six references nothing is said: the others would have no range.
    """
    if len(references) <= FEWEST:
        return ()
    found = (
        Outlier(it.name, it.sha256, z)
        for it, z in zip(references, _distances(references), strict=True)
    )
    return tuple(it for it in found if _beyond(it.z) >= BANDS_AT_LEAST)


def _distances(references: Sequence[Reference]) -> list[Values]:
    """For each reference, how far its bands lie from the others'."""
    from ._builtin import FALLBACK, get

    nothing: list[float | None] = [None] * len(references)
    bands = [
        nothing if place == MID else leave_one_out([it.bands[place] for it in references], band.sd)
        for place, band in enumerate(get(FALLBACK).bands)
    ]
    return list(zip(*bands, strict=True))


def _beyond(distances: Values) -> int:
    return sum(z is not None and abs(z) > FAR for z in distances)
