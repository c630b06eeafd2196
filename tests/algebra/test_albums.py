"""Albums: programmes side by side are gated as one, and their peaks are the largest."""

from __future__ import annotations

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

import loudscope
from loudscope import Analysis, BlockTable, reference

from ..strategies import Rows, close, examples, rows


def pooled(tables: list[BlockTable], length: int, hop: int) -> NDArray[np.float64]:
    """Mean squares of the windows of every table, taken one table at a time."""
    found = []
    for table in tables:
        assert table.tick_energy is not None
        power = table.tick_energy @ np.array(table.layout.weights)
        whole = int(table.ticks.sum())
        for start in range(0, whole - length + 1, hop):
            window = slice(start, start + length)
            found.append(power[window].sum() / table.tick_frames[window].sum(dtype=np.int64))
    return np.array(found)


def gated(power: NDArray[np.float64]) -> float | None:
    """BS.1770-5 eqs 3 to 7 over a pool of gating blocks."""
    with np.errstate(divide="ignore"):
        lufs = -0.691 + 10 * np.log10(power)
    above = power[lufs > -70.0]
    if not len(above):
        return None
    threshold = -0.691 + 10 * math.log10(above.mean()) - 10.0
    kept = above[lufs[lufs > -70.0] > threshold]
    return -0.691 + 10 * math.log10(kept.mean())


albums = st.integers(1, 3).flatmap(
    lambda channels: st.lists(
        rows(1, rate_hz=st.just(48000), channels=st.just(channels)), min_size=1, max_size=4
    )
)


def joined(made: list[Rows]) -> BlockTable:
    first, *others = (each.table for each in made)
    for other in others:
        first = first + other
    return first


@given(made=albums)
def test_gating_blocks_are_pooled(made: list[Rows]) -> None:
    """No window crosses a seam; all windows of all programmes pass one pair of gates."""
    tables = [each.table for each in made]
    album = Analysis(joined(made))
    power = pooled(tables, 40, 10)
    assert album.gating is not None
    assert album.gating.blocks == len(power)
    assert close(album.integrated, gated(power))
    assert len(album.momentary) == sum(len(Analysis(table).momentary) for table in tables)
    expected = np.concatenate([Analysis(table).short_term.values for table in tables])
    np.testing.assert_array_equal(album.short_term.values, expected)


@given(made=albums)
def test_peaks_are_the_largest_and_counts_add_up(made: list[Rows]) -> None:
    """Peaks and maxima of an album are those of its loudest part; frames and clips add up."""
    parts, album = [Analysis(each.table) for each in made], Analysis(joined(made))
    for name in ("true_peak", "sample_peak", "momentary_max", "short_term_max"):
        there = [value for part in parts if (value := getattr(part, name)) is not None]
        assert getattr(album, name) == max(there, default=None), name
    assert album.frames == sum(part.frames for part in parts)
    assert album.clipping is not None
    for channel, clipping in enumerate(album.clipping):
        of_parts = [part.clipping[channel] for part in parts if part.clipping is not None]
        assert clipping.samples == sum(each.samples for each in of_parts)
        assert clipping.runs == sum(each.runs for each in of_parts)
        assert clipping.longest == max(each.longest for each in of_parts)


@given(made=albums)
def test_times_run_on_over_the_seams(made: list[Rows]) -> None:
    """A maximum's time in an album is its time in its part, after all parts before."""
    parts, album = [Analysis(each.table) for each in made], Analysis(joined(made))
    offsets = np.cumsum([0.0, *(part.duration for part in parts)])
    for name in ("true_peak", "momentary_max"):
        value, at = getattr(album, name), getattr(album, f"{name}_at")
        if value is None:
            assert at is None
            continue
        times = [
            offset + getattr(part, f"{name}_at")
            for part, offset in zip(parts, offsets, strict=False)
            if getattr(part, name) == value
        ]
        assert close(at, times[0], 1e-9)


@examples(0.5)
@given(made=albums, seed=st.integers(0, 99))
def test_the_order_of_an_album_is_only_an_order(made: list[Rows], seed: int) -> None:
    """a + b and b + a agree in every figure that has no time."""
    shuffled = [made[index] for index in np.random.default_rng(seed).permutation(len(made))]
    one, other = Analysis(joined(made)), Analysis(joined(shuffled))
    for name in ("integrated", "loudness_range", "psr_min", "balance", "mono_loss", "rms"):
        assert close(getattr(one, name), getattr(other, name)), name
    assert one.gating == other.gating


@examples(0.5)
@given(made=rows(1))
def test_a_programme_twice_is_as_loud_as_once(made: Rows) -> None:
    """Pooling what is there already moves no gate."""
    once, twice = Analysis(made.table), Analysis(made.table + made.table)
    assert close(twice.integrated, once.integrated)
    assert close(twice.relative_threshold, once.relative_threshold)
    assert close(twice.rms, once.rms)
    assert close(twice.psr_min, once.psr_min)


def test_an_album_is_not_the_mean_of_its_tracks() -> None:
    """-10 and -30 LUFS: the soft track is gated out, and the album reads -10, not -20 or -13."""
    time = np.arange(48000 * 10)[:, None] / 48000
    tone = np.sin(2 * np.pi * 997 * time).repeat(2, axis=1)
    loud, soft = (loudscope.scan(10 ** (level / 20) * tone, 48000) for level in (-10.0, -30.0))
    album = Analysis(loud + soft)
    assert close(album.integrated, Analysis(loud).integrated, 1e-9)
    assert close(album.integrated, -10.0, 0.01)
    assert album.gating == (194, 0, 97, 97)
    assert album.duration == 20.0


def test_generated_albums_agree_with_the_reference() -> None:
    """The pool above is the reference's, too."""
    first, second = (
        loudscope.scan(np.random.default_rng(seed).uniform(-1, 1, (90_000, 2)) * level, 48000)
        for seed, level in ((1, 0.3), (2, 0.05))
    )
    table = first + second
    assert table.tick_energy is not None
    ticks = reference.Ticks(table.tick_energy, table.tick_frames, table.ticks, table.seams)
    assert close(Analysis(table).integrated, reference.integrated(ticks, (1.0, 1.0)).loudness)
    assert close(gated(pooled([first, second], 40, 10)), Analysis(table).integrated)
