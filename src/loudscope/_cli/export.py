"""Answers for machines: JSON, NDJSON and CSV."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Mapping
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

_BANDS = ("Sub", "Bass", "Low-mids", "Mids", "High-mids", "Air")


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


def _clipped(analysis: loudscope.Analysis) -> int | None:
    if analysis.clipping is None:
        return None
    return sum(channel.samples for channel in analysis.clipping)


_FIGURES: tuple[tuple[str, Callable[[loudscope.Analysis], Cell]], ...] = (
    ("duration_s", lambda a: a.duration),
    ("rate_hz", lambda a: a.rate_hz),
    ("channels", lambda a: a.layout.count),
    ("layout", lambda a: str(a.layout)),
    ("mono", lambda a: a.mono),
    ("integrated_lufs", lambda a: a.integrated),
    ("relative_threshold_lufs", lambda a: a.relative_threshold),
    ("loudness_range_lu", lambda a: a.loudness_range),
    ("loudness_range_low_lufs", lambda a: a.loudness_range_low),
    ("loudness_range_high_lufs", lambda a: a.loudness_range_high),
    ("momentary_max_lufs", lambda a: a.momentary_max),
    ("momentary_max_at_s", lambda a: a.momentary_max_at),
    ("short_term_max_lufs", lambda a: a.short_term_max),
    ("short_term_max_at_s", lambda a: a.short_term_max_at),
    ("true_peak_dbtp", lambda a: a.true_peak),
    ("true_peak_at_s", lambda a: a.true_peak_at),
    ("true_peak_channel", lambda a: a.true_peak_channel),
    ("sample_peak_dbfs", lambda a: a.sample_peak),
    ("clipped_samples", _clipped),
    ("plr_db", lambda a: a.plr),
    ("psr_min_db", lambda a: a.psr_min),
    ("psr_p10_db", lambda a: a.psr_p10),
    ("crest_factor_db", lambda a: a.crest_factor),
    ("rms_dbfs", lambda a: a.rms),
    ("balance_db", lambda a: a.balance),
    ("correlation", lambda a: a.correlation),
    ("mid_side_ratio_db", lambda a: a.mid_side_ratio),
    ("mono_loss_lu", lambda a: a.mono_loss),
)

CSV_COLUMNS: tuple[str, ...] = (
    "kind",
    "file",
    *(name for name, _ in _FIGURES),
    *(f"band_{name.lower().replace('-', '_')}_dbfs" for name in _BANDS),
    "notes",
    "error",
)
"""The columns of --csv, in order; later versions append and never rename.

`kind` is "file" or "album"; a name ends in its unit; a figure that does not exist leaves its cell
empty; `notes` are `figure:code`, or `code` where all figures are meant, separated by blanks;
`error` is "Type: message".
"""


class CsvReport:
    """A header, a row per file in the order of the arguments, and a row for the album."""

    def __init__(self) -> None:
        self._outcomes: list[Outcome[list[Cell]]] = []

    def distil(self, analysis: loudscope.Analysis) -> list[Cell]:
        """Keep the cells between `file` and `error`."""
        cells = [read(analysis) for _, read in _FIGURES]
        profile = analysis.band_profile
        levels = {band.name: band.level for band in profile.bands} if profile else {}
        cells += [levels.get(name) for name in _BANDS]
        cells.append(" ".join(_code(note) for note in analysis.notes))
        return cells

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


def _code(note: loudscope.Note) -> str:
    return f"{note.figure}:{note.code}" if note.figure else str(note.code)


def _cells(outcome: Outcome[list[Cell]], kind: str) -> list[Cell]:
    name = valid(outcome.path) if kind == "file" else ""
    if outcome.failure is None:
        return [kind, name, *(outcome.row or []), None]
    blank: list[Cell] = [None] * (len(CSV_COLUMNS) - 3)
    return [kind, name, *blank, f"{outcome.failure.type}: {outcome.failure.message}"]
