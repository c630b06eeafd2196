"""Targets of your own: the TOML format, and what it says of a file that does not fit."""

from __future__ import annotations

from pathlib import Path

import pytest

from loudscope import FileError, InvalidArgument, LoudscopeError
from loudscope.targets import check, find, load

from .made import steady

CLUB = """
schema = 1

[[target]]
name = "club"
title = "Our club"
source = "the house engineer"
date = 2026-03-01
reference_lufs = -9.0
notes = ["ask for the limiter's settings"]

[[target.rule]]
figure = "integrated"
low = -10.5
high = -8.0

[[target.rule]]
figure = "true_peak"
high = -0.3

[[target.rule]]
figure = "correlation"
low = 0.2
advice = true
"""


@pytest.fixture
def club(tmp_path: Path) -> Path:
    path = tmp_path / "club.toml"
    path.write_text(CLUB)
    return path


@pytest.mark.parametrize(("lufs", "verdict"), [(-10.51, "fail"), (-9.0, "pass"), (-7.99, "fail")])
def test_a_file_of_ones_own(club: Path, lufs: float, verdict: str) -> None:
    assert check(steady(lufs, -1.0), club).verdict == verdict
    assert check(steady(lufs, -1.0), str(club)).verdict == verdict


def test_what_the_file_says(club: Path) -> None:
    (target,) = load(club)
    assert (target.name, target.title, target.date) == ("club", "Our club", "2026-03-01")
    assert (target.grade, target.ceiling_dbtp, target.playback) == ("own", -0.3, None)
    assert [rule.unit for rule in target.rules] == ["LUFS", "dBTP", ""]
    assert [rule.binding for rule in target.rules] == [True, True, False]
    assert {rule.source for rule in target.rules} == {"the house engineer"}


def test_like_builds_on_another_target(tmp_path: Path) -> None:
    """What is given wins; rules are replaced as a whole."""
    path = tmp_path / "mine.toml"
    path.write_text(
        '[[target]]\nname = "quieter"\nlike = "spotify"\nreference_lufs = -16.0\n'
        '[[target]]\nname = "stricter"\nlike = "quieter"\n'
        'rule = [{ figure = "true_peak", high = -3.0 }]\n'
    )
    quieter, stricter = load(path)
    assert quieter.rules == find("spotify").rules
    assert quieter.playback == find("spotify").playback
    assert (quieter.title, quieter.aliases) == ("quieter", ())
    assert (stricter.reference_lufs, stricter.ceiling_dbtp) == (-16.0, -3.0)
    assert find(f"{path}#Stricter") == stricter
    with pytest.raises(InvalidArgument, match=r"name one, as in .*#NAME: quieter, stricter"):
        find(path)
    with pytest.raises(InvalidArgument, match=r"#NAME: quieter, stricter"):
        find(f"{path}#other")


def test_all_keys(tmp_path: Path) -> None:
    path = tmp_path / "all.toml"
    path.write_text("""
[[target]]
name = "all"
aliases = ["everything"]
grade = "S"
ceiling_dbtp = -2
when = { figure = "duration", above = 1, below = 3600 }
playback = { reference_lufs = -12, up = "limiter", limiter_dbfs = -0.5, album = "loudest" }
rule = [
  { figure = "integrated", ranges = [[-20, -16], [-12, -11.5]], outside = "ask" },
  { figure = "psr_min", low = 8, when = { figure = "integrated", above = -14 } },
  { figure = "plr", value = 10, tolerance = 2, source = "a friend", date = 2020, grade = "U" },
  { figure = "speech", unit = "LUFS", high = -18, cannot = "not here" },
]
""")
    (target,) = load(path)
    integrated, psr, plr, speech = target.rules
    assert target.when is not None
    assert (target.when.figure, target.when.above, target.when.below) == ("duration", 1.0, 3600.0)
    assert target.playback is not None
    assert (target.playback.up, target.playback.album) == ("limiter", "loudest")
    assert (target.playback.limiter_dbfs, target.ceiling_dbtp) == (-0.5, -2.0)
    assert (integrated.ranges, integrated.outside) == (((-20, -16), (-12, -11.5)), "ask")
    assert psr.when is not None
    assert (psr.when.figure, psr.when.above, psr.ranges) == ("integrated", -14.0, ((8.0, None),))
    assert (plr.ranges, plr.source, plr.date, plr.grade) == (((8, 12),), "a friend", "2020", "U")
    assert (speech.unit, speech.cannot) == ("LUFS", "not here")


RULE = '[[target]]\nname = "x"\n[[target.rule]]\nfigure = "true_peak"\n'

FAULTS = [
    ("", r"no target; begin one with \[\[target\]\]"),
    ("schema = 2\n" + RULE, r"schema = 2: this version reads schema 1"),
    ("targets = 3\n" + RULE, r"targets = 3: this key is not known; did you mean target\?"),
    ("target = 3", r"target = 3: give each as a table"),
    ("[[target]]\ntitle = 'x'", r"target 1: name is missing; add name"),
    ("[[target]]\nname = 7", r"name = 7: give text in quotes"),
    (RULE, r"target 'x', rule 1 \(true_peak\): there is no limit; give low, high"),
    (RULE + "high = 'loud'", r"rule 1 \(true_peak\): high = 'loud': give a number"),
    (RULE + "high = true", r"high = True: give a number"),
    (RULE + "high = nan", r"high = nan: give a number"),
    (RULE + "hihg = -1", r"hihg = -1: this key is not known; did you mean high\?"),
    (RULE + "high = -1\nqqq = 1", r"qqq = 1: this key is not known; known are figure"),
    (RULE + "low = 0\nhigh = -1", r"low = 0\.0: it lies above high = -1; swap them"),
    (RULE + "ranges = [[1, 0]]", r"ranges = \[1\.0, 0\.0\]: give the lower limit first"),
    (RULE + "ranges = [1, 0]", r"ranges = \[1, 0\]: give pairs of low and high"),
    (RULE + "ranges = []", r"ranges = \[\]: give pairs"),
    (RULE + "value = -1", r"value needs tolerance beside it"),
    (RULE + "tolerance = 1", r"tolerance needs value beside it"),
    (RULE + "value = 1\ntolerance = -1", r"tolerance = -1\.0: give 0 or more"),
    (RULE + "high = 1\nranges = [[0, 1]]", r"give one of low and high, ranges, or value"),
    (RULE + "high = 1\nadvice = 'yes'", r"advice = 'yes': give true or false"),
    (RULE + "high = 1\ngrade = 'A'", r"grade = 'A': choose one of C, M, P, S, S/U, U, own"),
    (RULE + "high = 1\ndate = 'May'", r"date = 'May': give a year, a month or a day"),
    (RULE + "high = 1\nwhen = 3", r"when = 3: give a table"),
    (RULE + "high = 1\nwhen = {figure = 'x', above = 1}", r"figure = 'x': it cannot be measured"),
    (RULE + "high = 1\nwhen = {figure = 'plr'}", r"give above, below or both"),
    (RULE.replace("true_peak", "tru_peak") + "high = 1", r"figure = 'tru_peak': it cannot be meas"),
    (RULE + "high = 1\n[[target]]\nname = 'x'", r"two targets have name = 'x'; rename one"),
    ("[[target]]\nname = 'x'\nlike = 'y'", r"like = 'y': no target above has this name; there are"),
    ("[[target]]\nname = 'x'\naliases = 'y'", r"aliases = 'y': give a list of texts"),
    ("[[target]]\nname = 'x'\nplayback = {}", r"reference_lufs is missing; give it in LUFS"),
    (
        "[[target]]\nname = 'x'\nplayback = {reference_lufs = -9, up = 'yes'}",
        r"playback: up = 'yes': choose one of free, headroom, limiter, none",
    ),
]


@pytest.mark.parametrize(("text", "message"), FAULTS)
def test_faults_name_file_key_value_and_remedy(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "faulty.toml"
    path.write_text(text)
    with pytest.raises(InvalidArgument, match=message) as caught:
        load(path)
    assert str(caught.value).startswith(str(path))


@pytest.mark.parametrize("content", [b"[[target", b"\xff\xfe"])
def test_what_is_not_toml(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "broken.toml"
    path.write_bytes(content)
    with pytest.raises(FileError, match=r"broken\.toml: this is not TOML"):
        load(path)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    for call in (load, find):
        with pytest.raises(FileError, match=r"none\.toml: cannot be read: No such file") as caught:
            call(tmp_path / "none.toml")
        assert caught.value.path == str(tmp_path / "none.toml")
        assert isinstance(caught.value, LoudscopeError)
