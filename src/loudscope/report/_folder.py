"""Reports of many tracks, and an index of them."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from html import escape
from os import PathLike
from pathlib import Path
from urllib.parse import quote

from loudscope import LoudscopeError, __version__

from ..compare import compare
from ..qc import Inspection, inspect_all, inspect_each
from ..targets import Target, find
from ._document import VERDICTS, clock, figure
from ._make import Genre, baseline_of
from ._page import fill, policy_of, read_part, style
from ._report import Format, Report, write_whole

__all__ = ["Written", "write_folder"]

INDEX = "index.html"
RANKS = ("needs_work", "minor_fixes", "not_judged", "ready")
TONES = {"ready": "good", "minor_fixes": "warn", "needs_work": "bad", "not_judged": "flat"}


@dataclass(frozen=True, slots=True)
class Written:
    """What became of a track.

    Attributes:
        source: The track.
        path: Its report, or None after an error.
        error: Why there is none, or None.
        verdict: Of its feedback; "" after an error.
        summary: Likewise.
        figures: Duration, integrated loudness, loudness range and true peak, in words.
    """

    source: str
    path: Path | None
    error: LoudscopeError | None
    verdict: str = ""
    summary: str = ""
    figures: tuple[str, ...] = ()


def write_folder(
    sources: Sequence[str | PathLike[str]],
    folder: str | PathLike[str],
    *,
    genre: Genre = None,
    target: str | PathLike[str] | Target | None = None,
    reference: Sequence[str | PathLike[str] | Inspection] = (),
    format: Format = "html",
    threads: int | None = None,
    done: Callable[[Written], object] | None = None,
) -> list[Written]:
    """Writes a report of each track, one track at a time on each core, and ``index.html``.

    A track that cannot be measured does not stop the others.

    Args:
        sources: The tracks' paths.
        folder: Where the reports go; it is made if need be. They are named after the tracks.
        genre: As in `report`.
        target: As in `report`.
        reference: Tracks that each is compared with; they are inspected once.
        format: Of the reports.
        threads: Cores to use; None: all.
        done: Called in this thread after each track, in the order in which they finish. An error
            that it raises cancels the rest and goes on to the caller.

    Returns:
        One for each track, in the order of `sources`.

    Raises:
        InvalidArgument: No genre or target of this name, or `threads` is less than 1.
        FileError: The folder or the index cannot be written.
        LoudscopeError: A reference cannot be measured.
    """
    place = Path(folder)
    baseline, aim = baseline_of(genre), None if target is None else find(target)
    references = inspect_all(reference, threads=threads)
    _make_folder(place)
    paths = _paths(sources, place, format)

    def write(index: int, inspection: Inspection) -> Written:
        comparison = compare(inspection, *references) if references else None
        report = Report(inspection, aim, baseline, comparison)
        return _written(report, os.fsdecode(sources[index]), report.write(paths[index], format))

    written: dict[int, Written] = {}
    with closing(inspect_each(sources, write, threads=threads)) as inspected:
        for index, found in inspected:
            written[index] = (
                Written(os.fsdecode(sources[index]), None, found)
                if isinstance(found, LoudscopeError)
                else found
            )
            if done is not None:
                done(written[index])
    listed = [written[index] for index in range(len(sources))]
    write_whole(place / INDEX, index_of(listed).encode("utf-8"))
    return listed


def _make_folder(place: Path) -> None:
    from loudscope import FileError

    try:
        place.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = error.strerror or str(error)
        raise FileError(f"{place}: cannot be made a folder ({reason})", str(place)) from error


def _paths(sources: Sequence[str | PathLike[str]], place: Path, ending: str) -> list[Path]:
    """A path for each report: two tracks of one name get numbers, and none becomes the index."""
    taken = {INDEX}
    paths = []
    for source in sources:
        name = Path(os.fsdecode(source)).name
        number, unique = 1, f"{name}.{ending}"
        while unique.casefold() in taken:
            number += 1
            unique = f"{name} ({number}).{ending}"
        taken.add(unique.casefold())
        paths.append(place / unique)
    return paths


def _written(report: Report, source: str, path: Path) -> Written:
    analysis = report.inspection.analysis
    figures = (
        clock(analysis.duration),
        figure(analysis.integrated, "", 1),
        figure(analysis.loudness_range, "", 1),
        figure(analysis.true_peak, "", 1),
    )
    return Written(source, path, None, report.feedback.verdict, report.feedback.summary, figures)


def index_of(written: Sequence[Written]) -> str:
    """The index as HTML: the worst first, failures after all."""
    ordered = sorted(written, key=lambda it: RANKS.index(it.verdict) if it.verdict in RANKS else 9)
    text = style()
    return fill(
        read_part("index.html"),
        {
            "policy": policy_of((), text),
            "version": escape(__version__),
            "style": text,
            "count": f"{len(written)} track{'' if len(written) == 1 else 's'}",
            "rows": "".join(map(_row, ordered)),
        },
    )


def _row(it: Written) -> str:
    name = escape(Path(it.source).name)
    if it.path is None:
        return (
            f'<tr><th scope="row">{name}</th><td class="words" colspan="6">'
            f'<span class="pill bad">not measured</span> {escape(str(it.error))}</td></tr>'
        )
    link = f'<a href="{escape(quote(it.path.name))}">{name}</a>'
    pill = f'<span class="pill {TONES[it.verdict]}">{VERDICTS[it.verdict]}</span>'
    cells = "".join(f"<td>{escape(value)}</td>" for value in it.figures)
    return (
        f'<tr><th scope="row">{link}</th><td class="words">{pill}</td>{cells}'
        f'<td class="words small">{escape(it.summary)}</td></tr>'
    )
