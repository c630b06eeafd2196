"""Whatever a model answers, the figures are ours and nothing severe is hidden."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from loudscope import MissingExtra
from loudscope.feedback import (
    SEVERITIES,
    Eq,
    Feedback,
    Gain,
    LanguageModel,
    Where,
    feedback,
    verdict_of,
)
from loudscope.feedback._phrasing import phrased
from loudscope.feedback._reply import Misfit, Reply, read_reply
from loudscope.qc import inspect

from .endpoint import says, serving
from .samples import OVERS, TAIL, found, issue, reply_to
from .tracks import RATE_HZ, TRACKS

RULES = found(
    OVERS,
    issue(),
    issue("genre.air", "low", metric="air_rel_mid_db", where=Where(band_hz=(6000.0, 20000.0))),
    issue(
        "target.integrated",
        "high",
        metric="integrated_lufs",
        action=Gain("Apply -6.0 dB.", -6.0),
        where=Where(),
    ),
    TAIL,
)
NAMES = [one.id for one in RULES.issues]
TEXT = st.text(min_size=1, max_size=40) | st.sampled_from(["Bass is at 13.2 dB.", "It booms."])
NUMBER = st.none() | st.floats(-1e6, 1e6)
CHANGES = st.fixed_dictionaries(
    {
        "severity": st.sampled_from(SEVERITIES),
        "measured": NUMBER,
        "message": TEXT,
        "check_by_ear": TEXT,
        "gain_db": NUMBER,
        "freq_hz": NUMBER,
    }
)


@st.composite
def replies(draw: st.DrawFn) -> dict[str, Any]:
    """Replies that fit the form: some issues in any order, others merged or left out."""
    names = draw(st.permutations(NAMES))
    named, merged = draw(st.integers(1, len(NAMES))), draw(st.integers(0, 2))
    blank = {one["id"]: one for one in reply_to(RULES)["issues"]}
    issues = []
    for name in names[:named]:
        changes = draw(CHANGES)
        action = {"type": blank[name]["action"]["type"]}
        action |= {key: changes.pop(key) for key in ("gain_db", "freq_hz")}
        issues.append({**blank[name], **changes, "action": action})
    issues[0] = {**issues[0], "also": list(names[named : named + merged])}
    return {"summary": draw(TEXT), "issues": issues}


@given(replies())
def test_no_reply_changes_a_figure_or_hides_an_issue(plain: dict[str, Any]) -> None:
    reply = Reply.model_validate(plain)
    told = phrased(RULES, reply, "x")
    ours = {one.id: one for one in RULES.issues}
    for one in told.issues:
        rule = ours[one.id]
        for name in ("metric", "measured", "expected", "where", "confidence"):
            assert getattr(one, name) == getattr(rule, name)
        step = SEVERITIES.index(one.severity) - SEVERITIES.index(rule.severity)
        assert step in (0, 1)
        assert type(one.action) is type(rule.action)
        if isinstance(one.action, Eq) and isinstance(rule.action, Eq) and rule.where.band_hz:
            assert rule.action.gain_db <= one.action.gain_db < 0.0
            low, high = rule.where.band_hz
            assert low <= one.action.freq_hz <= high or one.action.freq_hz == rule.action.freq_hz
        if isinstance(one.action, Gain):
            assert -6.0 <= one.action.gain_db < 0.0
    gone = set(ours) - {one.id for one in told.issues}
    assert all(ours[name].severity != "high" for name in gone)
    assert all(any(f"{name} into" in warning for warning in told.warnings) for name in gone)
    assert told.verdict == verdict_of(told.issues)
    levels = [SEVERITIES.index(one.severity) for one in told.issues]
    assert levels == sorted(levels, reverse=True)
    assert Feedback.from_dict(told.to_dict()) == told
    assert not any(ord(letter) < 32 for letter in told.to_text().replace("\n", ""))


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=8) | st.sampled_from(NAMES),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["summary", "issues", "id", "metric", "also", "x"]), inner, max_size=5
        )
    ),
    max_leaves=10,
)


@given(st.text(max_size=60) | JSON.map(str), st.text(max_size=5))
def test_any_text_is_a_reply_or_a_misfit(content: str, around: str) -> None:
    try:
        reply = read_reply(around + content, RULES)
    except Misfit:
        return
    assert {one.id for one in reply.issues} <= set(NAMES)


def test_it_is_one_argument_of_feedback() -> None:
    track = TRACKS["dull"]()
    inspection = inspect(track.samples, RATE_HZ)
    rules = feedback(inspection, genre="pop")
    with serving(says(reply_to(rules))) as endpoint:
        model = LanguageModel(endpoint.url, "tiny")
        assert feedback(inspection, genre="pop", language_model=model).source == "llm"
        quiet = inspect(np.zeros((RATE_HZ, 1)), RATE_HZ)
        assert feedback(quiet, language_model=model).verdict == "not_judged"
    assert len(endpoint.bodies) == 1


@pytest.mark.parametrize("package", ["httpx", "pydantic"])
def test_without_the_extra_it_says_what_to_install(
    package: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(MissingExtra, match=f"{package} is not installed; pip install"):
        LanguageModel("http://localhost/v1", "tiny")


def test_rules_load_nothing_of_the_extra() -> None:
    seen = "import loudscope.feedback, sys; print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", seen], capture_output=True, text=True, check=True)
    assert not {"httpx", "pydantic", "asyncio", "http.client"} & set(run.stdout.split())
