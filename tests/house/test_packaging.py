"""What installing brings: little by default, and every extra that a message names is there."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

WORK = {"docs", "notebooks", "service-test", "test"}  # extras for those who work on loudscope
NAMED = re.compile(r"loudscope\[([\w,-]+)\]")


def named(requirement: str) -> set[str]:
    """The extras in `loudscope[a,b]`."""
    found = NAMED.match(requirement)
    return set(found[1].split(",")) if found else set()


@pytest.fixture(scope="module")
def project(root: Path) -> dict[str, Any]:
    """pyproject.toml's project."""
    content: dict[str, Any] = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))
    return content["project"]  # type: ignore[no-any-return]


def test_the_default_install_is_numpy_and_soundfile(project: dict[str, Any]) -> None:
    names = [re.split(r"[<>=~! ]", each)[0] for each in project["dependencies"]]
    assert names == ["numpy", "soundfile"]


def test_all_is_every_extra_for_users(project: dict[str, Any]) -> None:
    extras = project["optional-dependencies"]
    (everything,) = extras["all"]
    assert named(everything) == set(extras) - WORK - {"all"}


def test_every_extra_that_is_named_is_there(project: dict[str, Any], root: Path) -> None:
    """In messages, documentation and other extras."""
    places = [
        *(root / "src").rglob("*.py"),
        *(root / "docs").rglob("*.md"),
        *(root / name for name in ("README.md", "CONTRIBUTING.md", "pyproject.toml")),
    ]
    found = {
        extra: place.relative_to(root)
        for place in places
        for names in NAMED.findall(place.read_text("utf-8"))
        for extra in names.split(",")
    }
    assert {
        extra: found[extra] for extra in set(found) - set(project["optional-dependencies"])
    } == {}
    assert {"decode", "plot", "reference"} <= set(found)


def test_wheels_are_for_every_python_that_is_supported(project: dict[str, Any], root: Path) -> None:
    """3.11 has one of its own; from 3.12 on the stable ABI serves, as its tag says."""
    content = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["tool"]
    assert project["requires-python"] == ">=3.11"
    assert content["scikit-build"]["wheel"]["py-api"] == "cp312"
    built = content["cibuildwheel"]["build"]
    assert {"cp311-*", "cp312-*"} <= set(built)
    assert any("t-" in each for each in built)
