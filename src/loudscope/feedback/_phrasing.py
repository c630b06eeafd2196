"""A language model's words over the rules' figures."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from ._actions import Action, DynamicEq, Eq, Gain
from ._model import SEVERITIES, Feedback, Issue, Severity, Where
from ._severity import rank, verdict_of
from ._words import clean, first_sentence, number

if TYPE_CHECKING:
    from ._reply import Reply, ReplyAction, ReplyIssue

__all__ = ["phrased"]

MOST_LINE = 600
NUMBER = re.compile(r"(?<![\w.])[-+−]?\d+(?:[.,]\d+)?")
REFUSED = re.compile(r"://|www\.|[<>{}`\\]|\bwrong\b", re.IGNORECASE)


@dataclass(slots=True)
class _Kept:
    """Texts of the model that were not taken over, and issues that it merged."""

    texts: int = 0
    merged: list[str] = field(default_factory=list)


def phrased(feedback: Feedback, reply: Reply, engine: str) -> Feedback:
    """The feedback in the reply's words and order; figures, sources and places stay ours.

    Severity is the rules' or one step more. Gains and frequencies stay between no change and ours.
    A text that holds a number we did not give, a link or markup is replaced by ours. Issues that
    the reply leaves out follow as they are.

    Args:
        feedback: What the rules found.
        reply: An answer whose ids and metrics are known to exist.
        engine: Name of the engine and the model.
    """
    known = {issue.id: issue for issue in feedback.issues}
    kept, done, issues = _Kept(), set[str](), []
    for found in reply.issues:
        ours = known[found.id]
        covered = [known[name] for name in found.also if _may_fold(known[name], ours)]
        issues.append(_in_other_words(ours, found, covered, kept))
        done |= {ours.id, *(other.id for other in covered)}
    issues += [issue for issue in feedback.issues if issue.id not in done]
    ordered = tuple(sorted(issues, key=lambda issue: -rank(issue.severity)))
    summary = _text(reply.summary, feedback.summary, [*_all_numbers(feedback)], kept)
    return replace(
        feedback,
        source="llm",
        engine=clean(engine, 120),
        verdict=feedback.verdict if feedback.verdict == "not_judged" else verdict_of(ordered),
        summary=clean(summary, 280),
        issues=ordered,
        warnings=(*feedback.warnings, *_remarks(kept)),
    )


def _may_fold(issue: Issue, lead: Issue) -> bool:
    """What is severe, or more severe than what covers it, keeps its own place."""
    return issue.severity != "high" and rank(issue.severity) <= rank(lead.severity)


def _in_other_words(ours: Issue, found: ReplyIssue, covered: list[Issue], kept: _Kept) -> Issue:
    numbers = _numbers_of(ours, *covered)
    message = _text(found.message, ours.message, numbers, kept)
    for other in covered:
        kept.merged.append(f"{other.id} into {ours.id}")
        message += f" With it, {other.id}: {first_sentence(other.message)}"
    return replace(
        ours,
        severity=_severity(ours.severity, found.severity),
        message=clean(message, MOST_LINE),
        action=_action(ours.action, found.action, ours.where),
        check_by_ear=clean(_text(found.check_by_ear, ours.check_by_ear, numbers, kept), MOST_LINE),
    )


def _severity(ours: Severity, theirs: Severity) -> Severity:
    most = min(rank(ours) + 1, len(SEVERITIES) - 1)
    return SEVERITIES[max(rank(ours), min(rank(theirs), most))]


def _action(ours: Action, found: ReplyAction, where: Where) -> Action:
    """Ours, or less gain, or a bell elsewhere in its band; the text then says both."""
    if not isinstance(ours, Eq | DynamicEq | Gain) or not ours.gain_db:
        return ours
    gain_db = _between(found.gain_db, min(0.0, ours.gain_db), max(0.0, ours.gain_db))
    gain_db = round(gain_db or ours.gain_db, 1) or ours.gain_db
    told = number(gain_db, signed=True)
    changed = replace(ours, gain_db=gain_db)
    if isinstance(changed, Eq) and changed.filter == "bell" and where.band_hz is not None:
        freq_hz = _between(found.freq_hz, *where.band_hz) or changed.freq_hz
        changed = replace(changed, freq_hz=float(round(freq_hz)))
        told += f" at {changed.freq_hz:g} Hz"
    if changed == ours:
        return ours
    return replace(changed, text=clean(f"{ours.text} The language model would take {told}.", 280))


def _between(value: float | None, low: float, high: float) -> float | None:
    return None if value is None else max(low, min(high, value))


def _text(theirs: str, ours: str, numbers: list[float], kept: _Kept) -> str:
    """Their text if every number in it is one of ours and nothing else is in it, or else ours."""
    text = clean(theirs, MOST_LINE)
    if not text or REFUSED.search(text) or not all(_is_given(m, numbers) for m in _found(text)):
        kept.texts += 1
        return ours
    return text


def _found(text: str) -> list[str]:
    return [found.replace("−", "-").replace(",", ".") for found in NUMBER.findall(text)]


def _is_given(shown: str, numbers: list[float]) -> bool:
    """Whether one of the numbers, or a thousandth of it (kHz), rounds to what is shown."""
    value, decimals = abs(float(shown)), len(shown.partition(".")[2])
    half = 0.5 * 10.0**-decimals + 1e-9
    return any(
        abs(value - abs(given)) <= half or abs(value - abs(given) / 1000.0) <= half
        for given in numbers
    )


def _numbers_of(*issues: Issue) -> list[float]:
    """Every number that the rules said of these issues."""
    return [
        float(shown)
        for issue in issues
        for text in (issue.message, issue.action.text, issue.check_by_ear, repr(issue))
        for shown in _found(text)
    ]


def _all_numbers(feedback: Feedback) -> list[float]:
    counts = [sum(i.severity == severity for i in feedback.issues) for severity in SEVERITIES]
    return [*_numbers_of(*feedback.issues), *map(float, counts), float(len(feedback.issues))]


def _remarks(kept: _Kept) -> list[str]:
    remarks = []
    if kept.texts:
        remarks.append(
            f"{kept.texts} of the language model's texts held numbers or markup that it was not "
            "given; the rules' own stand there"
        )
    if kept.merged:
        remarks.append(clean(f"merged by the language model: {', '.join(kept.merged)}", 590))
    return remarks
