"""What a target asks of the integrated loudness, as a band behind a chart."""

from __future__ import annotations

from dataclasses import dataclass
from os import PathLike
from typing import TypeAlias

from matplotlib.artist import Artist
from matplotlib.axes import Axes

from .. import Analysis
from ..targets import Check, Target, check
from ._style import Palette
from ._words import number

__all__ = ["TargetLike", "Wanted", "wanted"]

TargetLike: TypeAlias = "Target | Check | str | PathLike[str] | None"
"""A target, its name or file, or a check against it; None: nothing is asked for."""

LEAST_LU = 0.15  # a band that is thinner would not be seen


@dataclass(frozen=True, slots=True)
class Wanted:
    """A range of loudness in LUFS, an open end None, and in words whose it is."""

    low: float | None
    high: float | None
    words: str

    @property
    def ends(self) -> tuple[float, ...]:
        """The ends that there are."""
        return tuple(end for end in (self.low, self.high) if end is not None)

    def draw(self, ax: Axes, palette: Palette) -> Artist:
        """Draws the band over the whole width; an open end reaches out of sight."""
        low = -200.0 if self.low is None else self.low
        high = 100.0 if self.high is None else self.high
        if high - low < LEAST_LU:
            low, high = low - LEAST_LU / 2, high + LEAST_LU / 2
        limits = ax.get_ylim()
        span = ax.axhspan(
            low, high, facecolor=palette.band, edgecolor=palette.edge, lw=0.8, zorder=0.6
        )
        span.set_label(self.words)
        ax.set_ylim(limits)
        return span


def wanted(analysis: Analysis, target: TargetLike) -> Wanted | None:
    """The rule for the integrated loudness; where there is none, what a platform plays at."""
    if target is None:
        return None
    found = target if isinstance(target, Check) else check(analysis, target)
    for rule in found.rules:
        low, high = rule.required
        if rule.figure == "integrated" and (low is not None or high is not None):
            return Wanted(low, high, f"{found.target.title}: {_range(low, high)} LUFS")
    level = found.target.reference_lufs
    if level is None:
        return None
    return Wanted(level, level, f"{found.target.title}: plays at {number(level)} LUFS")


def _range(low: float | None, high: float | None) -> str:
    if low is None or high is None:
        return f"at most {number(high)}" if high is not None else f"at least {number(low or 0.0)}"
    return number(low) if low == high else f"{number(low)} to {number(high)}"
