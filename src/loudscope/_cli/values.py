"""Readers of single values on the command line."""

from __future__ import annotations

import argparse
import re
from typing import TYPE_CHECKING

import loudscope

if TYPE_CHECKING:
    from loudscope.targets import Target

__all__ = ["count", "layout", "rates_hz", "seconds", "target"]

_CLOCK = re.compile(r"(?:(?:(\d+):)?(\d+):)?(\d+(?:\.\d*)?|\.\d+)", re.ASCII)


def seconds(text: str) -> float:
    """Read a time: seconds, mm:ss or hh:mm:ss, each with decimals.

    Args:
        text: The time as typed.

    Returns:
        Seconds, not negative.

    Raises:
        argparse.ArgumentTypeError: The text is not a time.
    """
    match = _CLOCK.fullmatch(text.strip())
    if match is None:
        raise argparse.ArgumentTypeError(
            f"{text!r} is not a time; give seconds, mm:ss or hh:mm:ss, such as 90 or 1:30.5"
        )
    hours, minutes, rest = int(match[1] or 0), int(match[2] or 0), float(match[3])
    if (match[2] and rest >= 60) or (match[1] and minutes >= 60):
        raise argparse.ArgumentTypeError(f"{text!r} has 60 or more in a place that ends at 59")
    return 3600.0 * hours + 60.0 * minutes + rest


def count(text: str) -> int:
    """Read a whole number from 1 upwards."""
    try:
        number = int(text)
    except ValueError:
        number = 0
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 1 upwards")
    return number


def rates_hz(text: str) -> tuple[int, ...]:
    """Read rates in Hz at which the compliance signals exist, separated by commas."""
    try:
        rates = tuple(int(part) for part in text.split(","))
    except ValueError:
        rates = ()
    if not rates or not all(44100 <= rate <= 384000 for rate in rates):
        raise argparse.ArgumentTypeError(
            f"{text!r} is not a list of rates from 44100 to 384000 Hz, such as 48000,96000"
        )
    return rates


def layout(text: str) -> loudscope.Layout:
    """Read the name of a layout, or the labels of its channels separated by commas."""
    try:
        if "," in text:
            return loudscope.Layout.from_labels([label.strip() for label in text.split(",")])
        return loudscope.Layout.named(text)
    except loudscope.LoudscopeError as error:
        message = str(error).removeprefix("layout: ")
        raise argparse.ArgumentTypeError(message) from None


def target(text: str) -> Target:
    """Read the name of a delivery target, or a TOML file that holds one."""
    from loudscope.targets import find

    try:
        return find(text)
    except loudscope.LoudscopeError as error:
        raise argparse.ArgumentTypeError(str(error).removeprefix("target=")) from None
