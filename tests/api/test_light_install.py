"""What needs no more than NumPy, and what each absent package's error says to install."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

BLOCKED = """
import sys

sys.modules.update(dict.fromkeys({names!r}))  # None: not to be found
import numpy as np
import loudscope
sound = np.full((96_000, 2), 0.1) * np.sign(np.arange(96_000) % 96 - 47.5)[:, None]
{code}
"""
EXTRAS = ("av", "httpx", "matplotlib", "mutagen", "pydantic", "rich", "scipy", "soundfile")


def without(names: tuple[str, ...], code: str, place: Path) -> subprocess.CompletedProcess[str]:
    """Run the code in a process that finds none of these packages."""
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", BLOCKED.format(names=names, code=code)],
        capture_output=True,
        text=True,
        cwd=place,
        timeout=120,
        check=False,
    )


def test_numpy_is_enough_for_arrays(tmp_path: Path) -> None:
    """Every measuring call, the meter, tables as files, targets and feedback."""
    code = """
analysis = loudscope.analyze(sound, 48000)
meter = loudscope.Meter(48000)
meter.push(sound)
assert meter.analysis().integrated == analysis.integrated == loudscope.lufs(sound, 48000)
analysis.table.save("table.npz")
assert loudscope.BlockTable.load("table.npz") == analysis.table
from loudscope import feedback, qc, targets
assert targets.check(analysis, "r128").verdict == "fail"
assert feedback.feedback(qc.inspect(sound, 48000), target="r128").issues
"""
    run = without(EXTRAS, code, tmp_path)
    assert (run.returncode, run.stderr) == (0, "")


@pytest.mark.parametrize(
    ("package", "code", "remedy"),
    [
        ("soundfile", "loudscope.analyze('sound.wav')", "pip install soundfile"),
        ("av", "loudscope.analyze('sound.m4a')", "pip install 'loudscope[decode]'"),
        ("matplotlib", "loudscope.analyze(sound, 48000).plot()", "pip install 'loudscope[plot]'"),
        ("scipy", "import loudscope.reference", "pip install 'loudscope[reference]'"),
        ("mutagen", "loudscope.tags.require_writer()", "pip install 'loudscope[tags]'"),
    ],
)
def test_an_absent_package_is_asked_for(
    package: str, code: str, remedy: str, tmp_path: Path
) -> None:
    """An error of ours, or an ImportError, whose last line names the remedy."""
    sound = tmp_path / "sound.wav"
    sound.write_bytes(
        b"RIFF\x34\0\0\0WAVEfmt \x10\0\0\0\1\0\1\0\x80\xbb\0\0\0\x77\1\0\2\0\x10\0data\x10\0\0\0"
        + bytes(16)
    )
    (tmp_path / "sound.m4a").write_bytes(b"\0\0\0\x20ftypM4A \0\0\0\0M4A mp42isom" + bytes(64))
    run = without((package,), code, tmp_path)
    assert run.returncode == 1
    last = run.stderr.strip().splitlines()[-1]
    assert remedy in last, run.stderr
