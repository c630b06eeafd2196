"""Results as Markdown: of one race, of the targets, of the machine. Reads what the JSON holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

Result = Mapping[str, Any]


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table; all columns but the first are numbers, or as good as."""
    ruler = ["---", *("---:" for _ in head[1:])]
    return "\n".join("| " + " | ".join(row) + " |" for row in (head, ruler, *rows))


def milliseconds(seconds: float) -> str:
    """Three digits that count."""
    value = 1e3 * seconds
    return f"{value:.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def times(ratio: float) -> str:
    """How many times."""
    return f"{ratio:.0f}×" if ratio >= 100 else f"{ratio:.1f}×" if ratio >= 10 else f"{ratio:.2f}×"


def answer(line: Result, units: Sequence[str]) -> str:
    """What a contestant said."""
    found = zip(line["answer"], units, strict=False)
    return ", ".join("–" if value is None else f"{value:.2f} {unit}" for value, unit in found)


def row(line: Result, result: Result) -> list[str]:
    """One contestant."""
    note, speed = line["note"], None if line["control"] else result["audio_seconds"]
    name = line["name"] + (f" ({note})" if note else "")
    ratio = times(line["ratio"]) if line["believed"] else f"({times(line['ratio'])})"
    return [
        name,
        milliseconds(line["median_s"]),
        milliseconds(line["iqr_s"]),
        str(line["rounds"]),
        ratio,
        f"{speed / line['median_s']:,.0f}×" if speed else "–",
        answer(line, result["units"]),
    ]


def tolerance(result: Result) -> str:
    """How far answers may lie apart, in words."""
    limits = zip(result["units"], result["below"], result["above"], strict=False)
    parts = [f"−{below:g} +{above:g} {unit}" for unit, below, above in limits if below or above]
    exact = result["below"] and not any((*result["below"], *result["above"]))
    return "Answers must be equal." if exact else f"Tolerance: {', '.join(parts)}." if parts else ""


def race(result: Result) -> str:
    """A race with its heading."""
    head = ["", "median, ms", "IQR, ms", "rounds", "time over ours", "speed", "answer"]
    rows = [row(line, result) for line in result["lines"]]
    words = f"{result['signal']}; {result['clock']}. {tolerance(result)}".rstrip()
    return f"\n### {result['figure']}\n\n{words}\n\n{table(head, rows)}\n"


def verdict_row(verdict: Result) -> list[str]:
    """One target."""
    sign = "≥" if verdict["at_least"] else "≤"
    measured = verdict["measured"]
    met = {True: "met", False: "**missed**", None: "not run"}[verdict["met"]]
    unit = verdict["unit"]
    shown = "–" if measured is None else f"{measured:.2f}{unit}"
    return [verdict["text"], f"{sign} {verdict['wanted']:g}{unit}", shown, met]


def verdicts(results: Sequence[Result]) -> str:
    """All targets of all races."""
    rows = [verdict_row(verdict) for result in results for verdict in result["verdicts"]]
    return table(["target", "wanted", "measured", ""], rows)


def machine(found: Result) -> str:
    """What it was measured on."""
    versions = ", ".join(f"{name} {version}" for name, version in found["versions"].items())
    commit = f" ({found['commit']})" if found["commit"] else ""
    return (
        f"{found['cpu']}, {found['cores']} cores ({found['caches']}); {found['system']}; "
        f"Python {found['python']}; loudscope {found['loudscope']}{commit}, kernel "
        f"{found['kernel']}; {versions}. Load before the run: {found['load']:.2f}."
    )
