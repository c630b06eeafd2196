"""A folder of references: one track at a time on each core, and only its figures kept."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import replace
from os import PathLike
from pathlib import Path

from .. import FileError, InvalidArgument, LoudscopeError
from ._baseline import Baseline, Skipped
from ._own import unique
from ._reference import Reference

__all__ = ["FileProgress", "build", "extend"]

FileProgress = Callable[[int, int], object]
Taken = list[tuple[str, Reference]]

SHORTEST_SECONDS = 30.0


class _CancelledError(Exception):
    """Raised out of an inspection's progress to make it stop."""


def build(
    folder: str | PathLike[str],
    name: str | None,
    threads: int | None,
    progress: FileProgress | None,
) -> Baseline:
    """See `Baseline.from_folder`."""
    taken, skipped = _measure(folder, threads, progress)
    references, twins = _distinct(taken, {})
    if not references:
        raise InvalidArgument(_nothing(folder, (*skipped, *twins)))
    own = name or Path(folder).resolve().name or "references"
    found = Baseline.from_references(references, name=own)
    return replace(found, skipped=_sorted(skipped, twins))


def extend(
    baseline: Baseline,
    folder: str | PathLike[str],
    threads: int | None,
    progress: FileProgress | None,
) -> Baseline:
    """See `Baseline.extend`."""
    taken, skipped = _measure(folder, threads, progress)
    references, twins = _distinct(taken, {it.sha256: it.name for it in baseline.references})
    if not references:
        raise InvalidArgument(_nothing(folder, (*skipped, *twins)))
    found = Baseline.from_references((*baseline.references, *references), name=baseline.name)
    return replace(found, skipped=_sorted(skipped, twins))


def _measure(
    folder: str | PathLike[str], threads: int | None, progress: FileProgress | None
) -> tuple[Taken, list[Skipped]]:
    paths = _files(os.fspath(folder))
    taken: Taken = []
    skipped: list[Skipped] = []
    for done, (path, found) in enumerate(_inspected(paths, threads or _cores()), 1):
        if isinstance(found, Reference):
            taken.append((path, found))
        else:
            skipped.append(Skipped(path, found))
        if progress is not None:
            progress(done, len(paths))
    return sorted(taken, key=lambda item: item[0]), skipped


def _files(folder: str) -> list[str]:
    """Every file below that is not hidden, by name; a file stands for itself."""
    if os.path.isfile(folder):
        return [folder]
    failures: list[OSError] = []
    found = []
    for place, folders, names in os.walk(folder, onerror=failures.append):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        found += [os.path.join(place, name) for name in names if not name.startswith(".")]
    if failures and not found:
        reason = failures[0].strerror or str(failures[0])
        raise FileError(f"{folder}: cannot be read: {reason}", folder)
    return sorted(found)


def _inspected(paths: Sequence[str], threads: int) -> Iterator[tuple[str, Reference | str]]:
    """Each path with its figures or the reason why there are none, as they come."""
    stop = threading.Event()
    with ThreadPoolExecutor(max(1, min(threads, len(paths)))) as pool:
        futures = {pool.submit(_inspect, path, stop): path for path in paths}
        try:
            for future in as_completed(futures):
                yield futures.pop(future), future.result()
        finally:
            stop.set()
            pool.shutdown(wait=True, cancel_futures=True)


def _inspect(path: str, stop: threading.Event) -> Reference | str:
    from ..qc import inspect

    def watch(_done: float, _total: float | None) -> None:
        if stop.is_set():
            raise _CancelledError

    try:
        inspection = inspect(path, threads=1, progress=watch)
    except LoudscopeError as error:
        return str(error).removeprefix(f"{path}: ")
    except _CancelledError:
        return "cancelled"
    if inspection.analysis.duration < SHORTEST_SECONDS:
        return f"{inspection.analysis.duration:.1f} s; a reference has to last 30 s"
    found = Reference.of(inspection)
    return found if any(it is not None for it in found.bands) else "nothing passes the gates"


def _distinct(
    taken: Taken, known: dict[str, str | None]
) -> tuple[tuple[Reference, ...], list[Skipped]]:
    """The references that are new, and the files that hold what there is already."""
    first = dict(known)
    twins, new = [], []
    for path, reference in taken:
        if reference.sha256 in first:
            twins.append(Skipped(path, f"the same audio as {first[reference.sha256]}"))
        else:
            first[reference.sha256] = reference.name
            new.append(reference)
    return unique(new), twins


def _sorted(*lists: Sequence[Skipped]) -> tuple[Skipped, ...]:
    return tuple(sorted((it for found in lists for it in found), key=lambda it: it.path))


def _nothing(folder: str | PathLike[str], skipped: Sequence[Skipped]) -> str:
    why = f"; {skipped[0].path}: {skipped[0].reason}" if skipped else ""
    return f"folder={os.fspath(folder)!r}: not one new track of 30 s or more in it{why}"


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
