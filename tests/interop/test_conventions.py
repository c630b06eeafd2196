"""How other libraries lay out what they read from a file."""

from __future__ import annotations

import importlib
from pathlib import Path

import numpy as np
import pytest

import loudscope

PIECE = Path(__file__).parents[2] / "examples" / "audio" / "night_drive.flac"


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # aifc, which it still imports
def test_librosa_loads_channels_first() -> None:
    """(channels, frames) of stereo, (frames,) of mono: axis=-1 is right for both."""
    librosa = pytest.importorskip("librosa")
    whole, rate_hz = librosa.load(PIECE, sr=None, mono=False, duration=6.0)
    assert whole.shape[0] == 2
    wanted = loudscope.scan(PIECE, stop=6.0)
    assert loudscope.scan(whole, rate_hz, axis=-1) == wanted
    mono, rate_hz = librosa.load(PIECE, sr=None, mono=True, duration=6.0)
    assert mono.ndim == 1
    assert loudscope.lufs(mono, rate_hz, axis=-1) == loudscope.lufs(mono, rate_hz)


def test_planar_frames_of_av_are_channels_first() -> None:
    """`AudioFrame.to_ndarray()` of a planar format: (channels, frames), in chunks."""
    av = pytest.importorskip("av")
    resampler = av.AudioResampler(format="fltp")
    with av.open(str(PIECE)) as container:
        chunks = [
            out.to_ndarray()
            for frame in container.decode(audio=0)
            for out in resampler.resample(frame)
        ]
    assert chunks[0].shape[0] == 2
    assert chunks[0].dtype == np.float32
    assert loudscope.scan(chunks, 44100, axis=-1) == loudscope.scan(PIECE)


def test_torchcodec_decodes_channels_first() -> None:
    """What `torchaudio.load` reads with since 2.9: a float32 tensor of (channels, frames)."""
    pytest.importorskip("torch")
    try:
        decoders = importlib.import_module("torchcodec.decoders")
    except (ImportError, OSError, RuntimeError) as error:
        pytest.skip(f"torchcodec: {told(error)}")
    samples = decoders.AudioDecoder(PIECE).get_all_samples()
    assert samples.data.shape[0] == 2
    assert loudscope.scan(samples.data, samples.sample_rate, axis=-1) == loudscope.scan(PIECE)


def test_torchaudio_loads_channels_first() -> None:
    """PyPI's wheel for Linux on x86-64 needs a torch with CUDA; without one, it is skipped."""
    pytest.importorskip("torch")
    try:
        torchaudio = importlib.import_module("torchaudio")
        tensor, rate_hz = torchaudio.load(PIECE)
    except (ImportError, OSError, RuntimeError) as error:
        pytest.skip(f"torchaudio: {told(error)}")
    assert tensor.shape[0] == 2
    assert loudscope.scan(tensor, rate_hz, axis=-1) == loudscope.scan(PIECE)


def told(error: Exception) -> str:
    return str(error).partition("\n")[0]
