"""What can be compared: paths, open files and inspections, side by side."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
import pytest
import soundfile

from loudscope import FileError, UnknownFormat
from loudscope.compare import compare
from loudscope.qc import inspect

from .made import RATE_HZ, gained, music


@pytest.fixture
def paths(tmp_path: Path) -> list[Path]:
    found = [tmp_path / name for name in ("mix.wav", "one.flac", "two.wav")]
    for seed, path in enumerate(found):
        samples = np.round(gained(music(12.0, seed), -seed) * 32768).astype(np.int16)
        soundfile.write(path, samples, RATE_HZ)
    return found


def test_paths_files_and_inspections_say_the_same(paths: list[Path]) -> None:
    expected = compare(*paths)
    assert compare(*map(inspect, paths)) == expected
    assert compare(str(paths[0]), inspect(paths[1]), paths[2]) == expected
    with paths[0].open("rb") as mix:
        assert compare(mix, *paths[1:]) == expected
    assert [track.name for track in expected.references] == ["one.flac", "two.wav"]
    assert expected.mix.name == "mix.wav"


@pytest.mark.parametrize("threads", [1, 2, 7])
def test_the_number_of_threads_changes_no_bit(paths: list[Path], threads: int) -> None:
    assert compare(*paths, threads=threads) == compare(*paths)


def test_progress_runs_over_all_tracks(paths: list[Path]) -> None:
    calls: list[tuple[float, float | None]] = []
    compare(*paths, progress=lambda done, total: calls.append((done, total)))
    assert calls[-1] == pytest.approx((36.0, 36.0))
    done = [done for done, _ in calls]
    assert done == sorted(done)


def test_an_error_of_progress_cancels_and_goes_on_to_the_caller(paths: list[Path]) -> None:
    def stop(_done: float, _total: float | None) -> None:
        raise ZeroDivisionError

    before = threading.active_count()
    with pytest.raises(ZeroDivisionError):
        compare(*paths, progress=stop)
    assert threading.active_count() == before


def test_a_file_that_cannot_be_read_is_an_error(paths: list[Path], tmp_path: Path) -> None:
    with pytest.raises(FileError, match=r"nowhere\.wav"):
        compare(paths[0], tmp_path / "nowhere.wav")
    foreign = tmp_path / "foreign.wav"
    foreign.write_bytes(b"no audio" * 100)
    with pytest.raises(UnknownFormat, match=r"foreign\.wav"):
        compare(foreign, *paths)
