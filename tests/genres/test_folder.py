"""Baselines from folders of real files."""

from __future__ import annotations

import math
import shutil
import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile

from loudscope import FileError, InvalidArgument
from loudscope.genres import Baseline, Reference
from loudscope.qc import inspect

from .made import noise

RATE_HZ = 8000
Record = Callable[..., Path]


@pytest.fixture
def record(tmp_path: Path) -> Record:
    """Write noise of a colour of its own; the same seed sounds the same."""

    def record(name: str, seed: int, seconds: float = 31.0) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        samples = np.round(noise(seconds, seed, RATE_HZ) * 32768).astype(np.int16)
        soundfile.write(path, samples, RATE_HZ)
        return path

    return record


@pytest.fixture
def folder(record: Record, tmp_path: Path) -> Path:
    """Six tracks, two of them below."""
    for seed in range(4):
        record(f"refs/{seed}.wav", seed)
    for seed in (4, 5):
        record(f"refs/more/{seed}.flac", seed)
    return tmp_path / "refs"


def test_a_folder_is_the_baseline_of_its_tracks(folder: Path) -> None:
    found = Baseline.from_folder(folder)
    rows = [Reference.of(inspect(path)) for path in folder.rglob("*.*")]
    assert found == Baseline.from_references(rows, name="refs")
    assert (found.n, found.skipped, found.name) == (6, (), "refs")


def test_neither_names_nor_threads_matter(folder: Path, tmp_path: Path) -> None:
    renamed = tmp_path / "renamed"
    renamed.mkdir()
    for path in folder.rglob("*.*"):
        shutil.copy(path, renamed / f"{9 - int(path.stem)}{path.suffix}")
    one = Baseline.from_folder(folder, name="mine", threads=1)
    other = Baseline.from_folder(renamed, name="mine", threads=3)
    assert (one.bands, one.thirds, one.figures) == (other.bands, other.thirds, other.figures)


def test_extending_is_building_of_all(folder: Path, record: Record, tmp_path: Path) -> None:
    first = Baseline.from_folder(folder, name="mine")
    record("later/6.wav", 6)
    more = record("later/7.wav", 7)
    extended = first.extend(tmp_path / "later")
    shutil.copytree(tmp_path / "later", folder / "later")
    assert extended == Baseline.from_folder(folder, name="mine")
    assert first.extend(more).n == 7
    with pytest.raises(InvalidArgument, match="the same audio as"):
        extended.extend(more)


def test_short_tracks_twins_and_what_is_no_audio_are_listed(folder: Path, record: Record) -> None:
    record("refs/short.wav", 8, seconds=29.9)
    record("refs/twin.flac", 2)
    soundfile.write(folder / "silent.wav", np.zeros(31 * RATE_HZ), RATE_HZ)
    (folder / "cover.jpg").write_bytes(b"no picture either")
    (folder / ".hidden.wav").write_bytes(b"not looked at")
    found = Baseline.from_folder(folder)
    assert found.n == 6
    reasons = {Path(it.path).name: it.reason for it in found.skipped}
    assert set(reasons) == {"short.wav", "twin.flac", "silent.wav", "cover.jpg"}
    assert reasons["short.wav"].startswith("29.9 s")
    assert reasons["twin.flac"] == "the same audio as 2.wav"
    assert reasons["silent.wav"] == "nothing passes the gates"


def test_progress_counts_files_in_the_callers_thread(folder: Path) -> None:
    calls = []
    Baseline.from_folder(
        folder, progress=lambda done, total: calls.append((done, total, threading.get_ident()))
    )
    assert calls == [(done, 6, threading.get_ident()) for done in range(1, 7)]


def test_an_error_of_progress_cancels_and_goes_on_to_the_caller(folder: Path) -> None:
    def stop(done: int, _total: int) -> None:
        raise KeyboardInterrupt(done)

    before = threading.active_count()
    with pytest.raises(KeyboardInterrupt):
        Baseline.from_folder(folder, progress=stop)
    assert threading.active_count() == before


def test_a_place_without_tracks_is_refused(tmp_path: Path, record: Record) -> None:
    with pytest.raises(FileError, match="cannot be read"):
        Baseline.from_folder(tmp_path / "nowhere")
    with pytest.raises(InvalidArgument, match="not one new track"):
        Baseline.from_folder(tmp_path)
    record("refs/short.wav", 0, seconds=5.0)
    with pytest.raises(InvalidArgument, match=r"short\.wav: 5\.0 s"):
        Baseline.from_folder(tmp_path)


def test_ranges_hold_what_is_in_the_folder(folder: Path) -> None:
    """Noises of one colour lie close together; the steadied deviation stays wide."""
    found = Baseline.from_folder(folder)
    for band in found.bands[:5]:
        assert band.p10 is not None and band.p90 is not None and band.sd is not None
        assert band.p90 - band.p10 < 1.0
        if band.name != "Mids":
            assert band.sd > 3.0
    assert found["Air"].n == 0 and found["Air"].mean is None  # nothing lies there at 8 kHz
    assert math.isclose(found["Mids"].mean or 0.0, 0.0)
