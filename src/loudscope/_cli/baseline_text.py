"""Baselines for people: ranges with their source and limits, never without."""

from __future__ import annotations

from collections.abc import Sequence

from rich.table import Table
from rich.text import Text

from loudscope.genres import BandRange, Baseline, FigureRange

from .differences import tell_limits, value_table
from .output import writing
from .render import console
from .text import decibels, printable

__all__ = ["show", "show_all"]


def show(baseline: Baseline) -> None:
    """Print one baseline."""
    with writing():
        out = console()
        head = f"{printable(baseline.title)}: n = {baseline.n}; confidence: {baseline.confidence}"
        out.print(Text(head), soft_wrap=True)
        out.print(Text(f"source: {baseline.source}"), soft_wrap=True)
        out.print(Text(f"method: {baseline.method}"), soft_wrap=True)
        out.print()
        out.print(_bands(baseline.bands))
        if baseline.figures:
            out.print()
            out.print(_figures(baseline.figures))
        outliers = [
            f"{printable(it.name or it.sha256)} is unlike the others, and kept"
            for it in baseline.outliers
        ]
        tell_limits(out, (*outliers, *baseline.limits))


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
    with writing():
        out = console()
        out.print(Text("dB above the level of 500 to 2000 Hz: mean ± sd of single tracks"))
        out.print(table)
        tell_limits(out, shared)
