"""Analyses with figures that are known beforehand: tables made without audio, and real sines."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

import loudscope
from loudscope import Analysis, BlockTable, Layout

RATE_HZ = 48000
TICK = RATE_HZ // 100

Stretch = tuple[float, float]
"""Seconds, and loudness in LUFS."""


def made(
    stretches: Sequence[Stretch],
    true_peak: float | None = -6.0,
    rate_hz: int = RATE_HZ,
    name: str | None = None,
) -> Analysis:
    """An analysis of one channel of steady stretches, with this true peak in dBTP."""
    ticks = [round(100 * seconds) for seconds, _ in stretches]
    assert sum(ticks) % 10 == 0
    levels = np.repeat([level for _, level in stretches], ticks)
    blocks, frames = len(levels) // 10, rate_hz // 100
    power = np.where(np.isfinite(levels), 10 ** ((levels + 0.691) / 10), 0.0)
    energy = (power * frames).reshape(blocks, 10).sum(axis=1)[:, None]
    linear = 0.0 if true_peak is None else 10 ** (true_peak / 20)
    peak = np.full((blocks, 1), linear, np.float32)
    table = BlockTable(
        rate_hz=rate_hz,
        layout=Layout.named("mono"),
        edges_hz=(),
        seams=np.zeros(1, np.int64),
        frames=np.full(blocks, 10 * frames, np.uint32),
        ticks=np.full(blocks, 10, np.uint8),
        tick_frames=np.full(10 * blocks, frames, np.uint16),
        tick_energy=(power * frames)[:, None],
        energy=energy,
        total=np.zeros((blocks, 1)),
        sample_peak=peak,
        true_peak=peak.copy(),
        sample_peak_at=np.zeros((blocks, 1), np.uint16),
        true_peak_at=np.zeros((blocks, 1), np.uint16),
        clips=np.zeros((blocks, 1, 5), np.uint32),
    )
    return Analysis(table, name=name)


def steady(lufs: float, true_peak: float | None = -6.0, seconds: float = 70.0) -> Analysis:
    """One level from beginning to end."""
    return made([(seconds, lufs)], true_peak)


def with_figure(figure: str, value: float) -> Analysis:
    """An analysis whose figure of this name has this value; it is shorter than 60 s."""
    if figure == "integrated":
        return steady(value, true_peak=-30.0, seconds=30.0)
    if figure == "true_peak":
        return steady(-10.0, true_peak=value, seconds=30.0)
    if figure == "short_term_max":
        return made([(20.0, -40.0), (3.0, value), (20.0, -40.0)])
    assert figure == "loudness_range"
    return made([(30.0, -30.0), (29.0, -30.0 + value)])


def sine(lufs: float, seconds: float = 2.0) -> Analysis:
    """A real 997 Hz sine in both channels: -18 dBFS of peak read -18.0 LUFS (Tech 3341 2.9)."""
    time = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    tone = 10 ** (lufs / 20) * np.sin(2 * np.pi * 997 * time)
    return loudscope.analyze(np.column_stack([tone, tone]), RATE_HZ)
