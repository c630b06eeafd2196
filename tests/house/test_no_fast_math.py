"""IEEE arithmetic: compiled as written, and the host's floating-point mode left alone."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from .conftest import Command

FAST = {"gating", "packed", "rows"}  # with loops over samples or blocks
LOOSE = re.compile(
    r"-ffast-math|-Ofast|/fp:fast|-funsafe-math|-fassociative-math|-ffinite-math|-freciprocal-math"
    r"|-fno-math-errno|-mdaz-ftz|-march=native|_MM_SET_(FLUSH|DENORMALS)|_mm_setcsr|-ffp-contract=fast"
)

DENORMALS = """
import threading
import numpy as np
import loudscope

tone = np.sin(np.arange(48000) * 0.1)
loudscope.analyze(tone, 48000, layout="mono")
tiny, one = 5e-324, float("1")
kept = [tiny * one > 0, bool((np.full(64, tiny) * one > 0).all())]
other = threading.Thread(target=lambda: kept.append(tiny * one > 0))
other.start()
other.join()
print(all(kept))
"""


def test_the_build_asks_for_no_loose_arithmetic(root: Path) -> None:
    text = "\n".join(
        line.split("#")[0]
        for path in (root / "CMakeLists.txt", root / "pyproject.toml")
        for line in path.read_text("utf-8").splitlines()
    )
    assert "-ffp-contract=off" in text
    assert not LOOSE.search(text)


def test_no_source_changes_the_floating_point_mode(root: Path) -> None:
    endings = (".cpp", ".hpp", ".inl")
    sources = [path for path in (root / "cpp").rglob("*") if path.suffix in endings]
    assert sources
    for path in sources:
        code = re.sub(r"//.*|#error.*", "", path.read_text("utf-8"))
        assert not LOOSE.search(code), path


def test_every_source_is_compiled_without_contraction(commands: tuple[Command, ...]) -> None:
    assert commands
    for command in commands:
        assert "-ffp-contract=off" in command.words
        levels = [word for word in command.words if word.startswith("-O")]
        hot = command.source.parent.name == "kernel" or command.source.stem in FAST
        assert levels[-1] == ("-O3" if hot else "-O2"), command.source
        assert not LOOSE.search(" ".join(command.words))


def test_loose_arithmetic_does_not_compile(commands: tuple[Command, ...]) -> None:
    """Flags of the environment cannot slip it in either: a kernel refuses."""
    [kernel] = [command for command in commands if command.source.name == "baseline.cpp"]
    words = [*kernel.words, "-ffast-math", "-fsyntax-only"]
    run = subprocess.run(
        words, cwd=kernel.directory, capture_output=True, encoding="utf-8", check=False
    )
    assert run.returncode != 0
    assert "-ffast-math" in run.stderr


def test_denormals_survive_the_import_and_a_measurement() -> None:
    """A library linked with -ffast-math sets FTZ for the whole process."""
    run = subprocess.run(
        [sys.executable, "-c", DENORMALS], capture_output=True, text=True, check=True
    )
    assert run.stdout.strip() == "True"
