"""From the figures of references to a baseline of one's own."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence

from .. import DEFAULT_EDGES_HZ, InvalidArgument
from ._baseline import Baseline
from ._builtin import FALLBACK, get
from ._outliers import outliers_of
from ._ranges import BandRange, FigureRange, ThirdRange
from ._reference import FIGURES, THIRDS_HZ, Reference
from ._statistics import FEWEST, spread

__all__ = ["baseline_of", "unique"]

SUB = 0
METHOD = (
    "power means over the gating blocks of BS.1770-5, six bands and third octaves above the level "
    "of 500 to 2000 Hz; range of one more track: mean ± t(.9, n - 1) · sd · √(1 + 1/n), the sd of "
    f"the bands steadied by that of {FALLBACK}"
)


def baseline_of(references: Iterable[Reference], name: str) -> Baseline:
    """See `Baseline.from_references`."""
    rows = unique(references)
    if not rows:
        raise InvalidArgument("references: there are none; give at least one track")
    n = len(rows)
    return Baseline(
        name=name,
        title=name,
        source=f"{n} references of your own" if n > 1 else "one reference of your own",
        n=n,
        method=METHOD,
        confidence=_confidence(n),
        limits=_limits(rows),
        bands=tuple(_bands(rows)),
        thirds=tuple(
            ThirdRange(hz=hz, **spread(row.thirds[place] for row in rows))
            for place, hz in enumerate(THIRDS_HZ)
        ),
        figures=tuple(
            FigureRange(name=figure, unit=unit, **spread(row.figures[place] for row in rows))
            for place, (figure, unit) in enumerate(FIGURES.items())
        ),
        references=rows,
    )


def unique(references: Iterable[Reference]) -> tuple[Reference, ...]:
    """Each PCM once and sorted by hash, whatever the order; of two names the first by alphabet."""
    ordered = sorted(references, key=lambda it: (it.sha256, it.name is None, it.name or ""))
    return tuple({it.sha256: it for it in reversed(ordered)}.values())[::-1]


def _bands(rows: Sequence[Reference]) -> Iterable[BandRange]:
    for place, known in enumerate(get(FALLBACK).bands):
        found = spread((row.bands[place] for row in rows), known.sd)
        if place == SUB:
            found["low"] = None
        yield BandRange(
            name=known.name,
            low_hz=DEFAULT_EDGES_HZ[place],
            high_hz=DEFAULT_EDGES_HZ[place + 1],
            confidence=_confidence(found["n"]),
            source="references of your own",
            correlation=_median(row.correlation[place] for row in rows),
            side_share=_median(row.side_share[place] for row in rows),
            **found,
        )


def _median(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return statistics.median(known) if known else None


def _confidence(n: int) -> str:
    if n < FEWEST:
        return f"none for a range: {n} of at least {FEWEST} references; differences only"
    return f"{'low' if n < 10 else 'medium' if n < 30 else 'high'}: {n} references"


def _limits(rows: Sequence[Reference]) -> tuple[str, ...]:
    n, limits = len(rows), []
    if n < FEWEST:
        limits.append(
            f"With fewer than {FEWEST} references (here {n}) there are differences, and no range."
        )
    else:
        limits.append(
            f"The range is where eight of ten further tracks like these {n} would lie. It says "
            "what is usual among them, never what is correct."
        )
    for count, what in (
        (sum(row.dual_mono for row in rows), "dual mono: left out of correlation and side share"),
        (
            sum(row.codec_cutoff_hz is not None for row in rows),
            "cut off by a lossy codec: third octaves above the cut-off are left out",
        ),
        (len(outliers_of(rows)), "beyond 3 sd of the others in two bands or more, and kept"),
    ):
        if count:
            limits.append(f"{count} of {n} references: {what}.")
    limits.append("Only an excess of sub is judged. Air means 6 to 20 kHz: brilliance and air.")
    return tuple(limits)
