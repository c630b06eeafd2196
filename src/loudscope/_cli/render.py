"""Answers for people: a table of many files."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from typing import NoReturn

from rich.console import Console
from rich.table import Table
from rich.text import Text

import loudscope

from .measure import Outcome
from .output import StdoutClosedError, writing
from .tables import bare_table
from .text import clock, decibels, printable

__all__ = ["OVER", "TableReport", "console", "over"]

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
_WIDE = 1000  # a pipe or a file has no edge at which to cut


class _Console(Console):
    def on_broken_pipe(self) -> NoReturn:
        raise StdoutClosedError


def console() -> Console:
    """A console on stdout: as wide as the terminal, or as the text when it goes elsewhere."""
    width = None if sys.stdout.isatty() or "COLUMNS" in os.environ else _WIDE
    return _Console(width=width, markup=False, highlight=False, emoji=False)


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


class TableReport:
    """A row per file, in the order of the arguments, and one for the album."""

    def __init__(self) -> None:
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
        directory, names = _shorten([outcome.path for outcome in ordered])
        legend: dict[str, int] = {}
        table = _table()
        for name, outcome in zip(names, ordered, strict=True):
            _add(table, Text(printable(name)), outcome.row, legend)
        if album is not None and album.row is not None:
            table.add_section()
            label = f"album of {len(ordered)} file{'s' if len(ordered) > 1 else ''}"
            _add(table, Text(label, style="bold"), album.row, legend)
        with writing():
            out = console()
            if directory:
                out.print(Text(printable(directory), style="dim"), soft_wrap=True)
            out.print(table)
            if legend:
                out.print()
                out.print(_legend(legend))


def over(analysis: loudscope.Analysis) -> bool:
    """True if the true peak lies above full scale."""
    return analysis.true_peak is not None and analysis.true_peak > 0


def _remarks(analysis: loudscope.Analysis) -> tuple[str, ...]:
    """What to know of the figures in a row, each remark once."""
    codes = (note.code for note in analysis.notes if note.figure in _SHOWN)
    return tuple(dict.fromkeys(_REMARKS.get(code, code.replace("_", " ")) for code in codes))


def _table() -> Table:
    table = bare_table(gap=1)
    # The one column that may wrap gives way to the figures on a narrow terminal.
    table.add_column("\nfile", overflow="fold", min_width=8)
    for heading in (
        "\ntime",
        "I\nLUFS",
        "LRA\nLU",
        "max M\nLUFS",
        "max S\nLUFS",
        "true pk\ndBTP",
        "PLR\ndB",
    ):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("\nnotes", no_wrap=True)
    return table


def _legend(legend: dict[str, int]) -> Table:
    table = Table.grid(padding=(0, 2, 0, 0))
    for remark, number in legend.items():
        table.add_row(str(number), remark)
    return table


def _add(table: Table, name: Text, row: _Row | None, legend: dict[str, int]) -> None:
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
        Text(row.true_peak, style=OVER if row.over else ""),
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
