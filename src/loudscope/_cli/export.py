"""Answers for machines: JSON, NDJSON and CSV."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from typing import Any

import loudscope

from .measure import Outcome
from .output import write
from .text import valid

__all__ = ["CSV_COLUMNS", "SCHEMA_VERSION", "CsvReport", "JsonReport", "NdjsonReport", "dumps"]

SCHEMA_VERSION = 1
"""Of the whole answer: goes up with that of `Analysis.to_dict`, whose keys it covers."""

Json = dict[str, Any]
Cell = str | int | float | None


def dumps(value: Mapping[str, object], *, indent: int | None = None) -> str:
    """Write strict JSON in ASCII, which every pipe and code page carries.

    Raises:
        ValueError: The value holds NaN or infinity.
    """
    return json.dumps(value, indent=indent, allow_nan=False) + "\n"


def _as_json(outcome: Outcome[Json]) -> Json:
    if outcome.failure is not None:
        return {"error": {"type": outcome.failure.type, "message": outcome.failure.message}}
    return outcome.row or {}


def _file_as_json(outcome: Outcome[Json]) -> Json:
    return {"file": valid(outcome.path), **_as_json(outcome)}


def _figures(analysis: loudscope.Analysis) -> Json:
    figures = analysis.to_dict()
    del figures["schema_version"]  # said once, for the whole answer
    return figures


class JsonReport:
    """One object: `schema_version`, `loudscope` (version), `files` and, if asked for, `album`."""

    def __init__(self) -> None:
        self._outcomes: list[Outcome[Json]] = []

    def distil(self, analysis: loudscope.Analysis) -> Json:
        """Keep every figure."""
        return _figures(analysis)

    def took(self, outcome: Outcome[Json]) -> None:
        """Keep the outcome for the end."""
        self._outcomes.append(outcome)

    def finish(self, album: Outcome[Json] | None) -> None:
        """Write all files in the order of the arguments, then the album."""
        ordered = sorted(self._outcomes, key=lambda outcome: outcome.index)
        answer: Json = {
            "schema_version": SCHEMA_VERSION,
            "loudscope": loudscope.__version__,
            "files": [_file_as_json(outcome) for outcome in ordered],
        }
        if album is not None:
            answer["album"] = _as_json(album)
        write(dumps(answer, indent=2))


class NdjsonReport:
    """A line per file as it finishes, `{"schema_version", "file", ...}`, and one for the album."""

    def distil(self, analysis: loudscope.Analysis) -> Json:
        """Keep every figure."""
        return _figures(analysis)

    def took(self, outcome: Outcome[Json]) -> None:
        """Write the line of this file."""
        write(dumps({"schema_version": SCHEMA_VERSION, **_file_as_json(outcome)}))

    def finish(self, album: Outcome[Json] | None) -> None:
        """Write the line of the album, `{"schema_version", "album": {...}}`."""
        if album is not None:
            write(dumps({"schema_version": SCHEMA_VERSION, "album": _as_json(album)}))


_FIGURES = tuple(name for name in loudscope.ROW_COLUMNS if name != "name")
CSV_COLUMNS: tuple[str, ...] = ("kind", "file", *_FIGURES, "error")
"""The columns of --csv, in order; later versions append before `error` and never rename.

`kind` is "file" or "album"; those between `file` and `error` are as in `loudscope.to_rows`, and a
figure that does not exist leaves its cell empty; `error` is "Type: message".
"""


class CsvReport:
    """A header, a row per file in the order of the arguments, and a row for the album."""

    def __init__(self) -> None:
        self._outcomes: list[Outcome[list[Cell]]] = []

    def distil(self, analysis: loudscope.Analysis) -> list[Cell]:
        """Keep the cells between `file` and `error`."""
        [row] = loudscope.to_rows([analysis])
        return [row[name] for name in _FIGURES]

    def took(self, outcome: Outcome[list[Cell]]) -> None:
        """Keep the outcome for the end."""
        self._outcomes.append(outcome)

    def finish(self, album: Outcome[list[Cell]] | None) -> None:
        """Write the whole sheet."""
        text = io.StringIO()
        sheet = csv.writer(text, lineterminator="\n")
        sheet.writerow(CSV_COLUMNS)
        for outcome in sorted(self._outcomes, key=lambda outcome: outcome.index):
            sheet.writerow(_cells(outcome, "file"))
        if album is not None:
            sheet.writerow(_cells(album, "album"))
        write(text.getvalue())


def _cells(outcome: Outcome[list[Cell]], kind: str) -> list[Cell]:
    name = valid(outcome.path) if kind == "file" else ""
    if outcome.failure is None:
        return [kind, name, *(outcome.row or []), None]
    blank: list[Cell] = [None] * (len(CSV_COLUMNS) - 3)
    return [kind, name, *blank, f"{outcome.failure.type}: {outcome.failure.message}"]
