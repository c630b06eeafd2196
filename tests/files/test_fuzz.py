"""Broken files: each must end in arrays or in a LoudscopeError, never in a crash or a hang.

LOUDSCOPE_FUZZ sets the number of mutations of each file (150 by default, some thousands for a
longer hunt).
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

MakeSignal = Callable[[int, int, float], NDArray[np.float64]]
MakeFile = Callable[..., bytes]

COUNT = int(os.environ.get("LOUDSCOPE_FUZZ", "150"))
BATCH = 500
SECONDS_EACH = 0.5  # far above what the slowest takes
WORKER = Path(__file__).with_name("fuzz_worker.py")
FORMATS = [
    ("WAV", "PCM_16"),
    ("WAVEX", "FLOAT"),
    ("WAV", "IMA_ADPCM"),
    ("RF64", "PCM_24"),
    ("W64", "PCM_16"),
    ("AU", "FLOAT"),
    ("AIFF", "PCM_16"),
    ("CAF", "ALAC_16"),
    ("FLAC", "PCM_16"),
    ("OGG", "VORBIS"),
    ("OGG", "OPUS"),
    ("MP3", "MPEG_LAYER_III"),
]
PYAV_FORMATS = [("m4a", "aac"), ("m4a", "alac"), ("mkv", "flac"), ("wma", "wmav2"), ("ac3", "ac3")]


def hunt(path: Path, other: Path, count: int) -> None:
    """Run the worker over `count` mutations; a failure names the seed."""
    log = path.with_suffix(".log")
    for first in range(0, count, BATCH):
        number = min(BATCH, count - first)
        command = [sys.executable, str(WORKER), str(path), str(other), str(log), str(first)]
        try:
            run = subprocess.run(
                [*command, str(number)], check=False, stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE, text=True, timeout=30 + SECONDS_EACH * number,
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            pytest.fail(f"{path.name}: hangs at seed {last_line(log)}")
        if run.returncode != 0:
            seed = last_line(log)
            pytest.fail(f"{path.name}: exit {run.returncode} at seed {seed}\n{run.stderr[-2000:]}")
    endings = [line.split()[1] for line in log.read_text().splitlines()]
    assert len(endings) == count
    assert {"TruncatedFile", "truncated"} <= set(endings)  # the mutations do reach the decoder


def last_line(log: Path) -> str:
    return log.read_text().splitlines()[-1] if log.exists() else "none"


@pytest.mark.parametrize(("format", "subtype"), FORMATS)
def test_mutations_of_files_for_libsndfile(
    format: str, subtype: str, signal: MakeSignal, encode: MakeFile, tmp_path: Path
) -> None:
    path, other = tmp_path / f"{subtype}.{format}", tmp_path / "other"
    path.write_bytes(encode(0.5 * signal(24000, 2, 0.6), 24000, format, subtype))
    other.write_bytes(encode(0.5 * signal(48000, 1, 0.2), 48000, "FLAC", "PCM_24"))
    hunt(path, other, COUNT)


@pytest.mark.parametrize(("suffix", "codec"), PYAV_FORMATS)
def test_mutations_of_files_for_pyav(
    suffix: str, codec: str, signal: MakeSignal, encode: MakeFile, tmp_path: Path
) -> None:
    av: Any = pytest.importorskip("av")
    path, other = tmp_path / f"{codec}.{suffix}", tmp_path / "other"
    samples = (0.5 * signal(48000, 2, 0.6)).astype(np.float32)
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=48000, layout="stereo")
        stream.bit_rate = 128_000
        frame = av.AudioFrame.from_ndarray(samples.reshape(1, -1), format="flt", layout="stereo")
        frame.sample_rate, frame.pts = 48000, 0
        size = stream.codec_context.frame_size or 1024
        cut = av.AudioResampler(stream.format.name, "stereo", 48000, frame_size=size)
        for piece in [*cut.resample(frame), *cut.resample(None), None]:
            container.mux(stream.encode(piece))
    other.write_bytes(encode(samples, 48000, "OGG", "VORBIS"))
    hunt(path, other, COUNT)
