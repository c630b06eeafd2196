"""The public list: complete, sorted, importable and documented."""

from __future__ import annotations

import inspect
import re
import subprocess
import sys
import types
from pathlib import Path

import pytest

import loudscope

ROOT = Path(__file__).resolve().parents[2]
HEAVY = {
    "av",
    "importlib.metadata",
    "json",
    "matplotlib",
    "scipy",
    "soundfile",
    "tempfile",
    "zipfile",
}
LATE = {"Spectrum", "spectrum"}  # of a room, imported when they are asked for
PUBLIC = [name for name in loudscope.__all__ if not name.startswith("__")]


def callables() -> list[str]:
    return [name for name in PUBLIC if callable(getattr(loudscope, name))]


def members() -> list[str]:
    """Public methods and properties of public classes that are defined here."""
    return [
        f"{name}.{member}"
        for name in PUBLIC
        if inspect.isclass(cls := getattr(loudscope, name))
        for member, value in vars(cls).items()
        if not member.startswith("_")
        and (inspect.isfunction(value) or isinstance(value, property | classmethod | staticmethod))
    ]


def order(name: str) -> tuple[int, str]:
    """Constants, then classes, then the rest; each by name."""
    return (0 if name.isupper() else 1 if name[0].isupper() else 2, name)


def test_the_list_is_sorted_and_has_no_name_twice() -> None:
    assert list(loudscope.__all__) == sorted(set(loudscope.__all__), key=order)


@pytest.mark.parametrize("name", loudscope.__all__)
def test_every_name_can_be_imported(name: str) -> None:
    assert hasattr(loudscope, name)


def test_nothing_else_is_public() -> None:
    extra = {
        name
        for name, value in vars(loudscope).items()
        if not name.startswith("_") and not isinstance(value, types.ModuleType)
    }
    assert extra | LATE == set(PUBLIC)


def test_public_modules_are_those_meant_to_be() -> None:
    """A module without an underscore is a promise too."""
    package = ROOT / "src" / "loudscope"
    found = {path.stem for path in package.iterdir() if path.suffix in ("", ".py")}
    assert {name for name in found if not name.startswith("_")} <= {
        *("compare", "data", "feedback", "genres", "plot", "qc", "reference", "report", "tags"),
        "service",
        "targets",
        "typing",
    }


def test_the_import_is_light() -> None:
    """What only some calls need is imported by those."""
    seen = "import numpy, sys; had = {*sys.modules}; import loudscope; print(*{*sys.modules} - had)"
    run = subprocess.run([sys.executable, "-c", seen], capture_output=True, text=True, check=True)
    assert "loudscope._core" in run.stdout.split()
    assert not HEAVY & set(run.stdout.split())


@pytest.mark.parametrize("name", callables())
def test_every_callable_says_what_it_does(name: str) -> None:
    value = getattr(loudscope, name)
    assert value.__doc__
    assert value.__module__.split(".")[0] == "loudscope"


@pytest.mark.parametrize("name", members())
def test_every_public_member_says_what_it_is(name: str) -> None:
    cls, member = name.split(".")
    value = inspect.getattr_static(getattr(loudscope, cls), member)
    assert inspect.getdoc(value)


def functions() -> list[str]:
    return [name for name in PUBLIC if inspect.isfunction(getattr(loudscope, name))]


@pytest.mark.parametrize("name", functions())
def test_every_argument_is_documented(name: str) -> None:
    function = getattr(loudscope, name)
    text = inspect.getdoc(function) or ""
    for parameter in inspect.signature(function).parameters:
        assert re.search(rf"\b{parameter}\b", text), parameter
