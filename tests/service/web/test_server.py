"""The listening socket, and the end of a service."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from loudscope.service._settings import Settings
from loudscope.service.web import bound

from ..parts import free_port
from ..served import wav


def test_a_port_that_is_taken_is_an_error(tmp_path: Path) -> None:
    with bound(Settings(folder=tmp_path, port=0)) as first:
        port = first.getsockname()[1]
        with pytest.raises(OSError, match="in use"):
            bound(Settings(folder=tmp_path, port=port))


@pytest.mark.skipif(not socket.has_ipv6, reason="this machine has no IPv6")
def test_an_address_of_ipv6_can_be_served(tmp_path: Path) -> None:
    try:
        found = bound(Settings(folder=tmp_path, host="::1", port=0))
    except OSError:
        pytest.skip("this machine has no ::1")
    with found, socket.create_connection(found.getsockname()[:2], 5):
        pass


def test_sigterm_closes_sockets_with_1012_and_hands_work_back(tmp_path: Path) -> None:
    port = free_port()
    more = {"PORT": port, "FOLDER": tmp_path, "WORKERS": 1, "GRACE_SECONDS": 0.1}
    environment = os.environ | {f"LOUDSCOPE_{name}": str(value) for name, value in more.items()}
    command = [sys.executable, "-m", "loudscope", "serve"]
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
    try:
        url = f"http://127.0.0.1:{port}"
        wait_for(lambda: alive(url))
        files = {"audio": ("long.wav", wav(120.0))}
        token = httpx.post(f"{url}/analyze", files=files, timeout=60).json()["token"]
        polled: list[int] = []

        def poll() -> None:
            polled.append(httpx.get(f"{url}/result/{token}?wait=30", timeout=60).status_code)

        polling = threading.Thread(target=poll)
        with connect(f"ws://127.0.0.1:{port}/ws/{token}") as status:
            assert json.loads(status.recv(10))["stage"] != "done"
            with connect(f"ws://127.0.0.1:{port}/live") as live:
                live.recv(10)
                polling.start()
                time.sleep(1.0)  # it has asked
                process.send_signal(signal.SIGTERM)
                assert {code_of(status), code_of(live)} == {1012}
        polling.join()
        assert polled == [200]
        assert process.wait(60) == 0
    finally:
        process.kill()
        process.wait()
    log_text = (tmp_path / "log").read_text("utf-8")
    lines = [line for line in log_text.splitlines() if line.startswith("{")]
    assert "Traceback" not in log_text
    assert all(json.loads(line)["level"] in {"info", "warning"} for line in lines)


def code_of(one: Any) -> int:
    """What a socket is closed with."""
    with pytest.raises(ConnectionClosed) as closed:
        while True:
            one.recv(30)
    assert closed.value.rcvd is not None
    return closed.value.rcvd.code


def alive(url: str) -> bool:
    try:
        return httpx.get(f"{url}/health/live").status_code == 200
    except httpx.TransportError:
        return False


def wait_for(condition: Any, seconds: float = 60.0) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "it did not come about"
        time.sleep(0.05)
