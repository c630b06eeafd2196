"""What a delivery target asks for and does not get."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from ._actions import Action, Gain, Limit, NoAction
from ._figures import figure_words, metric_name
from ._model import Confidence, Expected, Issue, Severity, Where
from ._words import clean, number, slug, span

if TYPE_CHECKING:
    from loudscope.qc import Inspection
    from loudscope.targets import Check, RuleResult

__all__ = ["issues_from_target", "limits_from_target", "strengths_from_target"]

CONFIDENCE: dict[str, Confidence] = {
    "P": "high",
    "M": "high",
    "C": "high",
    "own": "high",
    "S": "medium",
    "S/U": "low",
    "U": "low",
}
"""How well a rule's source is known, by the grades of docs/targets.md."""
PEAKS = ("true_peak", "sample_peak")
LEVELS = ("integrated", "momentary_max", "short_term_max", "rms")
MUCH_GAIN_DB = 6.0
AUDIBLE_FLOOR_DBFS = -55.0


def issues_from_target(check: Check, inspection: Inspection | None = None) -> tuple[Issue, ...]:
    """The rules that fail: high or medium where they decide the delivery, low for advice.

    Args:
        check: What `loudscope.targets.check` found.
        inspection: The track; with it, a gain that lifts noise is said to.
    """
    failed: dict[str, RuleResult] = {}
    for rule in check.rules:
        if rule.verdict == "fail" and _stricter(rule, failed.get(rule.figure)):
            failed[rule.figure] = rule
    return tuple(_issue(rule, check, inspection) for rule in failed.values())


def _stricter(rule: RuleResult, other: RuleResult | None) -> bool:
    """Of two rules for one figure, the one that decides counts, then the one missed by more."""
    if other is None:
        return True
    return (rule.binding, -(rule.margin or 0.0)) > (other.binding, -(other.margin or 0.0))


def _issue(rule: RuleResult, check: Check, inspection: Inspection | None) -> Issue:
    low, high = rule.required
    measured = rule.measured if rule.measured is not None else 0.0
    above = high is not None and measured > high
    words = figure_words(rule.figure)
    return Issue(
        id=f"target.{slug(rule.figure)}",
        severity=_severity(rule),
        confidence=CONFIDENCE.get(rule.grade, "low"),
        metric=metric_name(slug(rule.figure), rule.unit),
        measured=rule.measured,
        expected=Expected(low, high, _source(rule, check), None),
        where=_place(rule, inspection),
        message=(
            f"{words.name} is {number(measured, rule.unit)}; {clean(check.target.title, 60)} asks "
            f"for {span(low, high, rule.unit)} ({_source(rule, check)}). "
            f"{words.above if above else words.below}.{_noise(rule, check, inspection)}"
        ),
        action=_action(rule, check, above=above),
        check_by_ear=words.check,
    )


def _severity(rule: RuleResult) -> Severity:
    """A rule that decides is high; medium where it is known from second hand only; advice low."""
    if not rule.binding:
        return "low"
    return "high" if CONFIDENCE.get(rule.grade) == "high" else "medium"


def _source(rule: RuleResult, check: Check) -> str:
    parts = [text for text in (rule.source or check.target.title, rule.date) if text]
    return clean(", ".join(parts))


def _place(rule: RuleResult, inspection: Inspection | None) -> Where:
    """Where a peak or a loud passage is."""
    analysis = None if inspection is None else inspection.analysis
    if analysis is None:
        return Where()
    ends = {
        "true_peak": (analysis.true_peak_at, 0.0),
        "sample_peak": (analysis.sample_peak_at, 0.0),
        "momentary_max": (analysis.momentary_max_at, 0.4),
        "short_term_max": (analysis.short_term_max_at, 3.0),
    }
    at, length = ends.get(rule.figure, (None, 0.0))
    return Where() if at is None else Where(max(0.0, at - length), at)


def _noise(rule: RuleResult, check: Check, inspection: Inspection | None) -> str:
    """What a large gain does to the quietest moments."""
    floor = None if inspection is None else inspection.faults.noise_floor_dbfs
    gain = check.gain_db
    if rule.figure != "integrated" or floor is None or gain is None or gain < MUCH_GAIN_DB:
        return ""
    if floor + gain < AUDIBLE_FLOOR_DBFS:
        return ""
    return (
        f" The gain lifts the quietest moments from {number(floor, 'dBFS')} to "
        f"{number(floor + gain, 'dBFS')}, noise included."
    )


def _action(rule: RuleResult, check: Check, *, above: bool) -> Action:
    if rule.figure in PEAKS and above:
        return _less_peak(rule, check)
    if rule.figure == "integrated":
        return _reach(check, above=above)
    if rule.figure in LEVELS and above:
        return NoAction(
            f"Turn the loudest passage down by {number(abs(rule.margin or 0.0), 'LU')} and leave "
            "the rest."
        )
    words = figure_words(rule.figure)
    return words.action_above if above else words.action_below


def _less_peak(rule: RuleResult, check: Check) -> Action:
    """A ceiling; or a gain, where the loudness comes down that far in any case."""
    ceiling = max(-20.0, min(0.0, rule.required[1] or 0.0))
    over, gain, played = -(rule.margin or 0.0), check.gain_db, check.platform_gain_db
    if gain is not None and gain <= -over and _too_loud(check):
        return Gain(
            f"The gain of {number(gain, signed=True)} that the loudness needs brings the peak to "
            f"{number(ceiling + over + gain, 'dBTP')} as well.",
            round(gain, 1),
        )
    if played is not None and played <= -over:
        down = -math.ceil(10.0 * over) / 10.0
        return Gain(
            f"Turn it down by {number(-down)}: when it plays it is turned down by "
            f"{number(-played)} anyway.",
            down,
        )
    return Limit(f"Limit true peaks to {number(ceiling, 'dBTP')}.", ceiling)


def _too_loud(check: Check) -> bool:
    return any(rule.figure == "integrated" and rule.verdict == "fail" for rule in check.rules)


def _reach(check: Check, *, above: bool) -> Action:
    gain, safe, rest = check.gain_db, check.safe_gain_db, check.limiting_db
    if gain is None:
        return NoAction("Turn it down." if above else "Turn it up.")
    shown = round(max(-60.0, min(60.0, gain)), 1)
    if above or not rest or safe is None:
        return Gain(f"Apply {number(gain, signed=True)} to the whole programme.", shown)
    return Gain(
        f"Apply {number(gain, signed=True)}: {number(safe, signed=True)} is safe for the true "
        f"peak, the other {number(rest)} need limiting.",
        shown,
    )


def strengths_from_target(check: Check) -> tuple[str, ...]:
    """Whether the target is met, or which of its rules are: one sentence, or none."""
    title = clean(check.target.title, 60)
    passed = [figure_words(rule.figure).name for rule in check.rules if rule.verdict == "pass"]
    if check.verdict == "pass":
        return (f"Meets {title}: {clean(', '.join(dict.fromkeys(passed)), 400)}.",)
    if not passed:
        return ()
    return (f"Of {title}, met: {clean(', '.join(dict.fromkeys(passed)), 400)}.",)


def limits_from_target(check: Check) -> tuple[str, ...]:
    """What could not be judged and why, and the target's own notes."""
    title = clean(check.target.title, 60)
    unjudged = [
        f"{title}: {figure_words(rule.figure).name.lower()} was not judged: {rule.reason}"
        for rule in check.rules
        if rule.verdict == "not judged"
    ]
    return tuple(clean(text, 590) for text in dict.fromkeys((*unjudged, *check.notes)))
