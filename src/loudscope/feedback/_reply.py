"""What a language model may answer: a form that refuses everything else."""

from __future__ import annotations

import json
from typing import Annotated, Any, Literal, cast

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ._model import MOST_SUMMARY, Feedback, Issue
from ._prompt import is_known

__all__ = ["Misfit", "Reply", "ReplyAction", "ReplyIssue", "read_reply", "reply_schema"]

MOST_ISSUES = 100
MOST_BRACES = 8
MOST_TOLD = 1500

Text = Annotated[str, Field(min_length=1, max_length=600)]


class Misfit(Exception):
    """A reply that does not fit; its text goes back to the model, and nowhere else."""


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)


class ReplyAction(_Form):
    """The action of an issue, closer to no change or as it was."""

    type: str
    gain_db: float | None
    freq_hz: float | None


class ReplyIssue(_Form):
    """An issue of the input in other words."""

    id: str
    metric: str
    measured: float | None
    severity: Literal["info", "low", "medium", "high"]
    message: Text
    action: ReplyAction
    check_by_ear: Text
    also: Annotated[list[str], Field(max_length=MOST_ISSUES)]


class Reply(_Form):
    """All of an answer."""

    summary: Annotated[str, Field(min_length=1, max_length=MOST_SUMMARY)]
    issues: Annotated[list[ReplyIssue], Field(max_length=MOST_ISSUES)]


def reply_schema() -> dict[str, Any]:
    """JSON Schema of an answer, in the dialect of `json_schema` with `strict`.

    Lengths and numbers of items are left to us: not every endpoint takes these keywords.
    """
    return cast(dict[str, Any], _without_limits(Reply.model_json_schema()))


def _without_limits(schema: object) -> object:
    dropped = ("minLength", "maxLength", "maxItems", "title", "description")
    if isinstance(schema, dict):
        named = {"properties", "$defs"}
        return {
            key: {name: _without_limits(part) for name, part in value.items()}
            if key in named
            else _without_limits(value)
            for key, value in schema.items()
            if key not in dropped
        }
    return [_without_limits(part) for part in schema] if isinstance(schema, list) else schema


def read_reply(content: str, feedback: Feedback) -> Reply:
    """The answer that a text holds, held against the issues that were asked about.

    Raises:
        Misfit: No JSON object, another form, or an id, a metric or an action's type that was not in
            the input.
    """
    try:
        reply = Reply.model_validate(_object_in(content))
    except ValidationError as error:
        told = [
            f"{'.'.join(map(str, found['loc']))}: {found['msg']}"
            for found in error.errors(include_url=False, include_input=False)
        ]
        raise Misfit("; ".join(told)[:MOST_TOLD]) from None
    _check_names(reply, {issue.id: issue for issue in feedback.issues if is_known(issue)})
    return reply


def _object_in(content: str) -> dict[str, Any]:
    """The first JSON object in the text, whatever stands before and after it."""
    start = -1
    for _ in range(MOST_BRACES):
        start = content.find("{", start + 1)
        if start < 0:
            break
        try:
            found, _end = DECODER.raw_decode(content, start)
        except (ValueError, RecursionError):
            continue
        if isinstance(found, dict):
            return found
    raise Misfit("there is no JSON object in the answer")


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is no JSON")


DECODER = json.JSONDecoder(parse_constant=_no_constant)


def _check_names(reply: Reply, known: dict[str, Issue]) -> None:
    seen: set[str] = set()
    for found in reply.issues:
        for name in (found.id, *found.also):
            if name not in known:
                raise Misfit(f"issue id {name[:80]!r} is not in the input")
            if name in seen:
                raise Misfit(f"issue id {name[:80]!r} occurs more than once")
            seen.add(name)
        ours = known[found.id]
        if found.metric != ours.metric:
            raise Misfit(f"metric of {found.id} is {ours.metric}, not {found.metric[:80]!r}")
        if found.action.type != ours.action.type:
            raise Misfit(f"action.type of {found.id} is {ours.action.type}")
