"""Text with styles: how wide it is, where it breaks, how a terminal is told of it."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

__all__ = ["Styled", "cells", "clip"]

# SGR parameters of ECMA-48.
_CODES: Final = {
    "bold": "1", "dim": "2", "red": "31", "green": "32", "yellow": "33", "cyan": "36",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Styled:
    """Pieces of text, each with its style.

    Attributes:
        pieces: (text, style) in order. A style is words of "bold", "dim", "red", "green",
            "yellow" and "cyan", or "" for none.
    """

    pieces: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, text: str | Styled, style: str = "") -> Styled:
        """The text in this style; what is styled already stays as it is."""
        return text if isinstance(text, Styled) else cls(((text, style),))

    @property
    def plain(self) -> str:
        """The text alone."""
        return "".join(text for text, _ in self.pieces)

    def __add__(self, other: Styled) -> Styled:
        return Styled(self.pieces + other.pieces)

    def painted(self, *, colours: bool) -> str:
        """The text as a terminal takes it; without colours there is no escape sequence in it."""
        if not colours:
            return self.plain
        return "".join(_painted(text, style) for text, style in self.pieces)

    def folded(self, width: int) -> list[Styled]:
        """Lines of at most `width` cells, broken at spaces, and within a word that is longer.

        Text of one style only is folded; of several pieces, the first decides about it.
        """
        style = self.pieces[0][1] if self.pieces else ""
        return [Styled.of(line, style) for line in _folded(self.plain, width)]


def cells(text: str) -> int:
    """How many columns of a terminal the text takes (Unicode Standard Annex 11)."""
    if text.isascii():
        return len(text)
    return sum(_cell(letter) for letter in text)


def clip(text: str, width: int) -> str:
    """The text if it fits into `width` cells, else its beginning and three dots."""
    if cells(text) <= width:
        return text
    return _head(text, max(width - 3, 0)) + "..."[: max(width, 0)]


def _cell(letter: str) -> int:
    if unicodedata.combining(letter) or unicodedata.category(letter) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(letter) in ("W", "F") else 1


def _painted(text: str, style: str) -> str:
    if not style or not text:
        return text
    codes = ";".join(_CODES[word] for word in style.split())
    return f"\x1b[{codes}m{text}\x1b[0m"


def _head(text: str, width: int) -> str:
    """As many letters as fit into `width` cells."""
    taken = 0
    for place, letter in enumerate(text):
        taken += _cell(letter)
        if taken > width:
            return text[:place]
    return text


def _folded(text: str, width: int) -> Iterator[str]:
    line = ""
    for word in text.split(" "):
        longer = f"{line} {word}" if line else word
        if cells(longer) <= width:
            line = longer
            continue
        if line:
            yield line
        *whole, line = _chopped(word, width)
        yield from whole
    yield line


def _chopped(word: str, width: int) -> Iterator[str]:
    while cells(word) > width:
        part = _head(word, width) or word[0]
        yield part
        word = word[len(part) :]
    yield word
