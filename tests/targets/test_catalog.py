"""The targets by name, and the file that they come from."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import loudscope
from loudscope import Analysis, InvalidArgument, UnsupportedType
from loudscope.targets import Check, Rule, RuleResult, Target, check, find, get, names

from .made import made, sine, steady

GRADES = {"P", "M", "C", "S", "S/U", "U"}
ASKED_FOR = (
    *("r128", "r128-s1", "r128-s2", "r128-s3", "r128-s4", "a85", "tr-b32", "op-59", "netflix"),
    *("spotify", "spotify-loud", "spotify-quiet", "apple-music", "apple-podcasts", "youtube"),
    *("tidal", "amazon-music", "deezer", "td1008", "aes77", "replaygain2", "cd", "club"),
)


def test_the_targets_that_are_there() -> None:
    assert set(ASKED_FOR) <= set(names())
    assert len(set(names())) == len(names())


@pytest.mark.parametrize("name", names())
def test_every_entry_has_its_source_and_grade(name: str) -> None:
    """And a date, which is left out only where the source bears none."""
    target = get(name)
    assert target.title
    entries: tuple[Target | Rule, ...] = (target, *target.rules)
    for entry in entries:
        assert entry.source
        assert entry.grade in GRADES
        assert re.fullmatch(r"(\d{4}(-\d\d){0,2})?", entry.date)
    assert target.rules


def test_what_could_not_be_sourced_is_never_judged() -> None:
    for name in names():
        for rule in get(name).rules:
            assert rule.grade != "U" or rule.cannot


@pytest.mark.parametrize(
    ("given", "name"),
    [
        *(("R128", "r128"), ("R 128", "r128"), ("EBU R128", "r128"), ("r128_s1", "r128-s1")),
        *(("S4", "r128-s4"), ("Spotify", "spotify"), ("spotify normal", "spotify")),
        *(("A/85", "a85"), ("ATSC", "a85"), ("Apple", "apple-music"), ("AES77", "aes77")),
        *(("AES 77", "aes77"), ("OP59", "op-59"), ("ReplayGain", "replaygain2")),
    ],
)
def test_names_as_people_type_them(given: str, name: str) -> None:
    assert get(given).name == name
    assert find(given) is get(name)


def test_an_unknown_name_suggests_others() -> None:
    with pytest.raises(InvalidArgument, match=r"'spotfy'.*did you mean spotify"):
        get("spotfy")
    with pytest.raises(InvalidArgument, match=r"'zzz'.*there are r128, .*club"):
        get("zzz")


def test_a_target_is_taken_as_it_is() -> None:
    assert find(get("cd")) is get("cd")
    with pytest.raises(UnsupportedType, match="target: cannot use int"):
        find(7)  # type: ignore[arg-type]


# -- what `check` takes and gives ------------------------------------------------------------


class Holder:
    """Whatever holds an analysis, such as an inspection."""

    def __init__(self, analysis: Analysis) -> None:
        self.analysis = analysis


def test_an_analysis_a_holder_an_array_and_a_file_are_the_same(tmp_path: Path) -> None:
    import soundfile

    tone = 0.1 * np.sin(2 * np.pi * 997 * np.arange(96000) / 48000)
    path = tmp_path / "tone.wav"
    soundfile.write(path, tone, 48000, subtype="DOUBLE")
    expected = check(loudscope.analyze(tone, 48000), "r128")
    assert check(Holder(loudscope.analyze(tone, 48000)), "r128") == expected
    assert check(tone, "r128", rate_hz=48000) == expected
    assert check(path, "r128").rules == expected.rules
    assert check(path, "r128").name == "tone.wav"
    dual = check(path, "r128", dual_mono=True, layout="mono")
    assert dual.gain_db == pytest.approx(expected.gain_db - 3.0103, abs=1e-4)  # type: ignore[operator]


def test_to_dict_is_strict_json_and_complete() -> None:
    for analysis in (sine(-23.0), made([(1.0, -np.inf)], true_peak=None)):
        for name in names():
            found = check(analysis, name)
            text = json.dumps(found.to_dict(), allow_nan=False)
            assert set(json.loads(text)) == {"schema_version", *Check.__slots__}
            assert set(json.loads(text)["rules"][0]) == set(RuleResult.__slots__)
            assert json.loads(text)["target"]["name"] == name


def test_summary_says_what_was_found() -> None:
    text = check(made([(5.0, -20.0)], -3.0, name="song.wav"), "spotify").summary()
    assert text.splitlines()[:2] == [
        "song.wav: Spotify, normal: pass",
        "  pass       true peak -3.00 (at most -1 dBTP, margin +2.00) [P]",
    ]
    assert "the platform applies          +2.00 dB" in text
    assert "the rest needs limiting of    +4.00 dB" in text


def test_a_file_that_is_too_short_is_not_judged() -> None:
    found = check(steady(-23.0, -6.0, seconds=0.3), "r128")
    assert [rule.verdict for rule in found.rules] == ["not judged", "pass"]
    assert "0.300 s" in found.rules[0].reason
    assert found.verdict == "not judged"


def test_a_verdict_does_not_hide_what_is_wrong_with_the_audio() -> None:
    """Samples that were not finite, a file that is cut short, one channel."""
    analysis = steady(-23.0, -6.0)
    poor = replace(analysis, table=replace(analysis.table, zeroed=3, partial=True))
    notes = check(poor, "r128").notes
    for part in ("3 samples were not finite", "cut short", "one channel"):
        assert any(part in note for note in notes)
    assert not any("cut short" in note for note in check(analysis, "r128").notes)
