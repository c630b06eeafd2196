"""Baselines of one's own, from rows of figures."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loudscope import InvalidArgument
from loudscope.genres import Baseline, Reference, get

from .made import reference, references


def own(rows: list[Reference], name: str = "mine") -> Baseline:
    return Baseline.from_references(rows, name=name)


@settings(max_examples=50)
@given(rows=references(), data=st.data())
def test_the_order_of_the_references_does_not_matter(
    rows: list[Reference], data: st.DataObject
) -> None:
    assert own(data.draw(st.permutations(rows))) == own(rows)


@settings(max_examples=50)
@given(a=references(most=5), b=references(most=5), c=references(most=5))
def test_merging_is_associative_commutative_and_exact(
    a: list[Reference], b: list[Reference], c: list[Reference]
) -> None:
    left, right = own(a).merge(own(b)).merge(own(c)), own(a).merge(own(b).merge(own(c)))
    assert left == right == own([*c, *a, *b])
    assert own(b).merge(own(a)) == own(a).merge(own(b))


@settings(max_examples=50)
@given(rows=references())
def test_merging_with_itself_changes_nothing(rows: list[Reference]) -> None:
    assert own(rows).merge(own(rows)) == own(rows)


@settings(max_examples=50)
@given(rows=references(least=2))
def test_the_same_audio_counts_once_under_its_first_name(rows: list[Reference]) -> None:
    renamed = [replace(row, name="zz") for row in rows]
    assert own([*renamed, *rows]) == own(rows)
    assert own(rows).n == len({row.sha256 for row in rows})


@settings(max_examples=50)
@given(rows=references(least=5))
def test_mirroring_the_levels_mirrors_the_ranges(rows: list[Reference]) -> None:
    mirrored = [
        replace(row, bands=tuple(None if it is None else -it for it in row.bands)) for row in rows
    ]
    for here, there in zip(own(rows).bands[1:], own(mirrored).bands[1:], strict=True):
        assert there.n == here.n
        if here.mean is not None and there.mean is not None:
            assert there.mean == pytest.approx(-here.mean, abs=1e-9)
        if here.low is not None and there.high is not None:
            assert there.high == pytest.approx(-here.low, abs=1e-9)


def test_the_deviation_is_steadied_by_that_of_popular_music() -> None:
    rows = [reference(str(k), [-5.0, 2.0, -1.0, 0.0, -7.0 + k, -15.0]) for k in range(5)]
    found, known = own(rows), get("any_popular")
    for band, prior in zip(found.bands, known.bands, strict=True):
        square = 10.0 if band.name == "High-mids" else 0.0  # of 0, 1, 2, 3, 4 about their mean
        assert prior.sd is not None
        assert band.sd == pytest.approx(math.sqrt((8 * prior.sd**2 + square) / 12))


def test_dual_mono_is_noted_and_left_out_of_the_stereo_figures() -> None:
    """`Reference.of` gives it no stereo figures; the median is that of the others."""
    wide = [
        reference(str(k), [0.0] * 6, correlation=[0.1 * k] * 6, side_share=[0.2] * 6)
        for k in range(5)
    ]
    nothing = [None] * 6
    mono = reference("m", [1.0] * 6, correlation=nothing, side_share=nothing, dual_mono=True)
    found = own([*wide, mono])
    assert found["Bass"].correlation == pytest.approx(0.2)
    assert any(limit.startswith("1 of 6 references: dual mono") for limit in found.limits)


def test_a_codecs_cut_off_is_noted_and_its_third_octaves_left_out() -> None:
    rows = [reference(str(k), [float(k)] * 6) for k in range(5)]
    cut = reference("x", [0.0] * 6, thirds=[-10.0] * 29 + [None] * 2, codec_cutoff_hz=15500.0)
    found = own([*rows, cut])
    assert [third.n for third in found.thirds] == [6] * 29 + [5] * 2
    assert any("1 of 6 references: cut off by a lossy codec" in limit for limit in found.limits)


def test_an_outlier_is_listed_kept_and_can_be_taken_out() -> None:
    """Beyond 3 sd of the others in two bands; one band alone does not make one."""
    rows = [reference(str(k), [-5.0 + k, 2.0 - k, -1.0, 0.0, -7.0, -15.0]) for k in range(9)]
    one_band = reference("bright", [-1.0, -2.0, -1.0, 0.0, 40.0, -15.0])
    far = reference("noise", [-1.0, -2.0, -1.0, 0.0, 40.0, 60.0])
    found = own([*rows, one_band, far])
    assert [it.name for it in found.outliers] == ["noise"]
    assert found.outliers[0].z[3] is None
    assert [abs(z) > 3.0 for z in found.outliers[0].z if z is not None] == [False] * 3 + [True] * 2
    assert found.n == 11 and "1 of 11 references: beyond 3 sd" in " ".join(found.limits)
    assert found.without(found.outliers[0].sha256) == own([*rows, one_band])


@settings(max_examples=50)
@given(levels=st.lists(st.floats(-40.0, 40.0), min_size=6, max_size=10), data=st.data())
def test_an_outliers_z_is_that_of_a_new_track_beside_the_others(
    levels: list[float], data: st.DataObject
) -> None:
    """The same formula as the range's, with the others' n, mean and sd."""
    place = data.draw(st.integers(0, len(levels) - 1))
    far = [900.0, 900.0, 0.0, 0.0, 0.0, 0.0]
    bands = [
        [level, level / 2, 0.0, 0.0, 0.0, 0.0] if k != place else far
        for k, level in enumerate(levels)
    ]
    rows = [reference(str(k), row) for k, row in enumerate(bands)]
    others = own([row for k, row in enumerate(rows) if k != place])
    found = {it.name: it.z for it in own(rows).outliers}
    for band in (0, 1):
        mean, sd = others.bands[band].mean, others.bands[band].sd
        assert mean is not None and sd is not None
        z = (900.0 - mean) / (sd * math.sqrt(1.0 + 1.0 / others.n))
        assert found[str(place)][band] == pytest.approx(z, rel=1e-6)


def test_few_references_have_no_outliers() -> None:
    rows = [reference(str(k), [0.0] * 6) for k in range(4)]
    assert own([*rows, reference("far", [90.0] * 6)]).outliers == ()


@pytest.mark.parametrize(("n", "word"), [(1, "none"), (4, "none"), (5, "low"), (10, "medium")])
def test_confidence_follows_the_number_of_references(n: int, word: str) -> None:
    found = own([reference(str(k), [0.0] * 6) for k in range(n)])
    assert found.confidence.startswith(word)
    assert (found["Bass"].high is None) == (n < 5)


def test_what_cannot_be_is_refused() -> None:
    found = own([reference("a", [0.0] * 6)])
    with pytest.raises(InvalidArgument, match="none"):
        own([])
    with pytest.raises(InvalidArgument, match="not among"):
        found.without("0" * 64)
    with pytest.raises(InvalidArgument, match="none"):
        found.without(found.references[0].sha256)
    other = replace(found, bands=(replace(found.bands[0], low_hz=17.78), *found.bands[1:]))
    with pytest.raises(InvalidArgument, match="edges"):
        found.merge(other)
