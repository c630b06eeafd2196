"""`loudscope baseline`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from loudscope.genres import Baseline, get, names

from .conftest import Record, Run


@pytest.fixture
def folder(record: Record, tmp_path: Path) -> Path:
    for k in range(5):
        record(f"refs/{k}.wav", 30.5, rate_hz=8000, channels=1)
    return tmp_path / "refs"


def test_build_add_and_show(run: Run, folder: Path, record: Record, tmp_path: Path) -> None:
    built = run("baseline", "build", folder, "-o", "mine.json", "--name", "noise")
    assert (built.returncode, built.stderr) == (0, "")
    mine = tmp_path / "mine.json"
    assert Baseline.load(mine) == Baseline.from_folder(folder, name="noise")

    six = record("six.wav", 30.5, rate_hz=8000, channels=1)
    short = record("short.wav", 3.0)
    added = run("baseline", "add", mine, six)
    assert (added.returncode, added.stderr) == (0, "")
    assert Baseline.load(mine).n == 6
    refused = run("baseline", "add", mine, short)
    assert refused.returncode == 1 and "3.0 s" in refused.stderr
    assert Baseline.load(mine).n == 6

    shown = run("baseline", "show", mine)
    assert (shown.returncode, shown.stdout) == (0, added.stdout)
    assert "noise: n = 6; confidence: low" in shown.stdout
    assert "eight of ten further tracks" in shown.stdout


def test_what_was_not_taken_is_told(run: Run, folder: Path, record: Record) -> None:
    record("refs/short.wav", 3.0)
    (folder / "notes.txt").write_text("no audio")
    done = run("baseline", "build", folder, "-o", "mine.json", "--jobs", 1)
    assert done.returncode == 0
    told = done.stderr.splitlines()
    assert len(told) == 2 and all(": not taken: " in line for line in told)


def test_a_baseline_that_is_there_is_not_written_over(
    run: Run, folder: Path, tmp_path: Path
) -> None:
    (tmp_path / "mine.json").write_text("mine")
    done = run("baseline", "build", folder, "-o", "mine.json")
    assert done.returncode == 2 and "--force" in done.stderr
    assert (tmp_path / "mine.json").read_text() == "mine"
    assert run("baseline", "build", folder, "-o", "mine.json", "--force").returncode == 0
    assert Baseline.load(tmp_path / "mine.json").name == "refs"


@pytest.mark.parametrize("name", ["rock", "rnb"])
def test_a_genre_is_shown_with_its_source_and_all_its_limits(run: Run, name: str) -> None:
    done = run("baseline", "show", name, COLUMNS="1000")
    assert (done.returncode, done.stderr) == (0, "")
    for limit in get(name).limits:
        assert f"note: {limit}" in done.stdout
    assert get(name).source in done.stdout
    answer = json.loads(run("baseline", "show", name, "--json").stdout)
    assert answer["baseline"] == json.loads(json.dumps(get(name).to_dict()))


def test_all_genres_are_listed(run: Run) -> None:
    done = run("baseline", "show")
    assert done.returncode == 0
    assert all(f"{name} " in done.stdout for name in names())
    assert "after 2015" in done.stdout
    listed = json.loads(run("baseline", "show", "--json").stdout)["baselines"]
    assert [baseline["name"] for baseline in listed] == list(names())


def test_what_cannot_be_done_is_told_in_one_line(run: Run, tmp_path: Path) -> None:
    (tmp_path / "foreign.json").write_text('{"schema": "other"}')
    for arguments in (
        ("build", "nowhere", "-o", "mine.json"),
        ("add", "nowhere.json", "."),
        ("show", "foreign.json"),
    ):
        done = run("baseline", *arguments)
        assert (done.returncode, done.stdout) == (1, "")
        assert done.stderr.startswith("loudscope: ") and done.stderr.count("\n") == 1
    assert run("baseline").returncode == 2
    assert run("baseline", "build", "nowhere").returncode == 2
