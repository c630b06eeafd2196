"""Hypothesis profiles, and how many examples a run has tried.

`LOUDSCOPE_HYPOTHESIS_PROFILE=thorough` draws new examples, and many; the default profile draws the
same ones every time, so that a run either fails for everybody or for nobody. `brief` draws few: for
machines that are slow because they are emulated.
"""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Generator
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

EXAMPLES = "hypothesis examples"
SLOW = (HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example)

settings.register_profile(
    "ci",
    max_examples=150,
    deadline=None,
    derandomize=True,
    database=None,
    print_blob=True,
    suppress_health_check=SLOW,
)
settings.register_profile(
    "brief",
    max_examples=3,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=SLOW,
)
settings.register_profile(
    "thorough", max_examples=1000, deadline=None, print_blob=True, suppress_health_check=SLOW
)
settings.load_profile(os.environ.get("LOUDSCOPE_HYPOTHESIS_PROFILE", "ci"))

# What a shell runs in the background ignores Ctrl-C, and so does all that it starts.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Hands a test's examples on with its report, which also crosses from xdist's workers."""
    report = yield
    statistics = getattr(item, "hypothesis_statistics", None)
    if report.when == "teardown" and statistics is not None:
        counts = re.findall(r"(\d+) (?:passing|failing)", statistics)
        report.user_properties.append((EXAMPLES, sum(map(int, counts))))
    return report


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """One line: how many examples Hypothesis has run in how many tests."""
    counts = [
        value
        for reports in terminalreporter.stats.values()
        for report in reports
        if getattr(report, "when", None) == "teardown"
        for name, value in report.user_properties
        if name == EXAMPLES
    ]
    if counts:
        terminalreporter.write_line(
            f"Hypothesis ran {sum(counts)} examples in {len(counts)} properties "
            f"(profile {settings.get_current_profile_name()})"
        )
