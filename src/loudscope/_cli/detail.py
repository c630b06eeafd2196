"""Answers for people: everything about one file."""

from __future__ import annotations

from collections.abc import Iterator

import loudscope

from .chart import chart, write_chart
from .measure import Outcome
from .render import OVER, over
from .sheet import Sheet
from .styled import Styled
from .tables import Table
from .text import clock, one_line, printable
from .text import decibels as rounded

__all__ = ["DetailReport"]

_BAR_CELLS = 24
_BAR_DB = 48.0  # a bar starts this far below the level of the whole

Line = tuple[str, str, str]


def decibels(value: float | None) -> str:
    """Two decimals: a meter shows one (Tech 3341 2.8), an engineer compares two."""
    return rounded(value, 2)


class DetailReport:
    """The summary of a single file, and its loudness over time if that is to be drawn."""

    def __init__(self, plot: bool = False) -> None:
        self._plot = plot
        self._outcome: Outcome[loudscope.Analysis] | None = None

    def distil(self, analysis: loudscope.Analysis) -> loudscope.Analysis:
        """Keep everything."""
        return analysis

    def took(self, outcome: Outcome[loudscope.Analysis]) -> None:
        """Keep the outcome for the end."""
        self._outcome = outcome

    def finish(self, album: Outcome[loudscope.Analysis] | None) -> None:
        """Print the summary; a failure has been told on stderr."""
        if self._outcome is not None and self._outcome.row is not None:
            sheet = Sheet()
            _write(sheet, self._outcome.path, self._outcome.row)
            if self._plot:
                sheet.line()
                write_chart(sheet, chart(self._outcome.row))
            sheet.show()


def _write(sheet: Sheet, path: str, analysis: loudscope.Analysis) -> None:
    sheet.line(printable(path), "bold")
    sheet.line(_format(analysis), "dim")
    sheet.table(_figures(analysis))
    profile = analysis.band_profile
    if profile is not None and profile.total is not None:
        sheet.table(_bands(profile, "━─" if sheet.unicode else "#."))
    remarks = list(_remarks(analysis))
    if remarks:
        sheet.line()
    for remark in remarks:
        sheet.words(remark)


def _format(analysis: loudscope.Analysis) -> str:
    labels = " ".join(analysis.layout.labels)
    channels = f"{analysis.layout.name} ({labels})" if analysis.layout.name else labels
    mono = ", as dual mono" if analysis.mono == "dual" else ""
    return f"{analysis.rate_hz} Hz, {channels}{mono}, {clock(analysis.duration)}"


def _figures(analysis: loudscope.Analysis) -> Table:
    table = Table(gap=2)
    table.add_column(style="bold")
    table.add_column(right=True)
    table.add_column()
    for lines in (_loudness, _peaks, _dynamics, _stereo):
        rows = [line for line in lines(analysis) if line[1] != "-" or line[0] == "Integrated"]
        if rows:
            table.add_row()
        for label, value, remark in rows:
            alarm = label == "True peak" and over(analysis)
            table.add_row(label, Styled.of(value, OVER if alarm else ""), remark)
    return table


def _loudness(a: loudscope.Analysis) -> Iterator[Line]:
    low, high = decibels(a.loudness_range_low), decibels(a.loudness_range_high)
    yield "Integrated", decibels(a.integrated), "LUFS"
    yield "Loudness range", decibels(a.loudness_range), f"LU    {low} to {high} LUFS"
    yield "Max momentary", decibels(a.momentary_max), f"LUFS  at {clock(a.momentary_max_at)}"
    yield "Max short-term", decibels(a.short_term_max), f"LUFS  at {clock(a.short_term_max_at)}"
    yield "Relative threshold", decibels(a.relative_threshold), "LUFS"


def _peaks(a: loudscope.Analysis) -> Iterator[Line]:
    where = f"at {clock(a.true_peak_at)} in {a.true_peak_channel}"
    yield "True peak", decibels(a.true_peak), f"dBTP  {where}"
    yield "Sample peak", decibels(a.sample_peak), "dBFS"
    if a.clipping is not None:
        clipped = sum(channel.samples for channel in a.clipping)
        longest = max(channel.longest for channel in a.clipping)
        yield "Clipped samples", str(clipped), f"longest run {longest}" if clipped else ""


def _dynamics(a: loudscope.Analysis) -> Iterator[Line]:
    yield "PLR", decibels(a.plr), "dB    true peak over integrated"
    yield "PSR", decibels(a.psr_min), f"dB    least; 10th percentile {decibels(a.psr_p10)}"
    yield "Crest factor", decibels(a.crest_factor), "dB    sample peak over RMS"
    yield "RMS", decibels(a.rms), "dBFS"


def _stereo(a: loudscope.Analysis) -> Iterator[Line]:
    yield "Balance", decibels(a.balance), "dB    left over right"
    yield "Correlation", decibels(a.correlation), ""
    yield "Mid over side", decibels(a.mid_side_ratio), "dB"
    yield "Mono loss", decibels(a.mono_loss), "LU"


def _remarks(analysis: loudscope.Analysis) -> Iterator[str]:
    """The notes, one line for all the figures that are absent for the same reason."""
    figures: dict[str, list[str]] = {}
    for note in analysis.notes:
        reason = note.message.removeprefix(f"{note.figure} does not exist: ")
        named = figures.setdefault(one_line(reason), [])
        named += [note.figure] if reason != note.message else []
    for reason, absent in figures.items():
        yield f"no {', '.join(absent)}: {reason}" if absent else reason


def _bands(profile: loudscope.BandProfile, letters: str) -> Table:
    """The bands, with bars of the first letter on a ground of the second."""
    full, empty = letters[0], letters[1]
    table = Table(gap=2, heading="dim", line=False)
    table.add_column("\nBand", style="bold")
    table.add_column("\nHz", right=True)
    table.add_column("\ndBFS", right=True)
    table.add_column("\nshare", right=True)
    table.add_column("\nof the whole")
    table.add_column("\ndB", right=True)
    for band in profile.bands:
        share = "-" if band.share is None else f"{100 * band.share:.1f} %"
        cells = _cells(band.relative)
        bar = Styled(((full * cells, "cyan"), (empty * (_BAR_CELLS - cells), "dim")))
        relative = decibels(band.relative)
        hertz = f"{band.low_hz:g}-{band.high_hz:g}"
        table.add_row(band.name, hertz, decibels(band.level), share, bar, relative)
    return table


def _cells(relative: float | None) -> int:
    if relative is None:
        return 0
    return round(_BAR_CELLS * min(max(1 + relative / _BAR_DB, 0.0), 1.0))
