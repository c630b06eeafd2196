"""The checkout, and the tools that look at what is built from it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def root() -> Path:
    """The top of the checkout."""
    return ROOT


@pytest.fixture(scope="session")
def tool() -> Callable[[str], str]:
    """Find a program. Without it a test is skipped at a desk and fails where CI is set."""

    def find(name: str) -> str:
        found = shutil.which(name)
        if found is not None:
            return found
        if os.environ.get("CI"):
            pytest.fail(f"{name} is not on the PATH")
        pytest.skip(f"{name} is not on the PATH")

    return find


@dataclass(frozen=True)
class Command:
    """How CMake compiles one source."""

    source: Path
    words: tuple[str, ...]
    directory: Path


@pytest.fixture(scope="session")
def commands(
    root: Path, tool: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory
) -> tuple[Command, ...]:
    """What CMake runs for each source of the core library, in a release build."""
    build = tmp_path_factory.mktemp("build")
    generator = ["-G", "Ninja"] if shutil.which("ninja") else []
    subprocess.run(
        [
            tool("cmake"),
            *generator,
            *("-S", str(root), "-B", str(build)),
            "-DLOUDSCOPE_PYTHON=OFF",
            "-DCMAKE_EXPORT_COMPILE_COMMANDS=ON",
        ],
        check=True,
        capture_output=True,
    )
    entries = json.loads((build / "compile_commands.json").read_text("utf-8"))
    return tuple(
        Command(Path(entry["file"]), tuple(entry["command"].split()), Path(entry["directory"]))
        for entry in entries
    )


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in which the checkout's examples lie."""
    (tmp_path / "examples").symlink_to(ROOT / "examples", target_is_directory=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Of a user's shell: `loudscope` and `python3` are those of these tests; warnings are errors.

    In a checkout that is not installed, a script stands for the command that pip would write.
    """
    folder = Path(sys.executable).parent
    path = os.pathsep.join((str(folder), os.environ["PATH"]))
    if shutil.which("loudscope", path=str(folder)) is None:
        own = tmp_path_factory.mktemp("bin")
        command = own / "loudscope"
        command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m loudscope "$@"\n')
        command.chmod(0o755)
        path = os.pathsep.join((str(own), path))
    told = {"COLUMNS": "100", "NO_COLOR": "1", "PYTHONIOENCODING": "utf-8"}
    return {**os.environ, **told, "PYTHONWARNINGS": "error", "PATH": path}
