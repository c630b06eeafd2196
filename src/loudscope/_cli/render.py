"""Answers for people: a table of many files."""

from __future__ import annotations

import os
from dataclasses import dataclass

import loudscope

from .chart import chart, write_chart
from .measure import Outcome
from .sheet import Sheet
from .styled import Styled
from .tables import Cell, Table
from .text import clock, decibels, printable

__all__ = ["OVER", "TableReport", "over"]

OVER = "bold red"
_SHOWN = frozenset(
    ("", "integrated", "loudness_range", "momentary_max", "short_term_max", "true_peak")
)
_REMARKS = {
    "too_short": "too short: M and I take 400 ms of audio, S and LRA take 3 s",
    "silent": "digital silence has no level",
    "gated_out": "nothing passes the gates of BS.1770",
    "single_mono": "one channel, measured as BS.1770 has it; --dual-mono adds 3.01 LU",
    "unstable_range": "shorter than 60 s: the loudness range means little (EBU Tech 3343)",
    "zeroed_samples": "samples that were not finite read as zero",
    "truncated": "cut short: figures are of what is there",
}


@dataclass(frozen=True, slots=True)
class _Row:
    duration: str
    integrated: str
    loudness_range: str
    momentary_max: str
    short_term_max: str
    true_peak: str
    over: bool
    plr: str
    remarks: tuple[str, ...]
    chart: str | None


class TableReport:
    """A row per file, in the order of the arguments, and one for the album.

    Below it the loudness of each over time, if that is to be drawn.
    """

    def __init__(self, plot: bool = False) -> None:
        self._plot = plot
        self._outcomes: list[Outcome[_Row]] = []

    def distil(self, analysis: loudscope.Analysis) -> _Row:
        """Keep what a row shows."""
        return _Row(
            duration=clock(analysis.duration),
            integrated=decibels(analysis.integrated),
            loudness_range=decibels(analysis.loudness_range),
            momentary_max=decibels(analysis.momentary_max),
            short_term_max=decibels(analysis.short_term_max),
            true_peak=decibels(analysis.true_peak),
            over=over(analysis),
            plr=decibels(analysis.plr),
            remarks=_remarks(analysis),
            chart=chart(analysis) if self._plot else None,
        )

    def took(self, outcome: Outcome[_Row]) -> None:
        """Keep the outcome for the end; a failure has been told on stderr."""
        if outcome.failure is None:
            self._outcomes.append(outcome)

    def finish(self, album: Outcome[_Row] | None) -> None:
        """Print the table, then the notes that its last column numbers."""
        ordered = sorted(self._outcomes, key=lambda outcome: outcome.index)
        if not ordered:
            return
        charts = [(outcome.path, outcome.row) for outcome in ordered]
        directory, names = _shorten([outcome.path for outcome in ordered])
        legend: dict[str, int] = {}
        table = _table()
        for name, outcome in zip(names, ordered, strict=True):
            _add(table, printable(name), outcome.row, legend)
        if album is not None and album.row is not None:
            table.add_row()
            label = f"album of {len(ordered)} file{'s' if len(ordered) > 1 else ''}"
            charts.append((label, album.row))
            _add(table, Styled.of(label, "bold"), album.row, legend)
        sheet = Sheet()
        if directory:
            sheet.line(printable(directory), "dim")
        sheet.table(table)
        if legend:
            sheet.line()
            sheet.table(_legend(legend))
        _write_charts(sheet, charts)
        sheet.show()


def over(analysis: loudscope.Analysis) -> bool:
    """True if the true peak lies above full scale."""
    return analysis.true_peak is not None and analysis.true_peak > 0


def _remarks(analysis: loudscope.Analysis) -> tuple[str, ...]:
    """What to know of the figures in a row, each remark once."""
    codes = (note.code for note in analysis.notes if note.figure in _SHOWN)
    return tuple(dict.fromkeys(_REMARKS.get(code, code.replace("_", " ")) for code in codes))


def _table() -> Table:
    table = Table(gap=2)
    table.add_column("\nfile", folds=True)
    for heading in (
        "\ntime",
        "I\nLUFS",
        "LRA\nLU",
        "max M\nLUFS",
        "max S\nLUFS",
        "true pk\ndBTP",
        "PLR\ndB",
    ):
        table.add_column(heading, right=True)
    table.add_column("\nnotes")
    return table


def _legend(legend: dict[str, int]) -> Table:
    table = Table(gap=2)
    table.add_column()
    table.add_column(folds=True)
    for remark, number in legend.items():
        table.add_row(str(number), remark)
    return table


def _write_charts(sheet: Sheet, charts: list[tuple[str, _Row | None]]) -> None:
    for name, row in charts:
        if row is not None and row.chart is not None:
            sheet.line()
            sheet.line(printable(name), "bold")
            write_chart(sheet, row.chart)


def _add(table: Table, name: Cell, row: _Row | None, legend: dict[str, int]) -> None:
    if row is None:
        return
    numbers = [str(legend.setdefault(remark, len(legend) + 1)) for remark in row.remarks]
    table.add_row(
        name,
        row.duration,
        row.integrated,
        row.loudness_range,
        row.momentary_max,
        row.short_term_max,
        Styled.of(row.true_peak, OVER if row.over else ""),
        row.plr,
        " ".join(numbers),
    )


def _shorten(paths: list[str]) -> tuple[str, list[str]]:
    """Split paths into the directory they share, "" if none, and what remains of each."""
    try:
        shared = os.path.commonpath([os.path.dirname(path) for path in paths])
    except ValueError:  # relative and absolute paths, or two drives
        shared = ""
    if os.path.dirname(shared) == shared:  # nothing, or a root
        return "", paths
    return shared + os.sep, [os.path.relpath(path, shared) for path in paths]
