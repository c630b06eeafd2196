"""What a comparison says: differences of a mix from its references, loudness matched."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

__all__ = [
    "BandDifference",
    "Comparison",
    "Difference",
    "FigureDifference",
    "SectionDifference",
    "ThirdDifference",
    "Track",
]

Word = Literal["typical", "unusual", "far out", "not judged"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Track:
    """One of the tracks.

    Attributes:
        name: Name of the source, or None.
        duration: Seconds.
        integrated: LUFS, or None.
        gain: dB to be applied to it for the loudness of the mix; 0 for the mix itself, None where
            a loudness does not exist.
    """

    name: str | None
    duration: float
    integrated: float | None
    gain: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """The mix minus the references.

    Attributes:
        mix: Value of the mix, or None.
        reference: Mean over the references, at the loudness of the mix where `matched`.
        difference: `mix` - `reference`, or None.
        differences: `mix` minus each reference, in the order in which they were given.
        n: References that have the figure.
        low: Lower end of the references' range; None with fewer than five.
        high: Upper end of it.
        word: Where the mix lies in that range; "not judged" with fewer than five references.
    """

    mix: float | None
    reference: float | None
    difference: float | None
    differences: tuple[float | None, ...]
    n: int
    low: float | None
    high: float | None
    word: Word


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureDifference(Difference):
    """A figure of the whole track.

    Attributes:
        name: For example "true_peak".
        unit: For example "dBTP".
        matched: Whether the references were brought to the loudness of the mix. Figures that no
            gain changes are not.
    """

    name: str
    unit: str
    matched: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class BandDifference(Difference):
    """The gated level of a band in dBFS, loudness matched.

    Attributes:
        name: As in `BandProfile`: "Sub" to "Air".
        low_hz: Lower edge.
        high_hz: Upper edge.
    """

    name: str
    low_hz: float
    high_hz: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ThirdDifference(Difference):
    """The gated level of a third octave in dBFS, loudness matched.

    Attributes:
        hz: Exact centre, IEC 61260-1 base 10.
    """

    hz: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionDifference:
    """A stretch of the mix.

    Attributes:
        start: Seconds in the mix.
        stop: Seconds in the mix.
        loudness: LUFS of the stretch, loudness matched by the whole tracks' gain.
        bands: The bands in the stretch.
    """

    start: float
    stop: float
    loudness: FigureDifference
    bands: tuple[BandDifference, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """A mix beside its references.

    Attributes:
        mix: The mix.
        references: The references in the order in which they were given.
        figures: Figures of the whole tracks.
        bands: From "Sub" to "Air".
        thirds: Third octaves.
        sections: Stretches of the mix of equal length.
        cut: How the sections were cut, and what each was held against, in words.
        confidence: What the number of references allows to say, in words.
        limits: What a reader has to know along with it; print them.
    """

    mix: Track
    references: tuple[Track, ...]
    figures: tuple[FigureDifference, ...]
    bands: tuple[BandDifference, ...]
    thirds: tuple[ThirdDifference, ...]
    sections: tuple[SectionDifference, ...]
    cut: str
    confidence: str
    limits: tuple[str, ...]

    def __getitem__(self, name: str) -> FigureDifference | BandDifference:
        """The figure or band of that name.

        Raises:
            KeyError: There is none.
        """
        named: tuple[FigureDifference | BandDifference, ...] = (*self.figures, *self.bands)
        for found in named:
            if found.name == name:
                return found
        raise KeyError(name)

    def to_dict(self) -> dict[str, Any]:
        """All of it as plain values for strict JSON."""
        return asdict(self)
