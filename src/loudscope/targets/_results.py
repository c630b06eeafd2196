"""The answer to a check."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ._model import Bounds, Grade, Target, Verdict

__all__ = ["SCHEMA_VERSION", "Check", "RuleResult"]

SCHEMA_VERSION = 1


@dataclass(frozen=True, slots=True)
class RuleResult:
    """One rule, judged.

    Attributes:
        figure: Name of the figure.
        measured: Its value in `unit`, or None where it does not exist or cannot be measured.
        required: (low, high) in `unit`, ends included, None for an open end. Of several permitted
            ranges, the nearest.
        unit: Of all values here.
        verdict: "pass", "fail" or "not judged".
        margin: Distance to the nearest limit; negative outside; None without a value or a limit.
        reason: Why it was not judged, or what else there is to say; "" if nothing.
        binding: Whether it decides the verdict on the whole.
        source: Where the rule is written.
        date: Of the source.
        grade: How well the rule is known.
    """

    figure: str
    measured: float | None
    required: Bounds
    unit: str
    verdict: Verdict
    margin: float | None
    reason: str
    binding: bool
    source: str
    date: str
    grade: Grade

    def to_dict(self) -> dict[str, Any]:
        """As plain values, for JSON."""
        low, high = self.required
        return {
            "figure": self.figure,
            "measured": self.measured,
            "required": {"low": low, "high": high},
            "unit": self.unit,
            "verdict": self.verdict,
            "margin": self.margin,
            "reason": self.reason,
            "binding": self.binding,
            "source": self.source,
            "date": self.date,
            "grade": self.grade,
        }


@dataclass(frozen=True, slots=True)
class Check:
    """An analysis held against a target.

    All gains are in dB and None where they do not exist; `notes` says why.

    Attributes:
        target: The target.
        name: Name of the source, or None.
        rules: Each rule with its verdict, in the order of the target.
        verdict: "fail" if a binding rule fails, else "not judged" if one could not be judged or
            there is none, else "pass".
        gain_db: What would bring the audio to the target's loudness.
        platform_gain_db: What the platform applies by its own rules; None if it applies none.
        platform_limiting_db: How far the platform's limiter then works; 0 without one.
        headroom_db: From the true peak up to the ceiling of the target; negative above it.
        safe_gain_db: The part of `gain_db` that keeps the true peak at the ceiling.
        limiting_db: What is left of `gain_db`: reaching the loudness takes this much limiting.
        notes: What a reader should know.
    """

    target: Target
    name: str | None
    rules: tuple[RuleResult, ...]
    verdict: Verdict
    gain_db: float | None
    platform_gain_db: float | None
    platform_limiting_db: float | None
    headroom_db: float | None
    safe_gain_db: float | None
    limiting_db: float | None
    notes: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """As plain values for strict JSON; docs/targets.md has the schema."""
        return {
            "schema_version": SCHEMA_VERSION,
            "target": self.target.to_dict(),
            "name": self.name,
            "verdict": self.verdict,
            "rules": [rule.to_dict() for rule in self.rules],
            "gain_db": self.gain_db,
            "platform_gain_db": self.platform_gain_db,
            "platform_limiting_db": self.platform_limiting_db,
            "headroom_db": self.headroom_db,
            "safe_gain_db": self.safe_gain_db,
            "limiting_db": self.limiting_db,
            "notes": list(self.notes),
        }

    def summary(self) -> str:
        """The verdict, the rules and the gains as a few lines of text."""
        from ._words import as_text

        return as_text(self)
