"""Files under 300 lines, functions under 40: what a reader takes in at once."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from .javascript import functions

ROOT = Path(__file__).resolve().parents[2]
MOST_FILE_LINES = 300
MOST_FUNCTION_LINES = 40
ENDINGS = {".py", ".cpp", ".hpp", ".inl", ".js", ".css", ".html"}
CPP = {".cpp", ".hpp", ".inl"}
FOLDERS = ("src", "cpp", "scripts", "examples", "benchmarks")
GENERATED = re.compile(r"// Written by scripts/")

Function = ast.FunctionDef | ast.AsyncFunctionDef


def sources() -> list[Path]:
    return sorted(
        path
        for folder in FOLDERS
        for path in (ROOT / folder).rglob("*")
        if path.suffix in ENDINGS and "vendor" not in path.parts
    )


def written_in(*endings: str) -> list[Path]:
    return [path for path in sources() if path.suffix in endings]


def by_name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", sources(), ids=by_name)
def test_files_are_under_300_lines(path: Path) -> None:
    lines = path.read_text("utf-8").splitlines()
    assert len(lines) < MOST_FILE_LINES or GENERATED.match(lines[0])


def length(function: Function) -> int:
    """Lines from its name to its end, its docstring not counted."""
    lines = (function.end_lineno or function.lineno) - function.lineno + 1
    first = function.body[0]
    if ast.get_docstring(function) is not None:
        lines -= (first.end_lineno or first.lineno) - first.lineno + 1
    return lines


@pytest.mark.parametrize("path", written_in(".py"), ids=by_name)
def test_python_functions_are_under_40_lines(path: Path) -> None:
    functions = [
        node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, Function)
    ]
    assert {f.name: length(f) for f in functions if length(f) >= MOST_FUNCTION_LINES} == {}


CONTROL = re.compile(r"\s*(namespace|class|struct|enum|union|extern|if|for|while|switch|else|do)\b")
NO_CODE = re.compile(r"//.*|\"(\\.|[^\"\\])*\"|'(\\.|[^'\\])+'")


def cpp_bodies(text: str) -> Iterator[tuple[str, int]]:
    """Functions, lambdas among them: from a line that opens a brace to the one that closes it."""
    lines = [NO_CODE.sub("", line).rstrip() for line in text.splitlines()]
    for start, line in enumerate(lines):
        if not line.endswith("{") or not re.search(r"[()]", line) or CONTROL.match(line):
            continue
        depth = 0
        for end in range(start, len(lines)):
            depth += lines[end].count("{") - lines[end].count("}")
            if depth <= 0:
                yield text.splitlines()[start].strip(), end - start + 1
                break


@pytest.mark.parametrize("path", written_in(*CPP), ids=by_name)
def test_cpp_functions_are_under_40_lines(path: Path) -> None:
    bodies = cpp_bodies(path.read_text("utf-8"))
    assert {name: lines for name, lines in bodies if lines >= MOST_FUNCTION_LINES} == {}


@pytest.mark.parametrize("path", written_in(".js"), ids=by_name)
def test_javascript_functions_are_under_40_lines(path: Path) -> None:
    found = list(functions(path.read_text("utf-8")))
    assert {name: lines for name, lines in found if lines >= MOST_FUNCTION_LINES} == {}


def test_javascript_functions_are_found_whatever_stands_in_them() -> None:
    """Braces in strings, templates, comments and regular expressions are none."""
    text = """
// } a comment
export function Tile({ name, value }) {
  const odd = /[/}]\\}/.test(name) ? "}" : '{';
  if (odd) { return null; }
  return html`<b class="}">${rows.map((row) => html`<i>${row.map(
    (cell) => cell)}</i>`)}</b>`;
}
const half = (number) => number / 2;
class Meter { process(inputs) { /* } */
    return inputs / 2; } }
const save = async () => {
  for (const one of all) { await one(); }
};
"""
    assert sorted(functions(text), key=lambda found: -found[1]) == [
        ("export function Tile({ name, value }) {", 6),
        ("const save = async () => {", 3),
        ('return html`<b class="}">${rows.map((row) => html`<i>${row.map(', 2),
        ("class Meter { process(inputs) { /* } */", 2),
        ("(cell) => cell)}</i>`)}</b>`;", 1),
        ("const half = (number) => number / 2;", 1),
    ]
