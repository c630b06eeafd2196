"""How single values are read and written."""

from __future__ import annotations

import argparse

import pytest

from loudscope._cli.text import clock, decibels, one_line, printable
from loudscope._cli.values import seconds


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0", 0.0),
        ("90", 90.0),
        ("90.25", 90.25),
        (".5", 0.5),
        ("1:30", 90.0),
        ("75:00", 4500.0),
        ("01:02:03.5", 3723.5),
    ],
)
def test_times_are_read(text: str, expected: float) -> None:
    """Seconds, mm:ss and hh:mm:ss."""
    assert seconds(text) == expected


@pytest.mark.parametrize("text", ["", "-1", "1e3", "inf", "1:60", "1:60:00", "1:2:3:4", "1:", "٣"])
def test_other_times_are_refused(text: str) -> None:
    """What is not clearly a time is an error, never a guess."""
    with pytest.raises(argparse.ArgumentTypeError):
        seconds(text)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, "-"),
        (0.0, "0:00.0"),
        (59.96, "1:00.0"),
        (83.04, "1:23.0"),
        (3599.96, "1:00:00"),
        (3600.0, "1:00:00"),
        (7325.7, "2:02:06"),
    ],
)
def test_times_are_written(value: float | None, expected: str) -> None:
    """Rounding carries into minutes and hours."""
    assert clock(value) == expected


def test_levels_are_written() -> None:
    """One decimal, a plain hyphen, and zero without a sign."""
    assert [decibels(value) for value in (-23.04, -0.04, 0.26, None)] == [
        "-23.0",
        "0.0",
        "0.3",
        "-",
    ]


def test_names_are_written_without_control_characters() -> None:
    """Letters of all scripts stay; what steers a terminal becomes an escape."""
    assert printable("naïve 日本.wav") == "naïve 日本.wav"
    assert printable("a\x1b[2Jb\udce9") == "a\\x1b[2Jb\\udce9"
    assert one_line("two\n  lines\x07") == "two lines\\x07"
