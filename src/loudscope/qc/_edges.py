"""Head and tail: silence before and after the sound, and ends that are cut."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .._layouts import Layout
from ._collector import Chunk
from ._ticks import TickLevels

__all__ = ["Edges", "EndSamples", "Ends", "edges_of"]

SOUND_DBFS = -60.0
JUMP = 0.01  # of full scale, -40 dBFS
OUTER_S = 0.00004  # how much of either end may hold the jump: two samples at 48 kHz


@dataclass(frozen=True, slots=True)
class Edges:
    """The beginning and the end of the audio, seconds.

    Attributes:
        head_s: Time before the first 10 ms above -60 dBFS RMS; None if there are none.
        tail_s: Time after the last such 10 ms; None if there are none.
        head_zero_s: Digital silence at the beginning; all of the audio if it is silent.
        tail_zero_s: Digital silence at the end.
        abrupt_start: The waveform begins with a jump of more than 1 % of full scale (-40 dBFS).
        abrupt_end: It ends with one.
    """

    head_s: float | None
    tail_s: float | None
    head_zero_s: float
    tail_zero_s: float
    abrupt_start: bool
    abrupt_end: bool


@dataclass(frozen=True, slots=True)
class Ends:
    """What the samples at both ends say.

    Attributes:
        first: Frame that holds the first sample other than zero; None: there is none.
        last: Frame that holds the last; -1: there is none.
        head_peak: Largest magnitude in the first 0.04 ms.
        tail_peak: Largest magnitude in the last 0.04 ms.
    """

    first: int | None
    last: int
    head_peak: float
    tail_peak: float


class EndSamples:
    """A collector of the samples at both ends."""

    def __init__(self, rate_hz: int, layout: Layout) -> None:
        self.outer = max(1, round(OUTER_S * rate_hz))
        self.head = self.tail = np.zeros((0, layout.count), np.float32)
        self.first: int | None = None
        self.last = -1

    def feed(self, chunk: Chunk, first_frame: int) -> None:
        """Takes the next second."""
        if len(self.head) < self.outer:
            self.head = np.concatenate([self.head, chunk[: self.outer - len(self.head)]])
        self.tail = np.concatenate([self.tail, chunk[-self.outer :]])[-self.outer :]
        if self.first is None or not chunk[-1].any():
            sounding = np.flatnonzero(chunk.any(axis=1))
            if len(sounding) and self.first is None:
                self.first = first_frame + int(sounding[0])
            if len(sounding):
                self.last = first_frame + int(sounding[-1])
        else:
            self.last = first_frame + len(chunk) - 1

    def finish(self, frames: int) -> Ends:
        """What was found."""
        del frames
        return Ends(
            self.first, self.last, float(np.abs(self.head).max()), float(np.abs(self.tail).max())
        )


def edges_of(levels: TickLevels, ends: Ends) -> Edges:
    """The edges of the audio whose ticks and ends these are."""
    sounding = np.flatnonzero(levels.power.max(axis=1) > 10.0 ** (SOUND_DBFS / 10.0))
    head = tail = None
    if len(sounding):
        head = float(levels.starts[sounding[0]]) / levels.rate_hz
        tail = (levels.frames - int(levels.starts[sounding[-1] + 1])) / levels.rate_hz
    return Edges(
        head_s=head,
        tail_s=tail,
        head_zero_s=(levels.frames if ends.first is None else ends.first) / levels.rate_hz,
        tail_zero_s=(levels.frames - 1 - ends.last) / levels.rate_hz,
        abrupt_start=ends.head_peak > JUMP,
        abrupt_end=ends.tail_peak > JUMP,
    )
