"""The types of the public calls, as mypy (strict) and pyright read them."""

from __future__ import annotations

import importlib.util
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
Errors = list[tuple[int, str]]  # line, message
Tool = Callable[[Path], Errors]
Copied = Callable[[str], Path]
MYPY_ERROR = re.compile(r"^[^\n:]+\.py:(\d+): error: (.*)$", re.MULTILINE)


def run(tool: str, folder: Path, *arguments: str) -> str:
    if importlib.util.find_spec(tool) is None:
        pytest.skip(f"{tool} is not installed")
    command = [sys.executable, "-m", tool, *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode in (0, 1), done.stdout + done.stderr
    return done.stdout


def mypy(path: Path) -> Errors:
    told = run("mypy", ROOT, "--no-error-summary", "--no-pretty", str(path))
    return [(int(line), message) for line, message in MYPY_ERROR.findall(told)]


def pyright(path: Path) -> Errors:
    """In the folder of a stranger, with loudscope from where Python finds it."""
    told = run("pyright", path.parent, "--outputjson", "--pythonpath", sys.executable, str(path))
    return [
        (found["range"]["start"]["line"] + 1, found["message"])
        for found in json.loads(told)["generalDiagnostics"]
        if found["severity"] == "error"
    ]


@pytest.fixture
def copied(tmp_path: Path) -> Callable[[str], Path]:
    """A copy of a file of this folder, where no configuration leaves it out."""

    def copy(name: str) -> Path:
        return Path(shutil.copy(HERE / name, tmp_path))

    return copy


each_tool = pytest.mark.parametrize("tool", [mypy, pyright], ids=["mypy", "pyright"])


@each_tool
def test_the_types_are_those_that_are_asserted(tool: Tool, copied: Copied) -> None:
    """PEP 484 and `typing.assert_type`."""
    assert tool(copied("reads_well.py")) == []


@each_tool
def test_every_mistake_is_found(tool: Tool, copied: Copied) -> None:
    """Errors at the lines marked with `refused:`, and at no other."""
    path = copied("is_refused.py")
    marked = {
        number
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if "# refused:" in line
    }
    assert len(marked) > 20
    assert {line for line, _ in tool(path)} == marked


@each_tool
def test_values_of_other_libraries_fit(tool: Tool, copied: Copied) -> None:
    """Their own types are read, so they have to be there."""
    for name in ("jax", "polars", "pyarrow", "torch", "xarray"):
        if importlib.util.find_spec(name) is None:
            pytest.skip(f"{name} is not installed")
    assert tool(copied("reads_libraries.py")) == []
