"""The committed stub of the engine."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def test_the_stub_is_current(root: Path, tmp_path: Path) -> None:
    """Made anew from the compiled module, it is the one that is committed."""
    made = tmp_path / "_core.pyi"
    command = [sys.executable, "-m", "nanobind.stubgen", "-q", "-m", "loudscope._core"]
    subprocess.run([*command, "-o", str(made)], check=True, cwd=tmp_path)
    committed = root / "src" / "loudscope" / "_core.pyi"
    assert made.read_text("utf-8") == committed.read_text("utf-8")
