"""Reading with libsndfile: values, types and seeking."""

from __future__ import annotations

import io
import struct

import numpy as np
import pytest

from loudscope._errors import TruncatedFile
from loudscope._files import open_audio

from .conftest import MakeFile, MakeSignal, contents, read_all, wave

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


def test_mono_speech_formats_and_block_codecs(signal: MakeSignal, encode: MakeFile) -> None:
    """ADPCM and A-law decode to float32 within their own coarse steps."""
    samples = 0.5 * signal(16000, 1, 1.0)
    for format, subtype in OTHERS:
        found = contents(encode(samples, 16000, format, subtype))
        assert found.dtype == np.float32
        assert np.std(found[: len(samples)] - samples[: len(found)]) < 0.05


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


def test_flac_from_a_stream_has_no_length(signal: MakeSignal, encode: MakeFile) -> None:
    """RFC 9639, section 8.2: a total of 0 samples in STREAMINFO means unknown."""
    samples = np.round(signal(48000, 2, 1.0) * 2**15).astype(np.int16)
    data = bytearray(encode(samples, 48000, "FLAC", "PCM_16"))
    data[21] &= 0xF0
    data[22:26] = bytes(4)
    with open_audio(io.BytesIO(bytes(data))) as file:
        assert file.frames is None
        np.testing.assert_array_equal(read_all(file), samples)
        file.seek(30000)
        np.testing.assert_array_equal(file.read(10), samples[30000:30010])
    with pytest.raises(TruncatedFile), open_audio(io.BytesIO(bytes(data[:-900]))) as file:
        read_all(file)


def test_id3_tags_before_the_audio_are_passed_over(signal: MakeSignal, encode: MakeFile) -> None:
    tag = b"ID3\x04\x00\x00\x00\x00\x10\x00" + bytes(2048)
    for format, subtype in (("FLAC", "PCM_16"), ("MP3", "MPEG_LAYER_III")):
        data = encode(0.5 * signal(48000, 2, 1.0), 48000, format, subtype)
        whole = contents(data)
        np.testing.assert_array_equal(contents(tag + data), whole)
        if format == "MP3":  # several tags, and padding that no tag counts
            np.testing.assert_array_equal(contents(tag + tag + bytes(700) + data), whole)


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


def test_mp3_inside_wave_is_read(signal: MakeSignal, encode: MakeFile) -> None:
    """WAVE_FORMAT_MPEGLAYER3: the data chunk holds an MP3 file."""
    data = encode(0.5 * signal(44100, 2, 1.0), 44100, "MP3", "MPEG_LAYER_III")
    fmt = struct.pack("<HHIIHHHHIHHH", 0x55, 2, 44100, 16000, 1, 0, 12, 1, 2, 417, 1, 1393)
    np.testing.assert_array_equal(contents(wave(fmt, data)), contents(data))
    with pytest.raises(TruncatedFile):
        open_audio(io.BytesIO(wave(fmt, data)[:-700]))
