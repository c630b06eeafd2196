"""The guard of `inspect` sees what was decoded, whatever the header says."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from loudscope.qc import inspect

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "audio" / "night_drive.flac"


class Enough(Exception):
    """More than somebody wants."""


def test_it_is_asked_at_the_start_and_after_each_piece() -> None:
    asked: list[tuple[int, int, int]] = []
    inspection = inspect(EXAMPLE, guard=lambda *it: asked.append(it))
    frames = [count for _, _, count in asked]
    assert {it[:2] for it in asked} == {(44100, 2)}
    assert frames[0] == 0 and frames[-1] == inspection.analysis.frames
    assert frames == sorted(frames) and max(np.diff(frames)) <= 65536


def test_before_anything_is_decoded_it_can_refuse() -> None:
    asked: list[int] = []

    def refuse(rate_hz: int, channels: int, frames: int) -> None:
        asked.append(frames)
        raise Enough

    with pytest.raises(Enough):
        inspect(EXAMPLE, guard=refuse)
    assert asked == [0]


@pytest.mark.parametrize("most", [1, 100_000, 1_000_000])
def test_what_it_raises_cancels_within_a_piece(most: int) -> None:
    asked: list[int] = []

    def refuse(rate_hz: int, channels: int, frames: int) -> None:
        asked.append(frames)
        if frames > most:
            raise Enough

    with pytest.raises(Enough):
        inspect(EXAMPLE, guard=refuse)
    assert most < asked[-1] <= most + 65536


def test_chunks_of_an_array_are_counted_too() -> None:
    asked: list[int] = []
    samples = np.zeros((100_000, 1), np.float32)
    inspect(samples, 48_000, guard=lambda rate_hz, channels, frames: asked.append(frames))
    assert asked[-1] == 100_000
