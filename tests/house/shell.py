"""What a ```sh block needs to be run: the files that it names, a server, a shell that tells."""

from __future__ import annotations

import re
import shlex
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import soundfile

from .pages import ROOT

PIECE = ROOT / "examples" / "audio" / "night_drive.flac"
SHOWN_PORT = 8765
START_SECONDS = 60.0
AUDIO = re.compile(r"(?<![\w./-])[\w./*-]+\.(?:wav|flac)\b")
FOLDER = re.compile(r"(?<![\w./@-])[\w-]+/(?=\s|$)")
WRITTEN = re.compile(r"(?:-o|>)\s*\S+")
IN_A_FOLDER = 3
# Tells the status and text of whatever fails, wherever it stands in the block.
TELLING = "set -E -u -o pipefail\ntrap 'echo \"$? $BASH_COMMAND\" >> failed' ERR\n"


def commands_of(text: str) -> list[str]:
    """The commands of a block, each on one line, without comments."""
    joined = re.sub(r"\\\n\s*", " ", text)
    lines = [re.sub(r"(?:^|\s)#.*", "", line).strip() for line in joined.splitlines()]
    return [part.strip() for line in lines for part in line.split(" && ") if part.strip()]


def prepare(place: Path, text: str) -> None:
    """Put into the place what the block reads: pieces of the example, each another one."""
    read = WRITTEN.sub("", "\n".join(commands_of(text)))
    folders = set(FOLDER.findall(read))
    names = {f"{folder}{at}.flac" for folder in folders for at in range(IN_A_FOLDER)}
    for name in AUDIO.findall(read):
        if not name.startswith("examples/"):
            names |= {name.replace("*", str(at)) for at in range(IN_A_FOLDER)}
    for index, name in enumerate(sorted(names)):
        write_piece(place / name, index)


def write_piece(path: Path, index: int) -> None:
    """The example played one and a half times, from another place and softer each time."""
    samples, rate_hz = soundfile.read(PIECE)
    turned = np.roll(samples, round(0.7 * index * rate_hz), axis=0)
    whole = np.concatenate([turned, turned[: len(turned) // 2]]) * 0.9**index
    path.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(path, whole, rate_hz, subtype="PCM_16")


def run(text: str, place: Path, environment: dict[str, str]) -> tuple[list[str], str]:
    """Run a block as bash would.

    Returns:
        "STATUS COMMAND" of all that failed, and what was told on stderr.
    """
    done = subprocess.run(
        ["bash", "-c", TELLING + text],
        cwd=place,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )
    failed = place / "failed"
    return failed.read_text("utf-8").splitlines() if failed.exists() else [], done.stderr


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port: int = listening.getsockname()[1]
        return port


@contextmanager
def served(command: str, place: Path, environment: dict[str, str]) -> Iterator[int]:
    """The port of a server that is ready; it is ended as a user would, and has to end in order."""
    port = free_port()
    log = place / "server.log"
    with log.open("w", encoding="utf-8") as written:
        server = subprocess.Popen(
            [*shlex.split(command), "--port", str(port)],
            cwd=place,
            env=environment,
            stdout=written,
            stderr=subprocess.STDOUT,
        )
    try:
        until = time.monotonic() + START_SECONDS
        while not ready(port):
            assert server.poll() is None and time.monotonic() < until, log.read_text("utf-8")
            time.sleep(0.1)
        yield port
    finally:
        server.send_signal(signal.SIGTERM)
        try:
            status = server.wait(30.0)
        except subprocess.TimeoutExpired:
            server.kill()
            raise
    assert status == 0, log.read_text("utf-8")


def ready(port: int) -> bool:
    """Whether every part of the server can be used."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health/ready", timeout=5) as answer:
            return bool(answer.status == 200)
    except (OSError, urllib.error.URLError):
        return False
