"""Baselines for people: ranges with their source and limits, never without."""

from __future__ import annotations

from collections.abc import Sequence

from loudscope.genres import BandRange, Baseline, FigureRange

from .differences import tell_limits, value_table
from .sheet import Sheet
from .tables import Table
from .text import decibels, printable

__all__ = ["show", "show_all"]


def show(baseline: Baseline) -> None:
    """Print one baseline."""
    sheet = Sheet()
    title = printable(baseline.title)
    sheet.line(f"{title}: n = {baseline.n}; confidence: {baseline.confidence}")
    sheet.line(f"source: {baseline.source}")
    sheet.line(f"method: {baseline.method}")
    sheet.line()
    sheet.table(_bands(baseline.bands))
    if baseline.figures:
        sheet.line()
        sheet.table(_figures(baseline.figures))
    outliers = [
        f"{printable(it.name or it.sha256)} is unlike the others, and kept"
        for it in baseline.outliers
    ]
    tell_limits(sheet, (*outliers, *baseline.limits))
    sheet.show()


def _bands(bands: Sequence[BandRange]) -> Table:
    table = value_table(("dB above mids", "low", "mean", "high", "sd", "n", "confidence"))
    for band in bands:
        table.add_row(
            band.name,
            decibels(band.low),
            decibels(band.mean),
            decibels(band.high),
            decibels(band.sd),
            str(band.n),
            band.confidence,
        )
    return table


def _figures(figures: Sequence[FigureRange]) -> Table:
    table = value_table(("figure", "low", "mean", "high", "sd", "n", "unit"))
    for figure in figures:
        table.add_row(
            figure.name.replace("_", " "),
            decibels(figure.low),
            decibels(figure.mean),
            decibels(figure.high),
            decibels(figure.sd),
            str(figure.n),
            figure.unit,
        )
    return table


def show_all(baselines: Sequence[Baseline]) -> None:
    """Print means and deviations of many, and the limits that they share."""
    names = [band.name for band in baselines[0].bands]
    table = value_table(("name", "n", *names, "source"))
    for baseline in baselines:
        cells = (f"{decibels(it.mean)} ±{decibels(it.sd)}" for it in baseline.bands)
        short = baseline.source.split(",")[0].split("(")[0].strip()
        table.add_row(baseline.name, str(baseline.n), *cells, short)
    shared = [it for it in baselines[0].limits if all(it in one.limits for one in baselines)]
    sheet = Sheet()
    sheet.line("dB above the level of 500 to 2000 Hz: mean ± sd of single tracks")
    sheet.table(table)
    tell_limits(sheet, shared)
    sheet.show()
