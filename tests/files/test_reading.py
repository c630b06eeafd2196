"""Reading with libsndfile: values, types, seeking, channels, and what is not there."""

from __future__ import annotations

import io
import os
import pickle
import struct
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from loudscope._errors import (
    FileError,
    InvalidArgument,
    LoudscopeError,
    TruncatedFile,
    UnknownFormat,
    UnsupportedType,
)
from loudscope._files import AudioFile, open_audio
from loudscope._layouts import Layout

MakeSignal = Callable[[int, int, float], NDArray[np.float64]]
MakeFile = Callable[..., bytes]

EXACT = [  # format, subtype, dtype of the samples, bits
    ("WAV", "PCM_U8", "int16", 8),
    ("WAV", "PCM_16", "int16", 16),
    ("WAV", "PCM_24", "int32", 24),
    ("WAV", "PCM_32", "int32", 32),
    ("WAVEX", "PCM_24", "int32", 24),
    ("RF64", "PCM_24", "int32", 24),
    ("W64", "PCM_16", "int16", 16),
    ("AIFF", "PCM_S8", "int16", 8),
    ("AIFF", "PCM_24", "int32", 24),
    ("CAF", "PCM_16", "int16", 16),
    ("CAF", "ALAC_24", "int32", 24),
    ("AU", "PCM_16", "int16", 16),
    ("FLAC", "PCM_16", "int16", 16),
    ("FLAC", "PCM_24", "int32", 24),
]
FLOATS = [
    ("WAV", "FLOAT", "float32"),
    ("WAV", "DOUBLE", "float64"),
    ("RF64", "FLOAT", "float32"),
    ("AIFF", "FLOAT", "float32"),
    ("CAF", "DOUBLE", "float64"),
    ("AU", "FLOAT", "float32"),
]
LOSSY = [("OGG", "VORBIS"), ("OGG", "OPUS"), ("MP3", "MPEG_LAYER_III")]
OTHERS = [("WAV", "IMA_ADPCM"), ("WAV", "MS_ADPCM"), ("WAV", "ULAW"), ("AIFF", "ALAW")]
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


def read_all(file: AudioFile, step: int = 10_000) -> NDArray[Any]:
    pieces = []
    while len(piece := file.read(step)):
        assert piece.dtype == file.dtype
        assert piece.shape[1] == file.channels
        assert piece.flags.c_contiguous
        pieces.append(piece)
    return np.concatenate(pieces)


def contents(data: bytes, **options: object) -> NDArray[Any]:
    with open_audio(io.BytesIO(data), **options) as file:  # type: ignore[arg-type]
        return read_all(file)


def wave(fmt: bytes, data: bytes, *, form: bytes = b"RIFF", size: int | None = None) -> bytes:
    order = ">" if form == b"RIFX" else "<"
    promised = len(data) if size is None else size
    body = b"WAVE" + b"fmt " + struct.pack(order + "I", len(fmt)) + fmt
    body += b"data" + struct.pack(order + "I", promised) + data
    return form + struct.pack(order + "I", min(len(body), 0xFFFFFFFF)) + body


def pcm16(channels: int, rate_hz: int = 48000) -> bytes:
    return struct.pack("<HHIIHH", 1, channels, rate_hz, rate_hz * 2 * channels, 2 * channels, 16)


def extensible(channels: int, mask: int) -> bytes:
    head = struct.pack("<HHIIHH", 0xFFFE, channels, 48000, 96000 * channels, 2 * channels, 16)
    guid = bytes.fromhex("0100000000001000800000aa00389b71")
    return head + struct.pack("<HHI", 22, 16, mask) + guid


@pytest.mark.parametrize("case", EXACT)
@pytest.mark.parametrize("channels", [1, 2])
def test_integer_formats_return_the_very_samples(
    case: tuple[str, str, str, int], channels: int, signal: MakeSignal, encode: MakeFile
) -> None:
    """Integers are left-justified: int16 up to 16 bits, int32 above."""
    format, subtype, dtype, bits = case
    width = 8 * np.dtype(dtype).itemsize
    scaled = np.round(signal(48000, channels, 0.5) * 2.0 ** (bits - 1)).astype(np.int64)
    samples = (scaled << (width - bits)).astype(dtype)
    with open_audio(io.BytesIO(encode(samples, 48000, format, subtype))) as file:
        assert (file.rate_hz, file.channels, file.frames) == (48000, channels, len(samples))
        assert file.dtype == np.dtype(dtype)
        np.testing.assert_array_equal(read_all(file, 999), samples)
        assert not file.truncated


@pytest.mark.parametrize(("format", "subtype", "dtype"), FLOATS)
def test_float_formats_return_the_very_samples_above_full_scale_too(
    format: str, subtype: str, dtype: str, signal: MakeSignal, encode: MakeFile
) -> None:
    samples = (8.0 * signal(44100, 2, 0.5)).astype(dtype)
    assert np.abs(samples).max() > 3
    with open_audio(io.BytesIO(encode(samples, 44100, format, subtype))) as file:
        assert file.dtype == np.dtype(dtype)
        np.testing.assert_array_equal(read_all(file), samples)


@pytest.mark.parametrize(("format", "subtype"), LOSSY)
def test_lossy_codecs_keep_values_above_full_scale(
    format: str, subtype: str, encode: MakeFile
) -> None:
    """A square wave at full scale overshoots when its high harmonics are cut."""
    square = np.sign(np.sin(2 * np.pi * 500 * np.arange(96000) / 48000 + 0.01)) * 0.999
    data = contents(encode(square, 48000, format, subtype))
    assert data.dtype == np.float32
    assert np.abs(data).max() > 1.02


@pytest.mark.parametrize(("format", "subtype"), LOSSY)
def test_lossy_codecs_return_the_frames_that_went_in(
    format: str, subtype: str, signal: MakeSignal, encode: MakeFile
) -> None:
    """Encoder delay and padding are removed where the file declares them."""
    samples = signal(48000, 2, 2.0)
    with open_audio(io.BytesIO(encode(samples, 48000, format, subtype))) as file:
        assert file.frames == len(samples)
        data = read_all(file)
    assert data.shape == samples.shape
    assert np.std(data - samples) < 0.05


@pytest.mark.parametrize(
    "case",
    [*((f, s) for f, s, *_ in EXACT), *((f, s) for f, s, _ in FLOATS), *LOSSY, *OTHERS],
)
@pytest.mark.parametrize(("rate_hz", "channels"), [(48000, 2), (8000, 1)])
def test_seek_is_sample_accurate(
    case: tuple[str, str], rate_hz: int, channels: int, signal: MakeSignal, encode: MakeFile
) -> None:
    """Seek and read gives the frames that reading from the start gives, bit for bit."""
    format, subtype = case
    if (format, rate_hz) == ("MP3", 8000):
        rate_hz = 16000
    samples = 0.5 * signal(rate_hz, channels, 4.0 if rate_hz > 8000 else 10.0)
    data = encode(samples, rate_hz, format, subtype)
    whole = contents(data)
    rng = np.random.default_rng(7)
    edges = [0, 1, len(whole) - 1, len(whole) // 2, 1151, 1152, 4095, 4096, 0]
    with open_audio(io.BytesIO(data)) as file:
        for frame in [*edges, *rng.integers(0, len(whole), 40).tolist()]:
            file.seek(frame)
            np.testing.assert_array_equal(file.read(700), whole[frame : frame + 700])
        file.seek(len(whole) + 100)
        assert len(file.read(10)) == 0


def test_reads_of_any_size_give_the_same(signal: MakeSignal, encode: MakeFile) -> None:
    data = encode(signal(48000, 2, 1.0), 48000, "OGG", "VORBIS")
    with open_audio(io.BytesIO(data)) as file:
        whole = file.read(10**12)
    assert len(whole) == 48000
    for step in (1000, 48000, 48001):
        with open_audio(io.BytesIO(data)) as file:
            np.testing.assert_array_equal(read_all(file, step), whole)
            assert file.read(5).shape == (0, 2)
            assert file.read(0).shape == (0, 2)


def test_a_path_an_open_file_and_bytes_in_memory_give_the_same(
    tmp_path: Path, signal: MakeSignal, encode: MakeFile
) -> None:
    """An open file is read from its first byte and stays open; a path is a str or path-like."""
    data = encode(signal(44100, 2, 0.3), 44100, "FLAC", "PCM_16")
    path = tmp_path / "tone.flac"
    path.write_bytes(data)
    expected = contents(data)
    for source in (path, str(path)):
        with open_audio(source) as file:
            assert file.name == "tone.flac"
            np.testing.assert_array_equal(read_all(file), expected)
    with path.open("rb") as opened:
        opened.seek(17)
        with open_audio(opened) as file:
            np.testing.assert_array_equal(read_all(file), expected)
        assert not opened.closed


def test_the_format_is_never_taken_from_the_name(
    tmp_path: Path, signal: MakeSignal, encode: MakeFile
) -> None:
    """`.raw`, `.vox` and `.mp3` make libsndfile guess; the bytes alone decide here."""
    samples = np.round(signal(48000, 1, 0.1) * 2**15).astype(np.int16)
    for suffix in ("raw", "vox", "mp3", "gsm", "sd2"):
        path = tmp_path / f"tone.{suffix}"
        path.write_bytes(encode(samples, 48000, "WAV", "PCM_16"))
        with open_audio(path) as file:
            np.testing.assert_array_equal(read_all(file), samples)
        path.write_bytes(b"no audio at all, whatever its name says" * 20)
        with pytest.raises(UnknownFormat):
            open_audio(path)


@pytest.mark.parametrize(
    ("mask", "channels"), [(0x4, 1), (0x3, 2), (0x3F, 6), (0x60F, 6), (0x63F, 8), (0x33, 4)]
)
def test_the_wave_channel_mask_names_the_layout(mask: int, channels: int) -> None:
    """WAVEFORMATEXTENSIBLE, dwChannelMask."""
    samples = np.arange(channels * 50, dtype="<i2").reshape(50, channels)
    with open_audio(io.BytesIO(wave(extensible(channels, mask), samples.tobytes()))) as file:
        assert file.layout is not None
        assert file.layout == Layout.from_wave_mask(mask, channels)
        np.testing.assert_array_equal(read_all(file), samples)


@pytest.mark.parametrize("mask", [0, 0x3, 0xFFFFFFFF])
def test_a_mask_that_does_not_fit_gives_no_layout(mask: int) -> None:
    samples = np.zeros((50, 6), "<i2")
    with open_audio(io.BytesIO(wave(extensible(6, mask), samples.tobytes()))) as file:
        assert file.layout is None
        assert file.channels == 6


def test_plain_wave_has_no_layout() -> None:
    with open_audio(io.BytesIO(wave(pcm16(6), bytes(120)))) as file:
        assert file.layout is None


def test_flac_declares_the_layout_by_its_channel_count(encode: MakeFile) -> None:
    """RFC 9639, section 9.1.3: six channels are L R C LFE Ls Rs."""
    samples = np.arange(6 * 500, dtype=np.int16).reshape(500, 6)
    with open_audio(io.BytesIO(encode(samples, 48000, "FLAC", "PCM_16"))) as file:
        assert file.layout == Layout.named("5.1")
        np.testing.assert_array_equal(read_all(file), samples)


@pytest.mark.parametrize("subtype", ["VORBIS", "OPUS"])
def test_vorbis_and_opus_channels_come_in_wave_order(subtype: str, encode: MakeFile) -> None:
    """Vorbis I section 4.3.9: six channels are stored as L C R Ls Rs LFE."""
    stored = ["L", "C", "R", "Ls", "Rs", "LFE"]
    hertz = {"L": 300, "R": 400, "C": 500, "LFE": 60, "Ls": 700, "Rs": 800}
    time = np.arange(96000) / 48000
    samples = np.stack([0.3 * np.sin(2 * np.pi * hertz[name] * time) for name in stored], axis=1)
    with open_audio(io.BytesIO(encode(samples, 48000, "OGG", subtype))) as file:
        assert file.layout == Layout.named("5.1")
        data = read_all(file).astype(float)
    peaks = np.abs(np.fft.rfft(data[24000:72000], axis=0)).argmax(axis=0)
    main = [0, 1, 2, 4, 5]  # libsndfile's encoder drops the LFE of signals that are not for it
    assert peaks[main].tolist() == [300, 400, 500, 700, 800]


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


def test_bw64_is_read(signal: MakeSignal, encode: MakeFile) -> None:
    """ITU-R BS.2088: the header of RF64 under another name."""
    samples = np.round(signal(48000, 2, 0.2) * 2**15).astype(np.int16)
    data = encode(samples, 48000, "RF64", "PCM_16")
    assert data[:4] == b"RF64"
    np.testing.assert_array_equal(contents(b"BW64" + data[4:]), samples)
    with pytest.raises(TruncatedFile):
        open_audio(io.BytesIO(b"BW64" + data[4:-3000]))


def test_rifx_is_read() -> None:
    fmt = struct.pack(">HHIIHH", 1, 1, 48000, 96000, 2, 16)
    samples = np.arange(-50, 50, dtype=">i2")
    found = contents(wave(fmt, samples.tobytes(), form=b"RIFX"))
    np.testing.assert_array_equal(found[:, 0], samples.astype(np.int16))


def test_missing_directory_pipe_empty_and_foreign_files(tmp_path: Path) -> None:
    """Each is a FileError that names the path and says what to do."""
    with pytest.raises(FileError, match=r"absent\.wav: cannot be opened") as caught:
        open_audio(tmp_path / "absent.wav")
    assert isinstance(caught.value, OSError)
    assert caught.value.path == str(tmp_path / "absent.wav")
    again = pickle.loads(pickle.dumps(caught.value))
    assert (str(again), again.path) == (str(caught.value), caught.value.path)
    with pytest.raises(FileError, match="is a directory"):
        open_audio(tmp_path)
    with pytest.raises(FileError, match="cannot be opened"):
        open_audio("nul\0byte.wav")
    (tmp_path / "empty.wav").touch()
    with pytest.raises(UnknownFormat, match="empty"):
        open_audio(tmp_path / "empty.wav")
    (tmp_path / "text.wav").write_text("RIFF, but only in words")
    with pytest.raises(UnknownFormat, match="check that it is an audio file"):
        open_audio(tmp_path / "text.wav")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_named_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(FileError, match="not a regular file"):
        open_audio(tmp_path / "pipe")


@pytest.mark.parametrize("source", [None, 3, b"RIFF", [0.0], object()])
def test_sources_of_other_types_are_refused(source: object) -> None:
    with pytest.raises(UnsupportedType, match="source"):
        open_audio(source)  # type: ignore[arg-type]


def test_open_files_that_cannot_serve_are_refused(tmp_path: Path) -> None:
    """Text, closed, write-only, not seekable: each error says what to open instead."""

    class Stream(io.RawIOBase):
        def readable(self) -> bool:
            return True

        def readinto(self, buffer: object, /) -> int:
            return 0

    with pytest.raises(UnsupportedType, match="binary mode"):
        open_audio(io.StringIO("RIFF"))  # type: ignore[arg-type]
    closed = io.BytesIO(b"RIFF")
    closed.close()
    with pytest.raises(FileError, match="cannot be read"):
        open_audio(closed)
    with (tmp_path / "new.wav").open("wb") as file, pytest.raises(FileError, match=r"new\.wav"):
        open_audio(file)
    with pytest.raises(FileError, match="TemporaryFile"):
        open_audio(io.BufferedReader(Stream()))


def test_an_open_file_that_fails_midway_is_a_file_error(encode: MakeFile) -> None:
    """Exceptions inside libsndfile's callbacks reach the caller; an interrupt stays one."""

    class Failing(io.BytesIO):
        error: BaseException = OSError("the network is gone")
        armed = False

        def read(self, size: int | None = -1, /) -> bytes:
            if self.armed and size:
                raise self.error
            return super().read(size)

    data = encode(np.zeros((200_000, 2), np.int16), 48000, "WAV", "PCM_16")
    for error, expected in ((OSError("gone"), FileError), (KeyboardInterrupt(), KeyboardInterrupt)):
        source = Failing(data)
        source.error = error
        with open_audio(source) as file:
            file.read(100)
            source.armed = True
            with pytest.raises(expected):
                file.read(100_000)


def test_files_that_return_a_few_bytes_at_a_time_are_read_whole(encode: MakeFile) -> None:
    class Slow(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            return super().read(min(7, size) if size and size > 0 else size)

    samples = np.arange(20_000, dtype=np.int16)[:, None]
    with open_audio(Slow(encode(samples, 48000, "FLAC", "PCM_16"))) as file:
        np.testing.assert_array_equal(read_all(file), samples)


def test_arguments_that_do_not_fit(encode: MakeFile) -> None:
    data = encode(np.zeros((10, 1), np.int16), 48000, "WAV", "PCM_16")
    with pytest.raises(InvalidArgument, match="partial"):
        open_audio(io.BytesIO(data), partial="maybe")  # type: ignore[arg-type]
    file = open_audio(io.BytesIO(data))
    for call in (file.read, file.seek):
        with pytest.raises(InvalidArgument, match="negative"):
            call(-1)
    file.close()
    file.close()
    for call in (file.read, file.seek):
        with pytest.raises(FileError, match="closed"):
            call(1)


def test_without_pyav_the_error_names_the_extra(tmp_path: Path) -> None:
    """UnknownFormat says what to install; run apart, since PyAV may be installed here."""
    path = tmp_path / "film.mp4"
    path.write_bytes(b"\0\0\0\x14ftypisom\0\0\0\0isom" + b"\0\0\0\x08free")
    program = (
        "import sys; sys.modules['av'] = None\n"
        "from loudscope._files import open_audio\n"
        "from loudscope._errors import UnknownFormat\n"
        "try: open_audio(sys.argv[1])\n"
        "except UnknownFormat as error: print(error)\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", program, str(path)],
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert "pip install 'loudscope[decode]'" in run.stdout, run.stderr


def test_soundfile_is_imported_only_when_a_file_is_opened() -> None:
    program = "import loudscope._files, sys; print({'soundfile', 'av'} & set(sys.modules))"
    run = subprocess.run(
        [sys.executable, "-c", program], check=False, capture_output=True, text=True, timeout=60
    )
    assert run.stdout.strip() == "set()", run.stderr


def test_mono_speech_formats_and_block_codecs(signal: MakeSignal, encode: MakeFile) -> None:
    """ADPCM and A-law decode to float32 within their own coarse steps."""
    samples = 0.5 * signal(16000, 1, 1.0)
    for format, subtype in OTHERS:
        found = contents(encode(samples, 16000, format, subtype))
        assert found.dtype == np.float32
        assert np.std(found[: len(samples)] - samples[: len(found)]) < 0.05


def test_every_error_of_reading_is_a_loudscope_error() -> None:
    assert issubclass(TruncatedFile, FileError)
    assert issubclass(FileError, LoudscopeError)
    assert soundfile.__libsndfile_version__ >= "1.1"
