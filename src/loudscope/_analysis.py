"""The result of a measurement: every figure, computed from its table when it is asked for."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from ._bands import BandProfile, profile_of
from ._gate_spans import dropped_spans
from ._loudness import Gating, LoudnessRange, Series, loudness_of
from ._notes import Absent, Note, present
from ._peak_figures import PeakFigures
from ._stereo import Stereo
from ._table import BlockTable

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from .plot import GenreLike, TargetLike, Theme
    from .qc import Spectrum

__all__ = ["Analysis"]


@dataclass(frozen=True)
class Analysis(PeakFigures):
    """What was measured. Every figure is a function of `table`; nothing else is stored.

    Values compare by table and options, pickle, and answer for any span with `between`. A figure
    that does not exist is None, and `notes` says why.

    Attributes:
        table: The block table.
        dual_mono: Whether one channel is measured as played on two loudspeakers (+3.01 LU).
        name: Name of the source, for example the file's, or None.
    """

    table: BlockTable
    dual_mono: bool = False
    name: str | None = None

    __hash__: ClassVar[None] = None  # type: ignore[assignment]

    def __getstate__(self) -> dict[str, Any]:
        return {"table": self.table, "dual_mono": self.dual_mono, "name": self.name}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)

    # -- the audio ---------------------------------------------------------------------------

    @property
    def duration(self) -> float:
        """Seconds of audio."""
        return self.table.duration

    @property
    def frames(self) -> int:
        """Frames of audio."""
        return self.table.frame_count

    @property
    def rate_hz(self) -> int:
        """Sampling rate."""
        return self.table.rate_hz

    def between(self, start: float | None = None, stop: float | None = None) -> Analysis:
        """The same figures for a span, without the audio.

        Args:
            start: Seconds; snapped to the 100 ms blocks. None: from the beginning.
            stop: Seconds; None: to the end.

        Raises:
            InvalidArgument: The span is empty or outside.
        """
        return replace(self, table=self.table.between(start, stop))

    # -- loudness ----------------------------------------------------------------------------

    @property
    def relative_threshold(self) -> float | None:
        """The relative gate in LUFS (BS.1770-5 eq. 6)."""
        return present(self._loudness.relative_threshold)

    @property
    def gating(self) -> Gating | None:
        """How many gating blocks there were and how many each gate dropped."""
        gated = present(self._loudness.gated)
        return None if gated is None else gated[0]

    @property
    def dropped_spans(self) -> tuple[tuple[float, float], ...]:
        """(start, stop) in seconds, whole blocks of 100 ms of which no gating block was kept."""
        return dropped_spans(self._loudness)

    @property
    def momentary(self) -> Series:
        """Momentary loudness, LUFS, 400 ms every 10 ms (Tech 3341 2.2)."""
        return _series(self._loudness.momentary_power)

    @property
    def short_term(self) -> Series:
        """Short-term loudness, LUFS, 3 s every 100 ms (Tech 3341 2.2)."""
        return _series(self._loudness.short_term_power)

    @property
    def momentary_max(self) -> float | None:
        """Largest momentary loudness in LUFS."""
        found = present(self._loudness.momentary_max)
        return None if found is None else found.value

    @property
    def momentary_max_at(self) -> float | None:
        """End of the loudest 400 ms, in seconds."""
        found = present(self._loudness.momentary_max)
        return None if found is None else found.seconds

    @property
    def short_term_max(self) -> float | None:
        """Largest short-term loudness in LUFS, on a 10 ms grid."""
        found = present(self._loudness.short_term_max)
        return None if found is None else found.value

    @property
    def short_term_max_at(self) -> float | None:
        """End of the loudest 3 s, in seconds."""
        found = present(self._loudness.short_term_max)
        return None if found is None else found.seconds

    def lra(self, *, trailing_silence: bool = False) -> LoudnessRange | None:
        """Loudness range (Tech 3342): 10 Hz, nearest rank.

        Args:
            trailing_silence: Follow each programme by 1.5 s of silence, as Tech 3342 advises for
                files. It changes clips of 12 to 30 s by 0.7 to 0.95 LU on average.
        """
        return present(self._loudness.loudness_range(trailing_silence))

    @cached_property
    def _range(self) -> LoudnessRange | None:
        return self.lra()

    @property
    def loudness_range(self) -> float | None:
        """Loudness range in LU, without trailing silence."""
        found = self._range
        return None if found is None else found.value

    @property
    def loudness_range_low(self) -> float | None:
        """10th percentile of the short-term loudness, LUFS."""
        found = self._range
        return None if found is None else found.low

    @property
    def loudness_range_high(self) -> float | None:
        """95th percentile of the short-term loudness, LUFS."""
        found = self._range
        return None if found is None else found.high

    # -- stereo and tone ---------------------------------------------------------------------

    @cached_property
    def _stereo(self) -> Stereo:
        return Stereo(self._loudness)

    @property
    def balance(self) -> float | None:
        """Left over right in dB, K-weighted and gated; positive: left is louder."""
        return present(self._stereo.balance)

    @property
    def correlation(self) -> float | None:
        """Correlation of front left and right, -1 to 1."""
        return present(self._stereo.correlation)

    @property
    def mid_side_ratio(self) -> float | None:
        """Energy of (L+R)/2 over (L-R)/2 in dB."""
        return present(self._stereo.mid_side_ratio)

    @property
    def mono_loss(self) -> float | None:
        """What mono playback loses, LU: 0 for dual mono, 3 for unrelated channels."""
        return present(self._stereo.mono_loss)

    @cached_property
    def band_profile(self) -> BandProfile | None:
        """Energy by band, or None where bands were not measured."""
        return profile_of(self.table)

    # -- in words ----------------------------------------------------------------------------

    @cached_property
    def notes(self) -> tuple[Note, ...]:
        """Why figures do not exist, and what a reader should know of those that do."""
        from ._remarks import remarks_on

        return remarks_on(self)

    def to_dict(self) -> dict[str, Any]:
        """All figures as plain values; see docs/json.md for the schema. Series are left out."""
        from ._export import as_dict

        return as_dict(self)

    def to_json(self, *, indent: int | None = None) -> str:
        """`to_dict` as strict JSON: no NaN, no Infinity; a figure that does not exist is null."""
        from ._export import as_json

        return as_json(self, indent)

    def summary(self) -> str:
        """The figures as a few lines of text."""
        from ._export import as_text

        return as_text(self)

    # -- in pictures -------------------------------------------------------------------------

    def plot(
        self,
        *,
        target: TargetLike = None,
        genre: GenreLike = None,
        spectrum: Spectrum | None = None,
        level_dbtp: float = 0.0,
        figure: Figure | None = None,
        theme: Theme = "auto",
    ) -> Figure:
        """Loudness, peaks, bands and stereo as a Matplotlib figure; see `loudscope.plot.overview`.

        Args:
            target: A delivery target, its name, or a check: what it asks for is drawn as a band.
            genre: A baseline, or the name or file of one: its ranges are drawn beside the bands.
            spectrum: Of the same audio, from `loudscope.spectrum`: it is drawn, too.
            level_dbtp: What counts as an over, dBTP.
            figure: An empty figure to draw on; None makes one that pyplot does not know.
            theme: What lies behind: "light", "dark", or "auto" as Matplotlib's settings have it.

        Raises:
            MissingExtra: Matplotlib is not installed: ``pip install 'loudscope[plot]'``.
            InvalidArgument: No such target, genre or theme.
        """
        from .plot import overview

        return overview(
            self,
            target=target,
            genre=genre,
            spectrum=spectrum,
            level_dbtp=level_dbtp,
            figure=figure,
            theme=theme,
        )

    def chart(self, width: int | None = None, height: int = 12, *, ascii_only: bool = False) -> str:
        """Loudness over time as lines of text: momentary behind short-term, LUFS.

        Args:
            width: Letters in a line, 40 to 1000; None: as many as the terminal has.
            height: Lines of the chart at most, from 4; the times below are not counted.
            ascii_only: Draw with ``#`` and ``:`` where the encoding has no blocks.

        Raises:
            InvalidArgument: A width or height that does not fit.
        """
        from ._text_chart import chart_of

        return chart_of(self, width, height, ascii_only)

    def _repr_html_(self) -> str:
        """As a notebook shows it: figures, small charts, notes."""
        from ._repr_html import as_html

        return as_html(self)


def _series(found: tuple[Any, Any] | Absent) -> Series:
    if isinstance(found, Absent):
        return Series(np.zeros(0), np.zeros(0))
    return Series(found[1], loudness_of(found[0]))
