"""Numbers, ranges, times and names in words."""

from __future__ import annotations

import unicodedata

__all__ = ["clean", "clock", "first_sentence", "lies", "number", "slug", "span", "times"]

DECIMALS = {"Hz": 0, "": 2, "%": 2, "LUFS": 2, "LU": 2, "dBTP": 2, "s": 2, "bit": 0, "runs": 0}
MOST_NAME = 160


def clean(text: str, most: int = MOST_NAME) -> str:
    """Text from elsewhere, fit for a line: no control characters, one blank, not too long.

    Args:
        text: For example a file's name or the source of a baseline.
        most: Characters to keep.
    """
    # Cc and Cf could move a terminal's cursor or turn the direction of text; Cs cannot be encoded.
    kept = str(text)
    if not kept.isprintable():
        marks = ((letter, unicodedata.category(letter)[0]) for letter in kept)
        kept = "".join(" " if kind == "C" else letter for letter, kind in marks)
    line = " ".join(kept.split())
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"


def number(value: float, unit: str = "dB", *, signed: bool = False) -> str:
    """A value with its unit: two decimals for loudness and true peak, one for other decibels."""
    sign = "+" if signed else ""
    text = f"{value:{sign}z.{DECIMALS.get(unit, 1)}f}"
    return f"{text} {unit}".rstrip()


def span(low: float | None, high: float | None, unit: str = "dB") -> str:
    """A range: "-1.6 to 8.8 dB", "at most -1.00 dBTP", "at least 4.0 dB", "anything"."""
    if low is not None and high is not None:
        return f"{number(low, unit).removesuffix(unit).rstrip()} to {number(high, unit)}"
    if high is not None:
        return f"at most {number(high, unit)}"
    return "anything" if low is None else f"at least {number(low, unit)}"


def clock(seconds: float) -> str:
    """Minutes and seconds: "1:02.3"."""
    minutes, tenths = divmod(round(10 * seconds), 600)
    return f"{minutes}:{tenths / 10:04.1f}"


def times(count: int, word: str, plural: str = "") -> str:
    """A count and its word: "1 place", "3 places"."""
    return f"{count} {word if count == 1 else plural or word + 's'}"


def first_sentence(text: str) -> str:
    """Up to the first full stop that ends a sentence."""
    return text.split(". ", maxsplit=1)[0].rstrip(".") + "."


def slug(name: str) -> str:
    """A name as part of an id: "Low-mids" is "low_mids"."""
    return "".join(letter if letter.isalnum() else "_" for letter in clean(name, 60).lower())


def lies(name: str) -> str:
    """The verb after a band's name: "Bass lies", "Mids lie"."""
    return "lie" if name.endswith("mids") or name == "Mids" else "lies"
