"""The options that say how to measure."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

import loudscope

from .conftest import Record, Run


def figures(run: Run, *arguments: str) -> dict[str, Any]:
    answer = run(*arguments, "--json")
    assert (answer.returncode, answer.stderr) == (0, "")
    (file,) = json.loads(answer.stdout)["files"]
    assert isinstance(file, dict)
    return file


@pytest.mark.parametrize(
    ("typed", "seconds"),
    [(("1", "3.5"), (1.0, 3.5)), (("0:02", "0:00:05.5"), (2.0, 5.5)), (("0", "99"), (0.0, 99.0))],
)
def test_between(
    run: Run, record: Record, typed: tuple[str, str], seconds: tuple[float, float]
) -> None:
    """--between takes seconds, mm:ss and hh:mm:ss, and measures what `start` and `stop` do."""
    path = record("track.wav", 8)
    expected = loudscope.analyze(path, start=seconds[0], stop=seconds[1])
    measured = figures(run, "track.wav", "--between", *typed)
    assert measured["duration"] == expected.duration
    assert measured["loudness"]["integrated"] == expected.integrated


def test_between_outside_the_file_fails_for_that_file_only(run: Run, record: Record) -> None:
    """A stretch that a file does not have is that file's failure."""
    record("short.wav", 1)
    record("long.wav", 8)
    answer = run("short.wav", "long.wav", "--between", "4", "6", "--json")
    short, long = json.loads(answer.stdout)["files"]
    assert answer.returncode == 1
    assert "error" in short
    assert long["duration"] == 2.0


def test_dual_mono(run: Run, record: Record) -> None:
    """One channel on two loudspeakers is 10 log10(2) = 3.01 LU louder."""
    record("mono.wav", channels=1)
    single = figures(run, "mono.wav")["loudness"]
    dual = figures(run, "mono.wav", "--dual-mono")["loudness"]
    assert dual["integrated"] - single["integrated"] == pytest.approx(10 * np.log10(2), abs=1e-9)


def test_dual_mono_leaves_files_of_several_channels_alone(run: Run, record: Record) -> None:
    """In a mixed collection the option concerns the files that have one channel."""
    record("mono.wav", channels=1)
    path = record("stereo.wav")
    answer = run("mono.wav", "stereo.wav", "--dual-mono", "--json")
    assert (answer.returncode, answer.stderr) == (0, "")
    mono, stereo = json.loads(answer.stdout)["files"]
    assert (mono["mono"], stereo["mono"]) == ("dual", "not mono")
    assert stereo["loudness"]["integrated"] == loudscope.lufs(path)


@pytest.mark.parametrize("layout", ["5.1", "L,R,C,LFE,Ls,Rs"])
def test_layout(run: Run, record: Record, layout: str) -> None:
    """A layout by its name or by its labels weighs the channels."""
    path = record("six.wav", channels=6)
    measured = figures(run, "six.wav", "--layout", layout)
    assert measured["loudness"]["integrated"] == loudscope.lufs(path, layout="5.1")


@pytest.mark.parametrize("jobs", ["1", "2", "7"])
def test_jobs_change_no_figure(run: Run, record: Record, jobs: str) -> None:
    """Thread counts change no bit, and the order stays that of the arguments."""
    names = [record(f"{n}.wav", 1 + n).name for n in (3, 0, 2, 1)]
    answer = run(*names, "--json", "--album", "--jobs", jobs)
    assert answer.stdout == run(*names, "--json", "--album").stdout
    assert [file["file"] for file in json.loads(answer.stdout)["files"]] == names


def test_partial(run: Run, record: Record) -> None:
    """A file that ends early fails, unless --partial accept measures as far as it goes."""
    path = record("cut.wav", 4)
    path.write_bytes(path.read_bytes()[: 44 + 2 * 4 * 48000])
    refused = run("cut.wav", "--json")
    assert refused.returncode == 1
    assert json.loads(refused.stdout)["files"][0]["error"]["type"] == "TruncatedFile"
    assert figures(run, "cut.wav", "--partial", "accept")["duration"] == 2.0


def test_on_nonfinite(run: Run, tmp_path: Path) -> None:
    """NaN fails the file, unless --on-nonfinite zero counts it as silence."""
    samples = np.full((48000, 2), 0.25, np.float32)
    samples[480, 1] = np.nan
    soundfile.write(tmp_path / "nan.wav", samples, 48000, subtype="FLOAT")
    refused = run("nan.wav", "--json")
    assert refused.returncode == 1
    assert json.loads(refused.stdout)["files"][0]["error"]["type"] == "NonFiniteSamples"
    assert figures(run, "nan.wav", "--on-nonfinite", "zero")["duration"] == 1.0


def test_album_of_files_that_do_not_fit(run: Run, record: Record) -> None:
    """Two rates make no album: its error is told, the files keep their figures, status 1."""
    record("one.wav", rate_hz=48000)
    record("two.wav", rate_hz=44100)
    answer = run("one.wav", "two.wav", "--album", "--json")
    assert answer.returncode == 1
    assert answer.stderr.startswith("loudscope: album: ")
    document = json.loads(answer.stdout)
    assert document["album"]["error"]["type"] == "TableError"
    assert all(file["loudness"]["integrated"] is not None for file in document["files"])


def test_album_without_the_file_that_failed(run: Run, record: Record, damaged: Path) -> None:
    """The album pools what could be measured and the status says that something is missing."""
    path = record("one.wav")
    answer = run("one.wav", damaged.name, "--album", "--json")
    assert answer.returncode == 1
    assert json.loads(answer.stdout)["album"]["loudness"]["integrated"] == loudscope.lufs(path)
