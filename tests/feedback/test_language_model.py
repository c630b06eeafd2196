"""The language model may rank, merge and phrase; the rules stay the truth.

Each test talks to a real server over a real socket.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from loudscope.feedback import Eq, Feedback, LanguageModel, Where

from .endpoint import Endpoint, says, serving
from .samples import OVERS, SECRETS, TAIL, found, issue, reply_to


def ask(endpoint: Endpoint, feedback: Feedback, **options: Any) -> Feedback:
    return LanguageModel(endpoint.url, "tiny", **options).rephrase(feedback)


def changed(feedback: Feedback, name: str, **fields: Any) -> dict[str, Any]:
    """A reply that fits but for some fields of one issue."""
    reply = reply_to(feedback)
    for one in reply["issues"]:
        if one["id"] == name:
            one.update(fields)
    return reply


def test_a_good_reply_phrases_and_keeps_every_figure() -> None:
    rules = found()
    with serving(says(reply_to(rules))) as endpoint:
        phrased = ask(endpoint, rules)
    assert phrased.source == "llm" and phrased.engine.endswith(", tiny")
    assert phrased.summary == "Peaks first, then the low end."
    assert {one.message for one in phrased.issues}.isdisjoint(o.message for o in rules.issues)
    for ours, theirs in zip(rules.issues, phrased.issues, strict=True):
        for name in ("id", "metric", "measured", "expected", "where", "severity", "confidence"):
            assert getattr(ours, name) == getattr(theirs, name)
    assert phrased.verdict == rules.verdict
    assert (phrased.strengths, phrased.limits) == (rules.strengths, rules.limits)
    assert Feedback.from_dict(json.loads(phrased.to_json())) == phrased


def test_only_metrics_leave_the_machine() -> None:
    """Neither path nor file name nor tags nor names of baselines are in what was received."""
    rules = found(
        OVERS, issue(), TAIL, issue("genre.ada_lovelace", metric="ada_lovelace_rel_mid_db")
    )
    with serving(says(reply_to(found()))) as endpoint:
        phrased = ask(endpoint, rules, key="k")
    sent = "\n".join([*endpoint.heads, *(body.decode() for body in endpoint.bodies)]).lower()
    assert all(secret.lower() not in sent for secret in (*SECRETS, "ada", "private", "secret"))
    payload = json.loads(json.loads(endpoint.bodies[0])["messages"][1]["content"])
    assert set(payload) == {"verdict", "issues"}
    assert {"message", "source"}.isdisjoint(payload["issues"][0])
    assert "Authorization: Bearer k" in endpoint.heads[0]
    assert "genre.ada_lovelace" in {one.id for one in phrased.issues}  # it stays, in our own words


def test_measured_values_are_overwritten_with_ours() -> None:
    rules = found()
    with serving(says(changed(rules, "genre.bass", measured=99.0))) as endpoint:
        phrased = ask(endpoint, rules)
    assert phrased.source == "llm"
    assert {one.id: one.measured for one in phrased.issues}["genre.bass"] == 13.21


@pytest.mark.parametrize(
    ("theirs", "kept"),
    [("info", "medium"), ("low", "medium"), ("medium", "medium"), ("high", "high")],
)
def test_severity_is_never_below_the_rules(theirs: str, kept: str) -> None:
    rules = found()
    with serving(says(changed(rules, "genre.bass", severity=theirs))) as endpoint:
        phrased = ask(endpoint, rules)
    assert {one.id: one.severity for one in phrased.issues}["genre.bass"] == kept


def test_severity_rises_by_one_step_at_most() -> None:
    rules = found(TAIL)
    with serving(says(changed(rules, TAIL.id, severity="high"))) as endpoint:
        phrased = ask(endpoint, rules)
    assert phrased.issues[0].severity == "medium" and phrased.verdict == "minor_fixes"


@pytest.mark.parametrize(
    ("gain_db", "freq_hz", "kept_db", "kept_hz"),
    [
        (-40.0, None, -2.2, 122.0),
        (12.0, None, -2.2, 122.0),  # no change at all is ours to decide
        (-1.0, 20000.0, -1.0, 250.0),
        (-1.0, 1.0, -1.0, 60.0),
        (None, None, -2.2, 122.0),
        (-1e30, -1e30, -2.2, 60.0),
    ],
)
def test_gains_and_frequencies_are_clamped(
    gain_db: float | None, freq_hz: float | None, kept_db: float, kept_hz: float
) -> None:
    rules = found()
    action = {"type": "eq", "gain_db": gain_db, "freq_hz": freq_hz}
    with serving(says(changed(rules, "genre.bass", action=action))) as endpoint:
        phrased = ask(endpoint, rules)
    move = {one.id: one.action for one in phrased.issues}["genre.bass"]
    assert isinstance(move, Eq) and phrased.source == "llm"
    assert (move.gain_db, move.freq_hz) == (kept_db, kept_hz)


def test_issues_left_out_follow_as_they_are() -> None:
    rules = found()
    reply = reply_to(rules)
    reply["issues"] = reply["issues"][:1]
    with serving(says(reply)) as endpoint:
        phrased = ask(endpoint, rules)
    assert [one.id for one in phrased.issues] == [one.id for one in rules.issues]
    assert phrased.issues[1:] == rules.issues[1:]


def test_merging_names_what_was_merged_and_never_hides_a_severe_fault() -> None:
    rules = found(OVERS, issue(), issue("genre.sub", "low", metric="sub_rel_mid_db"))
    reply = changed(rules, "genre.bass", also=["genre.sub", OVERS.id])
    reply["issues"] = [one for one in reply["issues"] if one["id"] == "genre.bass"]
    with serving(says(reply)) as endpoint:
        phrased = ask(endpoint, rules)
    assert [one.id for one in phrased.issues] == [OVERS.id, "genre.bass"]
    assert "With it, genre.sub: Bass lies at +13.2 dB" in phrased.issues[1].message
    assert "merged by the language model: genre.sub into genre.bass" in phrased.warnings


def test_a_severe_issue_is_not_merged_into_another_severe_one() -> None:
    rules = found(OVERS, issue("fault.clipping", "high", metric="clipped_runs"))
    reply = changed(rules, OVERS.id, also=["fault.clipping"])
    reply["issues"] = [one for one in reply["issues"] if one["id"] == OVERS.id]
    with serving(says(reply)) as endpoint:
        phrased = ask(endpoint, rules)
    assert {one.id for one in phrased.issues} == {OVERS.id, "fault.clipping"}


def test_the_order_is_the_models_within_a_severity() -> None:
    rules = found(
        OVERS, issue("genre.bass", "low"), issue("genre.air", "low", metric="air_rel_mid_db")
    )
    reply = reply_to(rules)
    reply["issues"].reverse()
    with serving(says(reply)) as endpoint:
        phrased = ask(endpoint, rules)
    assert [one.id for one in phrased.issues] == [OVERS.id, "genre.air", "genre.bass"]
    assert [one.id for one in rules.issues] == [OVERS.id, "genre.bass", "genre.air"]


@pytest.mark.parametrize(
    "text",
    [
        "Bass lies 40 dB above the mids.",
        "Get the better version at https://example.org now.",
        "<script>alert(1)</script>",
        "Your mix is wrong.",
    ],
)
def test_a_text_with_numbers_or_markup_that_were_not_given_is_replaced(text: str) -> None:
    rules = found()
    with serving(says(changed(rules, "genre.bass", message=text))) as endpoint:
        phrased = ask(endpoint, rules)
    ours = {one.id: one.message for one in rules.issues}
    assert {one.id: one.message for one in phrased.issues}["genre.bass"] == ours["genre.bass"]
    assert any("1 of the language model's texts" in warning for warning in phrased.warnings)


@pytest.mark.parametrize("text", ["Bass is at 13 dB.", "About 0.12 kHz.", "At 12.0 s: −1.6 dB."])
def test_numbers_that_were_given_may_be_rounded(text: str) -> None:
    rules = found()
    with serving(says(changed(rules, "genre.bass", message=text))) as endpoint:
        phrased = ask(endpoint, rules)
    assert {one.id: one.message for one in phrased.issues}["genre.bass"] == text


def test_control_characters_do_not_reach_a_terminal() -> None:
    rules = found()
    text = "Bass \x1b]0;owned\x07 stands\u202e out."
    with serving(says(changed(rules, "genre.bass", message=text))) as endpoint:
        phrased = ask(endpoint, rules)
    assert not any(ord(letter) < 32 and letter != "\n" for letter in phrased.to_text())
    assert "\u202e" not in phrased.to_text()


def test_where_without_a_band_leaves_the_frequency_alone() -> None:
    rules = found(issue(where=Where()))
    action = {"type": "eq", "gain_db": -1.0, "freq_hz": 1000.0}
    with serving(says(changed(rules, "genre.bass", action=action))) as endpoint:
        move = ask(endpoint, rules).issues[0].action
    assert isinstance(move, Eq) and (move.gain_db, move.freq_hz) == (-1.0, 122.0)
