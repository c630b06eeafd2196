"""What a process that decodes takes from itself, each in a process that may lose it."""

from __future__ import annotations

import socket
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="rlimits as Linux has them")

START = """
import os, resource, socket, subprocess, sys, threading
from loudscope.service.work._confine import confine
from loudscope.service.work._seal import seal
"""


def said(code: str, *arguments: str) -> str:
    """What the code prints, in a process of its own."""
    command = [sys.executable, "-c", START + code, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    return done.stdout.strip()


def test_memory_is_limited_beyond_what_there_is() -> None:
    code = """
confine(64 << 20, 60.0)
bytearray(16 << 20)
try:
    bytearray(128 << 20)
except MemoryError:
    print("no more")
"""
    assert said(code) == "no more"


def test_no_file_is_written_and_few_are_opened(tmp_path: Path) -> None:
    code = """
confine(256 << 20, 60.0)
try:
    with open(sys.argv[1], "wb") as file:
        file.write(b"x")
except OSError as error:
    print(error.strerror)
try:
    held = [os.dup(0) for _ in range(200)]
except OSError as error:
    print(error.strerror)
print(resource.getrlimit(resource.RLIMIT_CORE))
"""
    lines = said(code, str(tmp_path / "file")).splitlines()
    assert lines == ["File too large", "Too many open files", "(0, 0)"]
    assert (tmp_path / "file").stat().st_size == 0


def test_there_is_no_network_no_program_and_no_other_process() -> None:
    code = """
if not seal():
    print("impossible")
    sys.exit()

def refused(call, *arguments):
    try:
        call(*arguments)
    except OSError as error:
        print(error.strerror)

refused(socket.create_connection, ("127.0.0.1", int(sys.argv[1])), 5.0)
refused(os.execv, "/bin/true", ["true"])
refused(subprocess.run, ["true"])
refused(os.kill, os.getppid(), 0)
threading.Thread(target=print, args=("threads",)).start()
"""
    with socket.create_server(("127.0.0.1", 0)) as server:
        found = said(code, str(server.getsockname()[1]))
    if found == "impossible":
        pytest.skip("no seccomp here")
    assert found.splitlines() == [*["Operation not permitted"] * 4, "threads"]


def test_a_limit_that_was_lower_before_stays() -> None:
    code = """
resource.setrlimit(resource.RLIMIT_NOFILE, (32, 32))
confine(256 << 20, 60.0)
print(resource.getrlimit(resource.RLIMIT_NOFILE))
"""
    assert said(code) == "(32, 32)"
