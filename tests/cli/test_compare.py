"""`loudscope compare`."""

from __future__ import annotations

import json

import pytest

from loudscope.compare import compare

from .conftest import Record, Run


def test_json_is_what_the_library_says(run: Run, record: Record) -> None:
    mix, other = record("mix.wav", 21.0), record("other.wav", 21.0, gain=0.03)
    done = run("compare", mix, other, "--json", "--sections", 2)
    assert (done.returncode, done.stderr) == (0, "")
    found = json.loads(done.stdout)
    expected = compare(mix, other, sections=2)
    assert found["comparison"] == json.loads(json.dumps(expected.to_dict()))
    assert found["files"] == [str(mix), str(other)] and found["schema_version"] == 1


def test_people_read_differences_and_what_they_rest_on(run: Run, record: Record) -> None:
    done = run("compare", record("mix.wav", 21.0), record("other.wav", 21.0, gain=0.03))
    assert (done.returncode, done.stderr) == (0, "")
    for words in ("mix.wav: ", "beside other.wav: ", "loudness range", "High-mids", "12.5k"):
        assert words in done.stdout
    assert "0:00.0 - 0:10.5" in done.stdout
    assert "note: A difference from one reference" in done.stdout
    assert "note: The mix is cut into 2 stretches of equal length." in done.stdout


def test_five_references_show_a_range_and_a_word(run: Run, record: Record) -> None:
    others = [record(f"{k}.wav", 2.0) for k in range(5)]
    done = run("compare", record("mix.wav", 2.0, gain=0.02), *others)
    assert done.returncode == 0
    assert "range" in done.stdout and "typical" in done.stdout
    assert "too short to be cut" in done.stdout


def test_a_file_that_cannot_be_measured_is_an_error(run: Run, record: Record) -> None:
    done = run("compare", record("mix.wav", 2.0), "nowhere.wav")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("loudscope: nowhere.wav: ") and done.stderr.count("\n") == 1


@pytest.mark.parametrize("arguments", [("mix.wav",), ("mix.wav", "a.wav", "--sections", "0")])
def test_wrong_usage_is_2(run: Run, arguments: tuple[str, ...]) -> None:
    done = run("compare", *arguments)
    assert done.returncode == 2 and "--help" in done.stderr
