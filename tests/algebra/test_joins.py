"""Joins: a cut that is healed leaves no trace, and it does not matter which join comes first."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import loudscope
from loudscope import BlockTable, InvalidArgument, TableError, UnsupportedType

from ..strategies import Audio, Rows, audio, different_columns, examples, rows

Cuts = tuple[Audio, list[float]]


@st.composite
def cut_audio(draw: st.DrawFn) -> Cuts:
    """Audio and up to four places to cut it, in seconds, most of them on the 100 ms grid."""
    sound = draw(audio(most_samples=400_000, least_seconds=0.2))
    blocks = int(sound.seconds * 10)
    on_grid = st.integers(1, blocks).map(lambda block: block / 10)
    anywhere = st.floats(0.06, sound.seconds)
    return sound, sorted(draw(st.lists(st.one_of(on_grid, anywhere), min_size=1, max_size=4)))


def parts_of(sound: Audio, cuts: Sequence[float], chunked: bool) -> list[BlockTable]:
    """Tables of the spans between the cuts; those that hold no block are left out."""
    found = []
    for start, stop in pairwise([None, *cuts, None]):
        source = np.array_split(sound.samples, 3) if chunked else sound.samples
        try:
            table = loudscope.scan(
                source, sound.rate_hz, layout=sound.layout, start=start, stop=stop
            )
        except InvalidArgument:
            continue
        found.append(table)
    return found


@given(cut=cut_audio(), chunked=st.booleans())
def test_cut_anywhere_and_joined_is_the_whole(cut: Cuts, chunked: bool) -> None:
    """scan(stop=t).then(scan(start=t)) == scan(), bit for bit, for one cut or several."""
    sound, cuts = cut
    whole = loudscope.scan(sound.samples, sound.rate_hz, layout=sound.layout)
    first, *others = parts_of(sound, cuts, chunked)
    for other in others:
        first = first.then(other)
    assert different_columns(first, whole) == []
    assert first == whole


@examples(0.5)
@given(
    sound=audio(most_samples=200_000, least_seconds=0.2),
    holes=st.lists(st.floats(0.0, 1.0, exclude_max=True), max_size=8),
    rows=st.lists(st.integers(1, 120), min_size=1, max_size=3, unique=True),
    chunked=st.booleans(),
)
def test_zeroed_samples_are_counted_once(
    sound: Audio, holes: list[float], rows: list[int], chunked: bool
) -> None:
    """on_nonfinite="zero": parts count what is theirs, not what lies in their pre-roll."""
    samples = sound.samples.copy()
    samples[[int(hole * sound.frames) for hole in holes], 0] = np.nan

    def scan(start: float | None = None, stop: float | None = None) -> BlockTable:
        return loudscope.scan(
            np.array_split(samples, 3) if chunked else samples,
            sound.rate_hz,
            layout=sound.layout,
            start=start,
            stop=stop,
            on_nonfinite="zero",
        )

    whole = scan()
    assert whole.zeroed == np.isnan(samples).sum()
    cuts = [whole.starts[row] / sound.rate_hz for row in sorted(rows) if row < whole.blocks]
    joined, *others = (scan(start, stop) for start, stop in pairwise([None, *cuts, None]))
    for other in others:
        joined = joined.then(other)
    assert joined == whole


def assert_equal(one: BlockTable, other: BlockTable) -> None:
    assert different_columns(one, other) == []
    assert one == other


@st.composite
def alike(draw: st.DrawFn, whole: tuple[bool, ...]) -> list[BlockTable]:
    """Tables of one rate and layout; `whole` ones end with a complete block."""
    rate_hz = st.just(draw(st.sampled_from([8000, 11025])))
    channels = st.just(draw(st.integers(1, 3)))
    return [draw(rows(2, ends, rate_hz, channels)).table for ends in whole]


@given(tables=alike((False, False, False)))
def test_sums_are_associative(tables: list[BlockTable]) -> None:
    """(a + b) + c == a + (b + c)."""
    a, b, c = tables
    assert_equal((a + b) + c, a + (b + c))
    assert len((a + b + c).seams) == len(a.seams) + len(b.seams) + len(c.seams)


@given(tables=alike((True, True, False)))
def test_both_joins_are_associative_together(tables: list[BlockTable]) -> None:
    """Any two of + and .then, in either order of evaluation."""
    a, b, c = tables
    assert_equal(a.then(b).then(c), a.then(b.then(c)))
    assert_equal(a.then(b) + c, a.then(b + c))
    assert_equal((a + b).then(c), a + b.then(c))
    assert len(a.then(b).seams) == len(a.seams) + len(b.seams) - 1


@examples(0.5)
@given(made=rows())
def test_a_table_cut_at_a_block_and_joined_is_itself(made: Rows) -> None:
    """Also of several programmes, wherever the block before the cut is complete."""
    table = made.table
    for row in {1, table.blocks // 2, table.blocks - 1}:
        if not 0 < row < table.blocks or table.ticks[row - 1] != 10:
            continue
        at = float(table.starts[row] / table.rate_hz)
        first, second = table.between(stop=at), table.between(start=at)
        joined = first + second if row in table.seams else first.then(second)
        assert_equal(joined, table)


@examples(0.3)
@given(tables=alike((False, False)))
def test_then_refuses_a_part_that_ends_within_a_block(tables: list[BlockTable]) -> None:
    """The frames that are missing of the block cannot be made up."""
    first, second = tables
    if first.ticks[-1] == 10:
        return
    with pytest.raises(TableError, match=r"within a 100 ms block.*stop=.*or use \+"):
        first.then(second)


NOISE = np.random.default_rng(5).uniform(-0.5, 0.5, (9600, 2))
PLAIN = loudscope.scan(NOISE, 48000)
OTHERS = {
    "rate_hz": loudscope.scan(NOISE, 44100),
    "layout": loudscope.scan(NOISE[:, 0], 48000),
    "edges_hz": loudscope.scan(NOISE, 48000, edges=(100.0, 1000.0)),
}


@pytest.mark.parametrize("what", OTHERS)
def test_tables_that_differ_do_not_join(what: str) -> None:
    """TableError names what differs and says what to do."""
    for join in (PLAIN.__add__, PLAIN.then):
        with pytest.raises(TableError, match=rf"differ in {what}.*measure both alike"):
            join(OTHERS[what])


def test_only_tables_join() -> None:
    """A number is no table."""
    with pytest.raises(TypeError):
        PLAIN + 5  # type: ignore[operator]
    with pytest.raises(UnsupportedType, match=r"then: cannot join int; give a BlockTable"):
        PLAIN.then(5)  # type: ignore[arg-type]
