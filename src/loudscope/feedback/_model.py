"""Feedback as a value: what stands out, why, where, and what one would do about it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal, cast

from loudscope import InvalidArgument

from ._actions import Action
from ._strict import Length, Range, from_plain, schema_of, to_plain, verify

__all__ = [
    "SCHEMA",
    "SEVERITIES",
    "Confidence",
    "Expected",
    "Feedback",
    "Issue",
    "Severity",
    "Verdict",
    "Where",
    "json_schema",
]

SCHEMA: Final = "loudscope.feedback/1"
MOST_SUMMARY = 280

Severity = Literal["info", "low", "medium", "high"]
Confidence = Literal["low", "medium", "high"]
Verdict = Literal["ready", "minor_fixes", "needs_work", "not_judged"]
SEVERITIES: tuple[Severity, ...] = ("info", "low", "medium", "high")
"""From the least to the most severe."""

Seconds = Annotated[float, Range(0.0, 1e9)]
Hertz = Annotated[float, Range(0.0, 400e3)]
Key = Annotated[str, Length(120)]
Line = Annotated[str, Length(600)]


@dataclass(frozen=True, slots=True)
class Expected:
    """What the figure was held against.

    Attributes:
        low: Lower end of the range, in the metric's unit; None: no lower end.
        high: Upper end; None: no upper end.
        source: Where the range comes from.
        n: Recordings behind it; None where that means nothing, as for a delivery rule.
    """

    low: float | None
    high: float | None
    source: Line
    n: int | None

    def __post_init__(self) -> None:
        verify(self)
        if self.low is not None and self.high is not None and self.low > self.high:
            raise InvalidArgument(f"Expected: low={self.low} lies above high={self.high}")


@dataclass(frozen=True, slots=True)
class Where:
    """The worst place, or the first of many; the whole of it where a field is None.

    Attributes:
        t0: Start in seconds.
        t1: End in seconds.
        band_hz: Low and high edge in Hz.
    """

    t0: Seconds | None = None
    t1: Seconds | None = None
    band_hz: tuple[Hertz, Hertz] | None = None

    def __post_init__(self) -> None:
        verify(self)


@dataclass(frozen=True, slots=True)
class Issue:
    """One thing that stands out.

    Attributes:
        id: Group and subject, for example ``"fault.clipping"`` or ``"genre.bass"``; each occurs
            once in a feedback. The groups are fault, genre, target and reference.
        severity: info, low, medium or high.
        confidence: How far the range and the measurement can be trusted: low, medium or high.
        metric: Name of the figure, its unit included, for example ``"true_peak_dbtp"``.
        measured: Its value in that unit; None where the metric is a plain yes.
        expected: What it was held against.
        where: The worst place.
        message: Measured value, expected range with its source, and the consequence.
        action: One move.
        check_by_ear: How to hear whether it matters.
    """

    id: Key
    severity: Severity
    confidence: Confidence
    metric: Key
    measured: float | None
    expected: Expected
    where: Where
    message: Line
    action: Action
    check_by_ear: Line

    def __post_init__(self) -> None:
        verify(self)


@dataclass(frozen=True, slots=True)
class Feedback:
    """Everything that was found, the worst first. Strict: what does not fit is refused.

    Attributes:
        source: Whether rules alone made it, or a language model phrased what the rules found.
        engine: Program and version; the model's name too where there was one.
        genre: Name of the baseline, or None.
        verdict: ready, minor_fixes, needs_work, or not_judged where there was nothing to judge.
        summary: At most 280 characters.
        strengths: What is as one would expect.
        issues: By severity.
        warnings: What went wrong on the way, for example a language model that did not answer.
        limits: What these judgements cannot know.
        schema: ``"loudscope.feedback/1"``.
    """

    source: Literal["rules", "llm"]
    engine: Key
    genre: Key | None
    verdict: Verdict
    summary: Annotated[str, Length(MOST_SUMMARY)]
    strengths: tuple[Line, ...]
    issues: tuple[Issue, ...]
    warnings: tuple[Line, ...]
    limits: tuple[Line, ...]
    schema: Literal["loudscope.feedback/1"] = SCHEMA

    def __post_init__(self) -> None:
        verify(self)
        ids = [issue.id for issue in self.issues]
        if len(set(ids)) < len(ids):
            twice = sorted({name for name in ids if ids.count(name) > 1})
            raise InvalidArgument(f"Feedback.issues: {', '.join(twice)} occurs more than once")

    def to_dict(self) -> dict[str, Any]:
        """As plain values: fits `json_schema()`, and `json.dumps(…, allow_nan=False)` takes it."""
        return cast(dict[str, Any], to_plain(self))

    def to_json(self, *, indent: int | None = None) -> str:
        """`to_dict` as strict JSON."""
        return json.dumps(self.to_dict(), indent=indent, allow_nan=False, ensure_ascii=False)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Feedback:
        """The feedback that `to_dict` wrote.

        Args:
            values: The plain values.

        Raises:
            InvalidArgument: A field is unknown, missing, of a wrong type or out of range; the
                message says which.
        """
        return cast(Feedback, from_plain(cls, dict(values), "feedback"))

    def to_text(self, *, width: int = 88) -> str:
        """For a terminal: plain text without colours or control characters.

        Args:
            width: Columns to wrap at, 40 or more.

        Raises:
            InvalidArgument: `width` is below 40.
        """
        from ._text import text_of

        return text_of(self, width)


def json_schema() -> dict[str, Any]:
    """JSON Schema (draft 2020-12) of `Feedback.to_dict`."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:{SCHEMA.replace('/', ':').replace('.', ':')}",
        **schema_of(Feedback),
    }
