"""README and docs: every snippet runs, and prints what the page says it prints.

A page's ```python blocks run in order in one namespace, from a folder in which `examples/` lies. A
```text block right after one is its output. In a ```console block, `$ loudscope …` is run as a
user would. A line that is only `…` stands for any lines. `<!-- needs: torch -->` before a block
leaves it out where that library is not installed.
"""

from __future__ import annotations

import contextlib
import importlib.util
import io
import os
import re
import shlex
import subprocess
import sys
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])
FENCE = re.compile(
    r"^(?:<!-- needs: (\w+) -->\n+)?```(\w*)[^\n]*\n(.*?)^```$", re.MULTILINE | re.DOTALL
)


@dataclass(frozen=True)
class Block:
    """A fenced block of a page, and the line of its first line of code."""

    page: Path
    line: int
    language: str
    text: str
    needs: str | None

    @property
    def place(self) -> str:
        return f"{self.page.relative_to(ROOT).as_posix()}:{self.line}"


def blocks(page: Path) -> list[Block]:
    text = page.read_text("utf-8")
    return [
        Block(page, text.count("\n", 0, found.start(3)) + 1, found[2], found[3], found[1])
        for found in FENCE.finditer(text)
    ]


def expected_outputs(page: Path) -> dict[Block, str]:
    """The ```text block that follows each ```python block, with nothing but blank lines between."""
    lines = page.read_text("utf-8").splitlines()
    outputs = {}
    for code, output in pairwise(blocks(page)):
        end = code.line + code.text.count("\n")
        between = lines[end : output.line - 2]
        if (code.language, output.language) == ("python", "text") and not any(between):
            outputs[code] = output.text
    return outputs


def check(shown: str, printed: str) -> None:
    """The printed text is the shown one, where a line `…` stands for any lines."""
    shown, printed = (
        "\n".join(line.rstrip() for line in text.strip("\n").splitlines())
        for text in (shown, printed)
    )
    pattern = re.sub(r"(?m)^…$", "(?s:.*)", "\n".join(map(escaped, shown.splitlines())))
    if not re.fullmatch(pattern, printed):
        assert printed == shown


def escaped(line: str) -> str:
    return line if line == "…" else re.escape(line)


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in which the checkout's examples lie."""
    (tmp_path / "examples").symlink_to(ROOT / "examples", target_is_directory=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def pages(language: str) -> list[Path]:
    return [page for page in PAGES if any(block.language == language for block in blocks(page))]


def name_of(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


@pytest.mark.usefixtures("place")
@pytest.mark.parametrize("page", pages("python"), ids=name_of)
def test_python_runs_and_prints_what_the_page_shows(page: Path) -> None:
    namespace: dict[str, Any] = {"__name__": "__main__"}
    outputs, left_out = expected_outputs(page), []
    for block in blocks(page):
        if block.language != "python":
            continue
        if block.needs and importlib.util.find_spec(block.needs) is None:
            left_out.append(f"{block.place} needs {block.needs}")
            continue
        code = compile("\n" * (block.line - 1) + block.text, name_of(page), "exec")
        with contextlib.redirect_stdout(io.StringIO()) as printed:
            exec(code, namespace)
        if block in outputs:
            check(outputs[block], printed.getvalue())
    if left_out:
        pytest.skip(f"all others ran; {', '.join(left_out)}")


def commands() -> list[tuple[str, str, str]]:
    """Place, command and output of every `$ …` in every ```console block."""
    found = []
    for page in PAGES:
        for block in blocks(page):
            if block.language != "console":
                continue
            for part in re.split(r"(?m)^(?=\$ )", block.text):
                command, _, output = part.partition("\n")
                found.append((block.place, command, output))
    return [(place, command, output) for place, command, output in found if command]


@pytest.mark.parametrize(("where", "command", "output"), commands(), ids=lambda value: value[:60])
def test_commands_print_what_the_page_shows(
    where: str, command: str, output: str, place: Path
) -> None:
    assert command.startswith("$ loudscope "), where
    run = subprocess.run(
        [sys.executable, "-W", "error", "-m", *shlex.split(command)[1:]],
        cwd=place,
        env={**os.environ, "COLUMNS": "100", "NO_COLOR": "1", "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert (run.returncode, run.stderr) == (0, "")
    check(output, run.stdout)


def test_there_is_something_to_run() -> None:
    assert ROOT / "README.md" in pages("python")
    assert len(pages("python")) > 3
    assert len(commands()) > 2


def test_no_page_names_a_file_of_the_checkout_that_is_not_there() -> None:
    """Links between pages and into the checkout; mkdocs checks those within docs as well."""
    for page in PAGES:
        for link in re.findall(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)", page.read_text("utf-8")):
            assert (page.parent / link).exists(), f"{name_of(page)}: {link}"
