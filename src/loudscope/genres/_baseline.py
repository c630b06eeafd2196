"""A baseline: what is usual in a genre, or among references of your own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
from os import PathLike
from typing import TYPE_CHECKING, Any

from .. import Analysis, InvalidArgument
from ._judgement import Judgement
from ._ranges import BandRange, FigureRange, ThirdRange
from ._reference import Reference

if TYPE_CHECKING:
    from ..qc import Inspection
    from ._folder import FileProgress
    from ._outliers import Outlier

__all__ = ["Baseline", "Skipped"]


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file that was not taken.

    Attributes:
        path: As it was found.
        reason: Why, in words.
    """

    path: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """Ranges of the bands' levels above the mid band, 500 to 2000 Hz, and where they come from.

    A built-in one (`get`) has ranges only. One of your own (`from_folder`) also keeps a row of
    figures for each reference, never audio, so that it can be extended and merged exactly: neither
    the order of the files nor that of merges matters.

    Attributes:
        name: For example "rock".
        title: The name in words.
        source: Where it comes from.
        n: Tracks in it.
        method: How they were measured.
        confidence: How far it can be trusted, in words.
        limits: What a reader has to know with every use; print them.
        bands: From "Sub" to "Air".
        thirds: Third octaves, where there are any.
        figures: Figures of whole tracks, where there are any.
        references: One for each track; empty for built-in baselines.
        fallback_for: The genre that was asked for and has no baseline, else None.
        skipped: Files that `from_folder` and `extend` did not take; not stored, not compared.
    """

    name: str
    title: str
    source: str
    n: int
    method: str
    confidence: str
    limits: tuple[str, ...]
    bands: tuple[BandRange, ...]
    thirds: tuple[ThirdRange, ...] = ()
    figures: tuple[FigureRange, ...] = ()
    references: tuple[Reference, ...] = ()
    fallback_for: str | None = None
    skipped: tuple[Skipped, ...] = field(default=(), compare=False)

    @classmethod
    def from_folder(
        cls,
        folder: str | PathLike[str],
        *,
        name: str | None = None,
        threads: int | None = None,
        progress: FileProgress | None = None,
    ) -> Baseline:
        """Measure the tracks in a folder, to the bottom: one at a time on each core.

        The tracks share this process: Python's lock was found held for a fifth of the time, so
        some five cores can be kept busy.

        Tracks under 30 s and those that are there already are dropped and listed in `skipped`, as
        is what cannot be read; dual mono and codec cut-offs are noted with each reference.

        Args:
            folder: Where the references lie. Hidden entries are passed over.
            name: Name of the baseline; None takes the folder's.
            threads: Tracks at a time; None: one for each core.
            progress: Called with (files done, files in all) in this thread after each file. An
                error that it raises cancels the work and goes on to the caller.

        Raises:
            FileError: The folder cannot be read.
            InvalidArgument: Not one track in it can be taken.
        """
        from ._folder import build

        return build(folder, name, threads, progress)

    @classmethod
    def from_references(cls, references: Iterable[Reference], *, name: str) -> Baseline:
        """Make a baseline of tracks that were measured; the same PCM counts once.

        Raises:
            InvalidArgument: There are no references.
        """
        from ._own import baseline_of

        return baseline_of(references, name)

    def extend(
        self,
        folder: str | PathLike[str],
        *,
        threads: int | None = None,
        progress: FileProgress | None = None,
    ) -> Baseline:
        """This baseline and the tracks of another folder, or one more track; see `from_folder`.

        A track that is there already is known again once it is measured, and counts once.

        Raises:
            FileError: The folder cannot be read.
            InvalidArgument: This is a built-in baseline, or there is nothing new to take.
        """
        from ._folder import extend

        self._check_own()
        return extend(self, folder, threads, progress)

    def merge(self, other: Baseline) -> Baseline:
        """Both baselines' references as one, under this one's name.

        It is exact: associative, and the order does not matter but for the name.

        Raises:
            InvalidArgument: One of them is built-in, or their band edges differ.
        """
        self._check_own()
        other._check_own()
        if _edges(self) != _edges(other):
            raise InvalidArgument(
                f"other: its band edges are {_edges(other)}, not {_edges(self)}; measure it anew"
            )
        return type(self).from_references((*self.references, *other.references), name=self.name)

    def without(self, *sha256: str) -> Baseline:
        """This baseline without the references of these hashes, for example the outliers'.

        Raises:
            InvalidArgument: A hash is not among them, or nothing would be left.
        """
        self._check_own()
        known = {reference.sha256 for reference in self.references}
        if unknown := set(sha256) - known:
            raise InvalidArgument(f"sha256={sorted(unknown)}: not among the {self.n} references")
        kept = (it for it in self.references if it.sha256 not in sha256)
        return type(self).from_references(kept, name=self.name)

    @property
    def outliers(self) -> tuple[Outlier, ...]:
        """References that lie beyond 3 sd of the others in two bands or more; they are kept."""
        from ._outliers import outliers_of

        return outliers_of(self.references)

    def judge(self, measured: Analysis | Inspection) -> Judgement:
        """Say where a track lies: typical, unusual or far out, and with what limits.

        Levels are gated and aligned on 500 to 2000 Hz, so no gain changes the judgement. Of sub
        only an excess is judged. Air counts less where a codec cut-off or the sampling rate leaves
        nothing above 16 kHz.

        Args:
            measured: With an `Inspection` the codec cut-off is known, and `psr_median`.

        Raises:
            InvalidArgument: The bands were not measured, or with other edges.
        """
        from ._judge import judge

        return judge(self, measured)

    def save(self, path: str | PathLike[str]) -> None:
        """Write the references' figures as JSON; the file is replaced as a whole or not at all.

        Raises:
            InvalidArgument: This is a built-in baseline.
            FileError: The file cannot be written.
        """
        from ._store import save

        self._check_own()
        save(self, path)

    @classmethod
    def load(cls, path: str | PathLike[str]) -> Baseline:
        """Read what `save` wrote; the ranges are computed anew.

        Raises:
            FileError: The file cannot be read, or is no baseline.
            InvalidArgument: It was measured with another schema, edges, window or gating.
        """
        from ._store import load

        return load(path)

    def standing_in(self, genre: str, limit: str) -> Baseline:
        """This baseline for a genre that has none, with that said first among the limits."""
        return replace(self, fallback_for=genre, limits=(limit, *self.limits))

    def to_dict(self) -> dict[str, Any]:
        """All of it as plain values for strict JSON, ranges included."""
        return asdict(self)

    def __getitem__(self, name: str) -> BandRange:
        """The band of that name.

        Raises:
            KeyError: There is none.
        """
        for band in self.bands:
            if band.name == name:
                return band
        raise KeyError(name)

    def _check_own(self) -> None:
        if not self.references:
            raise InvalidArgument(
                f"baseline {self.name!r}: it is built-in and keeps no references; build one of "
                "your own with Baseline.from_folder"
            )


def _edges(baseline: Baseline) -> tuple[float, ...]:
    return (*(band.low_hz for band in baseline.bands), baseline.bands[-1].high_hz)
