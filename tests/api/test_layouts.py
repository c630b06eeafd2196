"""Layouts: positions decide weights (BS.1770-5 Annex 3, Table 4)."""

from __future__ import annotations

import json
import math
import pickle
from importlib.resources import files

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import loudscope
from loudscope import Channel, InvalidArgument, Layout, LayoutError

DATA = json.loads((files("loudscope") / "data" / "compliance.json").read_text("utf-8"))
# Channel weights of the ITU-T's conformance script: L for LFE, 1 for 1.41, 0 for 1.0.
ITU_T = {
    "5.1": "000L11",
    "7.1": "000L1100",
    "5.1.2": "000L1100",
    "5.1.4": "000L110000",
    "7.1.4": "000L11000000",
    "22.2": "110L00000L11000000000000",
}
FRONT = {"mono", "2.1", "3.0", "3.1", "stereo"}


@pytest.mark.parametrize("name", DATA["layouts"])
def test_angles_and_weights_of_bs2051(name: str) -> None:
    """Every channel of every layout of the data sheet: weight, and what side of the head."""
    layout = Layout.named(name)
    for channel, (_, azimuth, elevation, weight) in zip(
        layout.channels, DATA["layouts"][name]["channels"], strict=True
    ):
        assert channel.weight == weight
        assert channel.lfe == (azimuth is None)
        if azimuth is not None:
            assert np.sign(channel.azimuth) == np.sign(azimuth)
            assert (channel.elevation >= 30.0) == (elevation >= 30.0)


@pytest.mark.parametrize("name", ITU_T)
def test_weights_of_the_itu_t_script(name: str) -> None:
    """Channel by channel."""
    marks = {0.0: "L", 1.0: "0", 1.41: "1"}
    assert "".join(marks[weight] for weight in Layout.named(name).weights) == ITU_T[name]


@pytest.mark.parametrize("name", loudscope.layout_names())
def test_named_layouts_are_whole(name: str) -> None:
    """Labels are unique, sides mirror each other, and the name finds itself again."""
    layout = Layout.named(name)
    assert str(layout) == layout.name == name
    assert len(set(layout.labels)) == layout.count == len(layout.weights)
    heard = [channel for channel in layout.channels if not channel.lfe]
    places = {(channel.azimuth, channel.elevation) for channel in heard}
    assert {(-azimuth if abs(azimuth) < 180 else azimuth, up) for azimuth, up in places} == places
    assert set(layout.weights) <= ({0.0, 1.0} if name in FRONT else {0.0, 1.0, 1.41})
    assert Layout.from_labels(layout.labels) == layout
    assert Layout.named(name.upper()) == layout
    assert pickle.loads(pickle.dumps(layout)) == layout
    assert hash(layout) == hash(Layout.named(name))


@given(
    azimuth=st.one_of(st.floats(-180.0, 180.0), st.sampled_from([60.0, -60.0, 120.0, -120.0])),
    elevation=st.one_of(st.floats(-90.0, 90.0), st.sampled_from([30.0, -30.0, 0.0])),
)
def test_weight_by_position(azimuth: float, elevation: float) -> None:
    """Table 4: 1.41 iff |elevation| < 30 and 60 <= |azimuth| <= 120, both ends included."""
    layout = Layout.from_positions([(azimuth, elevation)])
    beside = abs(elevation) < 30.0 and 60.0 <= abs(azimuth) <= 120.0
    assert layout.weights == (1.41 if beside else 1.0,)


@pytest.mark.parametrize("sign", [-1.0, 1.0])
def test_the_ends_of_the_sector(sign: float) -> None:
    """60 and 120 degrees count, a hair beyond not; 30 degrees up not, a hair below does."""
    for azimuth, weight in (
        (60.0, 1.41),
        (np.nextafter(60.0, 0.0), 1.0),
        (120.0, 1.41),
        (np.nextafter(120.0, 180.0), 1.0),
    ):
        assert Channel("x", sign * azimuth).weight == weight
    assert Channel("x", 90.0, sign * 30.0).weight == 1.0
    assert Channel("x", 90.0, sign * np.nextafter(30.0, 0.0)).weight == 1.41
    assert Channel("x", 90.0, lfe=True).weight == 0.0


@pytest.mark.parametrize(
    ("mask", "name"),
    [(0x4, "mono"), (0x3, "stereo"), (0xB, "2.1"), (0x33, "quad"), (0x107, "4.0"), (0x37, "5.0"),
     (0x607, "5.0"), (0x3F, "5.1"), (0x60F, "5.1"), (0x63F, "7.1-wave"), (0x2D63F, "7.1.4-wave")],
)  # fmt: skip
def test_wave_masks(mask: int, name: str) -> None:
    """BACK is +-110 where there is no SIDE, and +-135 where there is: 7.1's backs weigh 1.0."""
    found = Layout.from_wave_mask(mask, mask.bit_count())
    assert found == Layout.named(name)


@pytest.mark.parametrize(("mask", "count"), [(0, 2), (0x3, 1), (0x3, 3), (1 << 18, 1), (-1, 32)])
def test_wave_masks_that_say_nothing(mask: int, count: int) -> None:
    """An empty mask, an unknown bit or another count is no layout."""
    assert Layout.from_wave_mask(mask, count) is None


@given(mask=st.integers(1, 2**18 - 1))
def test_any_wave_mask(mask: int) -> None:
    """Every bit is a channel, and no two are the same."""
    layout = Layout.from_wave_mask(mask, mask.bit_count())
    assert layout is not None
    assert layout.count == mask.bit_count() == len(set(layout.labels))
    assert sum(layout.weights) <= 1.41 * layout.count


@pytest.mark.parametrize(
    ("labels", "pair"),
    [(["L", "R"], (0, 1)), (["R", "C", "L"], (2, 0)), (["M"], None), (["C", "LFE"], None),
     (["Ls", "Rs"], None), (["L", "Rs"], None), (["Lsc", "Rsc", "L", "R"], (2, 3)),
     (["FLc", "FRc", "FL", "FR"], (2, 3)), (["Ltf", "Rtf"], None)],
)  # fmt: skip
def test_front_pair(labels: list[str], pair: tuple[int, int] | None) -> None:
    """Left and right in front, level with the head, closest to 30 degrees."""
    assert Layout.from_labels(labels).front_pair == pair


def test_layouts_may_be_given_in_four_ways() -> None:
    """A name, a Layout, labels, or positions measure alike where they mean the same."""
    samples = np.random.default_rng(4).uniform(-0.5, 0.5, (48_000, 5))
    positions = [(channel.azimuth, channel.elevation) for channel in Layout.named("5.0").channels]
    expected = loudscope.lufs(samples, 48000, layout="5.0")
    labels = ["L", "R", "C", "Ls", "Rs"]
    for layout in (Layout.named("5.0"), labels, tuple(labels), positions):
        assert loudscope.lufs(samples, 48000, layout=layout) == expected


def test_surround_weighs_one_and_a_half_decibel_more() -> None:
    """The same noise at 110 degrees reads 10 log10(1.41) above the same in front."""
    samples = np.random.default_rng(4).uniform(-0.5, 0.5, 48_000)
    front, beside, back = (
        loudscope.lufs(samples, 48000, layout=[(azimuth, 0.0)]) for azimuth in (30.0, 110.0, 135.0)
    )
    assert front == back
    assert beside == pytest.approx((front or 0.0) + 10 * math.log10(1.41), abs=1e-9)


def test_layouts_of_nothing() -> None:
    """A layout has channels."""
    with pytest.raises(LayoutError, match="there are no positions"):
        Layout.from_positions([])
    with pytest.raises(InvalidArgument, match="azimuth inf"):
        Channel("x", math.inf)
