"""A report as plain paragraphs and tables: for Markdown, and for readers without JavaScript."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from ..compare import BandDifference, FigureDifference
from ..feedback import Issue
from ..genres import Judgement
from ..targets import Check

if TYPE_CHECKING:
    from ._report import Report

__all__ = ["Document", "Part", "as_html", "as_markdown", "clock", "document_of", "figure"]

VERDICTS = {
    "ready": "Ready",
    "minor_fixes": "Minor fixes",
    "needs_work": "Needs work",
    "not_judged": "Not judged",
}
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~!&])")


@dataclass(frozen=True, slots=True)
class Part:
    """A heading with lines, then a table whose first row is its head."""

    title: str
    lines: tuple[str, ...] = ()
    table: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """A title, a line about the track, and parts."""

    title: str
    about: str
    parts: tuple[Part, ...]


def document_of(report: Report) -> Document:
    """What there is to read of a report."""
    analysis, found = report.inspection.analysis, report.feedback
    parts = [
        Part(VERDICTS[found.verdict], (found.summary,)),
        Part("What to do", tuple(map(_issue, found.issues)) or ("Nothing.",)),
        Part("What is as expected", found.strengths),
        *([] if report.check is None else [_rules(report.check)]),
        Part("Figures", (), _figures(report)),
        *([] if report.judgement is None else [_tone(report.judgement)]),
        *([] if report.comparison is None else [_reference(report)]),
        Part("What these judgements cannot know", (*found.warnings, *found.limits)),
    ]
    about = f"{clock(analysis.duration)}, {analysis.rate_hz} Hz, {analysis.layout}"
    return Document(report.name, about, tuple(part for part in parts if part.lines or part.table))


def as_markdown(document: Document) -> str:
    """CommonMark with tables; names are escaped."""
    lines = [f"# {_escaped(document.title)}", "", _escaped(document.about)]
    for part in document.parts:
        lines += ["", f"## {_escaped(part.title)}", ""]
        bullet = "- " if len(part.lines) > 1 else ""
        lines += [f"{bullet}{_escaped(line)}" for line in part.lines]
        if part.table:
            head, *rows = part.table
            lines += [""] if part.lines else []
            lines += [_row(head), _row(("---",) * len(head), plain=True), *map(_row, rows)]
    return "\n".join(lines) + "\n"


def as_html(document: Document) -> str:
    """The inside of a page's body; names are escaped."""
    parts = "".join(map(_html_part, document.parts))
    title, about = escape(document.title), escape(document.about)
    return f'<main class="wrap"><h1>{title}</h1><p class="quiet">{about}</p>{parts}</main>'


def figure(value: float | None, unit: str = "", decimals: int = 2) -> str:
    """A value with its unit, or a dash."""
    return "–" if value is None else f"{value:z.{decimals}f} {unit}".strip()


def clock(seconds: float) -> str:
    """Seconds as m:ss.s."""
    tenths = round(seconds * 10)
    return f"{tenths // 600}:{tenths % 600 / 10:04.1f}"


def _issue(issue: Issue) -> str:
    place = "" if issue.where.t0 is None else f" At {clock(issue.where.t0)}."
    return f"{issue.severity.upper()}: {issue.message}{place} Do: {issue.action.text}"


def _rules(found: Check) -> Part:
    rows = tuple(
        (rule.figure, figure(rule.measured, rule.unit), _asked(rule.required), rule.verdict)
        for rule in found.rules
    )
    return Part(
        f"{found.target.title}: {found.verdict}",
        (),
        (("rule", "measured", "required", "verdict"), *rows),
    )


def _asked(required: tuple[float | None, float | None]) -> str:
    low, high = required
    if low is None:
        return "–" if high is None else f"at most {high:g}"
    return f"at least {low:g}" if high is None else f"{low:g} to {high:g}"


def _figures(report: Report) -> tuple[tuple[str, ...], ...]:
    analysis, dynamics = report.inspection.analysis, report.inspection.dynamics
    stereo = report.inspection.stereo
    rows = [
        ("Integrated", figure(analysis.integrated, "LUFS")),
        ("Loudness range", figure(analysis.loudness_range, "LU")),
        ("Max momentary", figure(analysis.momentary_max, "LUFS")),
        ("Max short-term", figure(analysis.short_term_max, "LUFS")),
        ("True peak", figure(analysis.true_peak, "dBTP")),
        ("PLR", figure(dynamics.plr, "dB")),
        ("PSR, 5th percentile", figure(dynamics.psr_p5, "dB")),
        ("DR14", figure(dynamics.dr14, "", 0)),
    ]
    if stereo is not None:
        rows += [
            ("Correlation", figure(stereo.correlation)),
            ("Width", figure(stereo.width_score, "of 100", 0)),
            ("Mono loss", figure(stereo.mono_loss, "LU")),
            ("Balance", figure(stereo.balance, "dB")),
        ]
    return (("figure", "value"), *rows)


def _tone(judgement: Judgement) -> Part:
    rows = tuple(
        (band.name, figure(band.measured, "dB"), _asked((band.low, band.high)), band.word)
        for band in judgement.bands
    )
    head = ("band", "above mids", "typical, dB", "word")
    return Part(f"Tone against {judgement.baseline}", (), (head, *rows))


def _reference(report: Report) -> Part:
    assert report.comparison is not None
    compared: tuple[FigureDifference | BandDifference, ...] = (
        *report.comparison.figures,
        *report.comparison.bands,
    )
    rows = tuple(
        (one.name, figure(one.mix), figure(one.reference), figure(one.difference))
        for one in compared
    )
    head = ("figure", "this track", "reference", "difference")
    return Part("Reference, at equal loudness", (report.comparison.confidence,), (head, *rows))


def _escaped(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))


def _row(cells: Sequence[str], *, plain: bool = False) -> str:
    return "| " + " | ".join(cell if plain else _escaped(cell) for cell in cells) + " |"


def _html_part(part: Part) -> str:
    lines = "".join(f"<li>{escape(line)}</li>" for line in part.lines)
    listed = f'<ul class="limits">{lines}</ul>' if lines else ""
    heading = f"<h2>{escape(part.title)}</h2>"
    return f'<section class="card">{heading}{listed}{_html_table(part)}</section>'


def _html_table(part: Part) -> str:
    if not part.table:
        return ""
    head, *rows = part.table
    heads = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in head)
    body = "".join(
        f'<tr><th scope="row">{escape(row[0])}</th>'
        + "".join(f"<td>{escape(cell)}</td>" for cell in row[1:])
        + "</tr>"
        for row in rows
    )
    return f"<table><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>"
