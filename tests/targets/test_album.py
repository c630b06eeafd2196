"""The loudness of an album, from what is kept of its tracks."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loudscope import Analysis, BlockTable, InvalidArgument
from loudscope.targets import Track, album_loudness
from tests.strategies import Rows, rows

from .made import made, sine, steady


@settings(max_examples=60)
@given(
    st.lists(
        rows(most_programmes=2, rate_hz=st.just(44100), channels=st.just(2)), min_size=1, max_size=3
    )
)
def test_pooled_tracks_equal_pooled_tables(parts: list[Rows]) -> None:
    """The gates over kept blocks are those of the engine over `a + b + ...` (BS.1770-5 Annex 1)."""
    tables = [part.table for part in parts]
    found = album_loudness([Analysis(table) for table in tables])
    expected = Analysis(BlockTable.album(tables)).integrated
    assert found == (None if expected is None else pytest.approx(expected, abs=1e-9))


def test_pooling_is_not_the_mean_of_the_tracks() -> None:
    """A long quiet track and a short loud one: the quiet one is gated out."""
    quiet, loud = steady(-40.0, seconds=60), steady(-10.0, seconds=10)
    assert album_loudness([quiet, loud]) == pytest.approx(-10.0, abs=1e-9)


def test_tracks_of_different_rates_and_layouts_pool() -> None:
    """Block tables refuse that; an album may hold it all the same."""
    mono, stereo = made([(5.0, -20.0)], rate_hz=44100), sine(-20.0, seconds=5.0)
    assert album_loudness([mono, stereo]) == pytest.approx(-20.0, abs=0.01)


def test_the_loudest_track() -> None:
    """AES77's album mode."""
    tracks = [steady(-30.0, seconds=5), steady(-12.0, seconds=1), made([(5.0, -np.inf)], None)]
    assert album_loudness(tracks, "loudest") == pytest.approx(-12.0)


def test_dual_mono_counts() -> None:
    single = steady(-20.0, seconds=5)
    dual = Analysis(single.table, dual_mono=True)
    assert album_loudness([dual]) == pytest.approx(-20.0 + 10 * np.log10(2))


def test_silence_has_none() -> None:
    silent = made([(5.0, -np.inf)], true_peak=None)
    assert album_loudness([silent]) is None
    assert album_loudness([silent], "loudest") is None


def test_what_is_kept_of_a_track() -> None:
    track = Track.of(made([(240.0, -14.0)], -1.0, name="song"))
    assert track.name == "song"
    assert track.integrated == pytest.approx(-14.0)
    assert track.true_peak == pytest.approx(-1.0, abs=1e-6)
    assert track.power.nbytes < 20_000


@pytest.mark.parametrize(
    ("tracks", "mode", "word"), [([], "pooled", "tracks"), ([1], "mean", "mean")]
)
def test_errors_name_the_argument(tracks: list[int], mode: str, word: str) -> None:
    given_tracks = [steady(-20.0, seconds=1) for _ in tracks]
    with pytest.raises(InvalidArgument, match=word):
        album_loudness(given_tracks, mode)  # type: ignore[arg-type]
