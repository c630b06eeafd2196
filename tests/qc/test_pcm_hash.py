"""The hash of the PCM: what makes it another, and what does not."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from loudscope.qc import inspect

RATE = 8000


def sound(frames: int = 2 * RATE + 77) -> NDArray[np.int16]:
    return np.random.default_rng(5).integers(-9000, 9000, (frames, 2)).astype(np.int16)


def test_a_hash_is_of_whole_seconds_channel_by_channel() -> None:
    """The definition of `Inspection.pcm_sha256`, step by step."""
    samples = sound()
    image = (samples / 32768).astype("<f4")
    expected = hashlib.sha256(b"8000 2")
    for begin in range(0, len(image), RATE):
        expected.update(image[begin : begin + RATE].T.tobytes())
    assert inspect(samples, RATE).pcm_sha256 == expected.hexdigest()


def test_container_dtype_and_cut_change_nothing(tmp_path: Path) -> None:
    samples = sound()
    for name in ("a.wav", "a.flac", "a.aiff"):
        soundfile.write(tmp_path / name, samples, RATE, subtype="PCM_16")
    found = {inspect(tmp_path / name).pcm_sha256 for name in ("a.wav", "a.flac", "a.aiff")}
    found.add(inspect(samples / 32768, RATE).pcm_sha256)
    found.add(inspect(iter([samples[:100], samples[100:9000], samples[9000:]]), RATE).pcm_sha256)
    assert len(found) == 1


def test_a_sample_the_length_the_rate_and_the_order_change_it() -> None:
    samples = sound()
    other = samples.copy()
    other[-1, 1] += 1
    found = [inspect(each, RATE).pcm_sha256 for each in (samples, other, samples[:-1])]
    found += [inspect(samples, 16000).pcm_sha256, inspect(samples[:, ::-1], RATE).pcm_sha256]
    assert len(set(found)) == 5
