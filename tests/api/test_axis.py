"""`axis`: where the frames lie, for every call that takes arrays."""

from __future__ import annotations

import re
import tracemalloc
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import loudscope
from loudscope import InvalidArgument, InvalidAudio, Meter
from loudscope.qc import Spectrum, inspect, spectrum
from loudscope.targets import check

RATE_HZ = 8000
STEREO = np.random.default_rng(3).uniform(-0.5, 0.5, (4 * RATE_HZ, 2)).astype(np.float32)
ACROSS = np.ascontiguousarray(STEREO.T)  # (channels, frames), as librosa and torchaudio have it

CALLS: dict[str, Callable[..., Any]] = {
    "analyze": loudscope.analyze,
    "band_profile": loudscope.band_profile,
    "inspect": lambda *args, **options: inspect(*args, **options).to_dict(),
    "lufs": loudscope.lufs,
    "scan": loudscope.scan,
    "spectrum": lambda *args, **options: figures(spectrum(*args, **options)),
    "true_peak": loudscope.true_peak,
    "true_peak itu": lambda *args, **options: loudscope.true_peak(*args, method="itu", **options),
}


def figures(found: Spectrum | None) -> list[float | None]:
    assert found is not None
    return list(found.levels_db)


each_call = pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)


@each_call
@pytest.mark.parametrize("axis", [1, -1, np.int64(1)], ids=str)
def test_channels_first_reads_as_its_transpose(call: Callable[..., Any], axis: int) -> None:
    """Whole, and in chunks."""
    wanted = call(STEREO, RATE_HZ)
    assert call(ACROSS, RATE_HZ, axis=axis) == wanted
    chunks = [ACROSS[:, :777], ACROSS[:, 777:9000], ACROSS[:, 9000:]]
    assert call(chunks, RATE_HZ, axis=axis) == wanted


@each_call
@pytest.mark.parametrize("axis", [0, -2])
def test_frames_first_is_the_default(call: Callable[..., Any], axis: int) -> None:
    assert call(STEREO, RATE_HZ, axis=axis) == call(STEREO, RATE_HZ)


@each_call
@pytest.mark.parametrize("axis", [0, -1])
def test_one_channel_may_come_without_its_axis(call: Callable[..., Any], axis: int) -> None:
    """(frames,) of mono and (channels, frames) of stereo share axis=-1."""
    left = STEREO[:, 0]
    assert call(left, RATE_HZ, axis=axis) == call(left, RATE_HZ)
    assert call(left[np.newaxis], RATE_HZ, axis=-1) == call(left, RATE_HZ)


@each_call
@pytest.mark.parametrize("axis", [2, -3, 0.0, 1.0, "1", True, None, (1,)], ids=str)
def test_no_such_axis(call: Callable[..., Any], axis: Any) -> None:
    with pytest.raises(InvalidArgument, match=re.escape(f"axis={axis!r}: give the axis")):
        call(STEREO, RATE_HZ, axis=axis)


@each_call
def test_an_axis_that_the_array_has_not(call: Callable[..., Any]) -> None:
    for axis in (1, -2):
        with pytest.raises(InvalidArgument, match=rf"axis={axis}: source has one axis; axis=-1"):
            call(STEREO[:, 0], RATE_HZ, axis=axis)


@each_call
def test_the_wrong_axis_is_told(call: Callable[..., Any]) -> None:
    """Each way round, with the remedy."""
    with pytest.raises(InvalidAudio, match=r"\(2, 32000\) looks like \(channels.*axis=-1"):
        call(ACROSS, RATE_HZ)
    with pytest.raises(InvalidAudio, match=r"\(32000, 2\) looks like \(frames.*leave axis out"):
        call(STEREO, RATE_HZ, axis=-1)


@pytest.mark.parametrize("batch_of", [loudscope.lufs_batch, loudscope.true_peak_batch])
def test_batches_have_the_axis_of_one_clip(batch_of: Callable[..., Any]) -> None:
    """(batch, channels, frames) as an array and as a list; and (batch, frames)."""
    clips = np.stack([STEREO, STEREO[::-1], STEREO * np.float32(0.5)])
    wanted = batch_of(clips, RATE_HZ)
    across = np.ascontiguousarray(clips.transpose(0, 2, 1))
    assert batch_of(across, RATE_HZ, axis=-1) == wanted
    assert batch_of(list(across), RATE_HZ, axis=1) == wanted
    assert batch_of(clips[:, :, 0], RATE_HZ, axis=-1) == batch_of(clips[:, :, 0], RATE_HZ)
    with pytest.raises(InvalidAudio, match=r"clips\[0\]: .*axis=-1"):
        batch_of(across, RATE_HZ)


def test_a_check_takes_it() -> None:
    assert check(ACROSS, "r128", rate_hz=RATE_HZ, axis=-1).to_dict() == (
        check(STEREO, "r128", rate_hz=RATE_HZ).to_dict()
    )


def test_a_meter_takes_it_with_every_push() -> None:
    meter = Meter(RATE_HZ)
    meter.push(ACROSS[:, :999], axis=-1)
    meter.push(STEREO[999:])
    assert meter.table() == loudscope.scan(STEREO, RATE_HZ)
    with pytest.raises(InvalidArgument, match="axis=7"):
        meter.push(STEREO, axis=7)


def test_files_have_none(tmp_path: Any) -> None:
    """A function may pass it on for files and arrays alike."""
    import soundfile

    soundfile.write(tmp_path / "a.wav", STEREO, RATE_HZ, subtype="FLOAT")
    assert loudscope.scan(tmp_path / "a.wav", axis=-1) == loudscope.scan(STEREO, RATE_HZ)
    with pytest.raises(InvalidArgument, match="axis=2"):
        loudscope.scan(tmp_path / "a.wav", axis=2)


@each_call
def test_nothing_is_copied_for_it(call: Callable[..., Any]) -> None:
    """What NumPy allocates meanwhile is far less than the audio."""
    if call in (CALLS["inspect"], CALLS["spectrum"]):
        pytest.skip("these hold some seconds of audio, whatever the axis")
    long = np.zeros((2, 120 * RATE_HZ), np.float32)
    tracemalloc.start()
    try:
        call(long, RATE_HZ, axis=-1)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < long.nbytes / 2
