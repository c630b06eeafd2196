"""README and docs: every snippet runs, and prints what the page says it prints.

A page's ```python blocks run in order in one namespace, from a folder in which `examples/` lies. A
```text block right after one is its output. In a ```console block, `$ loudscope …` is run as a
user would. A line that is only `…` stands for any lines. ```sh blocks are run by test_shell.py;
pages.py has the marks that say how.
"""

from __future__ import annotations

import contextlib
import importlib.util
import io
import re
import shlex
import shutil
import subprocess
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from .pages import PAGES, ROOT, Block, all_blocks, blocks, name_of


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


def pages(language: str) -> list[Path]:
    return [page for page in PAGES if any(block.language == language for block in blocks(page))]


@pytest.mark.usefixtures("place")
@pytest.mark.parametrize("page", pages("python"), ids=name_of)
def test_python_runs_and_prints_what_the_page_shows(page: Path) -> None:
    namespace: dict[str, Any] = {"__name__": "__main__"}
    outputs, left_out = expected_outputs(page), []
    for block in blocks(page):
        if block.language != "python":
            continue
        library = block.marked("needs")
        if library and importlib.util.find_spec(library) is None:
            left_out.append(f"{block.place} needs {library}")
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
    for block in all_blocks("console"):
        for part in re.split(r"(?m)^(?=\$ )", block.text):
            command, _, output = part.partition("\n")
            found.append((block.place, command, output))
    return [(place, command, output) for place, command, output in found if command]


@pytest.mark.parametrize(("where", "command", "output"), commands(), ids=lambda value: value[:60])
def test_commands_print_what_the_page_shows(
    where: str, command: str, output: str, place: Path, environment: dict[str, str]
) -> None:
    assert command.startswith("$ loudscope "), where
    run = subprocess.run(
        shlex.split(command)[1:],
        cwd=place,
        env=environment,
        executable=shutil.which("loudscope", path=environment["PATH"]),
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
