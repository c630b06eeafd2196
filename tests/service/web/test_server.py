"""The listening socket, and the end of a service."""

from __future__ import annotations

import json
import socket
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from loudscope.service._settings import Settings
from loudscope.service.web import bound

from ..parts import answers, free_port
from ..run.machine import process
from ..waiting import wait
from ..work.shop import endless, quick


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
    settings = quick(tmp_path / "data", port=free_port(), workers=1, lease_seconds=30.0)
    address = f"127.0.0.1:{settings.port}"
    with process("serve", settings) as served:
        wait(lambda: answers(settings.port))
        files = {"audio": ("long.flac", endless(tmp_path).read_bytes())}
        token = httpx.post(f"http://{address}/analyze", files=files, timeout=60).json()["token"]
        path = f"/result/{token}"
        with (
            closing(HTTPConnection(address, timeout=60)) as polling,
            connect(f"ws://{address}/ws/{token}") as status,
            connect(f"ws://{address}/live") as live,
        ):
            wait(lambda: asked(polling, path)["stage"] == "measuring")
            live.recv(10)
            polling.request("GET", f"{path}?wait=30")  # sent: the connection is open already
            served.tell_to_end()
            assert (code_of(status), code_of(live)) == (1012, 1012)
            assert polling.getresponse().status == 200
        assert served.ended() == 0
        assert "Traceback" not in served.log.read_text("utf-8")
        assert {line["level"] for line in served.lines()} <= {"info", "warning"}
        assert "handed back" in {line["event"] for line in served.lines()}


def asked(connection: HTTPConnection, path: str) -> Any:
    """What a path holds, by a connection that stays open."""
    connection.request("GET", path)
    return json.loads(connection.getresponse().read())


def code_of(one: Any) -> int:
    """What a socket is closed with."""
    with pytest.raises(ConnectionClosed) as closed:
        while True:
            one.recv(30)
    assert closed.value.rcvd is not None
    return closed.value.rcvd.code
