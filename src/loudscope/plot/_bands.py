"""Six bands: the level of each, and a range beside it."""

from __future__ import annotations

from dataclasses import dataclass
from os import PathLike
from typing import TypeAlias

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.patches import Patch

from .. import Analysis, BandProfile
from ..genres import Baseline, get
from ..qc import Inspection
from ._style import Palette, Theme, axes_for
from ._thin import analysis_of
from ._words import number, say, title, why_not

__all__ = ["GenreLike", "bands"]

GenreLike: TypeAlias = "Baseline | str | PathLike[str] | None"
"""A baseline, the name of a built-in one, or the file of one; None: no range of a genre."""

THICK = 0.5  # of a range, in rows


@dataclass(frozen=True, slots=True)
class _Row:
    """A band's line: value and range in dB, what does not exist None; a word about it."""

    name: str
    value: float | None
    low: float | None
    high: float | None
    word: str


def bands(
    measured: Analysis | Inspection,
    *,
    genre: GenreLike = None,
    ax: Axes | None = None,
    theme: Theme = "auto",
) -> Axes:
    """Each band as value and range.

    Without a genre: the level in dBFS, a power mean, and the 10th to the 90th percentile of the
    levels of 100 ms in which the band sounds. With one: the gated level above that of 500 to 2000
    Hz, beside what is typical in the genre; see `loudscope.genres`. "Unusual" is not "wrong".

    Args:
        measured: What to draw.
        genre: A baseline, or the name or file of one.
        ax: As in `loudness`.
        theme: As in `loudness`.

    Returns:
        The axes, the lowest band at the bottom.

    Raises:
        InvalidArgument: No such genre or theme, or with a genre bands of other edges.
        FileError: The baseline's file cannot be read.
    """
    analysis = analysis_of(measured)
    baseline = _baseline(genre)
    ax, palette = axes_for(ax, theme, (6.0, 3.4))
    profile = analysis.band_profile
    heading = "Bands" if baseline is None else _heading(baseline)
    if profile is None:
        title(ax, heading, [], palette)
        say(ax, why_not(analysis, "band_profile", "bands were not measured"), palette)
        return ax
    rows = _plain(profile) if baseline is None else _beside(measured, baseline)
    if all(row.value is None for row in rows):
        title(ax, heading, [], palette)
        say(ax, "no band has a level: nothing passes the gates", palette)
        return ax
    entries = _draw(ax, rows, palette)
    words = ("power mean", "10 to 90 % of the time") if baseline is None else (
        "this track", f"typical of {baseline.n} tracks")  # fmt: skip
    for entry, label in zip(entries, words, strict=True):
        entry.set_label(label)
    ax.set_xlabel("dBFS" if baseline is None else "dB above 500–2000 Hz")
    title(ax, heading, entries, palette)
    return ax


def _baseline(genre: GenreLike) -> Baseline | None:
    if genre is None or isinstance(genre, Baseline):
        return genre
    if isinstance(genre, str) and not genre.lower().endswith(".json"):
        return get(genre)
    return Baseline.load(genre)


def _heading(baseline: Baseline) -> str:
    wanted = baseline.fallback_for
    return f"Bands beside {baseline.title}" + (f", for want of {wanted}" if wanted else "")


def _plain(profile: BandProfile) -> list[_Row]:
    levels = profile.over_time.values
    rows = []
    for band, column in zip(profile.bands, levels.T, strict=True):
        there = np.sort(column[np.isfinite(column)])
        low, high = (_ranked(there, share) for share in (0.1, 0.9))
        rows.append(_Row(band.name, band.level, low, high, ""))
    return rows


def _ranked(ordered: np.ndarray, share: float) -> float | None:
    """Nearest rank, as Tech 3342 has it."""
    return float(ordered[int((len(ordered) - 1) * share + 0.5)]) if len(ordered) else None


def _beside(measured: Analysis | Inspection, baseline: Baseline) -> list[_Row]:
    judged = baseline.judge(measured).bands
    return [_Row(band.name, band.measured, band.low, band.high, band.word) for band in judged]


def _draw(ax: Axes, rows: list[_Row], palette: Palette) -> list[Artist]:
    places = np.arange(len(rows))
    ends = [end for row in rows for end in (row.value, row.low, row.high) if end is not None]
    left, right = min(ends) - 3.0, max(ends) + 3.0
    for place, row in zip(places, rows, strict=True):
        if row.high is not None:
            low = left if row.low is None else row.low
            ax.barh(place, row.high - low, THICK, left=low, color=palette.band, ec=palette.edge)
        words = "" if row.value is None else number(row.value)
        ax.annotate(
            f"{words}  {row.word}".strip() if row.value is not None else "–",
            (1.01, place), xycoords=("axes fraction", "data"), va="center", size="small",
            color=palette.soft,
        )  # fmt: skip
    values = np.array([np.nan if row.value is None else row.value for row in rows])
    marks = ax.plot(values, places, "o", color=palette.strong, ms=8, mec=palette.page, mew=1.2)
    ax.set_yticks(places, labels=[row.name for row in rows])
    ax.set(xlim=(left, right), ylim=(-0.6, len(rows) - 0.4))
    ax.grid(False, axis="y")
    return [*marks, Patch(fc=palette.band, ec=palette.edge)]
