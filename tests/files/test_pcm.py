"""Samples straight from a WAVE file's bytes are those that libsndfile gives."""

from __future__ import annotations

import io
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
import soundfile

from loudscope import _core
from loudscope._files import open_audio
from loudscope._integrity import survey
from loudscope._pcm import KINDS, PcmDecoder
from loudscope._soundfile import SoundFileDecoder
from loudscope._stream import open_stream

FORMS = ("WAV", "WAVEX", "RF64")


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("channels", [1, 2, 6])
def test_every_kind_is_read_as_libsndfile_reads_it(
    tmp_path: Path, form: str, kind: str, channels: int
) -> None:
    rng = np.random.default_rng(5)
    path = tmp_path / "sound.wav"
    sound = rng.uniform(-1, 1, (5000, channels))
    soundfile.write(path, sound, 48000, kind, format=form)
    with open_audio(path) as file:
        assert isinstance(file._decoder, PcmDecoder)
        file.seek(1234)
        raw = file.read(10_000)
    with closing(open_stream(path)) as stream:
        whole = SoundFileDecoder(survey(stream)).read(10_000)
    np.testing.assert_array_equal(raw, whole[1234:])
    assert (raw.dtype, raw.flags.c_contiguous) == (whole.dtype, True)


def test_big_endian_samples_are_left_to_libsndfile(tmp_path: Path) -> None:
    """RIFX has its bytes the other way round."""
    path = tmp_path / "sound.wav"
    soundfile.write(path, np.zeros((100, 1)), 48000, "PCM_16", endian="BIG", format="WAV")
    assert path.read_bytes()[:4] == b"RIFX"
    with open_audio(path) as file:
        assert isinstance(file._decoder, SoundFileDecoder)


def test_a_file_that_shrinks_while_it_is_read_ends_where_it_ends() -> None:
    """What a header promised is not made up."""
    memory = io.BytesIO()
    soundfile.write(memory, np.full((1000, 1), 0.5), 48000, "PCM_24", format="WAV")
    with open_audio(memory, partial="accept") as file:
        assert len(file.read(100)) == 100
        memory.truncate(44 + 3 * 500)
        assert len(file.read(1000)) == 400
        assert file.truncated


def test_three_bytes_are_the_upper_three_of_four() -> None:
    """Little-endian, left-justified, the sign with them."""
    data = bytes([1, 2, 3, 0xFF, 0xFF, 0xFF, 0, 0, 0x80])
    assert _core.unpack24(data).tolist() == [0x03020100, -256, -(2**31)]
    assert _core.unpack24(b"").tolist() == []
