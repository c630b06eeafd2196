"""Feedback as lines for a terminal."""

from __future__ import annotations

import textwrap

from loudscope import InvalidArgument

from ._model import Feedback, Issue, Where
from ._words import clean, clock

__all__ = ["text_of"]

LEAST_WIDTH = 40


def text_of(feedback: Feedback, width: int) -> str:
    """See `Feedback.to_text`."""
    if width < LEAST_WIDTH:
        raise InvalidArgument(f"width={width}: give {LEAST_WIDTH} columns or more")
    lines = _wrapped(feedback.summary, width)
    for number, issue in enumerate(feedback.issues, 1):
        lines += ["", *_issue(number, issue, width)]
    for title, texts in (
        ("Strengths", feedback.strengths),
        ("Warnings", feedback.warnings),
        ("Limits", feedback.limits),
    ):
        if texts:
            lines += ["", title, *(line for text in texts for line in _item("- ", text, width))]
    if feedback.source == "llm":
        lines += [
            "",
            *_wrapped(f"Phrased by {feedback.engine}; the figures are measured.", width),
        ]
    return "\n".join(lines)


def _issue(number: int, issue: Issue, width: int) -> list[str]:
    head = f"{number}. [{issue.severity}] "
    place = _place(issue.where)
    return [
        *_item(head, f"{issue.id}{place}", width),
        *_item("   ", issue.message, width),
        *_item("   Do: ", issue.action.text, width),
        *_item("   By ear: ", issue.check_by_ear, width),
    ]


def _place(where: Where) -> str:
    if where.t0 is None:
        return ""
    end = "" if where.t1 is None or where.t1 - where.t0 < 0.05 else f" to {clock(where.t1)}"
    return f", {clock(where.t0)}{end}"


def _item(head: str, text: str, width: int) -> list[str]:
    """`head`, then the text, its further lines under the first; spaces only where `head` has."""
    body = clean(text, 1000)
    return textwrap.wrap(
        body, width, initial_indent=head, subsequent_indent=" " * min(len(head), 3)
    )


def _wrapped(text: str, width: int) -> list[str]:
    return textwrap.wrap(clean(text, 1000), width)
