"""Writing: into a copy that takes the file's place, the audio untouched."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from loudscope import InvalidArgument, analyze
from loudscope.tags import TagValues, tag_values, write

from .conftest import NAMES, Make, pcm
from .written import R128, REPLAYGAIN, VALUES, mutagen, tags_of


@pytest.mark.parametrize("name", NAMES)
def test_tags_are_written_and_the_audio_stays(name: str, make: Make) -> None:
    """PCM identical before and after, in every container; each gets its own family."""
    path = make(name)
    before = pcm(path)
    written = write(path, VALUES)
    assert written == (R128 if name == "a.opus" else REPLAYGAIN)
    found = tags_of(path)
    assert {key: found[key] for key in written} == written
    assert np.array_equal(pcm(path), before)
    assert [one.name for one in path.parent.iterdir()] == [name]


@pytest.mark.parametrize("name", NAMES)
def test_measured_values_survive_the_round_trip(name: str, make: Make) -> None:
    """Measure, write, measure again: the same figures, and the same tags once more."""
    path = make(name)
    (first,) = tag_values([analyze(path)])
    write(path, first)
    content = path.read_bytes()
    (second,) = tag_values([analyze(path)])
    assert second == first
    write(path, second)
    assert path.read_bytes() == content


@pytest.mark.parametrize("name", NAMES)
def test_other_tags_stay_and_old_values_go(name: str, make: Make) -> None:
    """Also those in another case: one value per tag is left."""
    path = make(name)
    write(path, TagValues("x", -1.0, 0.0, 0.0))
    add_other(path, name)
    before = others(path, name)
    write(path, VALUES)
    assert others(path, name) == before
    found = tags_of(path)
    expected = R128 if name == "a.opus" else REPLAYGAIN
    assert {key: value for key, value in found.items() if key in expected} == expected
    assert sum("TRACK_GAIN" in key for key in raw_keys(path)) == 1


def add_other(path: Path, name: str) -> None:
    file = mutagen.File(path)
    if name.endswith((".mp3", ".wav", ".aiff")):
        from mutagen import id3

        identity: Any = id3
        file.tags.add(identity.TIT2(encoding=3, text=["Ténor"]))
        file.tags.delall("TXXX")
        file.tags.add(identity.TXXX(encoding=3, desc="replaygain_track_gain", text=["9 dB"]))
    elif name.endswith(".m4a"):
        file.tags["\xa9nam"] = ["Ténor"]
        file.tags["----:com.apple.iTunes:ReplayGain_Track_Gain"] = [b"9 dB"]
    else:
        file.tags["Title"] = "Ténor"
    file.save()


def others(path: Path, name: str) -> list[str]:
    tags = mutagen.File(path).tags
    if name.endswith((".mp3", ".wav", ".aiff")):
        return [str(tags["TIT2"])]
    key = "\xa9nam" if name.endswith(".m4a") else "Title"
    found = tags[key]
    shown = [str(one) for one in found] if isinstance(found, list) else [str(found)]
    assert shown == ["Ténor"]
    return shown


def raw_keys(path: Path) -> list[str]:
    return [key.upper() for key in mutagen.File(path).tags.keys()]  # noqa: SIM118 - a list of pairs


def test_opus_has_one_family_unless_asked_otherwise(make: Make) -> None:
    """RFC 7845: R128 gains; REPLAYGAIN_* should not be there, and old ones are taken out."""
    path = make("a.opus")
    assert write(path, VALUES, opus="both") == {**R128, **REPLAYGAIN}
    assert {**R128, **REPLAYGAIN}.items() <= tags_of(path).items()
    write(path, VALUES)
    assert not set(REPLAYGAIN) & set(tags_of(path))
    assert write(path, VALUES, opus="replaygain") == REPLAYGAIN
    assert not set(R128) & set(tags_of(path))
    with pytest.raises(InvalidArgument, match="opus='all': choose 'r128', 'replaygain' or 'both'"):
        write(path, VALUES, opus="all")  # type: ignore[arg-type]


def test_the_gain_in_an_opus_header_is_measured_with(make: Make) -> None:
    """RFC 7845 5.2.1: R128 gains come on top of the header's output gain."""
    path = make("a.opus")
    (before,) = tag_values([analyze(path)])
    content = bytearray(path.read_bytes())
    head = content.index(b"OpusHead")
    content[head + 16 : head + 18] = (-1536).to_bytes(2, "little", signed=True)  # -6 dB in Q7.8
    path.write_bytes(with_checksum(content))
    (after,) = tag_values([analyze(path)])
    assert after.r128_track_gain == pytest.approx(before.r128_track_gain + 1536, abs=5)


def with_checksum(content: bytearray) -> bytes:
    """The first Ogg page with its CRC-32 (polynomial 0x04c11db7) made anew."""
    size = 27 + content[26] + sum(content[27 : 27 + content[26]])
    content[22:26] = bytes(4)
    crc = 0
    for byte in content[:size]:
        crc ^= byte << 24
        for _ in range(8):
            crc = (crc << 1) ^ (0x04C11DB7 if crc & 0x80000000 else 0)
    content[22:26] = (crc & 0xFFFFFFFF).to_bytes(4, "little")
    return bytes(content)


def test_true_peaks_where_they_are_asked_for(make: Make) -> None:
    path = make("a.flac")
    assert write(path, VALUES, peak="true")["REPLAYGAIN_TRACK_PEAK"] == "0.354813"
    with pytest.raises(InvalidArgument, match="peak='rms'"):
        write(path, VALUES, peak="rms")  # type: ignore[arg-type]


def test_id3_of_version_3_stays_version_3(make: Make) -> None:
    """Old players read nothing newer; a year survives."""
    from mutagen import id3

    identity: Any = id3
    path = make("a.mp3")
    tags = identity.ID3()
    tags.add(identity.TYER(encoding=1, text=["1999"]))
    tags.save(path, v2_version=3)
    write(path, VALUES)
    assert path.read_bytes()[:4] == b"ID3\x03"
    assert "1999" in str(identity.ID3(path, translate=False)["TYER"])
    assert REPLAYGAIN.items() <= tags_of(path).items()
