"""The page scores as `loudscope.feedback` does, for every target and genre."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from loudscope.feedback import feedback
from loudscope.genres import get
from loudscope.genres import names as genre_names
from loudscope.qc import Inspection
from loudscope.report import Report
from loudscope.report._page import inlined
from loudscope.targets import check, find
from loudscope.targets import names as target_names

from .conftest import Open


def test_every_target_and_genre_scores_as_the_library_does(
    open_page: Open, page_file: Path, tmp_path: Path, darker: Inspection
) -> None:
    """Issues with their order and moves, verdict, strengths and limits."""
    page = open_page(Report(darker).write(tmp_path / "darker.html"))
    found = page.evaluate(
        f"""() => {{
            const modules = {{}};
            {inlined("score")}
            const data = JSON.parse(document.getElementById("loudscope-data").textContent);
            return [null, ...data.targets].flatMap((target) => [null, ...data.genres].map((genre) =>
                [target?.name, genre?.name, modules.score.score(data, target, genre)]));
        }}"""
    )
    assert len(found) == (1 + len(target_names())) * (1 + len(genre_names()))
    checks = {name: check(darker.analysis, find(name)) for name in target_names()}
    for target, genre, scored in found:
        wanted = feedback(
            darker,
            target=None if target is None else checks[target],
            genre=None if genre is None else get(genre),
        )
        assert _essence(scored) == _essence(wanted.to_dict()), (target, genre)


def _essence(values: dict[str, Any]) -> dict[str, Any]:
    issues = [
        (it["id"], it["severity"], it["message"], it["action"]["type"], it["action"]["text"])
        for it in values["issues"]
    ]
    lists = {name: list(values[name]) for name in ("strengths", "limits", "warnings")}
    return {"verdict": values["verdict"], "issues": issues, **lists}


@pytest.mark.parametrize(("target", "genre"), [("r128", "jazz"), ("", "metal"), ("club", "")])
def test_a_choice_in_the_page_scores_anew_at_once(
    open_page: Open, page_file: Path, made: Report, target: str, genre: str
) -> None:
    page = open_page(page_file)
    page.get_by_label("Target").select_option(target)
    page.get_by_label("Genre").select_option(genre)
    wanted = feedback(
        made.inspection,
        target=target or None,
        genre=genre or None,
        comparison=made.comparison,
    )
    actions = [text.replace("−", "-") for text in page.locator(".issues .do").all_inner_texts()]
    assert actions == [" ".join(issue.action.text.split()) for issue in wanted.issues]
    shown = page.locator(".verdict h3").inner_text().lower().replace(" ", "_")
    assert shown == wanted.verdict


def test_tiles_come_with_the_worst_first(open_page: Open, page_file: Path) -> None:
    page = open_page(page_file)
    page.get_by_label("Target").select_option("r128")
    order = ["bad", "warn", "flat", "good"]
    states = page.eval_on_selector_all(".tile", "all => all.map((it) => it.classList[1])")
    assert states == sorted(states, key=order.index)
    assert page.locator(".tile .name").first.inner_text() == "Integrated"
    assert "−23.2 to −22.8 LUFS" in page.locator(".tile .note").first.inner_text()


def test_own_targets_and_baselines_are_in_the_page_and_chosen(
    inspection: Inspection, tmp_path: Path, open_page: Open
) -> None:
    own = tmp_path / "own.toml"
    own.write_text(
        'schema = 1\n[[target]]\nname = "venue"\ntitle = "The <i>Venue</i>"\n'
        'rule = [{ figure = "true_peak", high = -3.0 }]\n',
        "utf-8",
    )
    page = open_page(Report(inspection, find(own)).write(tmp_path / "own.html"))
    assert page.get_by_label("Target").input_value() == "venue"
    assert "for The <i>Venue</i>" in page.locator("#verdict header").inner_text()
    assert json.loads(page.locator("#loudscope-data").inner_text())["targets"][0]["name"] == "venue"
