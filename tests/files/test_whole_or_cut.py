"""What a container promises against what the file holds."""

from __future__ import annotations

import io
import struct
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from loudscope._errors import FileError, TruncatedFile
from loudscope._files import open_audio

from .conftest import MakeFile, MakeSignal, contents, pcm16, read_all, wave

LOSSY = [("OGG", "VORBIS"), ("OGG", "OPUS"), ("MP3", "MPEG_LAYER_III")]
CUTTABLE = [
    ("WAV", "PCM_16"),
    ("WAV", "FLOAT"),
    ("WAV", "IMA_ADPCM"),
    ("WAVEX", "PCM_24"),
    ("RF64", "PCM_16"),
    ("W64", "PCM_16"),
    ("AIFF", "PCM_24"),
    ("CAF", "PCM_16"),
    ("AU", "PCM_16"),
    ("FLAC", "PCM_16"),
    ("OGG", "VORBIS"),
    ("OGG", "OPUS"),
    ("MP3", "MPEG_LAYER_III"),
]
FRAME_FORMATS = {"WAV", "WAVEX", "RF64", "W64", "AIFF", "AU"}


@pytest.mark.parametrize(("format", "subtype"), CUTTABLE)
@pytest.mark.parametrize("keep", [0.25, 0.5, 0.9, 0.999])
def test_a_cut_file_is_refused_or_read_to_the_cut(
    format: str, subtype: str, keep: float, signal: MakeSignal, encode: MakeFile
) -> None:
    """Fewer bytes than the container promises: TruncatedFile, or `truncated` under accept."""
    data = encode(0.5 * signal(48000, 2, 6.0), 48000, format, subtype)
    whole = contents(data)
    cut = data[: int(len(data) * keep)]
    with pytest.raises(TruncatedFile, match=r"cut short"), open_audio(io.BytesIO(cut)) as file:
        read_all(file)
    if format == "CAF":  # libsndfile does not open it at all
        return
    with open_audio(io.BytesIO(cut), partial="accept") as file:
        left = read_all(file)
        assert file.truncated
    if subtype == "IMA_ADPCM":  # a block that is cut counts as a whole one
        assert 0 < len(left) <= len(whole)
        return
    assert 0 < len(left) < len(whole)
    if format in FRAME_FORMATS:
        assert len(left) >= int(len(whole) * keep) - 100
        np.testing.assert_array_equal(left, whole[: len(left)])


@pytest.mark.parametrize(("format", "subtype"), [("FLAC", "PCM_16"), *LOSSY])
def test_audio_missing_from_the_middle_is_noticed(
    format: str, subtype: str, signal: MakeSignal, encode: MakeFile
) -> None:
    """STREAMINFO, granule positions and the Xing tag promise more than is decoded."""
    data = encode(0.5 * signal(48000, 2, 4.0), 48000, format, subtype)
    middle = len(data) // 2
    holed = data[:middle] + data[middle + len(data) // 5 :]
    with pytest.raises(TruncatedFile), open_audio(io.BytesIO(holed)) as file:
        read_all(file)
    with open_audio(io.BytesIO(holed), partial="accept") as file:
        left = read_all(file)
        assert file.truncated
    assert 0 < len(left) < 4 * 48000


@pytest.mark.parametrize(("format", "subtype"), [("FLAC", "PCM_16"), *LOSSY, ("WAV", "PCM_16")])
def test_junk_behind_the_audio_is_no_defect(
    format: str, subtype: str, signal: MakeSignal, encode: MakeFile
) -> None:
    """Tags that some programs append: ID3v1 and APEv2."""
    data = encode(0.5 * signal(48000, 2, 1.0), 48000, format, subtype)
    whole = contents(data)
    for junk in (b"TAG" + bytes(125), b"APETAGEX" + bytes(range(256)) * 20):
        np.testing.assert_array_equal(contents(data + junk), whole)


@pytest.mark.parametrize("mode", ["CONSTANT", "VARIABLE"])
@pytest.mark.parametrize("rate_hz", [44100, 16000])
def test_an_mp3_without_a_tag_is_read_to_its_end(
    mode: str, rate_hz: int, signal: MakeSignal, encode: MakeFile
) -> None:
    """mpg123 guesses the length of an untagged MP3 from its first frame and would stop there."""
    samples = 0.5 * signal(rate_hz, 2, 8.0)
    samples[len(samples) // 2 :] = 0  # loud first frames make the guess too short
    data = encode(samples, rate_hz, "MP3", "MPEG_LAYER_III", bitrate_mode=mode)
    whole = contents(data)
    second = data.index(data[:2], 4)
    bare = contents(data[second:])
    assert len(whole) <= len(bare) < len(whole) + 4 * 1152
    shift = next(n for n in range(3000) if np.array_equal(bare[n : n + 5000], whole[:5000]))
    np.testing.assert_array_equal(bare[shift : shift + len(whole)], whole[: len(bare) - shift])
    with pytest.raises(TruncatedFile, match="last MPEG frame"):
        open_audio(io.BytesIO(data[second:-30]))


def test_mp3_files_joined_by_cat_are_read_to_the_end(signal: MakeSignal, encode: MakeFile) -> None:
    """The tag of the first file speaks of the first file only."""
    data = encode(signal(44100, 2, 1.0), 44100, "MP3", "MPEG_LAYER_III")
    id3 = b"ID3\x03\x00\x00\x00\x00\x10\x00" + bytes(2048)
    assert len(contents(id3 + data + id3 + data)) >= 2 * 44100


def test_chained_ogg_is_read_link_by_link(signal: MakeSignal, encode: MakeFile) -> None:
    """RFC 3533, section 4: chaining. libsndfile alone stops after the first link."""
    first = encode(signal(48000, 2, 1.0), 48000, "OGG", "VORBIS")
    second = encode(-signal(48000, 2, 0.7), 48000, "OGG", "VORBIS")
    joined = np.concatenate([contents(first), contents(second)])
    with open_audio(io.BytesIO(first + second)) as file:
        assert file.frames == len(joined)
        np.testing.assert_array_equal(read_all(file), joined)
        file.seek(50000)
        np.testing.assert_array_equal(file.read(100), joined[50000:50100])
        file.seek(10)
        np.testing.assert_array_equal(file.read(100), joined[10:110])


def test_a_change_of_rate_or_channels_midway_is_refused(
    signal: MakeSignal, encode: MakeFile
) -> None:
    def chain(format: str, subtype: str, channels: int, rate_hz: int) -> bytes:
        one = encode(signal(48000, 2, 0.5), 48000, format, subtype)
        return one + encode(signal(rate_hz, channels, 0.5), rate_hz, format, subtype)

    for format, subtype in (("OGG", "VORBIS"), ("MP3", "MPEG_LAYER_III")):
        for channels, rate_hz in ((1, 48000), (2, 32000)):
            data = chain(format, subtype, channels, rate_hz)
            with (
                pytest.raises(FileError, match="changes from"),
                open_audio(io.BytesIO(data), partial="accept") as file,
            ):
                read_all(file)


def test_headers_of_streams_promise_nothing(signal: MakeSignal) -> None:
    """FFmpeg's 0xFFFFFFFF, SoX's 0x7FFFF000 and the 0 of a recorder that died are no lengths."""
    samples = np.round(signal(48000, 1, 0.2) * 2**15).astype("<i2")
    for size in (0xFFFFFFFF, 0x7FFFF000, 0):
        data = bytearray(wave(pcm16(1), samples.tobytes(), size=size))
        data[4:8] = struct.pack("<I", min(size + 36, 0xFFFFFFFF))
        with open_audio(io.BytesIO(bytes(data))) as file:
            assert file.frames is None
            np.testing.assert_array_equal(read_all(file), samples)


def test_a_length_that_lies_allocates_nothing() -> None:
    """A header of 4 GiB over 20 bytes: the promise is reported, no more is ever held."""
    data = wave(pcm16(2), bytes(20), size=0xFFFFFFF0)
    with pytest.raises(TruncatedFile, match="4294967280 bytes and 20 are there"):
        open_audio(io.BytesIO(data))
    with open_audio(io.BytesIO(data), partial="accept") as file:
        assert file.read(1 << 40).shape == (5, 2)
        assert file.truncated


@pytest.mark.skipif(sys.platform == "win32", reason="needs sparse files")
def test_a_stream_of_more_than_4_gib_is_read_to_its_end(tmp_path: Path) -> None:
    """A recording to a pipe has no length in its header, and 32 bits would not hold it."""
    path = tmp_path / "long.wav"
    path.write_bytes(wave(pcm16(2), b"", size=0xFFFFFFFF))
    frames = (1 << 30) + 1000
    with path.open("r+b") as file:
        file.truncate(44 + 4 * frames)
        file.seek(-4, io.SEEK_END)
        file.write(struct.pack("<hh", -1234, 4321))
    with open_audio(path) as audio:
        assert audio.frames is None
        audio.seek(frames - 3)
        np.testing.assert_array_equal(audio.read(10), [[0, 0], [0, 0], [-1234, 4321]])


def test_a_header_of_endless_chunks_is_given_up_soon() -> None:
    """libsndfile would walk over each of a million empty chunks."""
    chunks = b"JUNK\0\0\0\0" * 1_000_000
    started = time.monotonic()
    with pytest.raises(FileError):
        open_audio(io.BytesIO(b"RIFF" + struct.pack("<I", 4 + len(chunks)) + b"WAVE" + chunks))
    assert time.monotonic() - started < 20
