"""What gain does: to the target, by the platform's own rules, and within the peak."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loudscope.targets import Check, Track, check, get, names

from .made import made, steady

ROUNDING = 1e-6  # peaks are kept as float32
WITH_LOUDNESS = [name for name in names() if get(name).reference_lufs is not None]
PLATFORMS = [name for name in names() if get(name).playback is not None]


def gain(name: str, lufs: float, peak: float) -> float | None:
    return check(steady(lufs, peak, seconds=5), name).platform_gain_db


@pytest.mark.parametrize(
    ("name", "lufs", "peak", "applied"),
    [
        # Spotify: -14; what is quieter is raised as far as 1 dB below full scale
        ("spotify", -8.0, 0.0, -6.0),
        ("spotify", -20.0, -9.0, 6.0),
        ("spotify", -20.0, -5.0, 4.0),  # the example on Spotify's own page
        ("spotify", -20.0, -0.5, 0.0),
        ("spotify-quiet", -14.0, -1.0, -5.0),
        ("spotify-quiet", -22.0, -2.0, 1.0),
        # loud: -11, with a limiter instead of a bound
        ("spotify-loud", -20.0, -5.0, 9.0),
        ("spotify-loud", -8.0, 0.0, -3.0),
        # Apple: -16, no limiter, 1 dB of headroom
        ("apple-music", -10.0, -1.0, -6.0),
        ("apple-music", -20.0, -3.0, 2.0),
        # down only
        ("youtube", -8.0, 0.0, -6.0),
        ("youtube", -20.0, -9.0, 0.0),
        ("tidal", -8.0, 0.0, -6.0),
        ("tidal", -20.0, -9.0, 0.0),
        ("amazon-music", -20.0, -9.0, 0.0),
        ("deezer", -10.0, -1.0, -5.0),
        ("deezer", -20.0, -9.0, 0.0),
        # AES TD1008 and AES77: track -16, speech and assorted content -18
        ("td1008", -12.0, -1.0, -4.0),
        ("aes77", -20.0, -9.0, 4.0),
        ("td1008-speech", -12.0, -1.0, -6.0),
        ("td1008-assorted", -12.0, -1.0, -6.0),
        # ReplayGain 2.0: -18, both ways
        ("replaygain2", -25.0, -1.0, 7.0),
    ],
)
def test_the_platform_applies_its_own_rules(
    name: str, lufs: float, peak: float, applied: float
) -> None:
    assert gain(name, lufs, peak) == pytest.approx(applied, abs=ROUNDING)


@pytest.mark.parametrize("name", ["r128", "r128-s1", "a85", "netflix", "apple-podcasts", "cd"])
def test_delivery_specifications_apply_no_gain(name: str) -> None:
    assert gain(name, -20.0, -3.0) is None


@pytest.mark.parametrize(("peak", "limiting"), [(-12.0, 0.0), (-5.0, 5.0)])
def test_spotify_loud_limits_at_minus_1(peak: float, limiting: float) -> None:
    """-20 LUFS is raised by 9 dB into a limiter at -1 dB."""
    found = check(steady(-20.0, peak, seconds=5), "spotify-loud")
    assert found.platform_limiting_db == pytest.approx(limiting, abs=ROUNDING)


def test_reaching_a_target_within_the_peak() -> None:
    """-20 LUFS at -4 dBTP to -16 LUFS: 3 dB are safe below -1 dBTP, 1 dB is left for limiting."""
    found = check(steady(-20.0, -4.0, seconds=5), "apple-podcasts")
    assert found.gain_db == pytest.approx(4.0, abs=ROUNDING)
    assert found.headroom_db == pytest.approx(3.0, abs=ROUNDING)
    assert found.safe_gain_db == pytest.approx(3.0, abs=ROUNDING)
    assert found.limiting_db == pytest.approx(1.0, abs=ROUNDING)


def test_a_peak_over_the_ceiling_needs_limiting_even_when_turned_down() -> None:
    found = check(steady(-16.5, 1.0, seconds=5), "apple-podcasts")
    assert found.headroom_db == pytest.approx(-2.0, abs=ROUNDING)
    assert found.safe_gain_db == pytest.approx(-2.0, abs=ROUNDING)
    assert found.limiting_db == pytest.approx(2.5, abs=ROUNDING)


@pytest.mark.parametrize(
    ("lufs", "wanted"), [(-26.0, 2.8), (-23.0, 0.0), (-21.0, 1.0), (-18.0, 0.0), (-10.0, -6.0)]
)
def test_a_range_is_entered_by_the_shortest_way(lufs: float, wanted: float) -> None:
    """R 128 s2 permits -23 as it is and -20 to -16."""
    assert check(steady(lufs, seconds=5), "r128-s2").gain_db == pytest.approx(wanted, abs=ROUNDING)


@pytest.mark.parametrize("name", ["netflix", "soundcloud", "cd", "club"])
def test_without_a_loudness_that_can_be_measured_there_is_no_gain(name: str) -> None:
    found = check(steady(-20.0, -3.0, seconds=5), name)
    assert found.gain_db is None
    assert found.safe_gain_db is None
    assert found.limiting_db is None
    assert any("no gain" in note for note in found.notes)


def test_silence_has_no_gain_and_says_so() -> None:
    found = check(made([(5.0, -float("inf"))], true_peak=None), "spotify")
    assert (found.gain_db, found.platform_gain_db, found.headroom_db) == (None, None, None)
    assert found.verdict == "not judged"
    assert found.notes[0] == "no gain: integrated does not exist: the audio is digital silence"
    for rule in found.rules:
        assert "does not exist" in rule.reason
        assert "digital silence" in rule.reason


# -- albums ----------------------------------------------------------------------------------


def gains_on_an_album(name: str) -> list[float | None]:
    album = [steady(-10.0, -1.0, seconds=5), steady(-20.0, -8.0, seconds=5)]
    return [check(track, name, album=album).platform_gain_db for track in album]


def test_pooled_albums_keep_the_levels_of_their_tracks() -> None:
    """Spotify and Tidal: one gain, by the mean power of all blocks that pass both gates."""
    pooled = 10 * math.log10((10**-1.0 + 10**-2.0) / 2)  # -12.6: -20 lies above its gate
    for name in ("spotify", "tidal"):
        first, second = gains_on_an_album(name)
        assert first == second == pytest.approx(-14 - pooled, abs=ROUNDING)


def test_the_loudest_track_decides_in_td1008_and_aes77() -> None:
    """Album: the loudest track is brought to -14 LUFS."""
    for name in ("td1008-album", "aes77-album"):
        assert gains_on_an_album(name) == pytest.approx([-4.0, -4.0], abs=ROUNDING)


@pytest.mark.parametrize("name", ["apple-music", "youtube", "amazon-music", "td1008"])
def test_other_platforms_set_tracks_one_by_one(name: str) -> None:
    first, second = gains_on_an_album(name)
    assert first == gain(name, -10.0, -1.0)
    assert second == gain(name, -20.0, -8.0)


def test_the_loudest_peak_of_the_album_bounds_its_gain() -> None:
    """A quiet track cannot be raised further than its louder neighbour's peak permits."""
    album = [Track.of(steady(-20.0, -3.0, seconds=5)), Track.of(steady(-20.0, -9.0, seconds=5))]
    found = check(steady(-20.0, -9.0, seconds=5), "spotify", album=album)
    assert found.platform_gain_db == pytest.approx(2.0, abs=ROUNDING)
    assert found.notes[0] == "gains are those of the album, by all tracks pooled"


# -- laws ------------------------------------------------------------------------------------

LEVELS = st.integers(-600, 0).map(lambda tenths: tenths / 10)
PEAKS = st.integers(-300, 60).map(lambda tenths: tenths / 10)


def checked(name: str, lufs: float, peak: float) -> Check:
    return check(steady(lufs, peak, seconds=1), name)


@given(st.sampled_from(WITH_LOUDNESS), LEVELS, PEAKS)
def test_what_is_safe_and_what_is_left_add_up(name: str, lufs: float, peak: float) -> None:
    """safe + limiting = gain; after the safe gain the peak lies at the ceiling or below."""
    found = checked(name, lufs, peak)
    assert found.gain_db is not None
    assert found.safe_gain_db is not None
    assert found.limiting_db is not None
    assert found.safe_gain_db + found.limiting_db == pytest.approx(found.gain_db)
    assert found.limiting_db >= 0
    assert peak + found.safe_gain_db <= found.target.ceiling_dbtp + ROUNDING
    assert lufs + found.gain_db == pytest.approx(found.target.reference_lufs)


@given(st.sampled_from(PLATFORMS), LEVELS, PEAKS)
def test_no_platform_plays_louder_than_its_reference(name: str, lufs: float, peak: float) -> None:
    """Louder audio comes down to it; gain up never exceeds what is missing."""
    found = checked(name, lufs, peak)
    playback, applied = found.target.playback, found.platform_gain_db
    assert playback is not None
    assert applied is not None
    missing = playback.reference_lufs - lufs
    assert applied <= max(missing, 0) + ROUNDING
    if missing <= 0:
        assert applied == pytest.approx(missing)
    if applied > 0 and playback.up == "headroom":
        assert peak + applied <= -playback.headroom_db + ROUNDING
    if playback.up == "none":
        assert applied <= 0


@given(st.sampled_from(WITH_LOUDNESS), LEVELS, PEAKS, st.integers(-100, 100))
def test_gain_applied_beforehand_is_gain_less_to_apply(
    name: str, lufs: float, peak: float, tenths: int
) -> None:
    """+g dB in: g dB less to the target, g dB less headroom."""
    quiet = max(lufs - 10, -69.9)  # at -70 LUFS the absolute gate leaves nothing
    plain, moved = (
        checked(name, quiet, peak),
        checked(name, quiet + tenths / 10, peak + tenths / 10),
    )
    assert plain.gain_db is not None
    assert plain.headroom_db is not None
    if moved.gain_db is not None:
        assert moved.gain_db == pytest.approx(plain.gain_db - tenths / 10)
    assert moved.headroom_db == pytest.approx(plain.headroom_db - tenths / 10, abs=ROUNDING)
