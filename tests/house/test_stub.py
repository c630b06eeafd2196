"""The committed stub of the engine."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path


def plain(stub: Path) -> str:
    """The stub without what another version of the generator may lay out otherwise."""
    return ast.unparse(ast.parse(stub.read_text("utf-8")))


def test_the_stub_is_current(root: Path, tmp_path: Path) -> None:
    """Made anew from the compiled module, it is the one that is committed."""
    made = tmp_path / "_core.pyi"
    command = [sys.executable, "-m", "nanobind.stubgen", "-q", "-m", "loudscope._core"]
    subprocess.run([*command, "-o", str(made)], check=True, cwd=tmp_path)
    committed = root / "src" / "loudscope" / "_core.pyi"
    assert plain(made) == plain(committed)
