"""A check as a few lines of text."""

from __future__ import annotations

from ._model import Bounds
from ._results import Check, RuleResult

__all__ = ["as_text", "decibels", "required"]


def required(bounds: Bounds) -> str:
    """Limits in words: "-23.2 to -22.8", "at most -1", "at least 4"; "-" for none."""
    low, high = bounds
    if low is None and high is None:
        return "-"
    if low is None:
        return f"at most {high:g}"
    if high is None:
        return f"at least {low:g}"
    return f"{low:g} to {high:g}"


def decibels(value: float | None) -> str:
    """Two decimals, a sign, and never -0.00; "-" for None."""
    return "-" if value is None else f"{value:+z.2f}"


def as_text(check: Check) -> str:
    """Verdict, rules, gains and notes."""
    name = f"{check.name}: " if check.name else ""
    lines = [f"{name}{check.target.title}: {check.verdict}"]
    lines += [_line(rule) for rule in check.rules]
    lines += [
        f"  {label:<26} {decibels(value):>8} dB"
        for label, value in _gains(check)
        if value is not None
    ]
    lines += [f"  note: {note}" for note in check.notes]
    return "\n".join(lines)


def _gains(check: Check) -> tuple[tuple[str, float | None], ...]:
    return (
        ("gain to the target", check.gain_db),
        ("the platform applies", check.platform_gain_db),
        ("its limiter works", check.platform_limiting_db or None),
        ("safe by true peak", check.safe_gain_db),
        ("the rest needs limiting of", check.limiting_db or None),
    )


def _line(rule: RuleResult) -> str:
    value = "-" if rule.measured is None else f"{rule.measured:z.2f}"
    margin = "" if rule.margin is None else f", margin {decibels(rule.margin)}"
    advice = "" if rule.binding else " (does not decide)"
    reason = f": {rule.reason}" if rule.reason else ""
    figure = rule.figure.replace("_", " ")
    limits = f"{required(rule.required)} {rule.unit}".rstrip() + margin
    return f"  {rule.verdict:<10} {figure} {value} ({limits}) [{rule.grade}]{advice}{reason}"
