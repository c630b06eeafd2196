"""Figures and names as text that any terminal and any encoding can carry."""

from __future__ import annotations

import os

__all__ = ["clock", "decibels", "one_line", "printable", "valid"]


def printable(name: str) -> str:
    """Write a name without control characters: they and undecodable bytes become escapes."""
    return "".join(
        letter if letter.isprintable() else letter.encode("unicode_escape").decode("ascii")
        for letter in name
    )


def one_line(message: str) -> str:
    """Fold a message into one printable line."""
    return printable(" ".join(message.split()))


def valid(path: str) -> str:
    """Write a path as valid Unicode: undecodable bytes become hexadecimal escapes."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def clock(seconds: float | None) -> str:
    """Write seconds as m:ss.s, or h:mm:ss from one hour upwards; `-` for None."""
    if seconds is None:
        return "-"
    tenths = round(seconds * 10)
    if tenths < 36000:
        return f"{tenths // 600}:{tenths % 600 / 10:04.1f}"
    whole = round(seconds)
    return f"{whole // 3600}:{whole // 60 % 60:02d}:{whole % 60:02d}"


def decibels(value: float | None, decimals: int = 1) -> str:
    """Write a level with a plain hyphen as its sign; `-` for None, and never `-0.0`."""
    return "-" if value is None else f"{value:z.{decimals}f}"
