"""From sources to a report."""

from __future__ import annotations

from collections.abc import Sequence
from os import PathLike
from typing import TypeAlias

from loudscope import InvalidArgument

from ..compare import Comparison, compare
from ..genres import Baseline, get
from ..qc import Inspectable, Inspection, inspect_all
from ..targets import Target, find
from ..typing import Progress
from ._report import Report

__all__ = ["Genre", "baseline_of", "report"]

Genre: TypeAlias = "str | PathLike[str] | Baseline | None"


def report(
    source: Inspectable,
    *,
    genre: Genre = None,
    target: str | PathLike[str] | Target | None = None,
    reference: Inspectable | Sequence[Inspectable] | Comparison | None = None,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Report:
    """Measures a track and makes its report.

    The page holds the judgement of every target and genre that is known, so that a reader can
    change them; `genre` and `target` say which it shows first.

    Args:
        source: A path, an open binary file, or what `loudscope.qc.inspect` found.
        genre: Name of a genre, a baseline, or the path of a baseline's ``.json``; None: tone is
            not judged until a reader chooses a genre.
        target: Name of a target, a target, or a TOML file; None: delivery is not judged until a
            reader chooses a target.
        reference: One or more tracks to compare with, at equal loudness, or a comparison that was
            made before. Tracks are inspected side by side, on all cores.
        threads: Cores to use; None: all.
        progress: As in `loudscope.qc.inspect_all`, over all tracks.

    Raises:
        InvalidArgument: No genre or target of this name, or no reference in a list of them; or
            `threads` is less than 1.
        LoudscopeError: As in `loudscope.qc.inspect`.
    """
    aim = None if target is None else find(target)
    baseline = baseline_of(genre)
    if isinstance(reference, Comparison) or reference is None:
        (inspection,) = inspect_all([source], threads=threads, progress=progress)
        return Report(inspection, aim, baseline, reference)
    tracks = [source, *_listed(reference)]
    inspections = inspect_all(tracks, threads=threads, progress=progress)
    return Report(inspections[0], aim, baseline, compare(*inspections))


def baseline_of(genre: Genre) -> Baseline | None:
    """The baseline that a name, or the path of a baseline's file, means.

    Raises:
        InvalidArgument: No genre of this name, or the file holds no baseline.
        FileError: The file cannot be read.
    """
    if genre is None or isinstance(genre, Baseline):
        return genre
    if isinstance(genre, str) and not genre.lower().endswith(".json"):
        return get(genre)
    return Baseline.load(genre)


def _listed(reference: Inspectable | Sequence[Inspectable]) -> list[Inspectable]:
    if isinstance(reference, str | PathLike | Inspection) or not isinstance(reference, Sequence):
        return [reference]
    if not reference:
        raise InvalidArgument("reference=[]: there is no track; give one, or None")
    return [*reference]
