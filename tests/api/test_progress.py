"""Progress is told a few times a second, and what it raises ends the work cleanly."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

import loudscope

RATE_HZ = 8000
SECONDS = 120.0
SAMPLES = np.random.default_rng(5).uniform(-0.5, 0.5, (round(RATE_HZ * SECONDS), 2)).astype("f4")
CALLS: dict[str, Callable[..., Any]] = {
    "analyze": loudscope.analyze,
    "lufs": loudscope.lufs,
    "true_peak": loudscope.true_peak,
    "band_profile": loudscope.band_profile,
    "scan": loudscope.scan,
}
Calls = list[tuple[float, float | None]]


def chunks() -> Iterator[NDArray[np.float32]]:
    """The samples, a second and a half at a time."""
    for start in range(0, len(SAMPLES), 12_000):
        yield SAMPLES[start : start + 12_000]


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The samples as a file."""
    path = tmp_path_factory.mktemp("progress") / "noise.wav"
    soundfile.write(path, SAMPLES, RATE_HZ, subtype="FLOAT")
    return path


@pytest.fixture(params=["array", "iterable", "file", "zeroing array"])
def source(request: pytest.FixtureRequest, path: Path) -> Callable[[], dict[str, Any]]:
    """Arguments that measure the samples by each way in."""
    array: dict[str, Any] = {"source": SAMPLES, "rate_hz": RATE_HZ}
    ways: dict[str, Callable[[], dict[str, Any]]] = {
        "array": lambda: array,
        "iterable": lambda: {"source": chunks(), "rate_hz": RATE_HZ},
        "file": lambda: {"source": path},
        "zeroing array": lambda: {**array, "on_nonfinite": "zero"},
    }
    return ways[request.param]


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_progress_is_told(call: Callable[..., Any], source: Callable[[], dict[str, Any]]) -> None:
    """Seconds done, rising to the end; seconds in all, where that is known."""
    told: Calls = []
    call(**source(), progress=lambda done, total: told.append((done, total)))
    done, totals = zip(*told, strict=True)
    assert 2 <= len(told) <= 40
    assert list(done) == sorted(done)
    assert done[0] > 0.0
    assert done[-1] == SECONDS
    iterable = isinstance(source()["source"], Iterator)
    assert set(totals) == ({None} if iterable else {SECONDS})


@pytest.mark.parametrize(("start", "stop"), [(None, 100.0), (90.0, 110.0), (3.0, None)])
def test_progress_of_a_span(
    source: Callable[[], dict[str, Any]], start: float | None, stop: float | None
) -> None:
    """Up to the stop, never beyond it."""
    told: Calls = []
    loudscope.analyze(
        **source(), start=start, stop=stop, progress=lambda done, total: told.append((done, total))
    )
    assert told[-1][0] == (SECONDS if stop is None else stop)
    assert all(done <= (stop or SECONDS) for done, _ in told)


class Cancelled(Exception):
    """The user had enough."""


@pytest.mark.parametrize("kind", [Cancelled, KeyboardInterrupt, SystemExit, GeneratorExit])
@pytest.mark.parametrize("threads", [1, 2])
def test_what_progress_raises_cancels(
    source: Callable[[], dict[str, Any]], kind: type[BaseException], threads: int
) -> None:
    """It is passed on as it is; no thread stays behind; the next call works as if nothing was."""
    told: Calls = []

    def progress(done: float, total: float | None) -> None:
        told.append((done, total))
        raise kind

    before = {thread.name for thread in threading.enumerate()}
    with pytest.raises(kind):
        loudscope.analyze(**source(), progress=progress, threads=threads)
    assert len(told) == 1
    assert told[0][0] < SECONDS
    assert {thread.name for thread in threading.enumerate()} <= before
    short = SAMPLES[: 8000 * 4]
    assert loudscope.lufs(short, RATE_HZ) == loudscope.analyze(short, RATE_HZ).integrated


def test_a_cancelled_file_may_be_removed(path: Path, tmp_path: Path) -> None:
    """It is closed: it can be measured again, renamed and deleted at once."""
    own = tmp_path / "own.wav"
    own.write_bytes(path.read_bytes())

    def progress(done: float, total: float | None) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        loudscope.analyze(own, progress=progress)
    with own.open("rb") as file:
        with pytest.raises(Cancelled):
            loudscope.analyze(file, progress=progress)
        assert not file.closed
        file.seek(0)
        assert loudscope.lufs(file) == loudscope.lufs(path)
    own.rename(tmp_path / "other.wav")
    (tmp_path / "other.wav").unlink()


def test_an_iterable_is_not_read_on_after_the_end() -> None:
    """With a stop, no more is taken of an endless source than the span needs."""
    taken = 0

    def endless() -> Iterator[NDArray[np.float32]]:
        nonlocal taken
        while True:
            taken += 1
            yield SAMPLES[:8000]

    table = loudscope.scan(endless(), RATE_HZ, start=1.0, stop=5.0)
    assert table.duration == 4.0
    assert taken <= 7


def test_progress_of_a_slow_source_comes_a_few_times_a_second() -> None:
    """Not with every chunk: a bar that is drawn for each would cost more than the work."""
    told: list[float] = []

    def slow() -> Iterator[NDArray[np.float32]]:
        for start in range(0, 80_000, 1000):
            time.sleep(0.01)
            yield SAMPLES[start : start + 1000]

    loudscope.lufs(slow(), RATE_HZ, progress=lambda done, total: told.append(done))
    assert 3 <= len(told) <= 20
    assert told[-1] == 10.0
