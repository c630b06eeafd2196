"""Verdicts for people: one file in full, many files as a table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from loudscope.targets import Check, RuleResult, Target

from .measure import Outcome
from .output import writing
from .render import console
from .tables import bare_table
from .text import decibels, one_line, printable

__all__ = ["show", "show_targets"]

_STYLES = {"pass": "green", "fail": "bold red", "not judged": "yellow"}

Checks = tuple[Check, ...]


def show(outcomes: Sequence[Outcome[Checks]]) -> None:
    """Print what was found; files that failed have been told on stderr."""
    done = [(outcome.path, one) for outcome in outcomes for one in outcome.row or ()]
    files = len({path for path, _ in done})
    with writing():
        out = console()
        if files == 1:
            for number, (path, one) in enumerate(done):
                if number:
                    out.print()
                _show_one(out, path, one)
        elif done:
            out.print(_overview(done))
            out.print()
            out.print(Text(_count(done)))


def _show_one(out: Console, path: str, one: Check) -> None:
    head = Text(f"{printable(path)} · {one.target.title}: ")
    out.print(head.append(one.verdict, _STYLES[one.verdict]), soft_wrap=True)
    out.print(_rules(one))
    for label, value in _gains(one):
        out.print(Text(f"{label:<24}{decibels(value, 2):>8} dB"))
    for note in one.notes:
        out.print(Text(f"note: {note}"), soft_wrap=True)


def _rules(one: Check) -> Table:
    table = _table(("figure", "measured", "required", "margin", "verdict", "grade", ""))
    for column in (1, 3):
        table.columns[column].justify = "right"
    for rule in one.rules:
        table.add_row(
            rule.figure.replace("_", " "),
            decibels(rule.measured, 2),
            _required(rule.required, rule.unit),
            decibels(rule.margin, 2),
            Text(rule.verdict, _STYLES[rule.verdict]),
            rule.grade,
            _remark(rule),
        )
    return table


def _table(headings: Sequence[str]) -> Table:
    table = bare_table()
    for heading in headings[:-1]:
        table.add_column(heading, no_wrap=True)
    table.add_column(headings[-1], overflow="fold")
    return table


def _remark(rule: RuleResult) -> str:
    advice = "" if rule.binding or rule.reason.startswith("applies only") else "advice"
    return ": ".join(part for part in (advice, rule.reason) if part)


def _required(bounds: tuple[float | None, float | None], unit: str) -> str:
    low, high = bounds
    if low is None and high is None:
        return "-"
    if low is None:
        words = f"at most {high:g}"
    elif high is None:
        words = f"at least {low:g}"
    else:
        words = f"{low:g}" if low == high else f"{low:g} to {high:g}"
    return f"{words} {unit}".rstrip()


def _gains(one: Check) -> list[tuple[str, float]]:
    rows = (
        ("gain to the target", one.gain_db),
        ("the platform applies", one.platform_gain_db),
        ("its limiter takes", one.platform_limiting_db or None),
        ("safe by true peak", one.safe_gain_db),
        ("left for limiting", one.limiting_db or None),
    )
    return [(label, value) for label, value in rows if value is not None]


def _overview(done: Sequence[tuple[str, Check]]) -> Table:
    headings = ("file", "target", "verdict", "gain", "safe", "limiting", "what decides")
    table = _table(headings)
    for column in (3, 4, 5):
        table.columns[column].justify = "right"
    for path, one in done:
        table.add_row(
            Text(printable(path)),
            one.target.name,
            Text(one.verdict, _STYLES[one.verdict]),
            decibels(one.gain_db, 2),
            decibels(one.safe_gain_db, 2),
            decibels(one.limiting_db, 2),
            Text(_what_decides(one)),
        )
    return table


def _what_decides(one: Check) -> str:
    """The rules that stand in the way of a pass."""
    return "; ".join(
        f"{rule.figure.replace('_', ' ')} {decibels(rule.measured, 2)} "
        f"({_required(rule.required, rule.unit)})"
        if rule.verdict == "fail"
        else f"{rule.figure.replace('_', ' ')}: {one_line(rule.reason)}"
        for rule in one.rules
        if rule.binding and rule.verdict == one.verdict != "pass"
    )


def _count(done: Sequence[tuple[str, Check]]) -> str:
    counts: Counter[str] = Counter(one.verdict for _, one in done)
    parts = [f"{counts[verdict]} {verdict}" for verdict in _STYLES if counts[verdict]]
    return f"{len(done)} checks: {', '.join(parts)}"


def show_targets(targets: Sequence[Target]) -> None:
    """Print the targets that there are, with loudness, peak, date and grade of the source."""
    table = _table(("name", "LUFS", "dBTP", "date", "grade", "title"))
    for column in (1, 2):
        table.columns[column].justify = "right"
    for one in targets:
        limited = any(rule.figure == "true_peak" and rule.ranges for rule in one.rules)
        table.add_row(
            one.name,
            decibels(one.reference_lufs),
            decibels(one.ceiling_dbtp) if limited else "-",
            one.date or "undated",
            one.grade,
            one.title,
        )
    with writing():
        console().print(table)
