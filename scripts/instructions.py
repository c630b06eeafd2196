"""Counts the engine's instructions on fixed inputs and compares them with the committed figures.

    python scripts/instructions.py              exits with 1 where a figure is off by more than 3 %
    python scripts/instructions.py --update     writes the figures found instead

Noise cannot trip it: valgrind counts what is executed, on the baseline kernel, whatever the machine
and its load. What a compiler makes of the source does matter, so the figures say which they are for
(benchmarks/instructions.json), and another compiler's are shown but not judged.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).parents[1]
FIGURES = ROOT / "benchmarks" / "instructions.json"
DRIVER = ROOT / "benchmarks" / "native" / "instructions.cpp"
TOLERANCE = 0.03
CASES = ("lufs", "true_peak", "bands", "analyze", "analyze int16", "meter", "gating")
FLAGS = ("-std=c++20", "-O2", "-ffp-contract=off")
FAST = {"gating": "-O3", "packed": "-O3", "rows": "-O3"}  # as in CMakeLists.txt
KERNEL = ("-O3", "-fvect-cost-model=very-cheap")


def compiler() -> str:
    """The command: $CXX or g++."""
    return os.environ.get("CXX", "g++")


def description() -> str:
    """Kind, major version and target: what decides about the instructions."""
    word = subprocess.run([compiler(), "--version"], capture_output=True, text=True, check=True)
    first = word.stdout.splitlines()[0]
    kind = "clang" if "clang" in first else "GCC"
    found = re.search(r"(\d+)\.\d+", first.rpartition(")")[2] or first)
    return f"{kind} {found[1] if found else '?'}, {platform.machine()}"


def flags(source: Path) -> tuple[str, ...]:
    """What CMake's release build compiles a source with."""
    if source.parent.name == "kernel":
        return (*FLAGS, *KERNEL[: 2 if description().startswith("GCC") else 1])
    return (*FLAGS, FAST.get(source.stem, "-O2"))


def build(folder: Path) -> Path:
    """The driver with the core that CMake's release build would have, baseline kernel only."""
    program = folder / "instructions"
    sources = [*sorted((ROOT / "cpp" / "core").glob("*.cpp")), ROOT / "cpp/kernel/baseline.cpp"]

    def compiled(source: Path) -> str:
        made = str(folder / f"{source.stem}.o")
        include = f"-I{ROOT / 'cpp' / 'include'}"
        command = [compiler(), *flags(source), "-g", include, "-c", str(source), "-o", made]
        subprocess.run(command, check=True)
        return made

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        objects = list(pool.map(compiled, [*sources, DRIVER]))
    subprocess.run([compiler(), *objects, "-pthread", "-o", str(program)], check=True)
    return program


def count(program: Path, case: str) -> int:
    """Instructions executed by `counted` and what it calls."""
    output = program.parent / f"{case}.callgrind"
    command = ["valgrind", "--tool=callgrind", "--toggle-collect=counted"]
    command += [f"--callgrind-out-file={output}", str(program), case]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    if run.returncode != 0:
        sys.exit(f"valgrind: {run.stderr}")
    found = re.search(r"^(?:summary|totals): (\d+)", output.read_text("utf-8"), re.MULTILINE)
    counted = int(found[1]) if found else 0
    if counted < 10_000:
        sys.exit(f"{case}: {counted} instructions, so nothing was counted")
    return counted


def counts() -> dict[str, int]:
    """Every case."""
    with tempfile.TemporaryDirectory() as folder:
        program = build(Path(folder))
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            found = pool.map(lambda case: count(program, case), CASES)
            return dict(zip(CASES, found, strict=True))


def compare(found: dict[str, int], expected: dict[str, int]) -> list[str]:
    """Prints each case; returns those that are off."""
    off = []
    for case, instructions in found.items():
        was = expected.get(case)
        change = instructions / was - 1 if was else float("nan")
        print(f"{case:14} {instructions:14,d}  {change:+8.2%}")
        if was is None or abs(change) > TOLERANCE:
            off.append(case)
    return off


def main() -> int:
    """Counts, then compares or updates."""
    options = argparse.ArgumentParser(description="instruction guard")
    options.add_argument("--update", action="store_true", help="write the figures found")
    update = options.parse_args().update
    for tool in ("valgrind", compiler()):
        if shutil.which(tool) is None:
            sys.exit(f"{tool} is not on the PATH")
    here, found = description(), counts()
    committed = json.loads(FIGURES.read_text("utf-8")) if FIGURES.exists() else {}
    off = compare(found, committed.get("instructions", {}))
    if update:
        figures = {
            "compiler": here,
            "flags": " ".join((*FLAGS, "kernel:", *KERNEL)),
            "instructions": found,
        }
        FIGURES.write_text(json.dumps(figures, indent=2) + "\n", "utf-8")
        print(f"written for {here}")
        return 0
    if here != committed.get("compiler"):
        print(f"NOT JUDGED: the figures are for {committed.get('compiler')}, this is {here}")
        return 0
    if off:
        print(f"more than {TOLERANCE:.0%} off: {', '.join(off)}; if it is meant: --update")
    return 1 if off else 0


if __name__ == "__main__":
    sys.exit(main())
