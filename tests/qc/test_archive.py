"""Inspections as bytes: they come back to the last bit, and damage is refused."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import struct
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from loudscope import TableError
from loudscope.genres import get
from loudscope.qc import Inspection, inspect
from loudscope.qc import _archive as archive
from loudscope.report import Report
from loudscope.targets import find

from ..strategies import Audio, audio, examples
from .sounds import RATE, encoded, mp3, music

TRACK = Path(__file__).resolve().parents[2] / "examples" / "audio" / "night_drive.flac"


@pytest.fixture(scope="module")
def small() -> bytes:
    """An inspection of a second at 8 kHz."""
    return inspect(music(1.0, 8000), 8000).to_bytes()


def same(one: Any, other: Any) -> bool:
    """The same type and, down to the bits of every number, the same value."""
    if type(one) is not type(other):
        return False
    if dataclasses.is_dataclass(one):
        names = [field.name for field in dataclasses.fields(one)]
        return all(same(getattr(one, name), getattr(other, name)) for name in names)
    if isinstance(one, tuple):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, np.ndarray):
        return one.dtype == other.dtype and np.array_equal(one, other, equal_nan=True)
    return repr(one) == repr(other)


@examples(0.3)
@given(sound=audio(most_seconds=3.6, most_samples=200_000))
def test_every_figure_comes_back(sound: Audio) -> None:
    samples = sound.samples.astype(np.float32)
    one = inspect(samples, sound.rate_hz, layout=sound.layout)
    assert same(one, Inspection.from_bytes(one.to_bytes()))


def test_options_and_names_come_back() -> None:
    one = inspect(music(2.0)[:, 0], RATE, dual_mono=True)
    one = dataclasses.replace(one, analysis=dataclasses.replace(one.analysis, name="Ünter \ud800"))
    other = Inspection.from_bytes(one.to_bytes())
    assert other.analysis.dual_mono
    assert other.analysis.name == one.analysis.name
    assert same(one, other)


@pytest.mark.parametrize(
    "file",
    [TRACK, encoded(music(4.2), RATE, "WAV", "PCM_24"), mp3(music(6.0, 44100), 44100, 0.65)],
    ids=["flac", "wav", "mp3"],
)
def test_a_report_of_it_is_the_same_report(file: Any) -> None:
    """JSON and page, byte for byte: with bits, codec, overs and findings."""
    one = inspect(file)
    reports = [
        Report(each, find("spotify"), get("pop"), None)
        for each in (one, Inspection.from_bytes(one.to_bytes()))
    ]
    assert reports[0].json() == reports[1].json()
    assert reports[0].html() == reports[1].html()


def test_the_same_inspection_gives_the_same_bytes(small: bytes) -> None:
    assert Inspection.from_bytes(small).to_bytes() == small


def test_four_minutes_take_less_than_a_byte_and_a_half_in_a_hundred() -> None:
    """Of the samples as 16 bits, so that a store holds some thousand of them."""
    noise = np.random.default_rng(3).standard_normal((60 * RATE, 2)).astype(np.float32) * 0.1
    assert len(inspect(noise, RATE).to_bytes()) < 1.5e6 / 4


def refused(data: bytes) -> str:
    with pytest.raises(TableError) as caught:
        Inspection.from_bytes(data)
    return str(caught.value)


def test_any_bit_flipped_is_refused(small: bytes) -> None:
    for at in range(0, len(small), 1 if len(small) < 4000 else 7):
        damaged = bytearray(small)
        damaged[at] ^= 1 << at % 8
        assert refused(bytes(damaged)).startswith("data: these bytes are not an inspection: ")


def test_an_end_that_is_missing_or_foreign_is_refused(small: bytes) -> None:
    for length in [*range(80), *range(80, len(small), 97)]:
        refused(small[:length])
    assert "damaged" in refused(small + b"\0")


@examples(1.0)
@given(st.binary(max_size=300))
def test_foreign_bytes_are_refused(data: bytes) -> None:
    refused(data)
    refused(archive.MAGIC + data)
    refused(sealed(data))
    refused(sealed(struct.pack("<Q", len(data)) + zlib.compress(data)))
    refused(forged(lambda _: data))


def sealed(body: bytes, schema: int = archive.SCHEMA) -> bytes:
    """A head whose checksum fits."""
    return archive.MAGIC + struct.pack("<H32s", schema, hashlib.sha256(body).digest()) + body


def forged(change: Callable[[Any], Any]) -> bytes:
    """An inspection whose checksums fit and whose JSON was changed; bytes take its place."""
    one = inspect(np.zeros((800, 2), np.float32), 8000)
    content = archive._content(one.to_bytes())
    length = int.from_bytes(content[:8], "little")
    text = change(json.loads(content[8 : 8 + length]))
    text = text if isinstance(text, bytes) else json.dumps(text).encode()
    content = len(text).to_bytes(8, "little") + text + content[8 + length :]
    return sealed(len(content).to_bytes(8, "little") + archive._compressed(content))


def test_a_forger_that_changes_nothing_is_believed() -> None:
    assert Inspection.from_bytes(forged(lambda found: found)).dynamics.dr14 is None


def changed(*path: Any, value: Any) -> Callable[[Any], Any]:
    def change(found: Any) -> Any:
        place = found
        for step in path[:-1]:
            place = place[step]
        place[path[-1]] = value
        return found

    return change


WINDOWS = (1, "stereo", "windows", "times")
FORGED: dict[str, Callable[[Any], Any]] = {
    "not JSON": lambda _: b"{",
    "nothing": lambda _: [],
    "other figures": lambda found: [found[0], {}],
    "deep": lambda _: b"[" * 100_000,
    "a name that is a number": changed(0, "name", value=5),
    "an option that is a number": changed(0, "dual_mono", value=1),
    "no option": lambda found: [{}, found[1]],
    "a figure in words": changed(1, "dynamics", "plr", value="loud"),
    "a flag that is a figure": changed(1, "stereo", "inverted", value=0.5),
    "a figure that is a flag": changed(1, "dynamics", "plr", value=True),
    "a field too many": changed(1, "faults", "more", value=1),
    "a list for a record": changed(1, "faults", value=[]),
    "a record for a list": changed(1, "stereo", "bands", value={}),
    "no record where one must be": changed(1, "dynamics", value=None),
    "an array of another size": changed(*WINDOWS, "shape", value=[7]),
    "an array of half numbers": changed(*WINDOWS, "base64", value="AAAA"),
    "an array in words": changed(*WINDOWS, "base64", value="words!"),
    "an array that is a number": changed(*WINDOWS, value=1.0),
    "an array without a shape": changed(*WINDOWS, "shape", value=None),
    "a shape of words": changed(*WINDOWS, "shape", value=["a"]),
    "an array of endless size": changed(*WINDOWS, "shape", value=[1e300]),
}


@pytest.mark.parametrize("change", FORGED.values(), ids=FORGED)
def test_figures_that_are_forged_are_refused(change: Callable[[Any], Any]) -> None:
    refused(forged(change))


def test_a_table_that_is_none_is_refused() -> None:
    content = (2).to_bytes(8, "little") + b"[]" + b"no table"
    assert "inspection" in refused(sealed(len(content).to_bytes(8, "little") + zlib.compress(b"")))


def test_a_later_schema_says_so(small: bytes) -> None:
    body = small[len(archive.MAGIC) + 34 :]
    assert Inspection.from_bytes(sealed(body))
    assert "schema is 2, this version reads 1; measure it again" in refused(sealed(body, 2))


def test_what_would_fill_memory_is_refused() -> None:
    """A length that is a lie, and zeros that grow a thousandfold."""
    bomb = zlib.compress(bytes(1 << 24))
    assert "more than" in refused(sealed((1 << 40).to_bytes(8, "little") + bomb))
    assert "more or less" in refused(sealed((1 << 10).to_bytes(8, "little") + bomb))
