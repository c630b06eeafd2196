"""The rules, run on what was inspected, judged, checked and compared."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._combine import combine
from ._faults import issues_from_faults, strengths_from_faults, warnings_from_faults
from ._genre import issues_from_genre, limits_from_genre, strengths_from_genre
from ._model import Feedback, Issue
from ._reference import (
    issues_from_comparison,
    limits_from_comparison,
    strengths_from_comparison,
)
from ._target import issues_from_target, limits_from_target, strengths_from_target

if TYPE_CHECKING:
    from os import PathLike

    from loudscope.compare import Comparison
    from loudscope.genres import Baseline
    from loudscope.qc import Inspection
    from loudscope.targets import Check, Target

    from ._llm import LanguageModel

__all__ = ["feedback"]

ALWAYS = ("Figures say what is unusual, not what is wrong: a piece may mean to be unusual.",)


def feedback(
    inspection: Inspection,
    *,
    genre: str | Baseline | None = None,
    target: str | PathLike[str] | Target | Check | None = None,
    comparison: Comparison | None = None,
    language_model: LanguageModel | None = None,
) -> Feedback:
    """What stands out in a track, why, where, and one move against each.

    Deterministic: the same inspection gives the same feedback.

    Args:
        inspection: What `loudscope.qc.inspect` found.
        genre: Name of a baseline, or one of your own; None: tone is not judged.
        target: Name of a delivery target, a TOML file, a target, or a check that was made already;
            None: delivery is not judged.
        comparison: What `loudscope.compare.compare` found; None: no references.
        language_model: Phrases and ranks what the rules found. It gets figures, and neither audio
            nor names; without an answer from it the rules' feedback comes back with a warning.

    Raises:
        InvalidArgument: There is no genre or target of this name.
        FileError: The target's file cannot be read.
        MissingExtra: There is a language model, but ``loudscope[llm]`` is not installed.
    """
    issues: list[tuple[Issue, ...]] = [issues_from_faults(inspection)]
    strengths, limits = [*strengths_from_faults(inspection)], [*ALWAYS]
    baseline = None if genre is None else _baseline(genre)
    if target is not None:
        check = _check(inspection, target)
        issues.append(issues_from_target(check, inspection))
        strengths += strengths_from_target(check)
        limits += limits_from_target(check)
    if baseline is not None:
        judgement = baseline.judge(inspection)
        issues.append(issues_from_genre(inspection, baseline, judgement))
        strengths += strengths_from_genre(inspection, baseline, judgement)
        limits += limits_from_genre(inspection, baseline, judgement)
    if comparison is not None:
        issues.append(issues_from_comparison(comparison))
        strengths += strengths_from_comparison(comparison)
        limits += limits_from_comparison(comparison)
    found = combine(
        *issues,
        genre=None if baseline is None else baseline.name,
        strengths=strengths,
        warnings=warnings_from_faults(inspection),
        limits=limits,
        judged=inspection.analysis.integrated is not None,
    )
    return found if language_model is None else language_model.rephrase(found)


def _baseline(genre: str | Baseline) -> Baseline:
    from loudscope import genres

    return genres.get(genre) if isinstance(genre, str) else genre


def _check(inspection: Inspection, target: str | PathLike[str] | Target | Check) -> Check:
    from loudscope.targets import Check, check

    return target if isinstance(target, Check) else check(inspection.analysis, target)
