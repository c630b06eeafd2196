"""Channel layouts: what each channel is and how much BS.1770 weighs it.

The position of a loudspeaker decides its weight, not its name (ITU-R BS.1770-5, Annex 3, Table 4):
1.41 where |elevation| < 30° and 60° <= |azimuth| <= 120°, otherwise 1.0; LFE does not count.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from numbers import Real
from typing import Any

from ._errors import InvalidArgument, LayoutError

__all__ = ["Channel", "Layout", "given_layout", "layout_names", "resolve_layout"]

SURROUND_WEIGHT = 1.41  # Table 4 says 1.41 (about +1.5 dB), not 10**0.15


@dataclass(frozen=True, slots=True)
class Channel:
    """One loudspeaker position.

    Attributes:
        label: Short name, for example ``"L"``, ``"LFE"`` or ``"Lss"``.
        azimuth: Degrees, positive to the left, -180 to 180.
        elevation: Degrees, -90 to 90.
        lfe: True for a low-frequency effects channel, which BS.1770 leaves out.
    """

    label: str
    azimuth: float = 0.0
    elevation: float = 0.0
    lfe: bool = False

    def __post_init__(self) -> None:
        if not (-180.0 <= self.azimuth <= 180.0 and -90.0 <= self.elevation <= 90.0):
            raise InvalidArgument(
                f"layout: channel {self.label!r} has azimuth {self.azimuth} and elevation "
                f"{self.elevation}; give degrees from -180 to 180 and from -90 to 90"
            )

    @property
    def weight(self) -> float:
        """BS.1770-5 channel weight G: 0 (LFE), 1.0 or 1.41."""
        if self.lfe:
            return 0.0
        beside = abs(self.elevation) < 30.0 and 60.0 <= abs(self.azimuth) <= 120.0
        return SURROUND_WEIGHT if beside else 1.0


# label: azimuth, elevation (BS.2051-3 nominal angles). An LFE is marked by its label alone.
_POSITIONS: dict[str, tuple[float, float]] = {
    "M": (0, 0), "L": (30, 0), "R": (-30, 0), "C": (0, 0), "LFE": (0, 0),
    "Ls": (110, 0), "Rs": (-110, 0), "Lss": (90, 0), "Rss": (-90, 0),
    "Lrs": (135, 0), "Rrs": (-135, 0), "Cs": (180, 0), "Lsc": (15, 0), "Rsc": (-15, 0),
    "Ltf": (45, 30), "Rtf": (-45, 30), "Ltr": (135, 30), "Rtr": (-135, 30),
    "Ltm": (90, 30), "Rtm": (-90, 30), "Ctf": (0, 30), "Ctr": (180, 30), "Tc": (0, 90),
    "FL": (60, 0), "FR": (-60, 0), "FC": (0, 0), "LFE1": (0, 0), "LFE2": (0, 0),
    "BL": (135, 0), "BR": (-135, 0), "FLc": (30, 0), "FRc": (-30, 0), "BC": (180, 0),
    "SiL": (90, 0), "SiR": (-90, 0), "TpFL": (45, 30), "TpFR": (-45, 30), "TpFC": (0, 30),
    "TpC": (0, 90), "TpBL": (135, 30), "TpBR": (-135, 30), "TpSiL": (90, 30),
    "TpSiR": (-90, 30), "TpBC": (180, 30), "BtFC": (0, -30), "BtFL": (45, -30),
    "BtFR": (-45, -30),
}  # fmt: skip

_NAMED: dict[str, str] = {
    "mono": "M",
    "stereo": "L R",
    "2.1": "L R LFE",
    "3.0": "L R C",
    "3.1": "L R C LFE",
    "quad": "L R Ls Rs",
    "4.0": "L R C Cs",
    "4.1": "L R C LFE Cs",
    "5.0": "L R C Ls Rs",
    "5.1": "L R C LFE Ls Rs",
    "6.0": "L R C Ls Rs Cs",
    "6.1": "L R C LFE Ls Rs Cs",
    "7.0": "L R C Lss Rss Lrs Rrs",
    "7.1": "L R C LFE Lss Rss Lrs Rrs",
    "7.1-wave": "L R C LFE Lrs Rrs Lss Rss",
    "5.1.2": "L R C LFE Ls Rs Ltf Rtf",
    "5.1.4": "L R C LFE Ls Rs Ltf Rtf Ltr Rtr",
    "7.1.2": "L R C LFE Lss Rss Lrs Rrs Ltm Rtm",
    "7.1.4": "L R C LFE Lss Rss Lrs Rrs Ltf Rtf Ltr Rtr",
    "7.1.4-wave": "L R C LFE Lrs Rrs Lss Rss Ltf Rtf Ltr Rtr",
    "9.1.4": "L R C LFE Lss Rss Lrs Rrs Lsc Rsc Ltf Rtf Ltr Rtr",
    "9.1.6": "L R C LFE Lss Rss Lrs Rrs Lsc Rsc Ltf Rtf Ltm Rtm Ltr Rtr",
    "22.2": (
        "FL FR FC LFE1 BL BR FLc FRc BC LFE2 SiL SiR TpFL TpFR TpFC TpC TpBL TpBR TpSiL TpSiR "
        "TpBC BtFC BtFL BtFR"
    ),
}

# dwChannelMask bits of WAVE_FORMAT_EXTENSIBLE, lowest first.
_MASK_LABELS = (
    "L", "R", "C", "LFE", "BL", "BR", "Lsc", "Rsc", "Cs", "SL", "SR",
    "Tc", "Ltf", "Ctf", "Rtf", "Ltr", "Ctr", "Rtr",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Layout:
    """An ordered set of loudspeaker positions.

    Attributes:
        name: One of `layout_names()`, or None for a layout given channel by channel.
        channels: The channels, in the order in which they stand in the audio.
    """

    name: str | None
    channels: tuple[Channel, ...]

    @classmethod
    def named(cls, name: str) -> Layout:
        """The layout of that name, for example ``"stereo"``, ``"5.1"`` or ``"22.2"``.

        Raises:
            LayoutError: No layout has that name; the message lists those there are.
        """
        labels = _NAMED.get(name.lower())
        if labels is None:
            raise LayoutError(
                f"layout: {name!r} is not a layout known here; choose from "
                f"{', '.join(_NAMED)}, or give labels or (azimuth, elevation) pairs"
            )
        return cls(name.lower(), tuple(_channel(label) for label in labels.split()))

    @classmethod
    def from_labels(cls, labels: Sequence[str]) -> Layout:
        """A layout from channel labels in the order of the audio, for example ``["L", "R"]``.

        Raises:
            LayoutError: A label is unknown or stands there twice.
        """
        channels = tuple(_channel(label) for label in labels)
        if len(set(labels)) != len(labels):
            raise LayoutError(f"layout: a label stands twice in {list(labels)}; once is enough")
        return cls(_name_of(channels), channels)

    @classmethod
    def from_positions(cls, positions: Iterable[tuple[float, float]]) -> Layout:
        """A layout from (azimuth, elevation) pairs in degrees, azimuth positive to the left.

        Raises:
            InvalidArgument: An angle is out of range.
            LayoutError: There are no positions.
        """
        channels = tuple(
            Channel(f"{azimuth:g}/{elevation:g}", float(azimuth), float(elevation))
            for azimuth, elevation in positions
        )
        if not channels:
            raise LayoutError("layout: there are no positions; give one pair for each channel")
        return cls(None, channels)

    @classmethod
    def from_wave_mask(cls, mask: int, count: int) -> Layout | None:
        """The layout that a WAVE_FORMAT_EXTENSIBLE channel mask declares, in the file's order.

        BACK_LEFT and BACK_RIGHT are the +-110 degree surrounds where there are no SIDE channels
        (5.1), and the +-135 degree rears where there are (7.1).

        Args:
            mask: ``dwChannelMask``.
            count: Channels in the file.

        Returns:
            The layout, or None if the mask is empty, has unknown bits or another count.
        """
        if mask <= 0 or mask >> len(_MASK_LABELS) or mask.bit_count() != count:
            return None
        labels = [label for bit, label in enumerate(_MASK_LABELS) if mask >> bit & 1]
        sides, backs = {"SL", "SR"} & {*labels}, {"BL", "BR"} & {*labels}
        names = {
            "BL": "Lrs" if sides else "Ls",
            "BR": "Rrs" if sides else "Rs",
            "SL": "Lss" if backs else "Ls",
            "SR": "Rss" if backs else "Rs",
        }
        if labels == ["C"]:
            return cls.named("mono")
        channels = tuple(_channel(names.get(label, label)) for label in labels)
        return cls(_name_of(channels), channels)

    @property
    def count(self) -> int:
        """Number of channels."""
        return len(self.channels)

    @property
    def labels(self) -> tuple[str, ...]:
        """The channels' labels."""
        return tuple(channel.label for channel in self.channels)

    @property
    def weights(self) -> tuple[float, ...]:
        """BS.1770-5 weight of each channel."""
        return tuple(channel.weight for channel in self.channels)

    @property
    def front_pair(self) -> tuple[int, int] | None:
        """Indices of front left and front right, or None where there is no such pair."""
        at = {
            channel.azimuth: index
            for index, channel in reversed(list(enumerate(self.channels)))
            if channel.elevation == 0.0 and not channel.lfe
        }
        pairs = sorted(
            (abs(azimuth - 30.0), index, at[-azimuth])
            for azimuth, index in at.items()
            if 0.0 < azimuth <= 60.0 and -azimuth in at
        )
        if "FL" in self.labels and "FR" in self.labels:  # 22.2 names its outer pair so
            return self.labels.index("FL"), self.labels.index("FR")
        return (pairs[0][1], pairs[0][2]) if pairs else None

    def __str__(self) -> str:
        return self.name or " ".join(self.labels)


def layout_names() -> tuple[str, ...]:
    """Names that `Layout.named` and every ``layout=`` argument accept."""
    return tuple(_NAMED)


def resolve_layout(layout: object, count: int, declared: Layout | None = None) -> Layout:
    """The layout of `count` channels: the given one, else the file's, else the only one possible.

    Args:
        layout: None, a name, a `Layout`, labels, or (azimuth, elevation) pairs.
        count: Channels in the audio.
        declared: What the file says of itself.

    Raises:
        LayoutError: The count fits several layouts or none, or not the given one.
        InvalidArgument: `layout` is of none of these kinds.
    """
    if layout is None:
        return declared if declared is not None else _only_layout(count)
    found = given_layout(layout)
    if found.count != count:
        raise LayoutError(
            f"layout: {found} has {found.count} channels but the audio has {count}; "
            f"for {count}: {_choices(count)}"
        )
    return found


def given_layout(layout: object) -> Layout:
    """The layout of that name, those labels or those positions; raises InvalidArgument."""
    if isinstance(layout, Layout):
        return layout
    if isinstance(layout, str):
        return Layout.named(layout)
    if isinstance(layout, Sequence) and layout:
        if all(isinstance(item, str) for item in layout):
            return Layout.from_labels(layout)
        if all(_is_position(item) for item in layout):
            return Layout.from_positions(layout)
    raise InvalidArgument(
        f"layout: cannot use {layout!r}; give a name such as 'stereo' or '5.1', a Layout, "
        "labels, or (azimuth, elevation) pairs"
    )


def _is_position(item: object) -> bool:
    pair: Sequence[Any] = item if isinstance(item, Sequence) else ()
    real = all(isinstance(angle, Real) for angle in pair)
    return len(pair) == 2 and real and not max(map(abs, pair)) > 1e6


def _only_layout(count: int) -> Layout:
    fitting = [name for name, labels in _NAMED.items() if len(labels.split()) == count]
    if len(fitting) == 1:
        return Layout.named(fitting[0])
    raise LayoutError(f"layout: {count} channels do not say which they are; {_choices(count)}")


def _choices(count: int) -> str:
    fitting = [name for name, labels in _NAMED.items() if len(labels.split()) == count]
    known = f"choose layout={' or '.join(repr(name) for name in fitting)}, or " if fitting else ""
    return f"{known}give one label or one (azimuth, elevation) pair for each channel"


def _channel(label: str) -> Channel:
    if label not in _POSITIONS:
        raise LayoutError(
            f"layout: channel label {label!r} is unknown; known labels: {', '.join(_POSITIONS)}"
        )
    azimuth, elevation = _POSITIONS[label]
    return Channel(label, float(azimuth), float(elevation), label.startswith("LFE"))


def _name_of(channels: tuple[Channel, ...]) -> str | None:
    labels = " ".join(channel.label for channel in channels)
    return next((name for name, known in _NAMED.items() if known == labels), None)
