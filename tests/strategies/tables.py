"""Generated block tables: rows that no audio was measured for, of one programme or of several."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

from loudscope import DEFAULT_EDGES_HZ, BlockTable, Layout
from loudscope.reference import tick_start, used_edges

from .audio import LAYOUTS

TICKS = 10


@dataclass(frozen=True)
class Programme:
    """One programme's rows.

    Attributes:
        blocks: Blocks of 100 ms.
        ticks: Complete ticks in the last of them.
        extra: Whether a few frames of one more tick follow.
        level: About how loud it is, LUFS.
        spread: How far blocks stray from that, LU.
        pauses: Share of the ticks that are digital silence.
        seed: Of all values.
    """

    blocks: int = 1
    ticks: int = TICKS
    extra: bool = False
    level: float = -23.0
    spread: float = 3.0
    pauses: float = 0.0
    seed: int = 0

    def tick_frames(self, rate_hz: int) -> NDArray[np.uint16]:
        """(10 blocks,) frames in each tick of a programme that begins here."""
        starts = [tick_start(tick, rate_hz) for tick in range(TICKS * self.blocks + 1)]
        frames = np.diff(starts)
        end = TICKS * (self.blocks - 1) + self.ticks
        partial = self.ticks < TICKS and (self.extra or self.ticks == 0)
        frames[end:] = 0
        if partial:
            frames[end] = 1 + self.seed % (rate_hz // 100 - 1)
        return frames.astype(np.uint16)


@dataclass(frozen=True)
class Rows:
    """A generated table."""

    rate_hz: int
    channels: int
    programmes: tuple[Programme, ...]

    @cached_property
    def table(self) -> BlockTable:
        """All programmes, one after the other."""
        parts = [_columns(programme, self.rate_hz, self.channels) for programme in self.programmes]
        columns: dict[str, Any] = {
            name: np.concatenate([part[name] for part in parts]) for name in parts[0]
        }
        seams = np.cumsum([0, *(programme.blocks for programme in self.programmes[:-1])])
        return BlockTable(
            rate_hz=self.rate_hz,
            layout=Layout.named(LAYOUTS[self.channels]),
            edges_hz=DEFAULT_EDGES_HZ,
            seams=seams.astype(np.int64),
            **columns,
        )


def _columns(programme: Programme, rate_hz: int, channels: int) -> dict[str, NDArray[Any]]:
    rng = np.random.default_rng(programme.seed)
    blocks = programme.blocks
    tick_frames = programme.tick_frames(rate_hz)
    frames = tick_frames.reshape(blocks, TICKS).sum(axis=1, dtype=np.uint32)
    ticks = np.full(blocks, TICKS, np.uint8)
    ticks[-1] = programme.ticks
    lufs = programme.level + programme.spread * np.repeat(rng.standard_normal(blocks), TICKS)
    power = 10 ** ((lufs + 0.691) / 10) * rng.uniform(0.5, 1.5, TICKS * blocks)
    power *= rng.random(TICKS * blocks) >= programme.pauses
    shares = rng.random((TICKS * blocks, channels))
    bands = len(used_edges(DEFAULT_EDGES_HZ, rate_hz)) + 1
    energy = rng.random((blocks, channels)) * frames[:, None]
    return {
        "frames": frames,
        "ticks": ticks,
        "tick_frames": tick_frames,
        "tick_energy": (power * tick_frames)[:, None] * shares,
        "energy": energy,
        "total": rng.uniform(-1, 1, (blocks, channels)) * frames[:, None],
        "cross": rng.uniform(-1, 1, blocks) * energy.min(axis=1),
        "k_cross": rng.uniform(-1, 1, blocks) * frames,
        "band_energy": rng.random((blocks, bands, channels)) * frames[:, None, None],
        "band_cross": rng.uniform(-1, 1, (blocks, bands)),
        **_peaks(rng, frames, channels),
    }


def _peaks(
    rng: np.random.Generator, frames: NDArray[np.uint32], channels: int
) -> dict[str, NDArray[Any]]:
    shape = (len(frames), channels)
    sample_peak = rng.random(shape).astype(np.float32)
    clipped = rng.integers(0, 3, shape) * (rng.random(shape) < 0.3)
    clipped = np.minimum(clipped, frames[:, None] // 8)
    clips = np.stack([3 * clipped, clipped, clipped, clipped, 0 * clipped], axis=2)
    at = rng.random((2, *shape)) * frames[:, None]
    return {
        "sample_peak": sample_peak,
        "true_peak": (sample_peak * rng.uniform(1.0, 1.3, shape)).astype(np.float32),
        "sample_peak_at": at[0].astype(np.uint16),
        "true_peak_at": at[1].astype(np.uint16),
        "clips": clips.astype(np.uint32),
    }


RATE_HZ = st.sampled_from([48000, 44100, 8000, 11025, 96000])
CHANNELS = st.integers(1, 6)


def programmes(whole: bool = False) -> st.SearchStrategy[Programme]:
    """One programme; a `whole` one ends with a complete block."""
    return st.builds(
        Programme,
        blocks=st.one_of(st.integers(1, 12), st.integers(25, 80)),
        ticks=st.just(TICKS) if whole else st.one_of(st.just(TICKS), st.integers(0, TICKS)),
        extra=st.booleans(),
        level=st.one_of(st.just(-23.0), st.integers(-90, 0).map(float)),
        spread=st.integers(0, 15).map(float),
        pauses=st.sampled_from([0.0, 0.0, 0.3, 1.0]),
        seed=st.integers(0, 9999),
    )


def rows(
    most_programmes: int = 3,
    whole: bool = False,
    rate_hz: st.SearchStrategy[int] = RATE_HZ,
    channels: st.SearchStrategy[int] = CHANNELS,
) -> st.SearchStrategy[Rows]:
    """A table of one programme or several."""
    return st.builds(
        Rows,
        rate_hz=rate_hz,
        channels=channels,
        programmes=st.lists(programmes(whole), min_size=1, max_size=most_programmes).map(tuple),
    )
