"""What targets and references ask for, and feedback as text."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from loudscope import InvalidArgument
from loudscope.compare import compare
from loudscope.feedback import (
    Eq,
    Expected,
    Feedback,
    Gain,
    Limit,
    NoAction,
    feedback,
    issues_from_comparison,
    issues_from_target,
    verdict_of,
)
from loudscope.qc import Inspection, inspect
from loudscope.targets import check

from .tracks import RATE_HZ, TRACKS, beat, changed, piece


@cache
def inspected(name: str) -> Inspection:
    return inspect(TRACKS[name]().samples, RATE_HZ)


# -- targets ---------------------------------------------------------------------------------------


def test_the_gain_is_the_targets() -> None:
    found = inspected("loud")
    (loudness,) = issues_from_target(check(found.analysis, "r128"))
    assert isinstance(loudness.action, Gain)
    assert found.analysis.integrated is not None
    assert loudness.action.gain_db == pytest.approx(-23.0 - found.analysis.integrated, abs=0.051)
    assert loudness.expected == Expected(-23.2, -22.8, loudness.expected.source, None)


def test_a_peak_comes_down_with_what_the_platform_turns_down() -> None:
    """10 dB above -14 LUFS: 0.7 dB less costs nothing that the platform does not take anyway."""
    found = inspected("limited")
    (peak,) = issues_from_target(check(found.analysis, "spotify"), found)
    assert found.analysis.true_peak is not None and isinstance(peak.action, Gain)
    after = found.analysis.true_peak + peak.action.gain_db
    assert -2.1 - 1e-9 <= after <= -2.0


def test_a_targets_ceiling_replaces_the_general_one() -> None:
    """One peak, one ceiling: -2 dBTP of the target, and no -1 dBTP beside it."""
    found = inspected("overs")
    whole = feedback(found, target="spotify")
    actions = {one.id: one.action for one in whole.issues}
    assert isinstance(actions["target.true_peak"], Limit)
    assert isinstance(actions["fault.over_0_dbtp"], NoAction)
    near = feedback(inspect(0.85 * TRACKS["overs"]().samples, RATE_HZ), target="spotify")
    assert [one.id for one in near.issues] == ["target.true_peak"]


def test_what_a_target_cannot_judge_is_a_limit() -> None:
    found = feedback(inspected("clean"), target="netflix")
    assert any("was not judged" in limit and "dialogue" in limit for limit in found.limits)


def test_a_gain_that_lifts_noise_says_so() -> None:
    found = inspected("speech")
    target = check(found.analysis, "apple-podcasts")
    (loudness,) = issues_from_target(target, found)
    assert "lifts the quietest moments" in loudness.message
    assert "lifts" not in issues_from_target(target)[0].message
    silent = np.where(np.abs(beat()) > 0.6, TRACKS["speech"]().samples[:, 0], 1e-6)
    calm = inspect(silent, RATE_HZ)
    (loudness, *_) = issues_from_target(check(calm.analysis, "apple-podcasts"), calm)
    assert loudness.id == "target.integrated" and "lifts" not in loudness.message


# -- references ------------------------------------------------------------------------------------


def test_one_reference_is_a_difference_and_no_range() -> None:
    """Information, with half of what lies beyond 3 dB as a move."""
    found = compare(inspected("dull"), inspected("clean"))
    issues = {one.id: one for one in issues_from_comparison(found)}
    air = issues["reference.air"]
    assert air.severity == "info" and air.confidence == "low" and air.expected.n == 1
    assert isinstance(air.action, Eq) and air.action.gain_db == 3.0
    assert verdict_of(issues.values()) == "ready"


def test_five_references_are_a_range() -> None:
    """Bass 1 dB about its mean in five references; 16 dB more lies far outside."""
    references = [
        inspect(piece(changed(bass=step, air=step)), RATE_HZ)
        for step in (-2.0, -1.0, 0.0, 1.0, 2.0)
    ]
    found = compare(inspected("boomy"), *references)
    issues = {one.id: one for one in issues_from_comparison(found)}
    assert issues["reference.bass"].severity == "high"
    assert issues["reference.bass"].confidence == "medium"
    same = compare(references[2], *references)
    assert not {"reference.bass", "reference.air"} & {
        one.id for one in issues_from_comparison(same)
    }


def test_a_track_beside_itself() -> None:
    found = inspected("clean")
    whole = feedback(found, comparison=compare(found, found))
    assert whole.issues == ()
    assert any(text.startswith("Close to a reference at the same") for text in whole.strengths)


# -- text ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("width", [40, 72, 120])
def test_text_keeps_to_its_width_and_holds_everything(width: int) -> None:
    found = feedback(inspected("boomy"), genre="pop", target="r128")
    text = found.to_text(width=width)
    assert max(map(len, text.splitlines())) <= width
    words = " ".join(text.split())
    for one in found.issues:
        for part in (one.id, one.message, one.action.text, one.check_by_ear):
            assert part in words
    assert all(limit in words for limit in found.limits)


def test_text_needs_room() -> None:
    with pytest.raises(InvalidArgument, match="width=39"):
        feedback(inspected("clean")).to_text(width=39)


def test_names_from_elsewhere_cannot_move_the_cursor() -> None:
    reference = inspect(piece(), RATE_HZ)
    found = compare(inspected("dull"), reference)
    evil = "\x1b[2J\u202eevil\n" + "x" * 500
    named = replace(found, references=(replace(found.references[0], name=evil),))
    whole: Feedback = feedback(inspected("dull"), comparison=named)
    assert "\x1b" not in whole.to_json() and "\u202e" not in whole.to_text()
