"""The real command in a process of its own, on small files."""

from __future__ import annotations

import os
import struct
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile

Run = Callable[..., subprocess.CompletedProcess[str]]
Record = Callable[..., Path]
Silence = Callable[..., Path]

COMMAND = (sys.executable, "-W", "error", "-m", "loudscope")


@pytest.fixture
def environment() -> dict[str, str]:
    """The environment of the command: 120 columns, no colours."""
    kept = {key: value for key, value in os.environ.items() if key not in ("FORCE_COLOR", "TERM")}
    return {**kept, "COLUMNS": "120"}


@pytest.fixture
def run(tmp_path: Path, environment: dict[str, str]) -> Run:
    """Run `loudscope` with these arguments in the test's own directory."""

    def run(
        *arguments: str | Path, encoding: str = "utf-8", **changes: str
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*COMMAND, *map(str, arguments)],
            cwd=tmp_path,
            env={**environment, "PYTHONIOENCODING": encoding, **changes},
            capture_output=True,
            encoding=encoding,
            timeout=120,
            check=False,
        )

    return run


@pytest.fixture
def start(tmp_path: Path, environment: dict[str, str]) -> Callable[..., subprocess.Popen[str]]:
    """Start `loudscope` with these arguments and leave it running."""

    def start(
        *arguments: str | Path, stdout: int = subprocess.PIPE, stderr: int = subprocess.PIPE
    ) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [*COMMAND, *map(str, arguments)],
            cwd=tmp_path,
            env=environment,
            stdout=stdout,
            stderr=stderr,
            encoding="utf-8",
        )

    return start


@pytest.fixture
def record(tmp_path: Path) -> Record:
    """Write a file of noise below the test's directory; the same name sounds the same."""

    def record(
        name: str | bytes,
        seconds: float = 4.0,
        *,
        gain: float = 0.1,
        channels: int = 2,
        rate_hz: int = 48000,
        subtype: str = "PCM_16",
    ) -> Path:
        path = tmp_path / os.fsdecode(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        random = np.random.default_rng(list(os.fsencode(name)))
        samples = random.standard_normal((round(seconds * rate_hz), channels))
        samples = np.clip(samples * gain, -0.999, 0.999)
        with path.open("wb") as file:
            soundfile.write(file, samples, rate_hz, subtype=subtype, format="WAV")
        return path

    return record


@pytest.fixture
def damaged(tmp_path: Path) -> Path:
    """A file that is no audio whatever its name says."""
    path = tmp_path / "damaged.wav"
    path.write_bytes(b"this is not audio\n" * 100)
    return path


@pytest.fixture
def silence(tmp_path: Path) -> Silence:
    """Write a WAV file of hours that takes no room on the disk, and seconds to measure."""

    def silence(name: str, hours: float) -> Path:
        size = round(hours * 3600) * 192000
        layout = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 2, 48000, 192000, 4, 16)
        riff = struct.pack("<4sI4s", b"RIFF", 36 + size, b"WAVE")
        path = tmp_path / name
        path.write_bytes(riff + layout + struct.pack("<4sI", b"data", size))
        os.truncate(path, 44 + size)
        return path

    return silence
