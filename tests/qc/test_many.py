"""Tracks side by side: what comes, in which order, and what is left when it is cancelled."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile

import loudscope
from loudscope.qc import Inspection, inspect, inspect_all, inspect_each

RATE_HZ = 8000
Track = Callable[[str, float], str]


@pytest.fixture
def track(tmp_path: Path) -> Track:
    """Makes a file of noise, so many seconds of it."""

    def make(name: str, seconds: float) -> str:
        noise = 0.1 * np.random.default_rng(len(name)).standard_normal(round(RATE_HZ * seconds))
        soundfile.write(tmp_path / name, noise, RATE_HZ, "PCM_16")
        return str(tmp_path / name)

    return make


def seconds_of(_place: int, inspection: Inspection) -> float:
    return inspection.analysis.duration


def test_each_gives_what_is_made_of_it_or_its_error(track: Track, tmp_path: Path) -> None:
    """An error of one track does not stop the others; what is not ours stops all."""
    (tmp_path / "text.wav").write_text("no audio")
    paths: list[str | Path] = [track("a.wav", 1.0)]
    paths += [tmp_path / "missing.wav", tmp_path / "text.wav", "\0"]
    found = dict(inspect_each(paths, seconds_of))
    assert found.pop(0) == 1.0
    assert [type(found[place]) for place in (1, 2, 3)] == [
        *(loudscope.FileError, loudscope.UnknownFormat, loudscope.FileError),
    ]
    with pytest.raises(ZeroDivisionError):
        list(inspect_each(paths[:1], lambda place, _: 1 // place))
    assert list(inspect_each([], seconds_of)) == []


def test_the_largest_is_begun_first(track: Track) -> None:
    """Whatever the order of the paths, so that no core is left alone with it at the end."""
    paths = [track(f"{seconds}.wav", seconds) for seconds in (1.0, 4.0, 2.0, 8.0)]
    assert [place for place, _ in inspect_each(paths, seconds_of, threads=1)] == [3, 1, 2, 0]


def test_to_close_it_cancels_what_runs_and_what_is_pending(track: Track) -> None:
    """Of a long track that runs nothing is made, and what has not begun never begins."""
    made: list[int] = []
    each = inspect_each(
        [track("long.wav", 3600.0), track("short.wav", 1.0)],
        lambda place, _: made.append(place),
        threads=2,
    )
    assert next(each) == (1, None)
    each.close()
    each = inspect_each(
        [track(f"{number}.wav", 900.0) for number in range(4)],
        lambda place, _: made.append(place + 10),
        threads=1,
    )
    assert next(each) == (0, None)
    each.close()
    assert made == [1, 10]


def test_all_gives_inspections_in_the_order_of_the_tracks(track: Track) -> None:
    """What was inspected before stays as it is, and progress is told over all that is new."""
    told: list[tuple[float, float | None]] = []
    paths = [track("a.wav", 3.0), track("b.wav", 5.0)]
    before = inspect(paths[0])
    found = inspect_all([before, *paths], progress=lambda *seconds: told.append(seconds))
    assert found[0] is before
    assert [it.analysis.duration for it in found] == [3.0, 3.0, 5.0]
    assert found[1].pcm_sha256 == before.pcm_sha256
    assert told[-1] == (8.0, 8.0)
    assert inspect_all([before]) == [before]


def test_all_raises_the_first_error_and_the_callers(track: Track, tmp_path: Path) -> None:
    path = track("a.wav", 3.0)
    with pytest.raises(loudscope.FileError, match="missing"):
        inspect_all([path, tmp_path / "missing.wav"])

    def stop(_done: float, _total: float | None) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        inspect_all([path], progress=stop)


@pytest.mark.parametrize("threads", [0, -1, 1.5, True])
def test_threads_are_one_or_more(track: Track, threads: int) -> None:
    path = track("a.wav", 1.0)
    with pytest.raises(loudscope.InvalidArgument, match="threads="):
        inspect_all([path], threads=threads)
    with pytest.raises(loudscope.InvalidArgument, match="threads="):
        list(inspect_each([path], seconds_of, threads=threads))


def test_all_cores_are_those_of_this_process() -> None:
    """A container or a scheduler may leave it fewer than the machine has."""
    assert loudscope.available_cores() == loudscope.info()["threads"] >= 1
    if hasattr(os, "sched_setaffinity"):
        before = os.sched_getaffinity(0)
        try:
            os.sched_setaffinity(0, {min(before)})
            assert loudscope.available_cores() == 1
        finally:
            os.sched_setaffinity(0, before)
