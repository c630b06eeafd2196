"""What a baseline says of a track."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

__all__ = ["BandJudgement", "FigureJudgement", "Judgement", "ReferenceDifference", "Word"]

Word = Literal["typical", "unusual", "far out", "not judged"]


@dataclass(frozen=True, slots=True, kw_only=True)
class BandJudgement:
    """A band of a track beside the range of the baseline.

    Attributes:
        name: As in `BandProfile`: "Sub" to "Air".
        low_hz: Lower edge.
        high_hz: Upper edge.
        measured: Level in dB above that of the mid band, 500 to 2000 Hz; None if there is none.
        mean: Mean of the baseline, dB.
        sd: Standard deviation of a single track, dB.
        low: Lower end of the typical range, dB; None where less is not judged.
        high: Upper end of the typical range, dB.
        z: Signed distance from the mean in half-widths of the typical range, times `weight`. For a
            built-in baseline a half-width is one standard deviation. None if not judged.
        word: "typical" within 1, "unusual" within 2, "far out" beyond.
        weight: 0 to 1: how much of the band the audio can hold at all.
        reason: Why a band is not judged, or judged with a smaller weight; else None.
    """

    name: str
    low_hz: float
    high_hz: float
    measured: float | None
    mean: float | None
    sd: float | None
    low: float | None
    high: float | None
    z: float | None
    word: Word
    weight: float = 1.0
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureJudgement:
    """A figure of the whole track beside the range of the baseline; see `BandJudgement`."""

    name: str
    unit: str
    measured: float | None
    mean: float | None
    sd: float | None
    low: float | None
    high: float | None
    z: float | None
    word: Word
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferenceDifference:
    """The track minus one reference: what there is to say with fewer than five of them.

    Attributes:
        name: Name of the reference.
        bands: Difference in dB for each band, both aligned on the mid band.
    """

    name: str | None
    bands: tuple[float | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """A track beside a baseline. "Unusual for", never "wrong".

    Attributes:
        baseline: Name of the baseline that was used.
        requested: Name that was asked for; differs from `baseline` after a fallback.
        source: Where the baseline comes from.
        n: Tracks in it.
        method: How it was measured.
        confidence: How far it can be trusted, in words.
        bands: From "Sub" to "Air".
        figures: Figures that the baseline has ranges of; none for built-in baselines.
        differences: One for each reference if there are fewer than five, else none.
        limits: What a reader has to know along with it; print them.
    """

    baseline: str
    requested: str
    source: str
    n: int
    method: str
    confidence: str
    bands: tuple[BandJudgement, ...]
    figures: tuple[FigureJudgement, ...]
    differences: tuple[ReferenceDifference, ...]
    limits: tuple[str, ...]

    def __getitem__(self, name: str) -> BandJudgement:
        """The band of that name.

        Raises:
            KeyError: There is none.
        """
        for band in self.bands:
            if band.name == name:
                return band
        raise KeyError(name)

    def to_dict(self) -> dict[str, Any]:
        """All of it as plain values for strict JSON."""
        return asdict(self)
