"""Groups of issues put together: one list, one verdict, one summary."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from loudscope import __version__

from ._actions import Eq, NoAction
from ._model import MOST_SUMMARY, SEVERITIES, Confidence, Feedback, Issue, Verdict
from ._severity import rank, verdict_of
from ._words import clean, first_sentence, times

__all__ = ["ENGINE", "combine", "in_order", "summary_of"]

ENGINE = f"loudscope {__version__}"
TARGET_PEAK = "target.true_peak"
GROUPS = ("fault", "target", "genre", "reference")
CONFIDENCES: tuple[Confidence, ...] = ("low", "medium", "high")
VERDICTS: dict[Verdict, str] = {
    "ready": "Ready",
    "minor_fixes": "Minor fixes",
    "needs_work": "Needs work",
    "not_judged": "Not judged",
}


def combine(
    *groups: Iterable[Issue],
    genre: str | None = None,
    strengths: Iterable[str] = (),
    warnings: Iterable[str] = (),
    limits: Iterable[str] = (),
    judged: bool = True,
) -> Feedback:
    """The feedback that groups of issues add up to.

    The issues are sorted by severity; then faults come before target, genre and reference, cuts
    before boosts, and what is surer before what is less so. A band keeps one equaliser move, that
    of its first issue; a target's true-peak rule replaces the general advice of -1 dBTP. Of two
    issues with one id the first stays.

    Args:
        groups: Issues, for example those of `issues_from_faults` and of `issues_from_genre`.
        genre: Name of the baseline, for the record.
        strengths: Sentences on what is as expected.
        warnings: What went wrong on the way.
        limits: What the judgements cannot know.
        judged: False: there was nothing to judge, as for silence.
    """
    issues = in_order(issue for group in groups for issue in group)
    issues = _one_move_a_band(_one_ceiling(issues))
    verdict: Verdict = verdict_of(issues) if judged or issues else "not_judged"
    return Feedback(
        source="rules",
        engine=ENGINE,
        genre=None if genre is None else clean(genre, 120),
        verdict=verdict,
        summary=summary_of(verdict, issues),
        strengths=tuple(dict.fromkeys(strengths)),
        issues=issues,
        warnings=tuple(dict.fromkeys(warnings)),
        limits=tuple(dict.fromkeys(limits)),
    )


def in_order(issues: Iterable[Issue]) -> tuple[Issue, ...]:
    """By severity, group, cut before boost and confidence; else as they come. One for each id."""
    first: dict[str, Issue] = {}
    for issue in issues:
        first.setdefault(issue.id, issue)
    return tuple(sorted(first.values(), key=_place))


def _place(issue: Issue) -> tuple[int, int, bool, int]:
    group = issue.id.partition(".")[0]
    return (
        -rank(issue.severity),
        GROUPS.index(group) if group in GROUPS else len(GROUPS),
        _boosts(issue),
        -CONFIDENCES.index(issue.confidence),
    )


def _boosts(issue: Issue) -> bool:
    return isinstance(issue.action, Eq) and issue.action.gain_db > 0.0


def _one_ceiling(issues: tuple[Issue, ...]) -> tuple[Issue, ...]:
    """Where a target limits the true peak, its ceiling counts and no general one beside it."""
    if all(issue.id != TARGET_PEAK for issue in issues):
        return issues
    move = NoAction(f"Nothing beside the move of {TARGET_PEAK}: one ceiling.")
    return tuple(
        replace(issue, action=move) if issue.id == "fault.over_0_dbtp" else issue
        for issue in issues
        if issue.id != "fault.over_1_dbtp"
    )


def _one_move_a_band(issues: tuple[Issue, ...]) -> tuple[Issue, ...]:
    """Two moves on one band add up; and after a cut the rest looks different."""
    moved: dict[float, str] = {}  # by the band's lower edge: the upper one may follow the rate
    cuts = any(isinstance(issue.action, Eq) and issue.action.gain_db < 0.0 for issue in issues)
    kept = []
    for issue in issues:
        move, band = issue.action, issue.where.band_hz
        if not isinstance(move, Eq) or band is None or not move.gain_db:
            kept.append(issue)
        elif band[0] in moved:
            text = f"Nothing beside the move of {moved[band[0]]}: one move for each band."
            kept.append(replace(issue, action=NoAction(text)))
        else:
            moved[band[0]] = issue.id
            kept.append(_cuts_first(issue, move) if cuts and move.gain_db > 0.0 else issue)
    return tuple(kept)


def _cuts_first(issue: Issue, move: Eq) -> Issue:
    if move.text.startswith(CUTS_FIRST):
        return issue
    text = f"{CUTS_FIRST} {move.text[:1].lower()}{move.text[1:]}"
    return replace(issue, action=replace(move, text=text))


CUTS_FIRST = "Cut first and measure again; if it still lies low,"


def summary_of(verdict: Verdict, issues: tuple[Issue, ...]) -> str:
    """The verdict, how many issues of which severity, and the first of them; 280 characters."""
    if verdict == "not_judged":
        return "Not judged: there is no loudness to judge, for the audio is silent or too short."
    counts = [
        f"{sum(issue.severity == severity for issue in issues)} {severity}"
        for severity in reversed(SEVERITIES)
        if any(issue.severity == severity for issue in issues)
    ]
    if not counts:
        return f"{VERDICTS[verdict]}: nothing stands out."
    listed = f"{times(len(issues), 'issue')} ({', '.join(counts)})"
    first = first_sentence(issues[0].message)
    return clean(f"{VERDICTS[verdict]}: {listed}. First: {first}", MOST_SUMMARY)
