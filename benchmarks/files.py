"""Files to everything: FLAC beside its own decoding, 24-bit WAV beside FFmpeg's ebur128."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import numpy as np
import peers
import signals
import soundfile
from numpy.typing import DTypeLike
from race import OURS, Race, Target, main
from timing import WALL, Answer, Run, timed
from worker import read

import loudscope

DECODING = "soundfile, decoding alone"
FFMPEG = "ffmpeg command"


def decode(path: Path, dtype: DTypeLike = np.int16) -> Answer:
    """Reads all of a file into one buffer, and does nothing with it."""
    with soundfile.SoundFile(path) as file:
        buffer = np.empty((1 << 16, file.channels), dtype)
        while len(file.read(out=buffer)) == len(buffer):
            pass
    return ()


def flac(path: Path, seconds: float) -> Race:
    """Decoding and measuring overlap: the wall knows decoding alone, on two cores."""
    return Race(
        figure="file, FLAC",
        signal=f"{signals.named(seconds)}, as 16-bit FLAC",
        clock="wall, all cores",
        runs={
            OURS: timed(lambda: read(loudscope.analyze(path)), WALL),
            DECODING: timed(lambda: decode(path), WALL),
        },
        units=("LUFS", "LU", "dBTP"),
        audio_seconds=seconds,
        pinned=False,
        targets=(
            Target(
                "FLAC/decoding",
                "FLAC file to everything over soundfile's decoding alone: wall, two cores",
                1.15,
                DECODING,
                kind="slower",
            ),
        ),
    )


def wav24(path: Path, seconds: float) -> Race:
    """CPU time of the call, and of the whole ffmpeg process (which starts in some 30 ms)."""
    runs: dict[str, Run] = {
        OURS: timed(lambda: read(loudscope.analyze(path, threads=1))),
    }
    if shutil.which("ffmpeg"):
        runs[FFMPEG] = lambda: peers.ffmpeg_command(str(path))
    return Race(
        figure="file, 24-bit WAV",
        signal=f"{signals.named(seconds)}, as 24-bit WAV",
        runs=runs,
        units=("LUFS", "LU", "dBTP"),
        below=(0.07, 0.5, 0.5),  # it prints one decimal
        above=(0.07, 0.5, 0.1),
        audio_seconds=seconds,
        targets=(
            Target(
                "WAV/ffmpeg",
                "24-bit WAV file to everything against `ffmpeg -af ebur128=peak=true`",
                6,
                FFMPEG,
            ),
        ),
    )


def races(seconds: float) -> list[Race]:
    """Both, from files in a folder that goes with the last race."""
    folder = Path(tempfile.mkdtemp(prefix="loudscope-benchmark-"))
    sound = signals.music(seconds)
    soundfile.write(folder / "sound.flac", sound, signals.RATE_HZ, "PCM_16")
    soundfile.write(folder / "sound.wav", sound, signals.RATE_HZ, "PCM_24")
    last = wav24(folder / "sound.wav", seconds)
    return [flac(folder / "sound.flac", seconds), last.closed_by(lambda: shutil.rmtree(folder))]


if __name__ == "__main__":
    main(races)
