"""Tags for people: a table with a row per file and one for the album."""

from __future__ import annotations

from collections.abc import Sequence

from loudscope.tags import Peak, TagValues

from .measure import Outcome
from .sheet import Sheet
from .styled import Styled
from .tables import Table
from .text import decibels, printable

__all__ = ["show"]


def show(outcomes: Sequence[Outcome[TagValues]], peak: Peak, written: int | None) -> None:
    """Print the values, and how many files were tagged; failures have been told on stderr.

    Args:
        outcomes: What became of each file.
        peak: Which peak the tags hold.
        written: How many files were tagged, or None if none was to be.
    """
    done = [(outcome.path, outcome.row) for outcome in outcomes if outcome.row is not None]
    if not done:
        return
    table = _table(peak)
    for path, row in done:
        table.add_row(printable(path), *_track(row, peak))
    first = done[0][1]
    if first.album is not None:
        table.add_row()
        how = {"pooled": "album", "loudest": "album, by its loudest track"}[first.album]
        table.add_row(Styled.of(how, "bold"), *_album(first, peak))
    sheet = Sheet()
    sheet.table(table)
    if written is not None:
        sheet.line()
        sheet.line(f"tagged {written} of {len(outcomes)} file{'s' * (len(outcomes) > 1)}")
    sheet.show()


def _table(peak: Peak) -> Table:
    table = Table()
    table.add_column("\nfile", folds=True)
    for heading in ("loudness\nLUFS", "gain\ndB", f"{peak} peak\nlinear", "R128 gain\nQ7.8"):
        table.add_column(heading, right=True)
    return table


def _track(row: TagValues, peak: Peak) -> tuple[str, ...]:
    tags = row.replaygain(peak)
    return (
        decibels(row.loudness_lufs, 2),
        decibels(row.track_gain_db, 2),
        tags["REPLAYGAIN_TRACK_PEAK"],
        str(row.r128_track_gain),
    )


def _album(row: TagValues, peak: Peak) -> tuple[str, ...]:
    tags = row.replaygain(peak)
    return (
        decibels(row.album_loudness_lufs, 2),
        decibels(row.album_gain_db, 2),
        tags["REPLAYGAIN_ALBUM_PEAK"],
        str(row.r128_album_gain),
    )
