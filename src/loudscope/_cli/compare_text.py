"""Comparisons for people: figures, bands, third octaves and sections."""

from __future__ import annotations

from collections.abc import Sequence

from loudscope.compare import Comparison, Difference, FigureDifference

from .differences import nominal, signed, tell_limits, value_table, worded
from .sheet import Sheet
from .tables import Cell, Table
from .text import clock, decibels, printable

__all__ = ["show"]

_IN_A_ROW = 8
_FINE = {"correlation", "bass_correlation", "side_share"}


def show(comparison: Comparison) -> None:
    """Print the comparison, and last what a reader has to know along with it."""
    sheet = Sheet()
    _add_tracks(sheet, comparison)
    for table in (_figures(comparison), _bands(comparison)):
        sheet.line()
        sheet.table(table)
    _add_thirds(sheet, comparison)
    if comparison.sections:
        sheet.line()
        sheet.table(_sections(comparison))
    tell_limits(sheet, (f"{comparison.confidence}.", f"{comparison.cut}.", *comparison.limits))
    sheet.show()


def _add_tracks(sheet: Sheet, comparison: Comparison) -> None:
    mix = comparison.mix
    sheet.line(f"{printable(mix.name or 'mix')}: {decibels(mix.integrated, 2)} LUFS")
    for track in comparison.references:
        name = printable(track.name or "reference")
        level = f"{decibels(track.integrated, 2)} LUFS, taken {signed(track.gain, 2)} dB"
        sheet.line(f"beside {name}: {level}")


def _ranged(comparison: Comparison) -> bool:
    return any(figure.high is not None for figure in (*comparison.figures, *comparison.bands))


def _headings(first: str, comparison: Comparison) -> tuple[str, ...]:
    one = len(comparison.references) == 1
    words = (first, "mix", "reference" if one else "mean", "difference")
    return (*words, *(("range", "word") if _ranged(comparison) else ("",)))


def _figures(comparison: Comparison) -> Table:
    table = value_table(_headings("figure", comparison))
    for figure in comparison.figures:
        if figure.mix is not None or figure.reference is not None:
            label = figure.name.replace("_", " ").removesuffix(" ms")
            table.add_row(label, *_cells(figure, figure.unit, 2 if _is_fine(figure) else 1))
    return table


def _is_fine(figure: FigureDifference) -> bool:
    return figure.name in _FINE


def _bands(comparison: Comparison) -> Table:
    table = value_table(_headings("band", comparison))
    for band in comparison.bands:
        table.add_row(band.name, *_cells(band, "dBFS", 1))
    return table


def _cells(found: Difference, unit: str, decimals: int) -> list[Cell]:
    cells: list[Cell] = [
        decibels(found.mix, decimals),
        decibels(found.reference, decimals),
        signed(found.difference, decimals),
    ]
    if found.low is None or found.high is None:
        return [*cells, unit]
    low, high = decibels(found.low, decimals), decibels(found.high, decimals)
    return [*cells, f"{low} to {high} {unit}".rstrip(), worded(found.word)]


def _add_thirds(sheet: Sheet, comparison: Comparison) -> None:
    """Differences in rows of eight: frequency above, dB below."""
    found = [
        (nominal(it.hz), signed(it.difference))
        for it in comparison.thirds
        if it.difference is not None
    ]
    if found:
        sheet.line()
        sheet.line("third octaves: difference in dB", "bold")
    for start in range(0, len(found), _IN_A_ROW):
        row = found[start : start + _IN_A_ROW]
        sheet.line("".join(f"{hz:>8}" for hz, _ in row))
        sheet.line("".join(f"{level:>8}" for _, level in row))


def _sections(comparison: Comparison) -> Table:
    names: Sequence[str] = [band.name for band in comparison.bands]
    table = value_table(("section", "loudness", *names, ""))
    for section in comparison.sections:
        table.add_row(
            f"{clock(section.start)} - {clock(section.stop)}",
            signed(section.loudness.difference),
            *(signed(band.difference) for band in section.bands),
            "dB",
        )
    return table
