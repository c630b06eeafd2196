"""What differs from references of one's own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ._actions import Action
from ._bands import against, outside, words_of
from ._figures import WORDS, distinct, figure_words, metric_name
from ._model import Confidence, Expected, Issue, Severity, Where
from ._severity import severity_of_z
from ._words import clean, lies, number, slug, span, times

if TYPE_CHECKING:
    from loudscope.compare import BandDifference, Comparison, Difference, FigureDifference

__all__ = ["issues_from_comparison", "limits_from_comparison", "strengths_from_comparison"]

MARGIN = 3.0
"""With too few references for a range, a difference up to this, in the figure's unit, is none."""
ENOUGH = 5
FIGURES = ("loudness_range", "plr", "psr_median", "crest_factor", "dr14", "mono_loss")
"""Figures that no gain changes, and in whose unit the margin means something."""


@dataclass(frozen=True, slots=True)
class _Judged:
    """A difference that is an issue."""

    severity: Severity
    low: float
    high: float


def issues_from_comparison(comparison: Comparison) -> tuple[Issue, ...]:
    """What differs from the references at the same loudness.

    With five references or more: what lies outside their range, by how far it does. With fewer
    there is no range: what differs from each of them by more than 3 dB (or LU) to the same side,
    as information.

    Args:
        comparison: What `loudscope.compare.compare` found.
    """
    bands = [_band_issue(found, comparison) for found in comparison.bands]
    figures = [
        _figure_issue(found, comparison)
        for found in comparison.figures
        if found.name in (WORDS if found.n >= ENOUGH else FIGURES)
    ]
    return distinct(issue for issue in (*bands, *figures) if issue is not None)


def _judge(found: Difference, unit: str) -> _Judged | None:
    if found.mix is None or found.reference is None:
        return None
    if found.n >= ENOUGH and found.low is not None and found.high is not None:
        return _beyond_range(found.mix, found.reference, found.low, found.high)
    apart = [value for value in found.differences if value is not None]
    beyond = min(apart, default=0.0) > MARGIN or max(apart, default=0.0) < -MARGIN
    if not beyond:
        return None
    low, high = found.reference - MARGIN, found.reference + MARGIN
    return _Judged("info", low, high)


def _beyond_range(mix: float, mean: float, low: float, high: float) -> _Judged | None:
    """The range of n references is t sd √(1+1/n) to each side; its half-width counts as one."""
    half = (high - low) / 2.0
    severity = severity_of_z((mix - mean) / half) if half > 0.0 else None
    return None if severity is None else _Judged(severity, low, high)


def _band_issue(found: BandDifference, comparison: Comparison) -> Issue | None:
    judged = _judge(found, "dB")
    if judged is None or found.mix is None:
        return None
    excess = outside(found.mix, judged.low, judged.high)
    edges = (found.low_hz, found.high_hz)
    words = words_of(found.name)
    subject = f"{found.name} ({edges[0]:g} to {edges[1]:g} Hz) {lies(found.name)} at"
    return _issue(
        found,
        judged,
        comparison,
        (f"reference.{slug(found.name)}", f"{slug(found.name)}_dbfs", "dBFS", subject),
        words.above if excess > 0 else words.below,
        against(found.name, edges, excess),
        words.check,
        _worst_section(found.name, comparison, edges, excess),
    )


def _figure_issue(found: FigureDifference, comparison: Comparison) -> Issue | None:
    judged = _judge(found, found.unit)
    if judged is None or found.mix is None:
        return None
    words, high = figure_words(found.name), outside(found.mix, judged.low, judged.high) > 0
    name = slug(found.name)
    return _issue(
        found,
        judged,
        comparison,
        (f"reference.{name}", metric_name(name, found.unit), found.unit, f"{words.name} is"),
        words.above if high else words.below,
        words.action_above if high else words.action_below,
        words.check,
        Where(),
    )


def _issue(
    found: Difference,
    judged: _Judged,
    comparison: Comparison,
    names: tuple[str, str, str, str],
    consequence: str,
    action: Action,
    check: str,
    where: Where,
) -> Issue:
    identity, metric, unit, subject = names
    mix, reference = found.mix or 0.0, found.reference or 0.0
    source = _source(comparison)
    return Issue(
        id=identity,
        severity=judged.severity,
        confidence=_confidence(found.n),
        metric=metric,
        measured=mix,
        expected=Expected(judged.low, judged.high, source, found.n),
        where=where,
        message=(
            f"{subject} {number(mix, unit)}, {number(abs(mix - reference), _difference(unit))} "
            f"{'above' if mix > reference else 'below'} {source} at the same loudness; "
            f"{_range(judged, found.n, unit)}. {consequence}."
        ),
        action=action,
        check_by_ear=check,
    )


def _range(judged: _Judged, n: int, unit: str) -> str:
    told = span(judged.low, judged.high, unit)
    if n >= ENOUGH:
        return f"their range is {told}"
    return f"with {times(n, 'reference')}, {told} is taken for the same"


def _difference(unit: str) -> str:
    """The unit of a difference of levels."""
    return {"dBFS": "dB", "dBTP": "dB", "LUFS": "LU"}.get(unit, unit)


def _source(comparison: Comparison) -> str:
    names = [clean(track.name or "a reference", 60) for track in comparison.references]
    if len(names) == 1:
        return names[0]
    return f"the mean of {times(len(names), 'reference')}"


def _confidence(n: int) -> Confidence:
    """One reference is an example, five a range, twenty a good one."""
    if n < ENOUGH:
        return "low"
    return "medium" if n < 20 else "high"


def _worst_section(
    band: str, comparison: Comparison, edges: tuple[float, float], excess: float
) -> Where:
    """The section of the mix in which the band differs most to that side."""
    differences = [
        (found.difference if excess > 0 else -found.difference, section)
        for section in comparison.sections
        for found in section.bands
        if found.name == band and found.difference is not None
    ]
    if not differences:
        return Where(band_hz=edges)
    worst = max(differences, key=lambda pair: pair[0])[1]
    return Where(worst.start, worst.stop, edges)


def strengths_from_comparison(comparison: Comparison) -> tuple[str, ...]:
    """Which bands lie close to the references: one sentence, or none."""
    close = [
        found.name
        for found in comparison.bands
        if found.mix is not None and found.reference is not None and _judge(found, "dB") is None
    ]
    if not close:
        return ()
    return (
        f"Close to {_source(comparison)} at the same loudness: {clean(', '.join(close), 400)}.",
    )


def limits_from_comparison(comparison: Comparison) -> tuple[str, ...]:
    """What a reader has to know along with the comparison."""
    return tuple(clean(text, 590) for text in (comparison.confidence, *comparison.limits))
