"""Writes docs/compliance.md: every case of `loudscope selftest`, read at every rate.

    python scripts/compliance_page.py [--check]

`--check` exits with 1 where the page is not up to date.
"""

from __future__ import annotations

import argparse
import sys
from collections import defaultdict
from pathlib import Path

from loudscope._compliance import cases
from loudscope._selftest import RATES_HZ, CaseResult, run

PAGE = Path(__file__).resolve().parents[1] / "docs" / "compliance.md"
BEGIN, END = "<!-- from loudscope selftest -->", "<!-- end -->"
DOCUMENTS = {
    "EBU Tech 3341": "EBU Tech 3341 v4: loudness and true peak",
    "EBU Tech 3342": "EBU Tech 3342 v4: loudness range",
    "BS.1770-5": "ITU-R BS.1770-5: calibration",
    "BS.2217": "ITU-R BS.2217-2: tones, channels and gates, made anew",
}  # by how the source begins
Rows = dict[tuple[str, str], list[CaseResult]]  # case and figure: a result for each rate


def rows_of(results: list[CaseResult]) -> Rows:
    """The results of one case and figure side by side."""
    rows: Rows = defaultdict(list)
    for result in results:
        rows[result.case, result.metric].append(result)
    return rows


def document(result: CaseResult) -> str:
    """The document that a case comes from."""
    return next(name for start, name in DOCUMENTS.items() if result.source.startswith(start))


def wanted(result: CaseResult) -> str:
    """What passes, with its unit."""
    if result.expected is None:
        return "none"
    return f"{result.low:.2f} to {result.high:.2f} {result.unit}"


def read(result: CaseResult) -> str:
    """What was read; bold where it fails."""
    value = "none" if result.measured is None else f"{result.measured:.3f}"
    return value if result.passed else f"**{value}**"


def table(rows: list[tuple[tuple[str, str], list[CaseResult]]]) -> list[str]:
    """A line for each case and figure, a column for each rate."""
    rates = " | ".join(f"{rate / 1000:g}" for rate in RATES_HZ)
    lines = [f"| case | figure | wanted | {rates} |", "|---|---|---|" + "--:|" * len(RATES_HZ)]
    for (case, metric), results in rows:
        figures = " | ".join(map(read, results))
        lines.append(f"| {case} | `{metric}` | {wanted(results[0])} | {figures} |")
    return lines


def summary(results: list[CaseResult]) -> list[str]:
    """How many pass, by document."""
    lines = ["| document | cases | checks | pass |", "|---|--:|--:|--:|"]
    for name in DOCUMENTS.values():
        group = [result for result in results if document(result) == name]
        passed = sum(result.passed for result in group)
        lines.append(f"| {name} | {len({it.case for it in group})} | {len(group)} | {passed} |")
    passed = sum(result.passed for result in results)
    count = len({result.case for result in results})
    return [*lines, f"| **all** | **{count}** | **{len(results)}** | **{passed}** |"]


def section() -> str:
    """What lies between the two marks of the page."""
    results = run()
    rows = rows_of(results)
    lines = ["", *summary(results), ""]
    missing = ", ".join(case.id for case in cases() if not case.synthesisable)
    lines += [f"Not run, for want of the EBU's own programmes: {missing}.", ""]
    for name in DOCUMENTS.values():
        found = [row for row in rows.items() if document(row[1][0]) == name]
        lines += [f"### {name}", "", *table(found), ""]
    return "\n".join(lines) + "\n"


def main() -> int:
    """Writes the page, or says whether it is up to date."""
    options = argparse.ArgumentParser(description="the compliance page")
    options.add_argument("--check", action="store_true")
    given = options.parse_args()
    before = PAGE.read_text("utf-8")
    head, _, rest = before.partition(BEGIN + "\n")
    after = f"{head}{BEGIN}\n{section()}{END}{rest.partition(END)[2]}"
    if given.check:
        if before != after:
            print(f"{PAGE.name} is not up to date: python scripts/compliance_page.py")
        return int(before != after)
    PAGE.write_text(after, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
