"""Verdicts for people: one file in full, many files as a table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Sequence

from loudscope.targets import Check, RuleResult, Target

from .measure import Outcome
from .sheet import Sheet
from .styled import Styled
from .tables import Table
from .text import decibels, one_line, printable

__all__ = ["show", "show_targets"]

_STYLES = {"pass": "green", "fail": "bold red", "not judged": "yellow"}

Checks = tuple[Check, ...]


def show(outcomes: Sequence[Outcome[Checks]]) -> None:
    """Print what was found; files that failed have been told on stderr."""
    done = [(outcome.path, one) for outcome in outcomes for one in outcome.row or ()]
    files = len({path for path, _ in done})
    sheet = Sheet()
    if files == 1:
        for number, (path, one) in enumerate(done):
            if number:
                sheet.line()
            _add_one(sheet, path, one)
    elif done:
        sheet.table(_overview(done))
        sheet.line()
        sheet.line(_count(done))
    sheet.show()


def _add_one(sheet: Sheet, path: str, one: Check) -> None:
    head = Styled.of(f"{printable(path)} · {one.target.title}: ")
    sheet.line(head + _verdict(one.verdict))
    sheet.table(_rules(one))
    for label, value in _gains(one):
        sheet.line(f"{label:<24}{decibels(value, 2):>8} dB")
    for note in one.notes:
        sheet.line(f"note: {note}")


def _verdict(verdict: str) -> Styled:
    return Styled.of(verdict, _STYLES[verdict])


def _rules(one: Check) -> Table:
    headings = ("figure", "measured", "required", "margin", "verdict", "grade", "")
    table = _table(headings, right=(1, 3), folds=(6,))
    for rule in one.rules:
        table.add_row(
            rule.figure.replace("_", " "),
            decibels(rule.measured, 2),
            _required(rule.required, rule.unit),
            decibels(rule.margin, 2),
            _verdict(rule.verdict),
            rule.grade,
            _remark(rule),
        )
    return table


def _table(headings: Sequence[str], *, right: Container[int], folds: Container[int]) -> Table:
    table = Table()
    for place, heading in enumerate(headings):
        table.add_column(heading, right=place in right, folds=place in folds)
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
    table = _table(headings, right=(3, 4, 5), folds=(0, 6))
    for path, one in done:
        table.add_row(
            printable(path),
            one.target.name,
            _verdict(one.verdict),
            decibels(one.gain_db, 2),
            decibels(one.safe_gain_db, 2),
            decibels(one.limiting_db, 2),
            _what_decides(one),
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
    headings = ("name", "LUFS", "dBTP", "date", "grade", "title")
    table = _table(headings, right=(1, 2), folds=(5,))
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
    sheet = Sheet()
    sheet.table(table)
    sheet.show()
