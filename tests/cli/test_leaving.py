"""How the command ends: status, Ctrl-C, a reader that goes away, a full disk."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from .conftest import COMMAND, Record, Run, Silence

Start = Callable[..., "subprocess.Popen[str]"]

POSIX = pytest.mark.skipif(os.name != "posix", reason="POSIX signals")


def test_a_bad_file_does_not_stop_the_others(run: Run, record: Record, damaged: Path) -> None:
    """Status 1, one line on stderr that names the file, and the figures of the rest."""
    record("one.wav")
    record("two.wav")
    answer = run("one.wav", damaged.name, "two.wav")
    assert answer.returncode == 1
    assert answer.stderr.startswith(f"loudscope: {damaged.name}: ")
    assert answer.stderr.count("\n") == 1
    assert answer.stderr.count(damaged.name) == 1
    assert "one.wav" in answer.stdout
    assert "two.wav" in answer.stdout
    assert damaged.name not in answer.stdout


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ((), "FILE"),
        (("--album",), "FILE"),
        (("x.wav", "--nonsense"), "--nonsense"),
        (("x.wav", "--json", "--csv"), "not allowed with"),
        (("x.wav", "--jobs", "0"), "from 1 upwards"),
        (("x.wav", "--between", "10", "5"), "is empty"),
        (("x.wav", "--between", "1:75", "2:00"), "59"),
        (("x.wav", "--between", "-1", "2"), "is not a time"),
        (("x.wav", "--between", "nan", "2"), "is not a time"),
        (("x.wav", "--layout", "5.9"), "5.1"),
        (("x.wav", "--partial", "maybe"), "accept"),
        (("selftest", "--rates", "fast"), "rates"),
        (("info", "x.wav"), "x.wav"),
    ],
)
def test_wrong_usage(run: Run, arguments: tuple[str, ...], reason: str) -> None:
    """Status 2, no traceback, and a message that says what is wrong."""
    answer = run(*arguments)
    assert answer.returncode == 2
    assert answer.stdout == ""
    assert reason in answer.stderr
    assert "Traceback" not in answer.stderr
    assert "--help" in answer.stderr


@POSIX
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_ctrl_c_leaves_at_once(start: Start, record: Record, silence: Silence, jobs: str) -> None:
    """SIGINT in the midst of a long file: no traceback, nothing more is measured, status 130."""
    record("first.wav", 0.5)
    names = [silence(f"long {number}.wav", hours=3).name for number in range(4)]
    process = start("first.wav", *names, "--ndjson", "--jobs", jobs)
    assert process.stdout is not None
    assert '"first.wav"' in process.stdout.readline()
    process.send_signal(signal.SIGINT)
    begin = time.monotonic()
    output, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert (output, errors) == ("", "")
    assert time.monotonic() - begin < 5


def test_ctrl_c_leaves_even_if_a_thread_hangs() -> None:
    """A read that never returns cannot be asked to stop; the process ends all the same."""
    hang = "threading.Thread(target=time.sleep, args=(600,)).start()"
    code = f"import sys, threading, time; {hang}; from loudscope._cli import _leave; _leave()"
    ended = subprocess.run([sys.executable, "-c", code], timeout=60, check=False)
    assert ended.returncode == 130


@pytest.mark.parametrize("form", [(), ("--album",), ("--json",), ("--csv",), ("--ndjson",)])
def test_a_reader_that_has_gone(start: Start, record: Record, form: tuple[str, ...]) -> None:
    """`loudscope ... | head -0`: the closed pipe is no error of ours, so not a word."""
    record("one.wav")
    with start("one.wav", *form) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == ""
        assert process.wait(timeout=60) == 0


@pytest.mark.parametrize("arguments", ["--help", "--version", "info"])
def test_a_reader_that_has_gone_before_the_help(start: Start, arguments: str) -> None:
    """`loudscope --help | head -0` is as quiet."""
    with start(arguments) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == ""
        assert process.wait(timeout=60) == 0


def test_a_reader_that_takes_the_first_line(start: Start, record: Record) -> None:
    """`loudscope --ndjson ... | head -1` gets its line; what follows finds the pipe closed."""
    names = [record(f"{n}.wav", 0.5).name for n in range(40)]
    with start(*names, "--ndjson", "--jobs", "1") as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert '"0.wav"' in process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == ""
        assert process.wait(timeout=60) == 0


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="a device of Linux")
@pytest.mark.parametrize("form", [(), ("--json",), ("--csv",), ("--ndjson",)])
def test_a_full_disk_is_told(tmp_path: Path, record: Record, form: tuple[str, ...]) -> None:
    """The answer is lost: status 1 and one line, not silence."""
    record("one.wav")
    with Path("/dev/full").open("w") as full:
        answer = subprocess.run(
            [*COMMAND, "one.wav", *form],
            cwd=tmp_path,
            stdout=full,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            timeout=60,
            check=False,
        )
    assert answer.returncode == 1
    assert answer.stderr.startswith("loudscope: the answer cannot be written: ")
    assert answer.stderr.count("\n") == 1
