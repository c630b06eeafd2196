"""A folder of references: one track at a time on each core, and only its figures kept."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import replace
from os import PathLike
from pathlib import Path

from .. import FileError, InvalidArgument
from ..qc import Inspection, inspect_each
from ._baseline import Baseline, Skipped
from ._own import unique
from ._reference import Reference

__all__ = ["FileProgress", "build", "extend"]

FileProgress = Callable[[int, int], object]
Taken = list[tuple[str, Reference]]

SHORTEST_SECONDS = 30.0


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
    with closing(inspect_each(paths, _kept, threads=threads)) as inspected:
        for done, (index, found) in enumerate(inspected, 1):
            path = paths[index]
            if isinstance(found, Reference):
                taken.append((path, found))
            else:
                skipped.append(Skipped(path, str(found).removeprefix(f"{path}: ")))
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


def _kept(_index: int, inspection: Inspection) -> Reference | str:
    """Its figures, or why they are none of a reference."""
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
