"""Layouts that files declare, and the order of their channels."""

from __future__ import annotations

import io

import numpy as np
import pytest

from loudscope._files import open_audio
from loudscope._layouts import Layout

from .conftest import MakeFile, extensible, pcm16, read_all, wave


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
