"""What appears on a real terminal: progress, and only there."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from .conftest import COMMAND, Record

pty = pytest.importorskip("pty", reason="a POSIX terminal")


def on_a_terminal(
    tmp_path: Path, environment: dict[str, str], *arguments: str
) -> tuple[str, str, int]:
    """Run the command with stderr on a terminal and stdout in a file: (stdout, stderr, status)."""
    ours, theirs = pty.openpty()
    with (tmp_path / "stdout").open("w+") as stdout:
        process = subprocess.Popen(
            [*COMMAND, *arguments],
            cwd=tmp_path,
            env={**environment, "TERM": "xterm"},
            stdout=stdout,
            stderr=theirs,
        )
        os.close(theirs)
        seen = b""
        while True:
            try:
                piece = os.read(ours, 65536)
            except OSError:  # Linux reports the end of a terminal as an error
                break
            if not piece:
                break
            seen += piece
        status = process.wait(timeout=60)
        os.close(ours)
        stdout.seek(0)
        return stdout.read(), seen.decode(), status


def test_long_work_shows_progress(
    tmp_path: Path, environment: dict[str, str], record: Record
) -> None:
    """A bar per running file and one over all; the answer in the file stays clean."""
    names = [record(f"{n}.wav", 240, channels=6).name for n in range(6)]
    output, screen, status = on_a_terminal(
        tmp_path, environment, *names, "--layout", "5.1", "--csv", "--jobs", "2"
    )
    assert status == 0
    assert "6 files" in screen
    assert "0.wav" in screen
    assert "%" in screen
    assert output.startswith("kind,file,")
    assert "\x1b" not in output
    assert len(output.splitlines()) == 7


def test_short_work_shows_none(tmp_path: Path, environment: dict[str, str], record: Record) -> None:
    """A bar that comes and goes at once is noise; an error line still gets through."""
    record("one.wav", 0.5)
    _, screen, status = on_a_terminal(tmp_path, environment, "one.wav", "missing.wav")
    assert status == 1
    assert "%" not in screen
    assert screen.startswith("loudscope: missing.wav: ")
