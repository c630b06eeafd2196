"""Slices: a span of the table is the table of the span."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import loudscope
from loudscope import Analysis, InvalidArgument

from ..strategies import Audio, Rows, audio, different_columns, examples, rows

Span = tuple[Audio, float | None, float | None]


@st.composite
def spans(draw: st.DrawFn, /, **options: Any) -> Span:
    """Audio and a span: on the grid, anywhere, at the end and beyond it."""
    sound = draw(audio(most_samples=400_000, **options))
    tenths = st.integers(0, int(sound.seconds * 10) + 2).map(lambda block: block / 10)
    place = st.one_of(
        st.none(), tenths, st.floats(0.0, sound.seconds * 1.1), st.just(sound.seconds)
    )
    return sound, draw(place), draw(place)


def measured(sound: Audio, chunked: bool, **span: float | None) -> Analysis | None:
    """The analysis of a span of the audio; None where the span is refused."""
    source = np.array_split(sound.samples, 4) if chunked else sound.samples
    try:
        return loudscope.analyze(source, sound.rate_hz, layout=sound.layout, **span)  # type: ignore[arg-type]
    except InvalidArgument:
        return None


def sliced(sound: Audio, start: float | None, stop: float | None) -> Analysis | None:
    """The span of the whole audio's analysis; None where it is refused."""
    whole = loudscope.analyze(sound.samples, sound.rate_hz, layout=sound.layout)
    try:
        return whole.between(start, stop)
    except InvalidArgument:
        return None


@examples(2.0)
@given(span=spans(), chunked=st.booleans())
def test_analysing_a_span_is_slicing_the_analysis(span: Span, chunked: bool) -> None:
    """analyze(x, start, stop) == analyze(x).between(start, stop), refusals included."""
    sound, start, stop = span
    mine, expected = measured(sound, chunked, start=start, stop=stop), sliced(sound, start, stop)
    if mine is None or expected is None:
        assert mine is expected
    else:
        assert different_columns(mine.table, expected.table) == []
        assert mine == expected


@examples(0.5)
@given(span=spans(channels=(1, 1)))
def test_spans_hold_the_frames_they_name(span: Span) -> None:
    """Start and stop snap to the nearest block, and never further than 50 ms."""
    sound, start, stop = span
    found = sliced(sound, start, stop)
    if found is None:
        return
    first = 0.0 if start is None else start
    last = sound.seconds if stop is None else min(stop, sound.seconds)
    assert abs(found.duration - (last - first)) <= 0.1 + 2 / sound.rate_hz


@examples(0.5)
@given(
    made=rows(rate_hz=st.sampled_from([8000, 48000])),
    places=st.lists(st.floats(0.0, 1.0), min_size=4, max_size=4).map(sorted),
)
def test_a_slice_of_a_slice(made: Rows, places: list[float]) -> None:
    """t[a:b][c:d] == t[a + c:a + d] at block starts, also across seams."""
    table = made.table
    a, c, d, b = (round(place * table.blocks) for place in places)
    if c == d:
        return
    at = table.starts / table.rate_hz
    assert table[at[a] : at[b]][at[c] - at[a] : at[d] - at[a]] == table[at[c] : at[d]]


def test_slices_share_the_memory() -> None:
    """A slice copies nothing."""
    table = loudscope.scan(np.ones((48000, 2)), 48000)
    part = table[0.2:0.7]
    for name, column in part.columns():
        assert np.shares_memory(column, getattr(table, name)), name


@pytest.mark.parametrize(
    ("start", "stop"),
    [(1.0, 1.0), (0.5, 0.2), (2.0, None), (1.03, None), (-0.1, None), (float("nan"), None),
     (None, float("inf")), ("x", None), (None, True), (10**400, None), (0.51, 0.52)],
)  # fmt: skip
def test_spans_that_hold_nothing_are_refused(start: Any, stop: Any) -> None:
    """InvalidArgument names start or stop, by every door."""
    samples = np.ones((49440, 1))
    table = loudscope.scan(samples, 48000)
    for refuse in (
        lambda: table.between(start, stop),
        lambda: table[start:stop],
        lambda: Analysis(table).between(start, stop),
        lambda: loudscope.analyze(samples, 48000, start=start, stop=stop),
        lambda: loudscope.lufs([samples], 48000, start=start, stop=stop),
        lambda: loudscope.true_peak(samples, 48000, start=start, stop=stop, method="itu"),
    ):
        with pytest.raises(InvalidArgument, match="start=|stop="):
            refuse()


@pytest.mark.parametrize("index", [3, 0.5, (1, 2), slice(0, 1, 2), "a", None])
def test_only_spans_are_indices(index: Any) -> None:
    """table[3] means nothing; the message shows a span."""
    table = loudscope.scan(np.ones(4800), 48000)
    with pytest.raises(InvalidArgument, match=r"index .*: give a span in seconds"):
        table[index]
