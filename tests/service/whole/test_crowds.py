"""Clients that mean no good, all at once, and a disk that is full."""

from __future__ import annotations

import json
import os
import resource
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from ..parts import HOST
from .deployment import Deployment, deployed, track

CONNECTIONS = 2000
SLOW = 50


@contextmanager
def small_disk(folder: Path, size: str) -> Iterator[Path]:
    """A file system of that size, or a skip where none may be mounted."""
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size},mode=0777", "tmpfs", str(folder)]
    if subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        pytest.skip("a small file system cannot be mounted here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def test_a_full_disk_refuses_uploads_and_nothing_else(tmp_path: Path) -> None:
    """Results can be read all the while, and uploads are taken again once there is room."""
    with (
        small_disk(tmp_path / "disk", "24m") as disk,
        deployed(tmp_path, {"folder": str(disk / "data")}) as service,
    ):
        token = service.upload(track(1))
        assert service.final(token)["stage"] == "done"
        filler = disk / "filler"
        filler.write_bytes(bytes(free_bytes(disk) - 4 * 2**20))
        files = {"audio": ("long.wav", track(2, 60.0, 48_000), "audio/wav")}  # 11 MB
        refused = service.http.post(f"{service.url()}/analyze", files=files)
        assert (refused.status_code, refused.json()["code"]) == (503, "unavailable")
        assert service.report(token)["inspection"]["pcm_sha256"]
        assert free_bytes(disk) > 3 * 2**20  # nothing of it is left
        assert service.final(service.upload(track(3)))["stage"] == "done"
        filler.unlink()
        assert service.final(service.upload(track(2, 60.0, 48_000)))["stage"] == "done"


def free_bytes(folder: Path) -> int:
    found = os.statvfs(folder)
    return found.f_bavail * found.f_frsize


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Deployment]:
    limits = {"upload_grace_seconds": 2.0, "uploads": 100}
    with deployed(tmp_path, {"limits": limits}) as running:
        yield running


def test_two_thousand_connections_do_not_keep_a_track_from_its_report(service: Deployment) -> None:
    """Most never finish a request's head; some send a body of a byte a second; some never read."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard < 3 * CONNECTIONS:
        pytest.skip(f"this process may open {hard} files")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, 3 * CONNECTIONS), hard))
    port = service.servers[0].port
    token = service.upload(track(1))
    assert service.final(token)["stage"] == "done"
    with ExitStack() as stack:
        crowd = [
            stack.enter_context(socket.create_connection((HOST, port), timeout=30))
            for _ in range(CONNECTIONS)
        ]
        slow, deaf, idle = crowd[:SLOW], crowd[SLOW : 2 * SLOW], crowd[2 * SLOW :]
        for one in slow:
            one.sendall(head("POST", "/analyze", ("Content-Length: 1000000", FORM)) + PART)
        for one in deaf:
            one.sendall(head("GET", f"/report/{token}", ()) * 20)
        for one in idle:
            one.sendall(b"GET /result/x HTTP/1.1\r\nHost: x\r\nX-Slow: ")
        start = time.monotonic()
        while time.monotonic() - start < 3.0:
            for one in slow:
                byte(one)
            time.sleep(0.5)
        assert [answer(one) for one in slow] == [(408, "too_slow")] * SLOW
        found = service.final(service.upload(track(2)))
        assert found["stage"] == "done"
    assert service.final(service.upload(track(3)))["stage"] == "done"


FORM = "Content-Type: multipart/form-data; boundary=x"
PART = b'--x\r\nContent-Disposition: form-data; name="audio"; filename="a.wav"\r\n\r\n'


def head(method: str, path: str, lines: tuple[str, ...]) -> bytes:
    return "\r\n".join([f"{method} {path} HTTP/1.1", "Host: x", *lines, "", ""]).encode()


def byte(connection: socket.socket) -> None:
    """Sends one, if it is still taken."""
    try:
        connection.sendall(b"-")
    except OSError:
        return


def answer(connection: socket.socket) -> tuple[int, str]:
    """Status and code of the answer that is there."""
    connection.settimeout(20.0)
    data = b""
    while b"}" not in data and (more := connection.recv(65536)):
        data += more
    first, _, body = data.partition(b"\r\n\r\n")
    return int(first.split()[1]), json.loads(body)["code"]
