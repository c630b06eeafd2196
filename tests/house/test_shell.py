"""```sh blocks of the documentation: each runs in a fresh folder, with the command a user has.

The files that a block names are there, made of the example. What fails fails the test, but for
`loudscope check`, which may end with 1: that is its verdict. A block that cannot be run anywhere
says why (pages.py); what it says is still held against the command's own parser, the scripts of the
checkout, and the extras of pyproject.toml.
"""

from __future__ import annotations

import re
import shlex
import tomllib
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from loudscope._cli import verbs
from loudscope._cli.arguments import parse

from .pages import PAGES, ROOT, Block, all_blocks, blocks
from .shell import SHOWN_PORT, commands_of, prepare, run, served

CI = (ROOT / ".ci" / "run").read_text("utf-8")
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
LANGUAGES = {"", "console", "py", "python", "sh", "text"}  # "" is a drawing or a formula
SHELL = all_blocks("sh")


def each(found: list[Block]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("block", found, ids=[block.place for block in found])


def run_by_ci(block: Block) -> bool:
    """CI runs these lines of the README itself, each in a new environment."""
    return all(
        f"as_in_readme '{line}'" in CI or f'as_in_readme "{line}"' in CI
        for line in block.text.splitlines()
    )


RUN = [it for it in SHELL if it.marked("not run") is None and not run_by_ci(it)]
SERVED = [it for it in all_blocks("sh", "py") if it.marked("with")]


@each([it for it in RUN if not it.marked("with")])
def test_blocks_run(
    block: Block, place: Path, environment: dict[str, str], tool: Callable[[str], str]
) -> None:
    tool("bash")
    prepare(place, block.text)
    failed, told = run(block.text, place, environment)
    assert told == ""
    assert [it for it in failed if not it.startswith("1 loudscope check ")] == []


@each(SERVED)
def test_blocks_run_beside_a_server(
    block: Block, place: Path, environment: dict[str, str], tool: Callable[[str], str]
) -> None:
    """`loudscope serve` of the page, started, ready, and stopped in order."""
    for library in ("fastapi", "httpx"):
        pytest.importorskip(library)
    tool("curl")
    assert block.value in all_commands(block.page)
    environment = {**environment, "PYTHONWARNINGS": ""}  # those of other libraries are theirs
    with served(block.value, place, environment) as port:
        text = block.text.replace(str(SHOWN_PORT), str(port))
        if block.language == "py":
            exec(compile(text, block.place, "exec"), {"__name__": "__main__"})
        else:
            assert run(text, place, environment) == ([], "")
    if "report.html" in block.text:
        assert "<!doctype html>" in (place / "report.html").read_text("utf-8").lower()


def all_commands(page: Path) -> list[str]:
    return [
        it for block in blocks(page) if block.language == "sh" for it in commands_of(block.text)
    ]


@each(SHELL)
def test_every_command_is_one_that_there_is(
    block: Block, capsys: pytest.CaptureFixture[str]
) -> None:
    """Verbs, options and values, as the command's own parser takes them."""
    for command in commands_of(block.text):
        words = shlex.split(command)
        if words[0] == "loudscope":
            assert verbs.parse(words[1:]) or parse(words[1:]), capsys.readouterr().err
        elif words[:2] == ["pip", "install"]:
            for word in words[2:]:
                assert named_in_the_project(word), f"{block.place}: {word}"
            groups = [after for word, after in pairwise(words) if word == "--group"]
            assert set(groups) <= PROJECT["dependency-groups"].keys()
        elif words[0] == "python" and words[1].endswith(".py"):
            assert (ROOT / words[1]).is_file(), f"{block.place}: {words[1]}"


def named_in_the_project(word: str) -> bool:
    """The extras behind a name or a dot are ours; other words are other people's packages."""
    found = re.fullmatch(r"(?:\.|loudscope)\[([\w,-]+)\]", word)
    extras = PROJECT["project"]["optional-dependencies"].keys()
    return found is None or set(found[1].split(",")) <= extras


def test_no_block_is_left_out_in_silence() -> None:
    """Every block has a language, and one that is code is run or says why it is not."""
    fences = sum(page.read_text("utf-8").count("\n```") for page in PAGES)
    found = [block for page in PAGES for block in blocks(page)]
    assert fences == 2 * len(found), "a fence that is indented, or never closed"
    assert {block.language for block in found} == LANGUAGES
    for block in all_blocks("sh", "py"):
        ran = block in RUN or block in SERVED or run_by_ci(block)
        assert ran != (block.marked("not run") is not None), block.place
        if not ran:
            assert len(block.value.split()) > 2, f"{block.place} says no reason"
    for block in all_blocks("python", "console"):
        assert block.mark in {"", "needs"}, block.place


def test_there_are_blocks_to_run() -> None:
    assert len(RUN) > 5
    assert {block.language for block in SERVED} == {"sh", "py"}
    assert sum(map(run_by_ci, SHELL)) >= 2
