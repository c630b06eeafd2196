"""Reading with PyAV: the formats that libsndfile does not know. The files are made here."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from loudscope._errors import FileError, TruncatedFile, UnknownFormat
from loudscope._files import open_audio
from loudscope._layouts import Layout

from .conftest import MakeSignal, Signal, whole
from .films import add_video, av, mux_video, write

LOSSY = [  # file, codec, container has video
    ("tone.m4a", "aac", False),
    ("tone.mp4", "libopus", False),
    ("tone.wma", "wmav2", False),
    ("tone.ac3", "ac3", False),
    ("tone.eac3", "eac3", False),
    ("tone.aac", "aac", False),
    ("tone.webm", "libopus", True),
    ("film.mp4", "aac", True),
    ("film.mkv", "ac3", True),
    ("film.mov", "aac", True),
    ("film.ts", "aac", True),
]
LOSSLESS = [  # file, codec, sample format, dtype
    ("tone.m4a", "alac", "s16p", "int16"),
    ("tone.m4a", "alac", "s32p", "int32"),
    ("tone.mkv", "flac", "s16", "int16"),
    ("tone.mp4", "flac", "s32", "int32"),
    ("tone.wv", "wavpack", "s16p", "int16"),
    ("tone.tta", "tta", "s16", "int16"),
    ("tone.oga", "flac", "s16", "int16"),
    ("tone.mov", "pcm_s16le", "s16", "int16"),
    ("tone.mov", "pcm_s24le", "s32", "int32"),
    ("tone.mov", "pcm_f32le", "flt", "float32"),
    ("tone.mkv", "pcm_f64le", "dbl", "float64"),
    ("tone.avi", "pcm_u8", "u8", "int16"),
]


@pytest.fixture(scope="session")
def tone(signal: MakeSignal) -> Signal:
    return signal(48000, 2, 1.5)


def delay_of(found: NDArray[Any], samples: Signal) -> int:
    """Frames by which `found` is late: the peak of the cross-correlation."""
    a, b = found[:48000, 0].astype(float), samples[:48000, 0]
    size = 1 << 17
    product = np.fft.irfft(np.fft.rfft(a, size) * np.conj(np.fft.rfft(b, size)))
    return int((np.argmax(product) + size // 2) % size - size // 2)


@pytest.mark.parametrize(("name", "codec", "video"), LOSSY)
def test_lossy_formats_and_films(name: str, codec: str, video: bool, tmp_path: Path) -> None:
    """Native rate, float32, and the audio that went in, shifted by the codec's delay at most."""
    time = np.arange(72000)[:, None] / 48000
    chirp = 0.4 * np.sin(2 * np.pi * (100 * time + [[1500, 2000]] * time**2))
    write(tmp_path / name, codec, chirp.astype(np.float32), video=video)
    with open_audio(tmp_path / name) as file:
        assert (file.rate_hz, file.channels, file.dtype) == (48000, 2, np.dtype("float32"))
        assert file.layout == (None if codec == "wmav2" else Layout.named("stereo"))
    found = whole(tmp_path / name)
    assert abs(len(found) - len(chirp)) <= 4096
    late = delay_of(found, chirp)
    assert abs(late) <= 2112
    coded, original = found[max(0, late) :], chirp[max(0, -late) :]
    assert np.std(coded[4096:48000] - original[4096:48000]) < 0.04


@pytest.mark.parametrize("case", LOSSLESS)
def test_lossless_formats_return_the_very_samples(
    case: tuple[str, str, str, str], tone: Signal, tmp_path: Path
) -> None:
    name, codec, coded, dtype = case
    if dtype.startswith("float"):
        samples = (3.0 * tone).astype(dtype)
    elif coded == "u8":
        samples = (np.round(tone * 128) + 128).astype(np.uint8)
    else:
        bits = 16 if dtype == "int16" else 24
        width = 8 * np.dtype(dtype).itemsize
        samples = np.round(tone * 2.0 ** (bits - 1)).astype(np.int64) << (width - bits)
        samples = samples.astype(dtype)
    array = samples if coded == "u8" else samples.astype(dtype)
    data = write(tmp_path / name, codec, array, format=coded.rstrip("p"), coded=coded)
    found = whole(io.BytesIO(data))
    assert found.dtype == np.dtype(dtype)
    expected = (samples.astype(np.int16) - 128) << 8 if coded == "u8" else samples
    np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize(
    ("name", "codec", "coded"), [("tone.m4a", "aac", "fltp"), ("tone.webm", "libopus", "flt")]
)
def test_values_above_full_scale_survive(name: str, codec: str, coded: str, tmp_path: Path) -> None:
    sine = 1.5 * np.sin(2 * np.pi * 440 * np.arange(48000) / 48000)
    stereo = np.stack([sine, sine], axis=1).astype(np.float32)
    write(tmp_path / name, codec, stereo, coded=coded)
    assert np.abs(whole(tmp_path / name)).max() > 1.3


@pytest.mark.parametrize(
    ("name", "codec"),
    [
        ("a.m4a", "aac"),
        ("a.m4a", "alac"),
        ("a.mp4", "libopus"),
        ("a.ac3", "ac3"),
        ("a.mkv", "flac"),
    ],
)
def test_seek_is_sample_accurate(name: str, codec: str, tone: Signal, tmp_path: Path) -> None:
    write(tmp_path / name, codec, tone.astype(np.float32))
    expected = whole(tmp_path / name)
    rng = np.random.default_rng(5)
    with open_audio(tmp_path / name) as file:
        for frame in [
            0,
            1,
            1024,
            len(expected) - 1,
            *rng.integers(0, len(expected), 15).tolist(),
            0,
        ]:
            file.seek(frame)
            np.testing.assert_array_equal(file.read(900), expected[frame : frame + 900])
        file.seek(len(expected) + 5)
        assert len(file.read(1)) == 0


@pytest.mark.parametrize(
    ("layout", "codec", "name", "known"),
    [
        ("mono", "aac", "a.m4a", "mono"),
        ("5.1", "aac", "a.m4a", "5.1"),
        ("5.1(side)", "ac3", "a.ac3", "5.1"),
        ("7.1", "flac", "a.mkv", "7.1-wave"),
        ("quad", "flac", "a.mkv", "quad"),
    ],
)
def test_layouts_and_channel_order(
    layout: str, codec: str, name: str, known: str, tmp_path: Path
) -> None:
    """FFmpeg's native channel order is that of the WAVE mask: every tone is in its place."""
    channels = av.AudioLayout(layout).nb_channels
    time = np.arange(96000) / 48000
    hertz = [60.0 if index == 3 else 300.0 + 100 * index for index in range(channels)]
    samples = np.stack([0.3 * np.sin(2 * np.pi * each * time) for each in hertz], axis=1)
    write(tmp_path / name, codec, samples.astype(np.float32), layout=layout, format="flt")
    with open_audio(tmp_path / name) as file:
        assert file.channels == channels
        assert file.layout == Layout.named(known)
    found = whole(tmp_path / name).astype(float)
    peaks = np.abs(np.fft.rfft(found[24000:72000], axis=0)).argmax(axis=0)
    assert peaks.tolist() == hertz


@pytest.mark.parametrize(
    ("name", "codec"),
    [
        ("a.m4a", "aac"),
        ("a.m4a", "alac"),
        ("a.wma", "wmav2"),
        ("a.webm", "libopus"),
        ("a.mkv", "flac"),
        ("a.oga", "flac"),
        ("a.wv", "wavpack"),
        ("a.tta", "tta"),
        ("a.avi", "pcm_s16le"),
    ],
)
@pytest.mark.parametrize("keep", [0.3, 0.6, 0.95])
def test_a_cut_file_is_refused_or_read_to_the_cut(
    name: str, codec: str, keep: float, tone: Signal, tmp_path: Path
) -> None:
    """Boxes, segments, chunks, pages and frame counts promise more than is there."""
    data = write(tmp_path / name, codec, np.tile(tone, (5, 1)).astype(np.float32))
    expected = whole(io.BytesIO(data))
    cut = data[: int(len(data) * keep)]
    with pytest.raises(TruncatedFile):
        whole(io.BytesIO(cut))
    try:
        with open_audio(io.BytesIO(cut), partial="accept") as file:
            frames = 0
            while len(piece := file.read(5000)):
                frames += len(piece)
            assert file.truncated
    except TruncatedFile:  # an index that stood at the end: nothing can be decoded
        assert name.endswith((".m4a", ".avi"))
    else:
        assert 0 < frames <= len(expected)


def test_a_film_without_sound_says_so(tmp_path: Path) -> None:
    path = tmp_path / "silent.mp4"
    with av.open(str(path), "w") as container:
        mux_video(container, add_video(container), 10)
    with pytest.raises(UnknownFormat, match="no audio stream"):
        open_audio(path)


def test_several_mono_streams_are_not_guessed_together(tone: Signal, tmp_path: Path) -> None:
    """Production files hold one stream for each channel; reading the first alone would be wrong."""
    path = tmp_path / "tracks.mov"
    mono = tone[:, :1].astype(np.float32)
    write(path, "pcm_s16le", mono, layout="mono", format="flt", streams=4)
    with pytest.raises(UnknownFormat, match="4 mono streams"):
        open_audio(path)


@pytest.mark.parametrize("suffix", ["m3u8", "ffconcat", "txt", "m4a"])
def test_playlists_open_no_other_file(suffix: str, tone: Signal, tmp_path: Path) -> None:
    """A list that names a local file is not audio, whatever the name of the list says."""
    secret = tmp_path / "secret.m4a"
    write(secret, "aac", tone.astype(np.float32))
    lists = [
        f"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:2,\n{secret}\n#EXT-X-ENDLIST\n",
        f"ffconcat version 1.0\nfile '{secret}'\n",
        f"concat:{secret}|{secret}",
        f"file:{secret}",
    ]
    for text in lists:
        path = tmp_path / f"list.{suffix}"
        path.write_text(text)
        with pytest.raises(UnknownFormat):
            open_audio(path)


def test_a_path_that_reads_like_a_url_is_a_path(tmp_path: Path, tone: Signal) -> None:
    write(tmp_path / "tone.m4a", "aac", tone.astype(np.float32))
    for url in (
        "http://127.0.0.1:9/a.m4a",
        f"concat:{tmp_path}/tone.m4a",
        f"file:{tmp_path}/tone.m4a",
    ):
        with pytest.raises(FileError, match="cannot be opened"):
            open_audio(url)


def test_an_open_file_stays_open_and_its_errors_arrive(tone: Signal, tmp_path: Path) -> None:
    class Failing(io.BytesIO):
        armed = False

        def read(self, size: int | None = -1, /) -> bytes:
            if self.armed:
                raise OSError("the network is gone")
            return super().read(size)

    samples = np.tile(tone, (20, 1)).astype(np.float32)
    source = Failing(write(tmp_path / "a.m4a", "alac", samples))
    with open_audio(source) as file:
        file.read(10)
        source.armed = True
        with pytest.raises(FileError, match="network is gone"):
            file.read(len(samples))
    assert not source.closed


def test_damage_midway_is_an_error_or_the_end(tone: Signal, tmp_path: Path) -> None:
    data = bytearray(write(tmp_path / "a.mkv", "flac", tone.astype(np.float32)))
    middle = len(data) // 2
    data[middle : middle + 300] = bytes(300)
    with pytest.raises(TruncatedFile):
        whole(io.BytesIO(bytes(data)))
    with open_audio(io.BytesIO(bytes(data)), partial="accept") as file:
        assert 0 < len(file.read(10**6)) < len(tone)
        assert file.truncated


def test_a_title_that_is_no_utf8_is_no_reason_to_refuse(tone: Signal, tmp_path: Path) -> None:
    """Old files have Latin-1 where the container asks for UTF-8."""
    path = tmp_path / "tone.mka"
    write(path, "pcm_s16le", tone.astype(np.float32), layout="stereo", format="flt")
    good = path.read_bytes()
    assert b"Lavf" in good  # the name of the writer, which is text as a title is
    path.write_bytes(good.replace(b"Lavf", b"\xe9\xff\xfe\xe9"))
    assert len(whole(path)) == len(tone)
