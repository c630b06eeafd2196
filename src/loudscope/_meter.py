"""The live meter: push audio as it comes, read the figures at any time."""

from __future__ import annotations

import threading
from collections.abc import Sequence, Sized
from dataclasses import dataclass, field
from typing import Any, Literal

from . import _core
from ._analysis import Analysis
from ._audio import as_samples, check_rate, without_nonfinite
from ._bands import BandProfile, check_edges
from ._engine import bad_sample_error, table_of
from ._errors import InvalidArgument, InvalidAudio
from ._layouts import Layout, given_layout
from ._levels import decibels
from ._request import Request
from ._table import BlockTable
from .typing import Array

__all__ = ["Meter", "Reading"]


@dataclass(frozen=True, slots=True)
class Reading:
    """What a meter shows. A figure that does not exist yet is None.

    Attributes:
        seconds: Audio received so far.
        momentary: LUFS over the last 400 ms (Tech 3341 2.2).
        short_term: LUFS over the last 3 s.
        integrated: LUFS since the beginning, both gates, recomputed from all blocks.
        loudness_range: LU since the beginning; unstable for the first minute (Tech 3343).
        momentary_max: LUFS, largest so far, on a 10 ms grid.
        short_term_max: LUFS, largest so far, on a 10 ms grid.
        true_peak_per_channel: dBTP of each channel, of the whole 100 ms blocks so far.
        sample_peak_per_channel: dBFS of each channel, likewise.
        latest: The whole 100 ms blocks of the last 3 s, without peaks: what `analyze` of all that
            was pushed has between these times, to the bit. None until there is one.
    """

    seconds: float
    momentary: float | None
    short_term: float | None
    integrated: float | None
    loudness_range: float | None
    momentary_max: float | None
    short_term_max: float | None
    true_peak_per_channel: tuple[float | None, ...]
    sample_peak_per_channel: tuple[float | None, ...]
    latest: Analysis | None = field(default=None, hash=False)

    @property
    def true_peak(self) -> float | None:
        """Largest true peak of the channels, dBTP."""
        return _largest(self.true_peak_per_channel)

    @property
    def sample_peak(self) -> float | None:
        """Largest sample peak of the channels, dBFS."""
        return _largest(self.sample_peak_per_channel)

    @property
    def correlation(self) -> float | None:
        """Of front left and right in `latest`, -1 to 1; if None, `latest.notes` says why."""
        return None if self.latest is None else self.latest.correlation

    @property
    def band_profile(self) -> BandProfile | None:
        """Energy by band in `latest`, or None where bands are not measured; see `Meter`."""
        return None if self.latest is None else self.latest.band_profile


class Meter:
    """Measures audio that arrives in chunks of any size.

    `table` gives the same rows, bit for bit, as `scan` of all that was pushed, however it was cut.
    Work per second of audio is constant. Without the table, an hour takes about 0.8 MB.
    A meter may be used from several threads; each call takes its turn.

    Args:
        rate_hz: Sampling rate, 8000 to 384000.
        layout: As in `scan`; names the number of channels too.
        dual_mono: As in `analyze`.
        keep_table: Keep all rows, about 18 MB an hour for stereo. Without them `table` and
            `analysis` are refused; `reading` shows the same, but bands only if asked for.
        bands: Whether bands are measured; None: where the table is kept. They take about as much
            time as all the rest.
        edges: As in `scan`, for the bands.
        on_nonfinite: As in `scan`.

    Raises:
        InvalidArgument: An argument does not fit.
    """

    def __init__(
        self,
        rate_hz: float,
        layout: str | Layout | Sequence[str] | Sequence[tuple[float, float]] = "stereo",
        *,
        dual_mono: bool = False,
        keep_table: bool = True,
        bands: bool | None = None,
        edges: Sequence[float] | None = None,
        on_nonfinite: Literal["raise", "zero"] = "raise",
    ) -> None:
        self.rate_hz: int = check_rate(rate_hz)
        self.layout: Layout = given_layout(layout)
        if dual_mono and self.layout.count != 1:
            raise InvalidArgument(f"dual_mono=True: {self.layout} is not one channel")
        self._dual_mono, self._keep = dual_mono, keep_table
        self._zero, self._zeroed = on_nonfinite == "zero", 0
        self._counting = threading.Lock()
        self._edges = check_edges(edges) if (keep_table if bands is None else bands) else ()
        request = Request(edges_hz=self._edges, on_nonfinite=on_nonfinite)
        request.check()
        gain = 2.0 if dual_mono else 1.0
        self._live = _core.Live(
            request.options(self.rate_hz, self.layout),
            [weight * gain for weight in self.layout.weights],
            keep_table,
        )

    def push(self, chunk: Array, *, axis: int = 0) -> None:
        """Takes the next frames.

        Args:
            chunk: Shape (frames,) for one channel or (frames, channels); any dtype that `scan`
                reads; may be empty.
            axis: Axis of the frames, as in `scan`.

        Raises:
            InvalidArgument: The chunk does not have this axis.
            UnsupportedType: The dtype cannot be measured.
            InvalidAudio: The channels do not fit; NonFiniteSamples for NaN. Nothing of the chunk
                is taken then.
        """
        samples = as_samples(chunk, "chunk", axis)
        if samples.shape[1] != self.layout.count:
            raise InvalidAudio(
                f"chunk: {samples.shape[1]} channels, but this meter is for {self.layout.count} "
                f"({self.layout})"
            )
        zeroed: Sized = ()
        if self._zero:
            samples, zeroed = without_nonfinite(samples)
        try:
            self._live.push(samples)
        except _core.BadSample as bad:
            raise bad_sample_error(bad) from None
        with self._counting:
            self._zeroed += len(zeroed)

    def reading(self) -> Reading:
        """The figures so far."""
        now = self._live.reading()
        return Reading(
            seconds=now["frames"] / self.rate_hz,
            momentary=now["momentary"],
            short_term=now["short_term"],
            integrated=now["integrated"],
            loudness_range=now["loudness_range"],
            momentary_max=now["momentary_max"],
            short_term_max=now["short_term_max"],
            true_peak_per_channel=_levels(now["true_peak"]),
            sample_peak_per_channel=_levels(now["sample_peak"]),
            latest=self._latest(now["latest"]),
        )

    def _latest(self, columns: dict[str, Any]) -> Analysis | None:
        if len(columns["frames"]) == 0:
            return None
        table = table_of(columns, self.rate_hz, self.layout, self._edges)
        return Analysis(table, self._dual_mono)

    def table(self) -> BlockTable:
        """The block table of all that was pushed; the meter goes on.

        Raises:
            InvalidArgument: The table is not kept.
            InvalidAudio: Nothing was pushed.
        """
        if not self._keep:
            raise InvalidArgument("keep_table=False: this meter keeps no table; read `reading()`")
        table = table_of(
            self._live.table(), self.rate_hz, self.layout, self._edges, zeroed=self._zeroed
        )
        if table.blocks == 0:
            raise InvalidAudio("meter: nothing was pushed yet")
        return table

    def analysis(self) -> Analysis:
        """Every figure of all that was pushed; the meter goes on.

        Raises:
            InvalidArgument: The table is not kept.
            InvalidAudio: Nothing was pushed.
        """
        return Analysis(self.table(), self._dual_mono)


def _levels(peaks: Sequence[float]) -> tuple[float | None, ...]:
    return tuple(decibels(peak) if peak > 0 else None for peak in peaks)


def _largest(peaks: tuple[float | None, ...]) -> float | None:
    return max((peak for peak in peaks if peak is not None), default=None)
