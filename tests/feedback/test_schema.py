"""The schema is strict both ways: what fits goes through unchanged, the rest is refused."""

from __future__ import annotations

import copy
import json
import math
from dataclasses import replace
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loudscope import InvalidArgument
from loudscope.feedback import (
    SCHEMA,
    Action,
    Compress,
    DynamicEq,
    Eq,
    Expected,
    Feedback,
    Gain,
    Issue,
    Limit,
    MonoBelow,
    Multiband,
    NoAction,
    Trim,
    Where,
    Width,
    _strict,
    json_schema,
)

from .samples import found, issue

ACTIONS: tuple[Action, ...] = (
    Eq("a", "bell", 1000.0, -1.0, 1.0),
    DynamicEq("a", "high_shelf", 6000.0, -3.0, 0.7, -6.0),
    Compress("a", 2.0, -6.0, 30.0, 300.0, 3.0),
    Multiband("a", (60.0, 250.0), 2.0, 3.0),
    Limit("a", -1.0),
    Gain("a", -6.5),
    Width("a", (20.0, 20000.0), 80.0),
    MonoBelow("a", 120.0),
    Trim("a", 1.5, 0.0),
    NoAction("a"),
)
WHOLE = found(*(issue(f"fault.f{place}", action=one) for place, one in enumerate(ACTIONS)))
PLAIN = WHOLE.to_dict()
VALIDATOR = jsonschema.Draft202012Validator(json_schema())


def test_every_kind_of_action_comes_back_from_json() -> None:
    assert Feedback.from_dict(json.loads(WHOLE.to_json())) == WHOLE
    VALIDATOR.validate(PLAIN)


def test_the_fields_and_their_order() -> None:
    assert list(PLAIN) == [
        *("schema", "source", "engine", "genre", "verdict", "summary", "strengths", "issues"),
        *("warnings", "limits"),
    ]
    assert list(PLAIN["issues"][0]) == [
        *("id", "severity", "confidence", "metric", "measured", "expected", "where", "message"),
        *("action", "check_by_ear"),
    ]
    assert list(PLAIN["issues"][0]["expected"]) == ["low", "high", "source", "n"]
    assert list(PLAIN["issues"][0]["where"]) == ["t0", "t1", "band_hz"]
    assert {one["action"]["type"] for one in PLAIN["issues"]} == {
        *("eq", "dyn_eq", "compress", "multiband", "limit", "gain", "width", "mono_below"),
        *("trim", "none"),
    }
    assert PLAIN["schema"] == SCHEMA == "loudscope.feedback/1"


def test_the_json_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(json_schema())


DAMAGES: dict[str, tuple[str, Any]] = {
    "unknown verdict": ("verdict", "great"),
    "unknown source": ("source", "magic"),
    "another schema": ("schema", "loudscope.feedback/2"),
    "summary too long": ("summary", "x" * 281),
    "a number as text": ("summary", 7),
    "a text as list": ("strengths", "fine"),
    "a list of numbers": ("strengths", [7]),
    "nothing for issues": ("issues", None),
    "no object": ("issues", ["x"]),
    "unknown field": ("score", 97),
    "id as number": ("issues.0.id", 7),
    "unknown severity": ("issues.0.severity", "fatal"),
    "a boolean for a number": ("issues.0.measured", True),
    "a text for a number": ("issues.0.measured", "7"),
    "unknown field of an issue": ("issues.0.note", "x"),
    "a fraction for n": ("issues.0.expected.n", 1.5),
    "before the beginning": ("issues.0.where.t0", -1.0),
    "a band of three": ("issues.0.where.band_hz", [1.0, 2.0, 3.0]),
    "a band of texts": ("issues.0.where.band_hz", ["1", "2"]),
    "unknown action": ("issues.0.action", {"type": "explode", "text": "x"}),
    "no action": ("issues.0.action", None),
    "4 dB of equaliser": ("issues.0.action.gain_db", -4.0),
    "a field of another action": ("issues.0.action.ceiling_dbtp", -1.0),
    "unknown filter": ("issues.0.action.filter", "comb"),
}


def damaged(path: str, value: Any) -> dict[str, Any]:
    plain = copy.deepcopy(PLAIN)
    *steps, last = path.split(".")
    place: Any = plain
    for step in steps:
        place = place[int(step)] if step.isdigit() else place[step]
    place[last] = value
    return plain


@pytest.mark.parametrize(("path", "value"), DAMAGES.values(), ids=DAMAGES.keys())
def test_what_does_not_fit_is_refused_by_parser_and_schema(path: str, value: Any) -> None:
    plain = damaged(path, value)
    with pytest.raises(InvalidArgument) as caught:
        Feedback.from_dict(plain)
    assert path.rsplit(".", maxsplit=1)[-1] in str(caught.value) or "'note'" in str(caught.value)
    with pytest.raises(jsonschema.ValidationError):
        VALIDATOR.validate(plain)


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, 10**400])
def test_numbers_that_json_or_a_float_cannot_hold(value: float) -> None:
    with pytest.raises(InvalidArgument, match="measured"):
        Feedback.from_dict(damaged("issues.0.measured", value))


@pytest.mark.parametrize("name", list(PLAIN))
def test_no_field_may_be_missing(name: str) -> None:
    plain = {key: value for key, value in PLAIN.items() if key != name}
    with pytest.raises(InvalidArgument, match=f"'{name}' is missing"):
        Feedback.from_dict(plain)
    with pytest.raises(jsonschema.ValidationError):
        VALIDATOR.validate(plain)


def test_text_that_cannot_be_encoded() -> None:
    with pytest.raises(InvalidArgument, match="surrogates"):
        replace(WHOLE, summary="\ud800")


def test_an_id_occurs_once() -> None:
    with pytest.raises(InvalidArgument, match="occurs more than once"):
        replace(WHOLE, issues=(issue(), issue()))


def test_a_range_is_the_right_way_round() -> None:
    with pytest.raises(InvalidArgument, match="lies above"):
        Expected(2.0, 1.0, "x", None)


def test_values_are_checked_when_they_are_made() -> None:
    with pytest.raises(InvalidArgument, match=r"Eq.gain_db=9.0: give -3 to 3"):
        Eq("a", "bell", 1000.0, 9.0, 1.0)
    with pytest.raises(InvalidArgument, match=r"Where.t0=nan"):
        Where(math.nan)
    assert isinstance(Expected(1, None, "x", None).low, float)


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from([*PLAIN, "id", "type", "x"]), inner, max_size=6)
    ),
    max_leaves=12,
)


@settings(max_examples=60)
@given(st.dictionaries(st.sampled_from([*PLAIN, "x"]), JSON), st.sampled_from([*PLAIN]), JSON)
def test_whatever_comes_is_a_feedback_or_refused(
    fields: dict[str, Any], name: str, value: Any
) -> None:
    """Nothing but `InvalidArgument` comes out, and what is let in is written as it was read."""
    for plain in (fields, {**PLAIN, name: value}):
        try:
            read = Feedback.from_dict(plain)
        except InvalidArgument:
            continue
        assert json.loads(read.to_json()) == json.loads(json.dumps(plain))


def test_an_issue_is_a_value() -> None:
    assert isinstance(WHOLE.issues[0], Issue)
    assert hash(WHOLE) == hash(Feedback.from_dict(PLAIN))


HINTS = [
    hint
    for kind in (Feedback, Issue, Expected, Where, *map(type, ACTIONS))
    for hint in _strict.hints_of(kind).values()
]
VALUES = st.one_of(
    JSON,
    st.floats(),
    st.text(max_size=700),
    st.sampled_from(
        ["low", "bell", "rules", *ACTIONS, WHOLE.issues[0], Where(), 1e300, -0.0, True]
    ),
    st.tuples(st.floats(0.0, 30000.0), st.floats(0.0, 30000.0)),
    st.lists(st.text(max_size=5)).map(tuple),
)


@given(st.sampled_from(HINTS), VALUES)
def test_what_is_told_quickly_is_what_the_parser_says(hint: Any, value: Any) -> None:
    """A value that fits as it is comes back as it is, type and all."""
    if _strict.telling(hint)(value):
        parsed = _strict.from_plain(hint, value, "x")
        assert parsed == value
        assert type(parsed) is type(value)


def test_most_of_a_feedback_is_told_quickly() -> None:
    for one in WHOLE.issues:
        kind: Any = type(one)
        for name, _, fits in _strict.checks(kind):
            assert fits(getattr(one, name)), name
