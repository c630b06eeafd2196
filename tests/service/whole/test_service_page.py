"""docs/service.md: its commands do what they are there for, and its tables are complete."""

from __future__ import annotations

import contextlib
import io
import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from loudscope.service import Settings

from .deployment import Deployment, deployed

ROOT = Path(__file__).resolve().parents[3]
PAGE = (ROOT / "docs" / "service.md").read_text("utf-8")
ADDRESS = "http://127.0.0.1:8765"


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    with deployed(tmp_path_factory.mktemp("page"), {}) as running:
        yield running


def block(language: str, word: str) -> str:
    """The block of code in that language that holds a word."""
    blocks = re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    (found,) = [text for text in blocks if word in text]
    return str(found)


def test_the_commands_fetch_a_report(service: Deployment, tmp_path: Path) -> None:
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    script = block("sh", "curl").replace(ADDRESS, service.url())
    subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script], cwd=tmp_path, check=True, timeout=120
    )
    assert (tmp_path / "report.html").read_text("utf-8").startswith("<!")
    report = json.loads((tmp_path / "report.json").read_text("utf-8"))
    assert "night_drive" in json.dumps(report)


def test_the_python_fetches_a_report(
    service: Deployment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    monkeypatch.chdir(tmp_path)
    found: dict[str, Any] = {}
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        exec(block("py", "Client").replace(ADDRESS, service.url()), found)
    assert "True peak" in printed.getvalue()
    assert found["page"].startswith("<!")
    assert found["figures"]


def rows(head: str) -> dict[str, Any]:
    """First and second column of the table under that head."""
    table = PAGE.split(f"| {head} | default | |\n", 1)[1].split("\n\n", 1)[0]
    found = re.findall(r"^\| `(\w+)` \| (.+?) \|", table, re.MULTILINE)
    assert len(found) == len(table.splitlines()) - 1
    return {name: None if it == "none" else json.loads(it.strip("`")) for name, it in found}


def defaults(model: type[BaseModel]) -> dict[str, Any]:
    """Fields and their defaults, as JSON would have them."""
    return {
        name: plain(field.default)
        for name, field in model.model_fields.items()
        if not isinstance(field.default, BaseModel)
    }


def plain(value: Any) -> Any:
    if isinstance(value, frozenset | tuple):
        return sorted(value)
    return str(value) if isinstance(value, Path) else value


@pytest.mark.parametrize("head", ["key", "in `[limits]`", "in `[live]`", "in `[webhooks]`"])
def test_every_setting_is_there_with_its_default(head: str) -> None:
    table = re.search(r"\[(\w+)\]", head)
    model: type[BaseModel] = Settings
    if table is not None:
        model = type(Settings.model_fields[table[1]].default)
    assert rows(head) == defaults(model)


def test_every_address_is_there(service: Deployment) -> None:
    document = service.http.get(f"{service.url()}/openapi.json").json()
    there = {path for path in document["paths"] if not path.startswith("/v1/jobs/")}
    written = set(re.findall(r"`(?:[A-Z]+ )?(/[^`\s]*)`", PAGE)) | {"/report/{token}.json"}
    assert there - written == set()
