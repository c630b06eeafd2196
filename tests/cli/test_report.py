"""`loudscope report`: files out, the path on stdout, and exit codes."""

from __future__ import annotations

import json
from pathlib import Path

from .conftest import Record, Run


def test_a_report_lies_where_it_was_asked_for(run: Run, record: Record, tmp_path: Path) -> None:
    mix, reference = record("mix.wav"), record("other.wav")
    done = run(
        *("report", mix, "--genre", "pop", "--target", "spotify", "--reference", reference),
        *("-o", "report.html"),
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "report.html\n", "")
    assert (tmp_path / "report.html").read_text("utf-8").startswith("<!doctype html>")


def test_without_a_place_it_is_named_after_the_track(
    run: Run, record: Record, tmp_path: Path
) -> None:
    done = run("report", record("in/mix.wav"), "--format", "md")
    assert (done.returncode, done.stdout) == (0, "mix.wav.md\n")
    assert (tmp_path / "mix.wav.md").exists()


def test_json_goes_to_stdout_when_asked(run: Run, record: Record) -> None:
    done = run("report", record("mix.wav"), "-t", "r128", "-f", "json", "-o", "-")
    assert json.loads(done.stdout)["check"]["target"]["name"] == "r128"


def test_a_folder_makes_pages_and_an_index(
    run: Run, record: Record, damaged: Path, tmp_path: Path
) -> None:
    record("album/1.wav")
    record("album/2.wav")
    done = run("report", "album", "-o", "out")
    assert (done.returncode, done.stdout) == (0, f"{Path('out', 'index.html')}\n")
    names = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert names == ["1.wav.html", "2.wav.html", "index.html"]
    done = run("report", "album", damaged, "-o", "out")
    assert done.returncode == 1
    assert "damaged.wav" in done.stderr


def test_what_cannot_be_done_is_one_line_on_stderr(run: Run, record: Record) -> None:
    mix = record("mix.wav")
    for arguments in (
        ["missing.wav"],
        [mix, "--genre", "yodelling.json"],
        [mix, "--target", "nobody"],
        [mix, "--reference", "missing.wav"],
        [mix, "-f", "md", "-o", "no/such/place.md"],
        [mix, "-f", "json", "-o", mix],
    ):
        done = run("report", *arguments)
        assert (done.returncode, done.stdout) == (1, ""), arguments
        assert done.stderr.startswith("loudscope: "), arguments
        assert done.stderr.count("\n") == 1, arguments


def test_wrong_usage_is_told_before_anything_is_read(run: Run) -> None:
    assert run("report").returncode == 2
    assert run("report", "x.wav", "-o", "x.docx").returncode == 2
    assert run("report", "x.wav", "-f", "pdf", "-o", "-").returncode == 2
