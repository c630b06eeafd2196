"""What to do about an issue: one move, with numbers that a tool can take over."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from ._strict import Length, Range, verify

__all__ = [
    "MOST_EQ_DB",
    "Action",
    "Compress",
    "DynamicEq",
    "Eq",
    "Filter",
    "Gain",
    "Limit",
    "MonoBelow",
    "Multiband",
    "NoAction",
    "Trim",
    "Width",
]

MOST_EQ_DB = 3.0
"""An equaliser move that is suggested from outside goes no further than this, in dB."""

Filter = Literal["bell", "low_shelf", "high_shelf", "high_pass", "low_pass", "notch"]
Hertz = Annotated[float, Range(5.0, 24000.0)]
EqDb = Annotated[float, Range(-MOST_EQ_DB, MOST_EQ_DB)]
Quality = Annotated[float, Range(0.1, 60.0)]
Ratio = Annotated[float, Range(1.0, 20.0)]
ReductionDb = Annotated[float, Range(0.0, 12.0)]
RelativeDb = Annotated[float, Range(-60.0, 24.0)]
Text = Annotated[str, Length(280)]


@dataclass(frozen=True, slots=True)
class _Move:
    """Checks its fields when it is made.

    Raises:
        InvalidArgument: A field does not fit.
    """

    def __post_init__(self) -> None:
        verify(self)


@dataclass(frozen=True, slots=True)
class Eq(_Move):
    """A static equaliser move.

    Attributes:
        text: The move in words, as all actions have it.
        filter: Kind of filter. `gain_db` means nothing to a high-pass, a low-pass and a notch: 0.
        freq_hz: Centre or corner, 5 to 24000 Hz.
        gain_db: -3 to 3 dB.
        q: Quality factor, 0.1 to 60.
    """

    text: Text
    filter: Filter
    freq_hz: Hertz
    gain_db: EqDb
    q: Quality
    type: Literal["eq"] = "eq"


@dataclass(frozen=True, slots=True)
class DynamicEq(_Move):
    """An equaliser move that acts above a threshold only.

    Attributes:
        text: The move in words.
        filter: Kind of filter.
        freq_hz: Centre or corner, Hz.
        gain_db: Gain when fully active, -3 to 3 dB.
        q: Quality factor.
        threshold_rel_db: Threshold against the band's average level, dB.
    """

    text: Text
    filter: Filter
    freq_hz: Hertz
    gain_db: EqDb
    q: Quality
    threshold_rel_db: RelativeDb
    type: Literal["dyn_eq"] = "dyn_eq"


@dataclass(frozen=True, slots=True)
class Compress(_Move):
    """Compression of the whole signal.

    Attributes:
        text: The move in words.
        ratio: 1 to 20.
        threshold_rel_db: Threshold against the integrated loudness, dB.
        attack_ms: 0 to 500 ms.
        release_ms: 1 to 5000 ms.
        gr_db: Gain reduction to aim at, 0 to 12 dB.
    """

    text: Text
    ratio: Ratio
    threshold_rel_db: RelativeDb
    attack_ms: Annotated[float, Range(0.0, 500.0)]
    release_ms: Annotated[float, Range(1.0, 5000.0)]
    gr_db: ReductionDb
    type: Literal["compress"] = "compress"


@dataclass(frozen=True, slots=True)
class Multiband(_Move):
    """Compression of one band.

    Attributes:
        text: The move in words.
        band_hz: Low and high edge, Hz.
        ratio: 1 to 20.
        gr_db: Gain reduction to aim at, 0 to 12 dB.
    """

    text: Text
    band_hz: tuple[Hertz, Hertz]
    ratio: Ratio
    gr_db: ReductionDb
    type: Literal["multiband"] = "multiband"


@dataclass(frozen=True, slots=True)
class Limit(_Move):
    """True-peak limiting.

    Attributes:
        text: The move in words.
        ceiling_dbtp: -20 to 0 dBTP.
    """

    text: Text
    ceiling_dbtp: Annotated[float, Range(-20.0, 0.0)]
    type: Literal["limit"] = "limit"


@dataclass(frozen=True, slots=True)
class Gain(_Move):
    """One gain for the whole programme.

    Attributes:
        text: The move in words.
        gain_db: -60 to 60 dB.
    """

    text: Text
    gain_db: Annotated[float, Range(-60.0, 60.0)]
    type: Literal["gain"] = "gain"


@dataclass(frozen=True, slots=True)
class Width(_Move):
    """Stereo width of a band.

    Attributes:
        text: The move in words.
        band_hz: Low and high edge, Hz.
        percent: Gain of the side signal: 0 is mono, 100 leaves it, 200 doubles it.
    """

    text: Text
    band_hz: tuple[Hertz, Hertz]
    percent: Annotated[float, Range(0.0, 200.0)]
    type: Literal["width"] = "width"


@dataclass(frozen=True, slots=True)
class MonoBelow(_Move):
    """Sum what lies below a frequency to mono.

    Attributes:
        text: The move in words.
        hz: 20 to 300 Hz.
    """

    text: Text
    hz: Annotated[float, Range(20.0, 300.0)]
    type: Literal["mono_below"] = "mono_below"


@dataclass(frozen=True, slots=True)
class Trim(_Move):
    """Cut silence off.

    Attributes:
        text: The move in words.
        head_s: Seconds to cut from the beginning.
        tail_s: Seconds to cut from the end.
    """

    text: Text
    head_s: Annotated[float, Range(0.0, 1e6)]
    tail_s: Annotated[float, Range(0.0, 1e6)]
    type: Literal["trim"] = "trim"


@dataclass(frozen=True, slots=True)
class NoAction(_Move):
    """Nothing that a processor could do: the text says what else, or that nothing is needed.

    Attributes:
        text: For example "go back to the mix before the limiter".
    """

    text: Text
    type: Literal["none"] = "none"


Action = Eq | DynamicEq | Compress | Multiband | Limit | Gain | Width | MonoBelow | Trim | NoAction
