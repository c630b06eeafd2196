"""Names are text: whatever they hold, no parser of the report takes it for anything else."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import loudscope
from loudscope.qc import Inspection, inspect
from loudscope.report import Report, write_folder
from loudscope.report._csv import csv_of
from loudscope.report._page import embedded, fill, policy_of

from .conftest import Open

NAMES = (
    "</script><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<!--<script>",
    "@data@ @script@",
    "\"'`;${alert(1)}",
    "ünïcödé \u202e\u2028 🎚",
)


def named(inspection: Inspection, name: str) -> Report:
    table = inspection.analysis.table
    analysis = loudscope.Analysis(table, name=name)
    values = {field: getattr(inspection, field) for field in inspection.__dataclass_fields__}
    return Report(Inspection(**{**values, "analysis": analysis}))


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_shown_as_it_is_and_runs_nothing(
    open_page: Open, inspection: Inspection, tmp_path: Path, name: str
) -> None:
    page = open_page(named(inspection, name).write(tmp_path / "report.html"))
    assert page.locator("h1").text_content() == name
    assert page.title().startswith(" ".join(name.split())[:8])
    assert page.locator("img").count() == 0
    plain = open_page(tmp_path / "report.html", java_script_enabled=False)
    assert plain.locator("h1").text_content() == name


def test_json_in_the_page_closes_no_script() -> None:
    hostile = {"name": "</script><!-- & ]]>"}
    text = embedded(hostile)
    assert not re.search("[<>&]", text)
    assert json.loads(text) == hostile


def test_holes_are_filled_in_one_pass() -> None:
    assert fill("@a@@b@", {"a": "@b@", "b": "c"}) == "@b@c"


def test_the_policy_names_what_may_run_and_forbids_the_rest() -> None:
    """CSP Level 3: the base64 of SHA-256; that of "a" begins with ypeBEs."""
    policy = policy_of(("a",), "a")
    assert policy.startswith("default-src 'none'; script-src 'sha256-ypeBEsobvcr6wjGzmiPcTaeG7/gU")
    assert "unsafe" not in policy


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx"])
def test_no_name_is_a_formula_in_a_spreadsheet(name: str) -> None:
    assert f"'{name.strip()}" in csv_of({"name": name}).replace("'\t", "'").replace("'\r", "'")


def test_markdown_takes_a_name_for_text(inspection: Inspection) -> None:
    text = named(inspection, "a|b *c* [d](e) `f` <g>").markdown()
    assert text.startswith(r"# a\|b \*c\* \[d\](e) \`f\` \<g\>")


def test_an_index_shows_names_as_text(
    tmp_path: Path, open_page: Open, noise: Callable[..., Path]
) -> None:
    source = noise("<b>&amp; 100% #1?.wav")
    written = write_folder([source], tmp_path / "out")
    page = open_page(tmp_path / "out" / "index.html")
    page.get_by_role("link", name="<b>&amp; 100% #1?.wav").click()
    assert page.locator("h1").inner_text() == source.name
    assert written[0].path is not None


def test_the_inspection_of_a_silent_track_has_a_report_too(tmp_path: Path, open_page: Open) -> None:
    """No loudness, no spectrum, no issue: the page says so and draws what there is."""
    silent = inspect(np.zeros((48000, 2)), 48000)
    page = open_page(Report(silent).write(tmp_path / "silent.html"))
    assert page.locator("h1").inner_text() == "untitled"
    assert "NaN" not in page.locator("body").inner_text()
    assert "Infinity" not in page.locator("body").inner_text()
