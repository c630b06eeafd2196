"""Measuring all files that a verb was given, with progress and errors on stderr."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from typing import TypeVar

import loudscope

from .arguments import Options
from .gather import gather
from .measure import Job, Outcome, measure
from .progress import Display, display
from .text import one_line, printable

__all__ = ["measure_all", "tell"]

Row = TypeVar("Row")


def measure_all(
    options: Options, distil: Callable[[loudscope.Analysis], Row]
) -> list[Outcome[Row]]:
    """Measure the files on all cores.

    Args:
        options: The files, and how to measure them.
        distil: From an analysis to what is kept of it; runs in the thread that measured.

    Returns:
        An outcome per file, in the order of the arguments. Failures have been told.
    """
    files = gather(options.paths)
    outcomes: list[Outcome[Row]] = []
    with (
        display([found.path for found in files], shown=True) as screen,
        closing(measure(files, Job(options, distil, screen))) as finished,
    ):
        for outcome in finished:
            tell(outcome, screen)
            outcomes.append(outcome)
    return sorted(outcomes, key=lambda outcome: outcome.index)


def tell(outcome: Outcome[Row], screen: Display) -> None:
    """Say on stderr why a file failed, if it did."""
    if outcome.failure is not None:
        message = outcome.failure.message.removeprefix(f"{outcome.path}: ")
        screen.say(f"loudscope: {printable(outcome.path)}: {one_line(message)}")
