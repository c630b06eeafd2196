"""Which files are measured."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

from .conftest import Record, Run


def measured(run: Run, *arguments: str | Path) -> list[str]:
    answer = run("--json", *arguments)
    assert (answer.returncode, answer.stderr) == (0, "")
    return [file["file"].replace("\\", "/") for file in json.loads(answer.stdout)["files"]]


@pytest.fixture
def collection(record: Record, tmp_path: Path) -> Path:
    """Two discs, a cover, and what a Mac leaves on a foreign disk."""
    for name in ("disc 2/b.wav", "disc 1/b.WAV", "disc 1/a.wav"):
        record(f"collection/{name}", 0.5)
    (tmp_path / "collection/disc 1/cover.jpg").write_bytes(b"no audio")
    (tmp_path / "collection/disc 1/._a.wav").write_bytes(b"no audio")
    return tmp_path / "collection"


@pytest.mark.usefixtures("collection")
def test_a_directory_is_searched_to_the_bottom(run: Run) -> None:
    """Known endings in any case, sorted; no hidden files."""
    expected = ["collection/disc 1/a.wav", "collection/disc 1/b.WAV", "collection/disc 2/b.wav"]
    assert measured(run, "collection") == expected


@pytest.mark.usefixtures("collection")
@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("collection/*/b.*", ["collection/disc 1/b.WAV", "collection/disc 2/b.wav"]),
        ("**/a.wav", ["collection/disc 1/a.wav"]),
        ("collection/disc ?", ["disc 1/a.wav", "disc 1/b.WAV", "disc 2/b.wav"]),
    ],
)
def test_patterns_are_expanded_here(run: Run, pattern: str, expected: list[str]) -> None:
    """No shell stands between: `*`, `?` and `**` work on Windows too."""
    for name, ending in zip(measured(run, pattern), expected, strict=True):
        assert name.endswith(ending)


@pytest.mark.usefixtures("collection")
def test_each_file_is_measured_once(run: Run) -> None:
    """A file that two arguments name would weigh double in an album."""
    arguments = ("collection/disc 2/b.wav", "collection", "collection/**/b.*")
    assert measured(run, *arguments) == [
        "collection/disc 2/b.wav",
        "collection/disc 1/a.wav",
        "collection/disc 1/b.WAV",
    ]


def test_a_name_that_looks_like_a_pattern_is_a_name(run: Run, record: Record) -> None:
    """`[1]` in an existing name is no character class."""
    record("take [1].wav")
    record("take 1.wav")
    assert measured(run, "take [1].wav") == ["take [1].wav"]


def test_a_file_without_an_ending_is_measured_when_named(run: Run, record: Record) -> None:
    """Endings matter in a search only."""
    record("extract")
    assert measured(run, "extract") == ["extract"]


@pytest.mark.parametrize("name", ["info", "selftest"])
def test_a_file_that_is_called_like_a_command(run: Run, record: Record, name: str) -> None:
    """./info is a path; and only a first argument is a command."""
    record(name)
    record("first.wav")
    assert measured(run, f"./{name}") == [f"./{name}"]
    assert measured(run, "--", name) == [name]
    assert measured(run, "first.wav", name) == ["first.wav", name]


@pytest.mark.parametrize("argument", ["nothing-*.wav", "empty", "missing.wav"])
def test_what_names_no_file_fails(run: Run, tmp_path: Path, argument: str) -> None:
    """A pattern, a directory or a path that yields nothing is a failure of status 1."""
    (tmp_path / "empty").mkdir()
    answer = run(argument)
    assert answer.returncode == 1
    assert answer.stdout == ""
    assert answer.stderr.startswith(f"loudscope: {argument}: ")
    assert answer.stderr.count("\n") == 1


@pytest.mark.skipif(sys.platform == "win32", reason="modes do not bar a reader there")
@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read all")
def test_a_directory_that_cannot_be_read_fails(run: Run, collection: Path) -> None:
    """What the search could not enter is told, and the rest is measured."""
    barred = collection / "disc 2"
    barred.chmod(0)
    try:
        answer = run("collection", "--json")
    finally:
        barred.chmod(0o700)
    assert answer.returncode == 1
    assert len(json.loads(answer.stdout)["files"]) == 3
