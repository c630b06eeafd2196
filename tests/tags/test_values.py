"""The values of ReplayGain 2.0 and of Opus' R128 tags."""

from __future__ import annotations

import json
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from loudscope import Analysis, InvalidArgument
from loudscope.tags import TagValues, Track, tag_values
from tests.targets.made import made, sine, steady


def values(lufs: float | None, peak: float | None = -1.0) -> TagValues:
    return TagValues("x", lufs, peak, peak)


@pytest.mark.parametrize(
    ("lufs", "gain"),
    [(-18.0, "0.00 dB"), (-10.97, "-7.03 dB"), (-30.5, "12.50 dB"), (-18.001, "0.00 dB")],
)
def test_replaygain_2_is_minus_18_minus_loudness(lufs: float, gain: str) -> None:
    """As text: two decimals, "dB", and never -0.00."""
    assert values(lufs).replaygain()["REPLAYGAIN_TRACK_GAIN"] == gain
    assert values(-17.999).replaygain()["REPLAYGAIN_TRACK_GAIN"] == "0.00 dB"


@pytest.mark.parametrize(
    ("lufs", "gain"),
    [
        (-23.0, "0"),
        (-24.0, "256"),  # RFC 7845 5.2.1: Q7.8, so that 256 is 1 dB
        (-10.0, "-3328"),
        (-23.0 - 1 / 512, "1"),  # half a step is rounded up
        (-70.0, "12032"),
        (-160.0, "32767"),  # 16 bits with a sign, 5.2.1
        (110.0, "-32768"),
    ],
)
def test_opus_is_minus_23_minus_loudness_in_q7_8(lufs: float, gain: str) -> None:
    assert values(lufs).r128() == {"R128_TRACK_GAIN": gain}


def test_peaks_are_linear_and_named() -> None:
    """The proposal's peak is that of the samples; the true peak is the other one."""
    found = TagValues("x", -10.0, 20 * np.log10(0.5), 20 * np.log10(1.25))
    assert found.replaygain()["REPLAYGAIN_TRACK_PEAK"] == "0.500000"
    assert found.replaygain("sample")["REPLAYGAIN_TRACK_PEAK"] == "0.500000"
    assert found.replaygain("true")["REPLAYGAIN_TRACK_PEAK"] == "1.250000"
    with pytest.raises(InvalidArgument, match="peak='both': choose 'sample' or 'true'"):
        found.replaygain("both")  # type: ignore[arg-type]


def test_a_silent_track_gains_nothing() -> None:
    """As rsgain has it; -70 LUFS would gain 52 dB."""
    (found,) = tag_values([made([(2.0, -np.inf)], true_peak=None)], album="pooled")
    assert found.replaygain() == {
        "REPLAYGAIN_TRACK_GAIN": "0.00 dB",
        "REPLAYGAIN_TRACK_PEAK": "0.000000",
        "REPLAYGAIN_ALBUM_GAIN": "0.00 dB",
        "REPLAYGAIN_ALBUM_PEAK": "0.000000",
    }
    assert found.r128() == {"R128_TRACK_GAIN": "0", "R128_ALBUM_GAIN": "0"}


def album() -> list[Analysis]:
    return [steady(-30.0, -12.0, seconds=20), steady(-12.0, -2.0, seconds=5)]


def test_tracks_alone_have_no_album_tags() -> None:
    for found in tag_values(album()):
        assert found.album is None
        assert not any("ALBUM" in tag for tag in {**found.replaygain(), **found.r128()})


def test_album_gain_is_of_the_pooled_blocks_and_not_the_mean_of_gains() -> None:
    """-30 LUFS lies below the relative gate: the album is as loud as its loud track."""
    first, second = tag_values(album(), album="pooled")
    gains = [first.replaygain(), second.replaygain()]
    assert [one["REPLAYGAIN_TRACK_GAIN"] for one in gains] == ["12.00 dB", "-6.00 dB"]
    assert [one["REPLAYGAIN_ALBUM_GAIN"] for one in gains] == ["-6.00 dB", "-6.00 dB"]
    assert {one["REPLAYGAIN_ALBUM_PEAK"] for one in gains} == {"0.794328"}  # the larger one
    assert first.r128() == {"R128_TRACK_GAIN": "1792", "R128_ALBUM_GAIN": "-2816"}


def test_aes77_takes_the_loudest_track() -> None:
    tracks = [steady(-16.0, seconds=20), steady(-12.0, seconds=5)]
    pooled, loudest = (tag_values(tracks, album=mode)[0] for mode in ("pooled", "loudest"))
    assert loudest.album_gain_db == pytest.approx(-6.0)
    assert pooled.album_gain_db is not None
    assert pooled.album_gain_db > -5
    assert loudest.replaygain()["REPLAYGAIN_ALBUM_GAIN"] == "-6.00 dB"


def test_measured_audio() -> None:
    """A sine that reads -20.0 LUFS: the real chain from samples to tags."""
    (found,) = tag_values([sine(-20.0)])
    assert found.replaygain() == {
        "REPLAYGAIN_TRACK_GAIN": "2.00 dB",
        "REPLAYGAIN_TRACK_PEAK": "0.100000",
    }
    assert found.r128() == {"R128_TRACK_GAIN": "-768"}


@given(st.lists(st.integers(-600, 0), min_size=1, max_size=5))
def test_laws_of_albums(levels: list[int]) -> None:
    """Order does not matter; an album of one is its track; the loudest bounds the pool."""
    tracks = [Track.of(steady(level / 10, seconds=1)) for level in levels]
    pooled, loudest = tag_values(tracks, album="pooled"), tag_values(tracks, album="loudest")
    turned = tag_values(tracks[::-1], album="pooled")
    assert pooled[0].album_gain_db == pytest.approx(turned[0].album_gain_db)
    assert pooled[0].album_loudness_lufs is not None
    assert loudest[0].album_loudness_lufs == max(levels) / 10 or loudest[0].album_loudness_lufs == (
        pytest.approx(max(levels) / 10)
    )
    assert pooled[0].album_loudness_lufs <= max(levels) / 10 + 1e-9
    if len(levels) == 1:
        assert pooled[0].album_gain_db == pytest.approx(pooled[0].track_gain_db)
    for one in pooled:
        assert one.r128_track_gain == pytest.approx(256 * (one.track_gain_db - 5), abs=0.5001)


def test_to_dict_is_strict_json() -> None:
    for found in (*tag_values(album(), album="loudest"), values(None, None)):
        text = json.dumps(found.to_dict(), allow_nan=False)
        assert json.loads(text)["r128"] == found.r128()
        assert json.loads(text)["replaygain_true_peak"] == found.replaygain("true")


@pytest.mark.parametrize(
    ("tracks", "mode", "message"),
    [(0, "pooled", "tracks: there are none"), (1, "mean", "album='mean': choose 'pooled'")],
)
def test_errors_name_the_argument(tracks: int, mode: str, message: str) -> None:
    with pytest.raises(InvalidArgument, match=re.escape(message)):
        tag_values([steady(-20.0, seconds=1)] * tracks, album=mode)  # type: ignore[arg-type]
