"""A report: what was found about a track, and the forms in which it can be handed on."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from os import PathLike, fspath
from pathlib import Path
from typing import Any, Literal, get_args

from loudscope import FileError, InvalidArgument, __version__

from ..compare import Comparison
from ..feedback import Feedback, feedback
from ..genres import Baseline, Judgement
from ..qc import Inspection
from ..targets import Check, Target, check
from ._payload import SCHEMA, payload_of

__all__ = ["FORMATS", "Format", "Report"]

Format = Literal["html", "pdf", "json", "md", "csv"]
FORMATS: tuple[Format, ...] = get_args(Format)


@dataclass(frozen=True, eq=False)
class Report:
    """What `report` made.

    Attributes:
        inspection: The measurement.
        target: The target to judge delivery by first, or None.
        baseline: The baseline to judge tone by first, or None.
        comparison: The track beside references, or None.
    """

    inspection: Inspection
    target: Target | None = None
    baseline: Baseline | None = None
    comparison: Comparison | None = None

    @property
    def name(self) -> str:
        """Name of the source, or "untitled"."""
        return self.inspection.analysis.name or "untitled"

    @cached_property
    def check(self) -> Check | None:
        """The track held against the target."""
        return None if self.target is None else check(self.inspection.analysis, self.target)

    @cached_property
    def judgement(self) -> Judgement | None:
        """The track beside the baseline."""
        return None if self.baseline is None else self.baseline.judge(self.inspection)

    @cached_property
    def feedback(self) -> Feedback:
        """Everything that stands out, the worst first."""
        return feedback(
            self.inspection,
            genre=self.baseline,
            target=self.check,
            comparison=self.comparison,
        )

    def html(self) -> str:
        """One page that needs no network, for any browser."""
        from ._document import as_html, document_of
        from ._page import page_of

        static = as_html(document_of(self))
        return page_of(payload_of(self), f"{self.name}: loudscope report", static)

    def pdf(self) -> bytes:
        """The page on paper, as Chromium or WeasyPrint prints it.

        Raises:
            MissingExtra: Neither is there.
        """
        from ._pdf import pdf_of

        return pdf_of(self.html())

    def to_dict(self) -> dict[str, Any]:
        """All figures and judgements as plain values, strict JSON; docs/report.md has the keys."""
        parts = {
            "check": self.check,
            "judgement": self.judgement,
            "comparison": self.comparison,
            "feedback": self.feedback,
        }
        return {
            "schema": SCHEMA,
            "loudscope": __version__,
            "name": self.inspection.analysis.name,
            "inspection": self.inspection.to_dict(),
            **{name: None if part is None else part.to_dict() for name, part in parts.items()},
        }

    def json(self, *, indent: int | None = 2) -> str:
        """`to_dict` as strict JSON in ASCII."""
        return json.dumps(self.to_dict(), indent=indent, allow_nan=False) + "\n"

    def markdown(self) -> str:
        """Verdict, issues, rules and figures as Markdown."""
        from ._document import as_markdown, document_of

        return as_markdown(document_of(self))

    def csv(self) -> str:
        """One figure in each row: its name in `to_dict`, with dots, and its value."""
        from ._csv import csv_of

        return csv_of(self.to_dict())

    def write(self, path: str | PathLike[str], format: Format | None = None) -> Path:
        """Writes the report; a file is replaced as a whole or not at all.

        Args:
            path: Where to.
            format: "html", "pdf", "json", "md" or "csv"; None: by the ending of `path`.

        Returns:
            `path`.

        Raises:
            InvalidArgument: The format is unknown.
            MissingExtra: As `pdf`.
            FileError: The file cannot be written.
        """
        place = Path(path)
        chosen = format or place.suffix.lower().removeprefix(".")
        if chosen not in FORMATS:
            listed = ", ".join(FORMATS)
            raise InvalidArgument(f"format={chosen!r} of {fspath(path)!r}: give one of {listed}")
        forms: dict[str, Callable[[], str | bytes]] = {
            "html": self.html,
            "pdf": self.pdf,
            "json": self.json,
            "md": self.markdown,
            "csv": self.csv,
        }
        text = forms[chosen]()
        write_whole(place, text if isinstance(text, bytes) else text.encode("utf-8"))
        return place


def write_whole(path: Path, content: bytes) -> None:
    """Writes a file beside its place and moves it there.

    Raises:
        FileError: It cannot be written.
    """
    beside = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        beside.write_bytes(content)
        beside.replace(path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        reason = error.strerror or str(error)
        raise FileError(f"{path}: cannot be written ({reason})", str(path)) from error
