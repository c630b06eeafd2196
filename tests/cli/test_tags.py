"""`loudscope tags`: prints, and writes only when asked to."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import soundfile

from .conftest import Record, Run
from .test_check import tone

mutagen = pytest.importorskip("mutagen")


def test_it_prints_and_changes_nothing(tmp_path: Path, run: Run) -> None:
    """Both families: gain and peak of ReplayGain 2.0, and the R128 gain of Opus."""
    path = tone(tmp_path / "a.wav", -20.0)
    before = path.read_bytes()
    answer = run("tags", "a.wav")
    assert (answer.returncode, answer.stderr) == (0, "")
    assert answer.stdout.splitlines()[-1].split() == ["a.wav", "-20.00", "2.00", "0.100000", "-768"]
    assert "album" not in answer.stdout
    assert path.read_bytes() == before


def test_an_album(tmp_path: Path, run: Run) -> None:
    tone(tmp_path / "1.wav", -10.0)
    tone(tmp_path / "2.wav", -16.0)
    pooled = run("tags", ".", "--album").stdout.splitlines()[-1].split()
    loudest = run("tags", ".", "--aes77").stdout.splitlines()[-1]
    assert pooled[:3] == ["album", "-12.04", "-5.96"]
    assert loudest.startswith("album, by its loudest track ")
    assert loudest.split()[5:7] == ["-10.00", "-8.00"]


def test_writing(tmp_path: Path, run: Run) -> None:
    """Every file of the album gets its own tags and those of the album; Opus its own family."""
    time = np.arange(96000) / 48000
    sine = 0.1 * np.sin(2 * np.pi * 997 * time)
    soundfile.write(tmp_path / "1.flac", sine, 48000)
    soundfile.write(tmp_path / "2.opus", sine, 48000, format="OGG", subtype="OPUS")
    answer = run("tags", ".", "--album", "--write", "--json")
    assert (answer.returncode, answer.stderr) == (0, "")
    first, second = json.loads(answer.stdout)["files"]
    assert set(first["written"]) == set(first["tags"]["replaygain_sample_peak"])
    assert set(second["written"]) == {"R128_TRACK_GAIN", "R128_ALBUM_GAIN"}
    for name, one in (("1.flac", first), ("2.opus", second)):
        tags = mutagen.File(tmp_path / name).tags
        assert {key: tags[key][0] for key in one["written"]} == one["written"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["1.flac", "2.opus"]


def test_true_peaks_and_both_families(tmp_path: Path, run: Run) -> None:
    time = np.arange(96000) / 48000
    sine = 0.1 * np.sin(2 * np.pi * 997 * time)
    soundfile.write(tmp_path / "a.opus", sine, 48000, format="OGG", subtype="OPUS")
    answer = run("tags", "a.opus", "--write", "--opus", "both", "--peak", "true", "--json")
    (one,) = json.loads(answer.stdout)["files"]
    assert one["written"] == {**one["tags"]["r128"], **one["tags"]["replaygain_true_peak"]}


def test_a_file_that_cannot_be_measured_leaves_the_album_without_a_gain(
    tmp_path: Path, run: Run, record: Record, damaged: Path
) -> None:
    """Half an album has no album gain: tracks are still told, and the status is 1."""
    record("good.wav")
    answer = run("tags", "good.wav", damaged.name, "--album", "--json")
    assert answer.returncode == 1
    assert answer.stderr.startswith("loudscope: damaged.wav: ")
    good, bad = json.loads(answer.stdout)["files"]
    assert good["tags"]["album"] is None
    assert set(bad) == {"file", "error"}


def test_a_file_that_cannot_be_tagged_is_told(tmp_path: Path, run: Run, record: Record) -> None:
    """It was measured, so that its values are there; the others are tagged."""
    record("good.wav")
    soundfile.write(tmp_path / "odd.caf", np.full(48000, 0.1), 48000)
    before = (tmp_path / "odd.caf").read_bytes()
    answer = run("tags", "good.wav", "odd.caf", "--write")
    assert answer.returncode == 1
    assert answer.stderr.startswith("loudscope: odd.caf: ")
    assert "tagged 1 of 2 files" in answer.stdout
    assert (tmp_path / "odd.caf").read_bytes() == before


def test_usage(run: Run) -> None:
    answer = run("tags", "a.wav", "--write", "--between", "1", "2")
    assert answer.returncode == 2
    assert "tags are of whole files" in answer.stderr
    answer = run("tags", "--help", COLUMNS="80")
    assert max(map(len, answer.stdout.splitlines())) <= 80
