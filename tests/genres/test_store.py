"""Baselines as files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loudscope import FileError, InvalidArgument, LoudscopeError
from loudscope.genres import Baseline, Reference

from .made import reference, references


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    path = tmp_path / "mine.json"
    rows = [reference(name, [1.5, 2.0, -1.0, 0.0, None, -15.0]) for name in "abc"]
    Baseline.from_references(rows, name="mine").save(path)
    return path


@settings(max_examples=40)
@given(rows=references(), name=st.text(st.characters(), max_size=8))
def test_what_is_saved_is_loaded_again(
    rows: list[Reference], name: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("store") / "one.json"
    found = Baseline.from_references(rows, name=name)
    found.save(path)
    assert Baseline.load(path) == found


def test_the_file_says_how_it_was_measured(saved: Path) -> None:
    document = json.loads(saved.read_text("utf-8"))
    assert document["schema"] == "loudscope-baseline/1"
    assert document["edges_hz"] == [20, 60, 250, 500, 2000, 6000, 20000]
    assert document["n"] == len(document["references"]) == 3
    assert "8192" in document["window"] and "BS.1770" in document["gating"]
    assert all(len(row["sha256"]) == 64 for row in document["references"])


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("schema", "loudscope-baseline/2"),
        ("schema", None),
        ("edges_hz", [17.78, 56.23, 223.87, 562.34, 2238.7, 5623.4, 22387]),
        ("window", "Hann 4096"),
        ("gating", "none"),
        ("figures", []),
    ],
)
def test_other_conventions_are_refused(saved: Path, key: str, value: object) -> None:
    document = json.loads(saved.read_text("utf-8"))
    saved.write_text(json.dumps({**document, key: value}), "utf-8")
    with pytest.raises(InvalidArgument, match=f"its {key} is"):
        Baseline.load(saved)


def _damage(document: dict[str, Any], how: str) -> None:
    row = document["references"][0]
    damages: dict[str, Any] = {
        "n": lambda: document.update(n=4),
        "no n": lambda: document.pop("n"),
        "name": lambda: document.update(name=7),
        "no references": lambda: document.update(references=[]),
        "rows": lambda: document.update(references=["a", "b", "c"]),
        "row": lambda: document.update(references=7),
        "missing": lambda: row.pop("bands"),
        "foreign": lambda: row.update(audio="AAAA"),
        "bands": lambda: row.update(bands=[1.0]),
        "word": lambda: row.update(bands=["loud"] * 6),
        "infinite": lambda: row.update(bands=[float("inf")] * 6),
        "hash": lambda: row.update(sha256="abc"),
        "no hash": lambda: row.update(sha256="z" * 64),
        "twins": lambda: row.update(sha256=document["references"][1]["sha256"]),
        "duration": lambda: row.update(duration=None),
        "cutoff": lambda: row.update(codec_cutoff_hz="16k"),
        "dual": lambda: row.update(dual_mono=1),
    }
    damages[how]()


@pytest.mark.parametrize(
    "how",
    [
        *("n", "no n", "name", "no references", "rows", "row", "missing", "foreign", "bands"),
        *("word", "infinite", "hash", "no hash", "twins", "duration", "cutoff", "dual"),
    ],
)
def test_a_damaged_file_is_no_baseline(saved: Path, how: str) -> None:
    document = json.loads(saved.read_text("utf-8"))
    _damage(document, how)
    saved.write_text(json.dumps(document), "utf-8")
    with pytest.raises(FileError, match=r"mine\.json") as caught:
        Baseline.load(saved)
    assert caught.value.path == str(saved)


@pytest.mark.parametrize("text", ["", "[]", "7", "null", "RIFF....", "[" * 100_000])
def test_a_foreign_file_is_no_baseline(saved: Path, text: str) -> None:
    saved.write_text(text, "utf-8")
    with pytest.raises(FileError):
        Baseline.load(saved)


@settings(max_examples=50)
@given(data=st.binary(max_size=200))
def test_bytes_are_no_baseline(data: bytes, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("bytes") / "one.json"
    path.write_bytes(data)
    with pytest.raises(LoudscopeError):
        Baseline.load(path)


def test_a_save_that_fails_leaves_what_was_there(saved: Path, tmp_path: Path) -> None:
    found = Baseline.load(saved)
    with pytest.raises(FileError, match="cannot be written"):
        found.save(tmp_path / "missing" / "mine.json")
    place = tmp_path / "folder"
    place.mkdir()
    with pytest.raises(FileError, match="cannot be written"):
        found.save(place)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["folder", "mine.json"]
    with pytest.raises(FileError, match="cannot be read"):
        Baseline.load(tmp_path / "missing.json")
