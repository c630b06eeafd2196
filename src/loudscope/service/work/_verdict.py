"""The outcome in short: what a program wants to know before it reads the report."""

from __future__ import annotations

from typing import Any

from loudscope.feedback import SEVERITIES
from loudscope.report import Report

__all__ = ["verdict_of"]


def verdict_of(made: Report) -> dict[str, Any]:
    """Verdict and summary, how many issues there are of each severity, and the key figures.

    Strict JSON: `verdict`, `summary`, `top` (the worst issue's message), `issues`, `genre` and
    `target` with their names, `figures` in LUFS, LU, dBTP and seconds. What does not exist is None.
    """
    found, analysis = made.feedback, made.inspection.analysis
    severities = [issue.severity for issue in found.issues]
    return {
        "verdict": found.verdict,
        "summary": found.summary,
        "top": found.issues[0].message if found.issues else None,
        "issues": {name: severities.count(name) for name in reversed(SEVERITIES)},
        "genre": _genre(made),
        "target": _target(made),
        "figures": {
            "integrated": analysis.integrated,
            "loudness_range": analysis.loudness_range,
            "true_peak": analysis.true_peak,
            "duration": analysis.duration,
            "rate_hz": analysis.rate_hz,
            "channels": analysis.layout.count,
        },
    }


def _genre(made: Report) -> dict[str, Any] | None:
    baseline = made.baseline
    return None if baseline is None else {"name": baseline.name, "title": baseline.title}


def _target(made: Report) -> dict[str, Any] | None:
    target, check = made.target, made.check
    if target is None or check is None:
        return None
    return {"name": target.name, "title": target.title, "verdict": check.verdict}
