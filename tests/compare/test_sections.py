"""Sections: how the mix is cut, and what each stands beside."""

from __future__ import annotations

import itertools

import pytest

from loudscope import lufs
from loudscope.compare import compare

from .made import RATE_HZ, gained, heard, music, shelf


def test_sections_are_of_equal_length_and_cover_the_mix() -> None:
    mix = heard(music(47.35, rate_hz=16000), 16000)
    found = compare(mix, mix)
    edges = [(section.start, section.stop) for section in found.sections]
    assert len(edges) == 4  # none under 10 s
    assert edges[0][0] == 0.0 and edges[-1][1] == mix.analysis.duration
    for (_, stop), (start, _) in itertools.pairwise(edges):
        assert start == stop and start * 10 == round(start * 10)
    assert [stop - start for start, stop in edges] == pytest.approx([47.35 / 4] * 4, abs=0.11)
    assert found.cut == "The mix is cut into 4 stretches of equal length"
    assert [it.start for it in compare(mix, mix, sections=2).sections] == [0.0, 23.7]


def test_what_was_changed_in_one_section_shows_there() -> None:
    """Same arrangement: the second half is 4 dB louder and duller, the first half as it was."""
    plain = music(40.0, rate_hz=RATE_HZ)
    changed, half = plain.copy(), len(plain) // 2
    changed[half:] = gained(shelf(plain[half:], 6000.0, -6.0), 4.0)
    found = compare(heard(changed), heard(plain), sections=2)
    first, second = found.sections
    assert first.loudness.difference is not None and second.loudness.difference is not None
    apart = second.loudness.difference - first.loudness.difference
    duller, bright = (lufs(it, RATE_HZ) for it in (shelf(plain[half:], 6000.0, -6.0), plain[half:]))
    assert duller is not None and bright is not None
    assert apart == pytest.approx(4.0 + duller - bright, abs=0.05)
    air, mids = second.bands[5].difference, second.bands[3].difference
    assert air is not None and mids is not None
    assert air - mids == pytest.approx(-5.2, abs=0.1)  # some of it leaks in from below 6 kHz
    before = first.bands[5].difference, first.bands[3].difference
    assert before[0] == pytest.approx(before[1], abs=0.02)
    assert not any("differ in length" in limit for limit in found.limits)


def test_a_section_stands_beside_the_whole_of_a_reference_of_another_length() -> None:
    mix, other = heard(music(30.0)), heard(music(22.0, seed=9))
    found = compare(mix, other)
    assert any(limit.startswith("1 of 1 references differ in length") for limit in found.limits)
    assert {section.loudness.reference for section in found.sections} == {
        mix.analysis.integrated
    }  # the whole of it, brought to the loudness of the mix
    for place, band in enumerate(found.bands):
        assert {section.bands[place].reference for section in found.sections} == {band.reference}


def test_a_short_mix_is_not_cut() -> None:
    short = heard(music(15.0))
    found = compare(short, short)
    assert found.sections == () and "too short to be cut: 15.0 s" in found.cut
