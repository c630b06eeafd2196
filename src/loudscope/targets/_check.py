"""Holding an analysis against a target."""

from __future__ import annotations

from collections.abc import Sequence
from os import PathLike
from typing import Any, Protocol, TypeAlias

import loudscope
from loudscope import Analysis
from loudscope.typing import LayoutLike
from loudscope.typing import Source as Audio

from ._album import Track
from ._catalog import find
from ._figures import UNITS, cautions, measured, why_absent
from ._gains import gains_of
from ._model import Bounds, Condition, Rule, Target, Verdict
from ._results import Check, RuleResult

__all__ = ["check"]


class Inspected(Protocol):
    """Whatever holds an analysis, such as an inspection."""

    @property
    def analysis(self) -> Analysis:
        """The analysis."""
        ...


Source: TypeAlias = "Analysis | Inspected | Audio"

_ROUNDING = 1e-9  # -23 + 0.2 as float is not -22.8


def check(
    source: Source,
    target: Target | str | PathLike[str],
    *,
    album: Sequence[Track | Analysis] | None = None,
    rate_hz: float | None = None,
    axis: int = 0,
    layout: LayoutLike = None,
    dual_mono: bool = False,
) -> Check:
    """Holds audio against a target, rule by rule, and says what gain would do.

    Args:
        source: An `Analysis`, whatever has one as `.analysis`, or what `loudscope.analyze` takes.
        target: A `Target`, the name of one ("r128", "spotify", see `names`), or a TOML file of
            yours: "mine.toml", or "mine.toml#club" if it holds several.
        album: All tracks of the album that this one is on, for platforms that set albums as a
            whole; None: the track by itself.
        rate_hz: As in `loudscope.analyze`, for arrays.
        axis: As in `loudscope.scan`, for arrays.
        layout: As in `loudscope.analyze`.
        dual_mono: As in `loudscope.analyze`.

    Raises:
        InvalidArgument: No target of this name, or its file does not fit.
        LoudscopeError: As in `loudscope.analyze`.
    """
    found = find(target)
    analysis = _analysis(source, rate_hz, axis, layout, dual_mono)
    results = tuple(_judge(rule, found, analysis) for rule in found.rules)
    gains = gains_of(analysis, found, None if album is None else tuple(album))
    return Check(
        target=found,
        name=analysis.name,
        rules=results,
        verdict=_verdict(results),
        gain_db=gains.wanted,
        platform_gain_db=gains.platform,
        platform_limiting_db=gains.platform_limiting,
        headroom_db=gains.headroom,
        safe_gain_db=gains.safe,
        limiting_db=gains.limiting,
        notes=(*gains.notes, *found.notes, *cautions(analysis)),
    )


def _analysis(
    source: Source, rate_hz: float | None, axis: int, layout: LayoutLike, dual_mono: bool
) -> Analysis:
    if isinstance(source, Analysis):
        return source
    held = getattr(source, "analysis", None)
    if isinstance(held, Analysis):
        return held
    audio: Any = source
    return loudscope.analyze(audio, rate_hz, axis=axis, layout=layout, dual_mono=dual_mono)


def _verdict(results: Sequence[RuleResult]) -> Verdict:
    verdicts = [result.verdict for result in results if result.binding]
    if "fail" in verdicts:
        return "fail"
    return "pass" if verdicts and "not judged" not in verdicts else "not judged"


def _judge(rule: Rule, target: Target, analysis: Analysis) -> RuleResult:
    value = measured(analysis, rule.figure)
    required, margin = _nearest(rule.ranges, value)
    verdict, reason, binding = _say(rule, target, analysis, margin)
    return RuleResult(
        figure=rule.figure,
        measured=value,
        required=required,
        unit=rule.unit,
        verdict=verdict,
        margin=margin,
        reason=reason,
        binding=binding,
        source=rule.source,
        date=rule.date,
        grade=rule.grade,
    )


def _say(
    rule: Rule, target: Target, analysis: Analysis, margin: float | None
) -> tuple[Verdict, str, bool]:
    """Verdict, reason, and whether it decides."""
    if rule.when is not None and _holds(rule.when, analysis) is False:
        return "not judged", f"applies only to {_told(rule.when)}", False
    obstacle = _obstacle(rule, target, analysis)
    if obstacle is not None:
        return "not judged", obstacle, rule.binding
    if margin is None:
        return "not judged", why_absent(analysis, rule.figure), rule.binding
    if margin >= -_ROUNDING:
        return "pass", "", rule.binding
    if rule.outside is not None:
        return "not judged", rule.outside, rule.binding
    return "fail", _also(rule.ranges), rule.binding


def _obstacle(rule: Rule, target: Target, analysis: Analysis) -> str | None:
    """Why the rule cannot be judged whatever its figure reads, or None."""
    if target.when is not None and not _holds(target.when, analysis):
        return f"{target.title} is only for {_told(target.when)}"
    if rule.when is not None and _holds(rule.when, analysis) is None:
        return why_absent(analysis, rule.when.figure)
    return rule.cannot


def _also(ranges: tuple[Bounds, ...]) -> str:
    if len(ranges) < 2:
        return ""
    return "permitted are " + " and ".join(f"{low:g} to {high:g}" for low, high in ranges)


def _told(condition: Condition) -> str:
    unit = UNITS[condition.figure]
    figure = condition.figure.replace("_", " ")
    words = [
        f"{word} {limit:g} {unit}".rstrip()
        for word, limit in (("above", condition.above), ("below", condition.below))
        if limit is not None
    ]
    return f"audio with {figure} {' and '.join(words)}"


def _holds(condition: Condition, analysis: Analysis) -> bool | None:
    """None where its figure does not exist."""
    value = measured(analysis, condition.figure)
    if value is None:
        return None
    above = condition.above is None or value > condition.above + _ROUNDING
    return above and (condition.below is None or value < condition.below - _ROUNDING)


def _nearest(ranges: tuple[Bounds, ...], value: float | None) -> tuple[Bounds, float | None]:
    """The range that the value lies in, or nearest to, and its distance to that range's end."""
    if not ranges:
        return (None, None), None
    if value is None:
        return ranges[0], None
    margins = [_margin(bounds, value) for bounds in ranges]
    best = max(range(len(ranges)), key=margins.__getitem__)
    return ranges[best], margins[best]


def _margin(bounds: Bounds, value: float) -> float:
    low, high = bounds
    distances = [] if low is None else [value - low]
    if high is not None:
        distances.append(high - value)
    return min(distances)
