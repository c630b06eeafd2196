"""WS /ws/{token}: no change is missed, and a socket that is not read costs next to nothing."""

from __future__ import annotations

import asyncio
import json
import socket as sockets
import threading
import time
from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets.asyncio.client import connect as connect_async
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from loudscope.service._records import Stage
from loudscope.service._tokens import digest
from loudscope.service.web import _follow

from ..served import Service, holding, wav
from ..waiting import wait


def new(service: Service, seed: int = 0, **fields: str) -> dict[str, Any]:
    """A request that waits."""
    files = {"audio": ("mix.wav", wav(0.1, seed))}
    answer = httpx.post(f"{service.url}/analyze", data=fields, files=files)
    assert answer.status_code == 202, answer.text
    found: dict[str, Any] = answer.json()
    return found


def follow(service: Service, token: str, **headers: str) -> ClientConnection:
    return connect(
        f"{service.ws}/ws/{token}", compression=None, additional_headers=headers, open_timeout=30
    )


def messages(socket: ClientConnection) -> list[dict[str, Any]]:
    """All up to the end, which has to be in order."""
    found = []
    with pytest.raises(ConnectionClosed) as closed:
        while True:
            found.append(json.loads(socket.recv(20)))
    assert closed.value.rcvd is not None
    found.append({"type": "closed", "code": closed.value.rcvd.code})
    return found


def test_stages_come_in_order_up_to_the_last(service: Service) -> None:
    job = new(service, genre="pop")
    (task,) = service.tasks
    with follow(service, job["token"]) as socket:
        first = json.loads(socket.recv(10))
        assert (first["type"], first["stage"], first["genre"]) == ("status", "queued", "pop")
        for stage, progress in ((Stage.DECODING, 0.1), (Stage.MEASURING, 0.5)):
            time.sleep(0.15)
            service.advance(task.id, stage, progress)
            assert json.loads(socket.recv(10))["stage"] == stage.value
        service.measure(task.id)
        service.judge(digest(job["token"]))
        last = messages(socket)
    assert (last[-2]["stage"], last[-2]["progress"]) == ("done", 1.0)
    assert last[-2]["verdict"] == {"verdict": "pass", "top": None}
    assert last[-1]["code"] == 1000


def test_a_status_that_changes_while_the_socket_opens_is_not_lost(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Subscribed before the snapshot: whenever the end comes, it is heard of without a look."""
    monkeypatch.setattr(_follow, "LOOK_SECONDS", 3600.0)
    for turn in range(16):
        job = new(service, turn)
        token, key = job["token"], service.tasks[-1].id

        def finish(key: str = key, token: str = token, turn: int = turn) -> None:
            time.sleep(turn * 0.001)
            service.measure(key)
            service.judge(digest(token))

        worker = threading.Thread(target=finish)
        worker.start()
        with follow(service, token) as socket:
            assert messages(socket)[-2]["stage"] == "done"
        worker.join()


@pytest.mark.parametrize("when", ["before", "meanwhile"])
def test_a_hub_that_is_lost_is_made_up_for_by_looking(
    service: Service, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    monkeypatch.setattr(_follow, "LOOK_SECONDS", 0.1)

    def lost(*channels: str) -> Any:
        raise ConnectionError("the hub is away")

    if when == "before":
        service.parts.hub.listen = lost  # type: ignore[method-assign]
    job = new(service)
    with follow(service, job["token"]) as socket:
        assert json.loads(socket.recv(10))["stage"] == "queued"
        if when == "meanwhile":
            asyncio.run(service.parts.hub.close())
        service.measure(service.tasks[0].id)
        service.judge(digest(job["token"]))
        assert messages(socket)[-2]["stage"] == "done"
    answer = httpx.get(f"{service.url}/result/{job['token']}?wait=5")
    assert answer.json()["stage"] == "done"


def test_a_request_that_is_over_is_told_at_once(service: Service) -> None:
    job = new(service)
    service.measure(service.tasks[0].id)
    service.judge(digest(job["token"]))
    with follow(service, job["token"]) as socket:
        assert [m["type"] for m in messages(socket)] == ["status", "closed"]


@pytest.mark.parametrize("token", ["unknown", "x" * 300, "%00"])
def test_an_unknown_token_is_told_in_words_and_closed_with_4404(
    service: Service, token: str
) -> None:
    with follow(service, token) as socket:
        problem, closed = messages(socket)
    assert (problem["type"], problem["code"], problem["status"]) == ("problem", "not_found", 404)
    assert closed["code"] == 4404


def test_what_expires_or_is_deleted_while_it_is_followed_is_told(tmp_path: Path) -> None:
    with holding(tmp_path) as service:
        job = new(service)
        with follow(service, job["token"]) as socket:
            socket.recv(10)
            assert httpx.delete(f"{service.url}/result/{job['token']}").status_code == 204
            problem, closed = messages(socket)
    assert (problem["code"], closed["code"]) == ("not_found", 4404)
    with holding(tmp_path / "brief", result_seconds=1.0) as service:
        job = new(service)
        with follow(service, job["token"]) as socket:
            problem, closed = messages(socket)[-2:]
        assert (problem["code"], problem["status"], closed["code"]) == ("expired", 410, 4410)
        with follow(service, job["token"]) as socket:
            assert messages(socket)[0]["expired_at"] == problem["expired_at"]


def test_a_page_of_another_website_gets_no_socket(service: Service) -> None:
    job = new(service)
    with pytest.raises(InvalidStatus) as raised:
        follow(service, job["token"], Origin="https://elsewhere.example")
    assert raised.value.response.status_code == 403


def test_three_hundred_sockets_follow_one_request_and_one_of_their_own(service: Service) -> None:
    tokens = [new(service, 0)["token"] for _ in range(20)]  # of the same track
    places = service.app.state.site.sockets
    opened = asyncio.Barrier(301)

    async def one(token: str) -> str:
        async with connect_async(f"{service.ws}/ws/{token}", compression=None) as socket:
            assert json.loads(await socket.recv())["stage"] == "queued"
            await opened.wait()
            stages = [json.loads(message)["stage"] async for message in socket]
        return str(stages[-1])

    async def everybody() -> list[str]:
        sockets = [asyncio.create_task(one(tokens[number % 20])) for number in range(300)]
        await opened.wait()
        assert places.taken == 300
        await asyncio.to_thread(finish)
        return await asyncio.gather(*sockets)

    def finish() -> None:
        service.measure(service.tasks[0].id)
        for token in tokens:
            service.judge(digest(token))

    assert asyncio.run(everybody()) == ["done"] * 300
    wait(lambda: places.taken == 0)


def test_sockets_are_bounded(tmp_path: Path) -> None:
    with holding(tmp_path, limits={"sockets": 1}) as service:
        token = new(service)["token"]
        with follow(service, token) as one:
            one.recv(10)
            with follow(service, token) as two:
                assert messages(two)[-1]["code"] == 1013


def test_a_socket_that_is_never_read_is_dropped_and_nothing_is_kept_for_it(tmp_path: Path) -> None:
    """It takes the handshake and no byte more: the kernel gives it up, and its place is free."""
    with holding(tmp_path, patience_ms=1000) as service:
        job = new(service)
        key, places = service.tasks[-1].id, service.app.state.site.sockets
        with deaf(service.port, f"/ws/{job['token']}"):
            wait(lambda: places.taken == 1)
            turn, until = 0, time.monotonic() + 60
            while places.taken and time.monotonic() < until:
                turn += 1
                service.advance(key, Stage.MEASURING, (turn % 1000) / 1000)
                time.sleep(0.01)
            assert places.taken == 0
            wait(lambda: not service.server.server_state.connections)


def deaf(port: int, path: str) -> sockets.socket:
    """A client with the smallest window there is, which it never empties."""
    client = sockets.socket()
    client.setsockopt(sockets.SOL_SOCKET, sockets.SO_RCVBUF, 1)
    client.connect(("127.0.0.1", port))
    client.sendall(
        f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\n"
        "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n".encode()
    )
    return client
