"""A report's forms: HTML, PDF, JSON, Markdown, CSV."""

from __future__ import annotations

import csv
import io
import json
import sys
from pathlib import Path

import pytest

import loudscope
from loudscope.compare import compare
from loudscope.qc import Inspection
from loudscope.report import FORMATS, Report, report
from loudscope.report._page import MODULES, page_of, read_part

from ..browser import chromium
from .conftest import TRACK

LIGHT = 150_000  # bytes of the page besides its data


def test_a_path_a_genre_a_target_and_a_reference_make_a_report(made: Report) -> None:
    """As `report` makes it from sources, and as its parts make it."""
    found = report(TRACK, genre="pop", target="spotify", reference=made.comparison)
    assert found.to_dict() == made.to_dict()


def test_references_are_inspected_beside_the_track(inspection: Inspection) -> None:
    found = report(inspection, reference=[TRACK, inspection])
    assert found.comparison is not None
    assert found.comparison["Bass"].difference == pytest.approx(0.0)
    assert found.comparison.references == compare(inspection, TRACK, inspection).references


def test_no_reference_in_a_list_is_an_error(inspection: Inspection) -> None:
    with pytest.raises(loudscope.InvalidArgument, match="reference"):
        report(inspection, reference=[])


def test_an_unknown_genre_or_target_is_an_error_before_anything_is_read() -> None:
    with pytest.raises(loudscope.InvalidArgument, match="target"):
        report("nowhere.wav", target="radio luxembourg")


def test_the_page_besides_its_data_is_light(made: Report) -> None:
    empty = page_of({"version": "0"}, "", "")
    assert len(empty.encode("utf-8")) < LIGHT
    assert len(made.html()) > len(empty)


def test_every_module_of_the_page_is_put_in() -> None:
    folder = Path(loudscope.__file__).parent / "report" / "page"
    assert {path.stem for path in folder.glob("*.js")} == set(MODULES)
    assert all(len(path.read_text("utf-8").splitlines()) < 300 for path in folder.glob("*.js"))
    assert "MIT" in read_part("vendor/preact-LICENSE.txt")
    assert "Apache License" in read_part("vendor/htm-LICENSE.txt")


def test_json_is_strict_and_whole(made: Report) -> None:
    values = json.loads(made.json(), parse_constant=lambda name: pytest.fail(name))
    assert values["feedback"] == made.feedback.to_dict()
    loudness = values["inspection"]["analysis"]["loudness"]
    assert loudness["integrated"] == made.inspection.analysis.integrated
    assert set(values) == {
        *("schema", "loudscope", "name", "inspection", "check", "judgement", "comparison"),
        "feedback",
    }


def test_csv_has_a_row_for_each_figure(made: Report) -> None:
    rows = dict(list(csv.reader(io.StringIO(made.csv(), newline="")))[1:])
    integrated = made.inspection.analysis.integrated
    assert float(rows["inspection.analysis.loudness.integrated"]) == integrated
    assert rows["check.rules.0.figure"] == "true_peak"


def test_markdown_has_the_verdict_and_the_rules(made: Report) -> None:
    text = made.markdown()
    assert "## Spotify, normal: fail" in text
    assert "| Integrated | -12.65 LUFS |" in text


def test_the_ending_says_the_format(made: Report, tmp_path: Path) -> None:
    for ending in ("html", "json", "md", "csv"):
        assert made.write(tmp_path / f"r.{ending}").read_bytes()
    assert (tmp_path / "r.md").read_text("utf-8") == made.markdown()
    assert made.write(tmp_path / "plain", "json").read_text("utf-8") == made.json()
    assert {path.suffix for path in tmp_path.iterdir()} == {".html", ".json", ".md", ".csv", ""}


def test_an_unknown_format_is_an_error_that_lists_them(made: Report, tmp_path: Path) -> None:
    with pytest.raises(loudscope.InvalidArgument, match=", ".join(FORMATS)):
        made.write(tmp_path / "report.docx")


def test_a_place_that_cannot_be_written_is_a_file_error(made: Report, tmp_path: Path) -> None:
    with pytest.raises(loudscope.FileError) as caught:
        made.write(tmp_path / "missing" / "report.md")
    assert caught.value.path == str(tmp_path / "missing" / "report.md")


def test_a_pdf_by_chromium_has_the_charts(
    made: Report, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOUDSCOPE_CHROMIUM", chromium())
    content = made.write(tmp_path / "report.pdf").read_bytes()
    assert content.startswith(b"%PDF-")
    assert len(content) > 100_000


def test_a_pdf_without_a_printer_names_what_to_install(
    made: Report, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("LOUDSCOPE_CHROMIUM", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setitem(sys.modules, "weasyprint", None)  # as if it were not installed
    monkeypatch.setattr("loudscope.report._pdf.PLACES", ())
    with pytest.raises(loudscope.MissingExtra, match=r"loudscope\[pdf\]"):
        made.pdf()
