"""The shipped nginx configuration in a real nginx, with TLS, before a real service."""

from __future__ import annotations

import json
import socket
import ssl
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import numpy as np
import pytest

from ..parts import free_port
from ..waiting import wait
from ..whole.deployment import Deployment, deployed, track
from .proxy import Proxy, heard, proxied

MIB = 1024 * 1024
KEY = "a-key-of-the-test"


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    settings = {
        "proxies": ["127.0.0.1"],
        "api_keys": [KEY],
        "limits": {"requests": 12, "window_seconds": 3600.0},
    }
    with deployed(tmp_path_factory.mktemp("behind"), settings) as running:
        yield running


@pytest.fixture(scope="module")
def nginx(service: Deployment, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    with proxied(tmp_path_factory.mktemp("nginx"), service.servers[0].address) as proxy:
        yield proxy


@pytest.fixture
def client(nginx: Proxy) -> Iterator[httpx.Client]:
    with httpx.Client(
        base_url=nginx.url, verify=nginx.context, headers={"X-API-Key": KEY}, timeout=60
    ) as http:
        yield http


def test_a_track_is_uploaded_followed_and_reported(client: httpx.Client, nginx: Proxy) -> None:
    """The socket's upgrade passes, and its last word is that all is done."""
    created = client.post("/analyze", files={"audio": ("a.wav", track(1))}).json()
    address = f"wss://{nginx.part.address}{created['links']['socket']}"
    assert heard(address, nginx.context)[-1]["stage"] == "done"
    page = client.get(created["links"]["report"])
    assert page.status_code == 200
    assert page.headers["strict-transport-security"] == "max-age=31536000"


def test_a_live_meter_reads_through_it(nginx: Proxy) -> None:
    noise = np.random.default_rng(4).uniform(-0.5, 0.5, (4800, 2)).astype("<f4").tobytes()
    address = f"wss://{nginx.part.address}/live?rate=48000&channels=2"
    last = heard(address, nginx.context, *[noise] * 10, '{"type": "end"}', key=KEY)[-1]
    assert last["final"] and last["seconds"] == pytest.approx(1.0)
    assert last["momentary"] is not None and last["correlation"] is not None


def test_what_is_declared_too_large_is_refused_before_it_is_sent(nginx: Proxy) -> None:
    """By nginx itself: the service does not hear of it."""
    status, body, sent = send(nginx, 300 * MIB, {"X-API-Key": KEY})
    assert (status, body["code"]) == (413, "too_large")
    assert sent < 4 * MIB  # what the two sockets hold


def test_who_has_no_key_is_refused_before_the_body_is_there(nginx: Proxy) -> None:
    """By the service: requests are not buffered on the way, so its 401 overtakes the body."""
    status, body, sent = send(nginx, 100 * MIB, {})
    assert (status, body["code"]) == (401, "unauthorized")
    assert sent < 16 * MIB


def send(proxy: Proxy, length: int, headers: dict[str, str]) -> tuple[int, dict[str, object], int]:
    """Sends an upload until an answer comes.

    Returns:
        Its status and JSON, and the bytes of the body that were sent before it was there.
    """
    at = urlsplit(proxy.url)
    head = {
        **{"Host": at.netloc, "Content-Length": str(length), "Connection": "close"},
        "Content-Type": "multipart/form-data; boundary=x",
        **headers,
    }
    lines = ["POST /analyze HTTP/1.1", *(f"{name}: {value}" for name, value in head.items())]
    sent, piece = 0, b"\0" * 65536
    plain = socket.create_connection((at.hostname, at.port), timeout=30)
    with closing(proxy.context.wrap_socket(plain, server_hostname=at.hostname)) as upload:
        upload.sendall("\r\n".join([*lines, "", ""]).encode())
        upload.settimeout(0.0)
        answer = b""
        while sent < length and not answer:
            with suppress(ssl.SSLWantWriteError, ssl.SSLWantReadError):
                sent += upload.send(piece)
            with suppress(ssl.SSLWantReadError, ssl.SSLWantWriteError):
                answer = upload.recv(65536)
        upload.settimeout(30)
        while more := upload.recv(65536):
            answer += more
    first, _, body = answer.partition(b"\r\n\r\n")
    return int(first.split()[1]), json.loads(body), sent


def test_nobody_hides_behind_a_forged_address(nginx: Proxy, service: Deployment) -> None:
    """X-Forwarded-For of a client counts for nothing: nginx adds the true one after it."""
    transport = httpx.HTTPTransport(local_address="127.0.0.2", verify=nginx.context)
    with httpx.Client(base_url=nginx.url, transport=transport) as http:
        answers = [
            http.post("/analyze", headers={"X-API-Key": "wrong", "X-Forwarded-For": f"10.0.0.{n}"})
            for n in range(4)
        ]
    assert {answer.status_code for answer in answers} == {401}


def test_http_leads_to_https_and_metrics_stay_inside(nginx: Proxy, client: httpx.Client) -> None:
    moved = httpx.get(f"http://127.0.0.1:{nginx.plain_port}/result/x?y=1")
    assert moved.status_code == 308
    assert moved.headers["location"] == "https://127.0.0.1/result/x?y=1"
    assert client.get("/metrics").status_code == 404
    assert client.get("/health/ready").status_code == 200


def test_while_the_service_is_away_nginx_says_so(tmp_path: Path) -> None:
    """As a problem that a program can read, with a time to come again."""
    with proxied(tmp_path, f"127.0.0.1:{free_port()}") as proxy:
        answer = httpx.get(f"{proxy.url}/result/x", verify=proxy.context)
    assert answer.status_code == 503
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["retry-after"] == "5"
    assert answer.json()["code"] == "unavailable"


def test_a_request_has_one_name_all_the_way(client: httpx.Client, service: Deployment) -> None:
    """nginx gives it, the log has it, and the client may quote it."""
    name = client.get("/result/unknown").headers["x-request-id"]
    assert len(name) == 32
    wait(lambda: name in service.servers[0].log)  # written after the answer
