"""A table of a TOML file, read key by key: every error names file, place, key, value and remedy."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any

from loudscope import InvalidArgument

__all__ = ["Entry"]

_DATE = re.compile(r"\d{4}(-\d\d(-\d\d)?)?")


class Entry:
    """The keys of one table; `done` refuses those that nobody asked for."""

    def __init__(self, values: Mapping[str, Any], place: str) -> None:
        self.place = place
        self._values = dict(values)
        self._asked: list[str] = []

    def refuse(self, key: str, value: object, remedy: str) -> InvalidArgument:
        """The error for a key whose value does not fit."""
        return InvalidArgument(f"{self.place}: {key} = {value!r}: {remedy}")

    def _take(self, key: str) -> object:
        self._asked.append(key)
        return self._values.pop(key, None)

    def text(self, key: str, default: str | None = None) -> str:
        """A line of text; without a default it has to be there."""
        value = self._take(key)
        if value is None and default is not None:
            return default
        if value is None:
            raise InvalidArgument(f'{self.place}: {key} is missing; add {key} = "..."')
        if not isinstance(value, str) or not value.strip():
            raise self.refuse(key, value, 'give text in quotes, such as "..."')
        return value

    def optional_text(self, key: str) -> str | None:
        """A line of text, or None where the key is not there."""
        return self.text(key, "") or None

    def date(self, key: str, default: str) -> str:
        """A year, a month or a day; TOML's own dates are taken too."""
        value = self._values.get(key)
        if value is not None and not isinstance(value, str | int):
            self._values[key] = str(value)
        elif isinstance(value, int):
            self._values[key] = f"{value:04d}"
        found = self.text(key, default)
        if found and not _DATE.fullmatch(found):
            raise self.refuse(key, found, 'give a year, a month or a day, such as "2023-11"')
        return found

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts, empty where the key is not there."""
        value = self._take(key)
        if value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(text, str) for text in value):
            raise self.refuse(key, value, 'give a list of texts, such as ["...", "..."]')
        return tuple(value)

    def number(self, key: str) -> float | None:
        """A finite number, or None where the key is not there."""
        value = self._take(key)
        return None if value is None else self._finite(key, value)

    def _finite(self, key: str, value: object) -> float:
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if not number or not math.isfinite(value):  # type: ignore[arg-type]
            raise self.refuse(key, value, "give a number, without quotes, such as -14.0")
        return float(value)  # type: ignore[arg-type]

    def flag(self, key: str) -> bool:
        """True or false; false where the key is not there."""
        value = self._take(key)
        if value is None:
            return False
        if not isinstance(value, bool):
            raise self.refuse(key, value, "give true or false, without quotes")
        return value

    def choice(self, key: str, choices: Iterable[str], default: str) -> str:
        """One of some words."""
        value = self.text(key, default)
        if value not in choices:
            raise self.refuse(key, value, f"choose one of {', '.join(sorted(choices))}")
        return value

    def ranges(self, key: str) -> tuple[tuple[float, float], ...]:
        """A list of [low, high], empty where the key is not there."""
        value = self._take(key)
        if value is None:
            return ()
        pairs = isinstance(value, list) and value
        if not pairs or not all(isinstance(pair, list) and len(pair) == 2 for pair in value):  # type: ignore[attr-defined]
            raise self.refuse(key, value, "give pairs of low and high, such as [[-20, -16]]")
        found = tuple(
            (self._finite(key, low), self._finite(key, high))
            for low, high in value  # type: ignore[attr-defined]
        )
        for low, high in found:
            if low > high:
                raise self.refuse(key, [low, high], "give the lower limit first")
        return found

    def table(self, key: str) -> Entry | None:
        """A table within this one, or None."""
        value = self._take(key)
        if value is None:
            return None
        if not isinstance(value, dict):
            raise self.refuse(key, value, f"give a table, such as [target.{key}]")
        return Entry(value, f"{self.place}, {key}")

    def tables(self, key: str) -> list[Entry]:
        """A list of tables, empty where the key is not there."""
        value = self._take(key)
        if value is None:
            return []
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise self.refuse(key, value, f"give each as a table of its own, [[...{key}]]")
        return [Entry(item, f"{self.place}, {key} {n}") for n, item in enumerate(value, 1)]

    def done(self) -> None:
        """Refuse keys that nobody asked for: a misspelt limit must not be silently ignored."""
        for key, value in self._values.items():
            near = get_close_matches(key, self._asked, 1)
            remedy = f"did you mean {near[0]}?" if near else f"known are {', '.join(self._asked)}"
            raise self.refuse(key, value, f"this key is not known; {remedy}")
