"""From sources to a report."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from os import PathLike
from typing import Any, BinaryIO, TypeAlias

from loudscope import InvalidArgument

from ..compare import Comparison, compare
from ..genres import Baseline, get
from ..qc import Inspection, inspect
from ..targets import Target, find
from ._report import Report

__all__ = ["Genre", "Progress", "Source", "make", "report"]

Source: TypeAlias = "str | PathLike[str] | BinaryIO | Inspection"
Genre: TypeAlias = "str | PathLike[str] | Baseline | None"
Progress: TypeAlias = "Callable[[float, float | None], object]"


def report(
    source: Source,
    *,
    genre: Genre = None,
    target: str | PathLike[str] | Target | None = None,
    reference: Source | Sequence[Source] | Comparison | None = None,
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
        progress: Called with (seconds done, seconds in all or None) while `source` is read. An
            error that it raises cancels the work and goes on to the caller.

    Raises:
        InvalidArgument: No genre or target of this name, or no reference in a list of them.
        LoudscopeError: As in `loudscope.qc.inspect`.
    """
    aim = None if target is None else find(target)
    baseline = baseline_of(genre)
    if isinstance(reference, Comparison) or reference is None:
        (inspection,) = _inspect_all([source], threads, progress)
        return Report(inspection, aim, baseline, reference)
    inspections = _inspect_all([source, *_listed(reference)], threads, progress)
    return Report(inspections[0], aim, baseline, compare(*inspections))


def make(
    source: Source,
    baseline: Baseline | None,
    target: Target | None,
    references: Sequence[Inspection],
    progress: Progress | None = None,
) -> Report:
    """A report in one thread, from what was resolved and inspected before."""
    inspection = _inspect(source, 1, progress)
    comparison = compare(inspection, *references) if references else None
    return Report(inspection, target, baseline, comparison)


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


def _listed(reference: Source | Sequence[Source]) -> list[Source]:
    if isinstance(reference, str | PathLike | Inspection) or not isinstance(reference, Sequence):
        return [reference]
    if not reference:
        raise InvalidArgument("reference=[]: there is no track; give one, or None")
    return [*reference]


def _inspect_all(
    sources: Sequence[Source], threads: int | None, progress: Progress | None
) -> list[Inspection]:
    """Side by side, the cores shared out; only the first tells how far it is."""
    if len(sources) == 1:
        return [_inspect(sources[0], threads, progress)]
    cores = threads or os.cpu_count() or 1
    workers = max(1, min(cores, len(sources)))
    one = partial(_inspect, threads=max(1, cores // workers))
    told: list[Progress | None] = [progress, *([None] * (len(sources) - 1))]
    with ThreadPoolExecutor(workers) as pool:
        futures = [
            pool.submit(one, it, progress=tell) for it, tell in zip(sources, told, strict=True)
        ]
        try:
            return [future.result() for future in futures]
        finally:
            pool.shutdown(cancel_futures=True)


def _inspect(source: Source, threads: int | None, progress: Progress | None) -> Inspection:
    if isinstance(source, Inspection):
        return source
    audio: Any = source
    return inspect(audio, threads=threads, progress=progress)
