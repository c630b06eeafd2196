"""One upload through nginx: web, worker and socket write the same id into their logs.

In every documented combination, with real parts. A duplicate that attaches has its own id, with
the analysis that it attaches to.
"""

from __future__ import annotations

import json
import ssl
from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets.sync.client import connect

from ..deploy.proxy import proxied
from ..parts import Part
from ..waiting import wait
from .combinations import COMBINATIONS, combined
from .deployment import Deployment, track


@pytest.mark.parametrize("name", COMBINATIONS)
def test_an_id_goes_from_nginx_to_the_socket(
    name: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    proxy_folder = tmp_path / "nginx"
    proxy_folder.mkdir()
    with (
        combined(name, request, tmp_path) as running,
        proxied(proxy_folder, running.servers[0].address) as proxy,
    ):
        first, token = uploaded(proxy.url, proxy.context)
        assert running.final(token)["stage"] == "done"
        followed = f"ws://{running.servers[-1].address}/ws/{token}"
        with connect(followed) as socket:
            assert [json.loads(message)["stage"] for message in socket] == ["done"]
        wait(lambda: events(running.servers, first, "socket"))
        second, other = uploaded(proxy.url, proxy.context)
        assert running.final(other)["stage"] == "done"
        wait(lambda: events(workers(running), second, "judging"))
        check(running, first, second)


def uploaded(url: str, context: ssl.SSLContext) -> tuple[str, str]:
    """The id that nginx gave to an upload, and its token."""
    files = {"audio": ("a.wav", track(3))}
    answer = httpx.post(f"{url}/analyze", files=files, verify=context, timeout=60)
    assert answer.status_code == 202, answer.text
    return answer.headers["x-request-id"], answer.json()["token"]


def check(running: Deployment, first: str, second: str) -> None:
    (admitted,) = events(running.servers, first, "admitted")
    (request,) = events(running.servers, first, "request")
    assert (request["route"], request["status"]) == ("/analyze", 202)
    begun = events(workers(running), first, "begun")
    assert [line["stage"] for line in begun] == ["decoding", "measuring"]
    assert all(isinstance(line["pid"], int) for line in begun)
    (measuring,) = events(workers(running), first, "measuring")
    assert measuring["analysis"] == begun[0]["analysis"] == admitted["analysis"]
    (judging,) = events(workers(running), first, "judging")
    (socket,) = events(running.servers, first, "socket")
    assert judging["result"] == socket["result"] == admitted["result"]
    assert (socket["route"], len(socket["connection"])) == ("/ws/{token}", 16)
    (attached,) = events(running.servers, second, "admitted")
    assert attached["known"] and not admitted["known"]
    assert attached["analysis"] == admitted["analysis"]
    assert not events(workers(running), second, "measuring")
    (again,) = events(workers(running), second, "judging")
    assert again["result"] == attached["result"] != judging["result"]


def workers(running: Deployment) -> list[Part]:
    return running.workers or running.servers


def events(parts: list[Part], request: str, event: str) -> list[dict[str, Any]]:
    """Lines of their logs with this id."""
    texts = [line for part in parts for line in part.log.splitlines()]
    lines = [json.loads(text) for text in texts if text.startswith("{")]
    return [line for line in lines if (line.get("request"), line["event"]) == (request, event)]
