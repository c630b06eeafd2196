"""Why a figure does not exist, and what else a reader of the figures should know."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

__all__ = ["Absent", "Note", "NoteCode", "present"]

T = TypeVar("T")


class NoteCode(StrEnum):
    """Machine-readable reasons; the values are stable."""

    TOO_SHORT = "too_short"
    SILENT = "silent"
    GATED_OUT = "gated_out"
    NOT_MEASURED = "not_measured"
    NO_FRONT_PAIR = "no_front_pair"
    IDENTICAL_CHANNELS = "identical_channels"
    CHANNEL_SILENT = "channel_silent"
    CANCELS_IN_MONO = "cancels_in_mono"
    ABOVE_NYQUIST = "above_nyquist"
    SINGLE_MONO = "single_mono"
    UNSTABLE_RANGE = "unstable_range"
    FAR_OVER_FULL_SCALE = "far_over_full_scale"
    ZEROED_SAMPLES = "zeroed_samples"
    TRUNCATED = "truncated"


@dataclass(frozen=True, slots=True)
class Note:
    """A remark on the figures.

    Attributes:
        code: Machine-readable reason.
        figure: The figure it is about, or "" for all of them.
        message: The same for people.
    """

    code: NoteCode
    figure: str
    message: str


@dataclass(frozen=True, slots=True)
class Absent:
    """Stands in for a figure that does not exist."""

    code: NoteCode
    message: str


def present(figure: T | Absent) -> T | None:
    """The figure, or None where it does not exist."""
    return None if isinstance(figure, Absent) else figure
