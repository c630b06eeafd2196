"""How much an issue matters, and the verdict on all of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from ._model import SEVERITIES, Confidence, Issue, Severity, Verdict

__all__ = ["MEDIUM_Z", "confidence_of", "rank", "severity_of_z", "verdict_of", "worse"]

LOW_Z: Final = 1.0
MEDIUM_Z: Final = 2.0
HIGH_Z: Final = 3.0

RANGES_ONLY = ("genre.", "reference.")


def severity_of_z(z: float) -> Severity | None:
    """From the distance to a mean in standard deviations: 1, 2 and 3 are where steps lie.

    Returns:
        "low" to "high"; None within one standard deviation.
    """
    distance = abs(z)
    if distance <= LOW_Z:
        return None
    if distance <= MEDIUM_Z:
        return "low"
    return "medium" if distance <= HIGH_Z else "high"


def rank(severity: Severity) -> int:
    """0 for info to 3 for high."""
    return SEVERITIES.index(severity)


def worse(one: Severity, other: Severity) -> Severity:
    """The more severe of two."""
    return max(one, other, key=rank)


def confidence_of(words: str) -> Confidence:
    """The first of low, medium and high that a text begins with; low where it says neither."""
    found: Confidence = "low"
    if words.startswith("medium"):
        found = "medium"
    elif words.startswith("high"):
        found = "high"
    return found


def verdict_of(issues: Iterable[Issue]) -> Verdict:
    """From the worst issue: high needs work, medium is a minor fix, what is below is ready.

    A genre's range and references say what is usual, not what is right: the issues of these groups
    ask for minor fixes at most.
    """
    worst = 0
    for issue in issues:
        most = rank("medium" if issue.id.startswith(RANGES_ONLY) else "high")
        worst = max(worst, min(rank(issue.severity), most))
    if worst == rank("high"):
        return "needs_work"
    return "minor_fixes" if worst == rank("medium") else "ready"
