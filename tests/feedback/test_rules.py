"""The rules' laws: severity from z, half of what lies outside, one move for each band."""

from __future__ import annotations

from functools import cache
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from loudscope import InvalidArgument, analyze
from loudscope.feedback import (
    Eq,
    Feedback,
    NoAction,
    Severity,
    Where,
    combine,
    feedback,
    issues_from_faults,
    issues_from_genre,
    issues_from_target,
    severity_of_z,
    verdict_of,
)
from loudscope.feedback._bands import against, outside
from loudscope.feedback._catalogue import FAULTS
from loudscope.feedback._places import worst_stretch
from loudscope.genres import get
from loudscope.qc import FindingCode, Inspection, inspect
from loudscope.targets import check

from .samples import issue
from .tracks import RATE_HZ, TIMES, TRACKS, beat, changed, piece, shaped

BAND = (60.0, 250.0)


@cache
def inspected(name: str) -> Inspection:
    return inspect(TRACKS[name]().samples, RATE_HZ)


# -- severity and verdict --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("z", "severity"),
    [
        (0.0, None),
        (1.0, None),
        (-1.0, None),
        (1.001, "low"),
        (-2.0, "low"),
        (2.001, "medium"),
        (-3.0, "medium"),
        (3.001, "high"),
        (-40.0, "high"),
    ],
)
def test_severity_of_a_distance(z: float, severity: Severity | None) -> None:
    assert severity_of_z(z) == severity


@pytest.mark.parametrize(
    ("name", "severity", "verdict"),
    [
        ("fault.hum", "info", "ready"),
        ("fault.hum", "low", "ready"),
        ("fault.hum", "medium", "minor_fixes"),
        ("fault.hum", "high", "needs_work"),
        ("target.true_peak", "high", "needs_work"),
        ("genre.bass", "high", "minor_fixes"),  # unusual is not wrong
        ("reference.bass", "high", "minor_fixes"),
    ],
)
def test_the_verdict_follows_the_worst_issue(name: str, severity: Severity, verdict: str) -> None:
    assert verdict_of([issue("fault.balance", "info"), issue(name, severity)]) == verdict


def test_hard_faults_have_fixed_severities() -> None:
    """Over 0 dBTP, clipping, polarity and DC do not depend on how much of it there is."""
    assert {
        code: FAULTS[code].severity
        for code in ("over_0_dbtp", "clipping", "inverted_channel", "dc_offset")
    } == {
        "over_0_dbtp": "high",
        "clipping": "high",
        "inverted_channel": "high",
        "dc_offset": "medium",
    }


def test_the_catalogue_knows_every_finding() -> None:
    assert set(FAULTS) == {str(code) for code in FindingCode}


# -- equaliser moves -------------------------------------------------------------------------------


@given(st.floats(-40.0, 40.0), st.floats(-10.0, 0.0), st.floats(0.0, 10.0))
def test_a_move_takes_back_half_of_what_lies_outside(
    measured: float, low: float, high: float
) -> None:
    excess = outside(measured, low, high)
    assert (excess == 0.0) == (low <= measured <= high)
    move = against("Bass", BAND, excess)
    wanted = max(-3.0, min(3.0, -0.5 * excess))
    if isinstance(move, Eq):
        assert move.gain_db == pytest.approx(wanted, abs=0.05 + 1e-9)
        assert BAND[0] <= move.freq_hz <= BAND[1]
    else:
        assert isinstance(move, NoAction) and abs(wanted) < 0.3


def test_the_outer_bands_get_shelves() -> None:
    moves = [against("x", edges, 4.0) for edges in ((20.0, 60.0), BAND, (6000.0, 20000.0))]
    assert [move.filter for move in moves if isinstance(move, Eq)] == [
        *("low_shelf", "bell", "high_shelf")
    ]
    assert [move.freq_hz for move in moves if isinstance(move, Eq)] == [60.0, 122.0, 6000.0]


def test_a_band_gets_one_move() -> None:
    both = combine([issue("genre.bass", "low"), issue("reference.bass", "medium")])
    first, second = both.issues
    assert first.id == "reference.bass" and isinstance(first.action, Eq)
    assert isinstance(second.action, NoAction) and "reference.bass" in second.action.text


def test_cut_before_boost() -> None:
    boost = issue(
        "genre.air",
        action=Eq("Boost Air by 1.0 dB.", "high_shelf", 6000.0, 1.0, 0.71),
        where=Where(band_hz=(6000.0, 20000.0)),
    )
    alone, both = combine([boost]), combine([boost, issue()])
    assert alone.issues == (boost,)
    assert [one.id for one in both.issues] == ["genre.bass", "genre.air"]
    assert both.issues[1].action.text.startswith("Cut first and measure again; if it still lies")


@pytest.mark.parametrize("cutoff_hz", [13000.0, 11025.0])
def test_what_was_taken_away_is_not_boosted(cutoff_hz: float) -> None:
    """Nothing above 13 kHz, or above 11.025 kHz for want of rate: air is never boosted."""
    spectrum = np.fft.rfft(piece(changed(high_mids=-16.0, air=-24.0)), axis=0)
    hertz = np.fft.rfftfreq(len(TIMES), 1.0 / RATE_HZ)
    spectrum[hertz > cutoff_hz] = 0.0
    found = inspect(np.fft.irfft(spectrum, len(TIMES), axis=0), RATE_HZ)
    (air,) = (one for one in issues_from_genre(found, get("pop")) if one.id == "genre.air")
    assert isinstance(air.action, NoAction) and air.action.text.startswith("Do not boost Air")


def test_where_a_band_stands_out_most() -> None:
    """A bass that is 10 dB too loud from 4 s to 8 s is found there."""
    spectrum = np.fft.rfft(shaped(6, changed(bass=10.0)))
    hertz = np.fft.rfftfreq(len(TIMES), 1.0 / RATE_HZ)
    bass = np.fft.irfft(np.where((hertz > 80.0) & (hertz < 200.0), spectrum, 0.0), len(TIMES))
    there = (TIMES >= 4.0) & (TIMES < 8.0)
    track = piece() + (0.05 * bass * beat() * there)[:, np.newaxis]
    analysis = analyze(track, RATE_HZ)
    assert worst_stretch(analysis, "Bass", "Mids", 1.0) == pytest.approx((4.0, 8.0), abs=0.11)
    start, stop = worst_stretch(analysis, "Bass", "Mids", -1.0) or (4.0, 8.0)
    assert stop <= 4.5 or start >= 7.5
    assert worst_stretch(analyze(track[: 4 * RATE_HZ], RATE_HZ), "Bass", "Mids", 1.0) is None


# -- groups ----------------------------------------------------------------------------------------


def test_groups_recombine_to_the_whole() -> None:
    """A report computes each group once and combines them anew for every choice."""
    found, genre = inspected("boomy"), get("pop")
    target = check(found.analysis, "apple-podcasts")
    groups = (
        issues_from_faults(found),
        issues_from_target(target, found),
        issues_from_genre(found, genre),
    )
    whole = feedback(found, genre="pop", target="apple-podcasts")
    for order in permutations(groups):
        assert combine(*order, genre="pop").issues == whole.issues
    ids = [one.id.partition(".")[0] for one in whole.issues]
    assert {"target", "genre"} <= set(ids)


@given(st.permutations(range(6)))
def test_the_order_of_issues_does_not_depend_on_how_they_came(order: list[int]) -> None:
    severities: dict[str, Severity] = {
        "genre.bass": "low",
        "fault.hum": "medium",
        "reference.bass": "info",
        "target.integrated": "high",
        "fault.clipping": "high",
        "genre.air": "medium",
    }
    issues = [issue(name, severity, where=Where()) for name, severity in severities.items()]
    found = combine([issues[place] for place in order])
    assert [one.id for one in found.issues] == [
        *("fault.clipping", "target.integrated", "fault.hum", "genre.air", "genre.bass"),
        "reference.bass",
    ]


def test_silence_is_not_judged() -> None:
    found = feedback(inspect(np.zeros((RATE_HZ, 1)), RATE_HZ), genre="pop", target="r128")
    assert found.verdict == "not_judged" and found.summary.startswith("Not judged")
    assert not found.issues and not found.strengths


@pytest.mark.parametrize(
    ("frames", "channels", "rate_hz"),
    [(1, 1, 48000), (4800, 2, 8000), (48000, 6, 44100), (30000, 1, 8000), (200000, 2, 192000)],
)
def test_audio_of_any_kind(frames: int, channels: int, rate_hz: int) -> None:
    """Short, of one channel or six, at a rate without air: judged as far as it goes."""
    samples = np.random.RandomState(7).standard_normal((frames, channels)) * 0.1
    layout = "5.1" if channels == 6 else None
    inspection = inspect(samples, rate_hz, layout=layout)
    found = feedback(inspection, genre="pop", target="r128")
    assert Feedback.from_dict(found.to_dict()) == found
    assert found.to_text()


def test_nothing_but_the_faults_is_judged_unless_asked() -> None:
    found = feedback(inspected("dull"))
    assert found.genre is None and found.issues == () and found.verdict == "ready"


def test_a_genre_without_data_falls_back_and_says_so() -> None:
    found = feedback(inspected("clean"), genre="vaporwave9")
    assert found.genre == "any_popular"
    assert any("no baseline for 'vaporwave9'" in limit for limit in found.limits)


def test_unknown_targets_are_refused() -> None:
    found = inspected("clean")
    with pytest.raises(InvalidArgument, match="target='nowhere'"):
        feedback(found, target="nowhere")
