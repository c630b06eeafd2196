"""A feedback as the rules make it, and a reply to it that fits."""

from __future__ import annotations

from typing import Any

from loudscope.feedback import (
    Action,
    Eq,
    Expected,
    Feedback,
    Issue,
    Limit,
    NoAction,
    Severity,
    Where,
    combine,
)

SECRETS = ("Private Mix v7.wav", "/home/ada/secret", "Ada Lovelace", "ref_of_ada.flac")


def issue(
    name: str = "genre.bass",
    severity: Severity = "medium",
    *,
    metric: str = "bass_rel_mid_db",
    measured: float | None = 13.21,
    action: Action | None = None,
    where: Where | None = None,
    source: str = f"references in {SECRETS[1]}",
) -> Issue:
    return Issue(
        id=name,
        severity=severity,
        confidence="medium",
        metric=metric,
        measured=measured,
        expected=Expected(-1.6, 8.8, source, 100),
        where=Where(12.0, 16.0, (60.0, 250.0)) if where is None else where,
        message=f"Bass lies at +13.2 dB; typical is -1.6 to 8.8 dB ({source}). It can boom.",
        action=Eq("Cut Bass by 2.2 dB at 122 Hz.", "bell", 122.0, -2.2, 0.64)
        if action is None
        else action,
        check_by_ear="At low volume, compare bass and voice.",
    )


OVERS = issue(
    "fault.over_0_dbtp",
    "high",
    metric="true_peak_dbtp",
    measured=0.83,
    action=Limit("Limit true peaks to -1 dBTP.", -1.0),
    where=Where(3.5, 3.6),
)
TAIL = issue(
    "fault.tail_silence",
    "low",
    metric="tail_s",
    measured=7.25,
    action=NoAction("Leave it."),
    where=Where(),
)


def found(*issues: Issue) -> Feedback:
    return combine(
        issues or (OVERS, issue(), TAIL),
        genre=f"mine of {SECRETS[2]}",
        strengths=[f"Close to {SECRETS[3]}."],
        warnings=[f"{SECRETS[0]} is cut short"],
        limits=[f"Made from {SECRETS[1]}"],
    )


def reply_to(feedback: Feedback) -> dict[str, Any]:
    """A reply that keeps every figure and says it in other words."""
    return {
        "summary": "Peaks first, then the low end.",
        "issues": [
            {
                "id": one.id,
                "metric": one.metric,
                "measured": one.measured,
                "severity": one.severity,
                "message": f"Look here: {one.metric.split('_')[0]} stands out.",
                "action": {"type": one.action.type, "gain_db": None, "freq_hz": None},
                "check_by_ear": "Listen at low volume.",
                "also": [],
            }
            for one in feedback.issues
        ],
    }
