"""Ranges of a baseline: what is usual, never what is correct."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["BandRange", "FigureRange", "ThirdRange"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """Where a figure usually lies.

    Attributes:
        mean: Mean over the tracks, or None if no track has the figure.
        sd: Standard deviation of a single track; None for fewer than two tracks.
        low: Lower end of the typical range. None: one-sided, or there is no range.
        high: Upper end of the typical range. None: there is no range.
        n: Tracks that have the figure.
        median: Median, or None where the source does not say.
        mad: Median absolute deviation, or None.
        p10: 10th percentile, or None.
        p90: 90th percentile, or None.
    """

    mean: float | None
    sd: float | None
    low: float | None
    high: float | None
    n: int
    median: float | None = None
    mad: float | None = None
    p10: float | None = None
    p90: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BandRange(Range):
    """The level of a band in dB above that of the mid band, 500 to 2000 Hz.

    Attributes:
        name: As in `BandProfile`: "Sub" to "Air".
        low_hz: Lower edge.
        high_hz: Upper edge.
        confidence: How far the range can be trusted, in words.
        source: Where mean and sd come from, in words.
        correlation: Median correlation of left and right in the band, or None.
        side_share: Median share of the side signal in the band's energy, 0 to 1, or None.
    """

    name: str
    low_hz: float
    high_hz: float
    confidence: str
    source: str
    correlation: float | None = None
    side_share: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ThirdRange(Range):
    """The level of a third octave in dB above that of the mid band, 500 to 2000 Hz.

    Attributes:
        hz: Exact centre, IEC 61260-1 base 10.
    """

    hz: float


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureRange(Range):
    """A figure of whole tracks.

    Attributes:
        name: For example "loudness_range".
        unit: For example "LU".
    """

    name: str
    unit: str
