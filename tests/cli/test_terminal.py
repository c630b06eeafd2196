"""What appears on a real terminal: progress, and only there."""

from __future__ import annotations

import os
import signal
import subprocess
from pathlib import Path

import pytest

from .conftest import COMMAND, Record, Silence

pty = pytest.importorskip("pty", reason="a POSIX terminal")


def on_a_terminal(
    tmp_path: Path, environment: dict[str, str], *arguments: str, interrupt_at: bytes = b"\0"
) -> tuple[str, str, int]:
    """Run the command with stderr on a terminal and stdout in a file: (stdout, stderr, status).

    SIGINT is sent as soon as `interrupt_at` has appeared on the terminal.
    """
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
            fresh = interrupt_at not in seen
            seen += piece
            if fresh and interrupt_at in seen:
                process.send_signal(signal.SIGINT)
        status = process.wait(timeout=60)
        os.close(ours)
        stdout.seek(0)
        return stdout.read(), seen.decode(), status


def test_long_work_shows_progress(
    tmp_path: Path, environment: dict[str, str], silence: Silence
) -> None:
    """A bar per running file and one over all; the answer in the file stays clean."""
    names = [silence(f"{n}.wav", hours=0.7).name for n in range(3)]
    output, screen, status = on_a_terminal(tmp_path, environment, *names, "--csv", "--jobs", "2")
    assert status == 0
    assert "3 files" in screen
    assert "0.wav" in screen
    assert " % " in screen
    assert "[progress" not in screen
    assert output.startswith("kind,file,")
    assert "\x1b" not in output
    assert len(output.splitlines()) == 4


def test_short_work_shows_none(tmp_path: Path, environment: dict[str, str], record: Record) -> None:
    """A bar that comes and goes at once is noise; an error line still gets through."""
    record("one.wav", 0.5)
    _, screen, status = on_a_terminal(tmp_path, environment, "one.wav", "missing.wav")
    assert status == 1
    assert "%" not in screen
    assert screen.startswith("loudscope: missing.wav: ")


def test_ctrl_c_puts_the_terminal_in_order(
    tmp_path: Path, environment: dict[str, str], silence: Silence
) -> None:
    """SIGINT under a progress bar: no answer, no traceback, and the cursor is back."""
    name = silence("long.wav", hours=3).name
    output, screen, status = on_a_terminal(tmp_path, environment, name, interrupt_at=b" % ")
    assert (output, status) == ("", 130)
    assert "Traceback" not in screen
    assert screen.rindex("\x1b[?25h") > screen.rindex("\x1b[?25l")
