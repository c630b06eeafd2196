"""Every published limit, on both sides of it."""

from __future__ import annotations

import pytest

from loudscope.targets import Target, check, get, names

from .made import made, sine, steady, with_figure

NEAR = 0.001

# (target, figure, low, high): the limits as published, from the sources that the data file names.
PUBLISHED: tuple[tuple[str, str, float | None, float | None], ...] = (
    # EBU Tech 3343 v4
    ("r128", "integrated", -23.2, -22.8),
    ("r128", "true_peak", None, -1.0),
    ("r128-live", "integrated", -24.0, -22.0),
    ("r128-live", "true_peak", None, -1.0),
    ("r128-lossy", "integrated", -23.2, -22.8),
    ("r128-lossy", "true_peak", None, -2.0),
    ("r128-s1", "integrated", -23.2, -22.8),  # 9.1
    ("r128-s1", "short_term_max", None, -18.0),
    ("r128-s1", "true_peak", None, -1.0),
    ("r128-s2", "integrated", -23.2, -22.8),  # 9.2
    ("r128-s2", "integrated", -20.0, -16.0),
    ("r128-s2", "true_peak", None, -1.0),
    ("r128-s3", "integrated", -23.2, -22.8),  # 9.3
    ("r128-s3", "true_peak", None, -1.0),
    ("r128-s4", "integrated", -23.2, -22.8),  # 9.4; outside is not judged
    ("r128-s4", "true_peak", None, -1.0),
    # ATSC A/85:2013
    ("a85", "integrated", -26.0, -22.0),
    ("a85", "true_peak", None, -2.0),
    # Netflix sound mix specifications v1.4
    ("netflix", "true_peak", None, -2.0),
    ("netflix", "loudness_range", 4.0, 18.0),
    ("netflix-little-dialogue", "integrated", -26.0, -22.0),
    ("netflix-little-dialogue", "true_peak", None, -2.0),
    ("netflix-little-dialogue", "loudness_range", 4.0, 18.0),
    # Netflix partner help 360050414014
    ("netflix-qc", "integrated", -27.0, -21.0),  # outside is not judged
    ("netflix-qc", "true_peak", None, -1.0),
    # platforms
    ("spotify", "true_peak", None, -1.0),
    ("spotify", "true_peak", None, -2.0),  # above -14 LUFS
    ("spotify-loud", "true_peak", None, -1.0),
    ("spotify-loud", "true_peak", None, -2.0),
    ("spotify-quiet", "true_peak", None, -1.0),
    ("spotify-quiet", "true_peak", None, -2.0),
    ("apple-music", "true_peak", None, -1.0),
    ("apple-podcasts", "integrated", -17.0, -15.0),
    ("apple-podcasts", "true_peak", None, -1.0),
    # AES TD1008, TD1004, AES77
    ("td1008", "true_peak", None, -1.0),
    ("td1008-album", "true_peak", None, -1.0),
    ("td1008-speech", "true_peak", None, -1.0),
    ("td1008-assorted", "integrated", -20.0, -16.0),
    ("td1008-assorted", "true_peak", None, -1.0),
    ("aes77", "true_peak", None, -1.0),
    ("aes77-album", "true_peak", None, -1.0),
    ("aes77-speech", "true_peak", None, -1.0),
    ("aes77-assorted", "integrated", -20.0, -16.0),
    ("aes77-assorted", "true_peak", None, -1.0),
    ("td1004", "integrated", -20.0, -16.0),
)

# What cannot be judged, and a word of the reason.
UNJUDGED = (
    ("r128-s4", "loudness_to_dialogue_ratio", "dialogue gate"),
    ("tr-b32", "integrated", "could not be sourced"),
    ("tr-b32", "true_peak", "could not be sourced"),
    ("op-59", "integrated", "could not be sourced"),
    ("op-59", "true_peak", "could not be sourced"),
    ("netflix", "dialogue_loudness", "speech gate"),
    ("netflix", "dialogue_range", "dialogue gate"),
    ("youtube", "integrated", "no loudness is required"),
    ("tidal", "integrated", "no loudness is required"),
    ("amazon-music", "true_peak", "no official page"),
    ("deezer", "integrated", "no loudness is required"),
    ("soundcloud", "integrated", "contradict"),
    ("td1008-speech", "dialogue_loudness", "dialogue gate"),
    ("aes77-speech", "dialogue_loudness", "dialogue gate"),
    ("replaygain2", "integrated", "no loudness is required"),
    ("cd", "integrated", "no target"),
    ("club", "integrated", "no target"),
)

# Outside these limits another way to pass remains, which needs a dialogue gate.
OTHERWISE = {("r128-s4", "integrated"), ("netflix-qc", "integrated")}

LIMITS = [
    (name, figure, limit, inside)
    for name, figure, low, high in PUBLISHED
    for limit, inside in ((low, 1), (high, -1))
    if limit is not None
]


def ranges(target: Target) -> list[tuple[str, str, float | None, float | None]]:
    return [
        (target.name, rule.figure, low, high)
        for rule in target.rules
        if rule.cannot is None
        for low, high in rule.ranges
    ]


def test_these_are_all_rules_of_the_file() -> None:
    """None is missing here, and none has another limit there."""
    targets = [get(name) for name in names()]
    assert tuple(one for target in targets for one in ranges(target)) == PUBLISHED
    assert [
        (target.name, rule.figure)
        for target in targets
        for rule in target.rules
        if rule.cannot is not None
    ] == [(name, figure) for name, figure, _ in UNJUDGED]


@pytest.mark.parametrize(("name", "figure", "limit", "inside"), LIMITS)
def test_the_limit_passes_and_what_lies_beyond_does_not(
    name: str, figure: str, limit: float, inside: int
) -> None:
    """A hundredth of a decibel decides; the margin says by how much."""
    for offset in (NEAR, -NEAR):
        result = check(with_figure(figure, limit + inside * offset), name)
        found = [
            rule
            for rule in result.rules
            if rule.figure == figure and limit in rule.required and rule.margin is not None
        ]
        assert len(found) == 1
        rule = found[0]
        assert rule.measured == pytest.approx(limit + inside * offset, abs=1e-5)
        assert rule.margin == pytest.approx(offset, abs=1e-5)
        beyond = "not judged" if (name, figure) in OTHERWISE else "fail"
        assert rule.verdict == ("pass" if offset > 0 else beyond)
        assert ("dialogue" in rule.reason) == (rule.verdict == "not judged")
        if rule.verdict == "fail" and rule.binding:
            assert result.verdict == "fail"


@pytest.mark.parametrize("name", [name for name in names() if any(
    rule.figure == "integrated" and rule.ranges and not rule.cannot for rule in get(name).rules
)])  # fmt: skip
def test_loudness_exactly_at_the_limit_passes(name: str) -> None:
    """-23 + 0.2 and the measured -22.8 differ as floats, and not as loudness."""
    for rule in get(name).rules:
        for limit in [limit for bounds in rule.ranges for limit in bounds]:
            if rule.figure == "integrated" and limit is not None:
                verdicts = [one.verdict for one in check(steady(limit, seconds=30), name).rules]
                assert verdicts[get(name).rules.index(rule)] == "pass"


@pytest.mark.parametrize(("name", "figure", "word"), UNJUDGED)
def test_what_cannot_be_judged_says_why(name: str, figure: str, word: str) -> None:
    """Neither a good nor a bad signal gets a verdict for it, and the whole does not pass."""
    for analysis in (steady(-24.0, -9.0), steady(-5.0, 2.0)):
        result = check(analysis, name)
        found = [rule for rule in result.rules if rule.figure == figure]
        assert [rule.verdict for rule in found] == ["not judged"]
        assert word in found[0].reason
        assert result.verdict != "pass"


@pytest.mark.parametrize(
    ("seconds", "verdict"), [(59.9, "pass"), (60.0, "not judged"), (70.0, "not judged")]
)
def test_s1_is_for_less_than_60_seconds(seconds: float, verdict: str) -> None:
    """Tech 3343 9.1: short-form content; what is longer is measured by R 128 itself."""
    result = check(steady(-23.0, seconds=seconds), "r128-s1")
    assert result.verdict == verdict
    if verdict == "not judged":
        assert {rule.verdict for rule in result.rules} == {"not judged"}
        assert "below 60 s" in result.rules[0].reason


@pytest.mark.parametrize(
    ("lufs", "peak", "verdict"),
    [
        (-14.001, -1.5, "pass"),  # not louder than -14: -1 dBTP will do
        (-14.0, -1.5, "pass"),
        (-14.0 + 1e-10, -1.5, "pass"),  # that is rounding, not loudness
        (-13.999, -1.5, "fail"),  # louder: -2 dBTP
        (-13.999, -2.001, "pass"),
        (-14.001, -0.999, "fail"),
    ],
)
def test_spotify_wants_2_db_of_masters_louder_than_14_lufs(
    lufs: float, peak: float, verdict: str
) -> None:
    assert check(steady(lufs, peak), "spotify").verdict == verdict


def test_a_rule_that_does_not_apply_does_not_decide() -> None:
    result = check(steady(-20.0, -1.5), "spotify")
    assert result.verdict == "pass"
    assert [rule.binding for rule in result.rules] == [True, False]
    assert "applies only to audio with integrated above -14 LUFS" in result.rules[1].reason


@pytest.mark.parametrize(
    ("lufs", "verdict", "required"),
    [
        (-23.0, "pass", (-23.2, -22.8)),
        (-22.0, "fail", (-23.2, -22.8)),
        (-21.0, "fail", (-20.0, -16.0)),
        (-18.0, "pass", (-20.0, -16.0)),
        (-15.0, "fail", (-20.0, -16.0)),
    ],
)
def test_s2_permits_two_ranges(lufs: float, verdict: str, required: tuple[float, float]) -> None:
    """Tech 3343 9.2: -23 as it is, or -20 to -16; the nearest is shown."""
    rule = check(steady(lufs), "r128-s2").rules[0]
    assert (rule.verdict, rule.required) == (verdict, required)
    assert (rule.reason == "permitted are -23.2 to -22.8 and -20 to -16") == (verdict == "fail")


def test_advice_does_not_decide() -> None:
    """Netflix gives loudness range as advice: too wide a range alone fails nothing."""
    wide = made([(40.0, -45.0), (30.0, -24.0)], true_peak=-6.0)
    result = check(wide, "netflix-little-dialogue")
    assert wide.loudness_range is not None
    assert wide.loudness_range > 18
    assert [rule.verdict for rule in result.rules if not rule.binding] == ["fail"]


@pytest.mark.parametrize(
    ("lufs", "verdict"),
    [(-23.21, "fail"), (-23.19, "pass"), (-22.81, "pass"), (-22.79, "fail")],
)
def test_measured_audio_on_both_sides(lufs: float, verdict: str) -> None:
    """A real sine through the engine, against EBU R 128."""
    assert check(sine(lufs), "r128").verdict == verdict
