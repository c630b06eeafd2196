"""The notebooks of examples/ run as they stand, say what they show, and are small."""

from __future__ import annotations

import re
import runpy
from pathlib import Path
from typing import Any

import pytest

nbformat = pytest.importorskip("nbformat")
pytest.importorskip("nbclient")
pytest.importorskip("ipykernel")

ROOT = Path(__file__).parents[2]
run = runpy.run_path(str(ROOT / "scripts" / "notebooks.py"))["run"]
NOTEBOOKS = sorted((ROOT / "examples").glob("*.ipynb"))
MOST_BYTES = 60_000
each = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


def texts(book: Any) -> list[list[str]]:
    """What each cell printed and returned, as text."""
    return [
        [
            output["text"] if output.output_type == "stream" else output.data["text/plain"]
            for output in cell.get("outputs", [])
        ]
        for cell in book.cells
    ]


def test_there_are_three() -> None:
    assert len(NOTEBOOKS) == 3


@each
@pytest.mark.filterwarnings("ignore")  # of the kernel's own libraries
def test_it_runs_and_says_what_it_shows(path: Path) -> None:
    """Executed anew, cell by cell; streams of one cell may come in several pieces."""
    shown, ran = texts(nbformat.read(path, as_version=4)), texts(run(path))
    assert ["".join(cell) for cell in ran] == ["".join(cell) for cell in shown]
    assert any(shown)


@each
def test_it_is_small_and_of_no_machine(path: Path) -> None:
    """No path of the one who ran it, no time, no picture of megabytes."""
    text = path.read_text("utf-8")
    assert len(text) < MOST_BYTES
    assert not re.search(r"/home/|/root/|/tmp/|/Users/|C:\\\\|execution\"", text)
