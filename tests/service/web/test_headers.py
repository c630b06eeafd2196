"""What every answer carries, who may read it elsewhere, and what the logs do not say."""

from __future__ import annotations

import json
import re
import socket
from pathlib import Path

import httpx
import pytest
import structlog

from loudscope.service import _logs

from ..served import Service, holding, wav

PATHS = ("/", "/page/nothing", "/result/unknown", "/health/live", "/metrics", "/options", "/none")


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_is_hardened(service: Service, path: str) -> None:
    headers = httpx.get(f"{service.url}{path}").headers
    policy = headers["content-security-policy"]
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert headers["x-frame-options"] == "DENY"
    assert "camera=()" in headers["permissions-policy"]
    assert "server" not in headers


def test_the_page_is_revalidated_and_compressed(service: Service) -> None:
    first = httpx.get(f"{service.url}/")
    assert first.headers["content-type"] == "text/html; charset=utf-8"
    assert first.headers["cache-control"] == "no-cache"
    assert first.headers["content-encoding"] == "gzip"
    again = httpx.get(f"{service.url}/", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_only_listed_websites_may_read(tmp_path: Path) -> None:
    friend, foreign = "https://friend.example", "https://elsewhere.example"
    with holding(tmp_path, origins=(friend,)) as service:
        answer = httpx.get(f"{service.url}/options", headers={"Origin": friend})
        assert answer.headers["access-control-allow-origin"] == friend
        assert "Origin" in answer.headers["vary"]
        assert "Retry-After" in answer.headers["access-control-expose-headers"]
        other = httpx.get(f"{service.url}/options", headers={"Origin": foreign})
        assert "access-control-allow-origin" not in other.headers
        ask = {"Access-Control-Request-Method": "POST", "Origin": friend}
        allowed = httpx.options(f"{service.url}/analyze", headers=ask)
        assert allowed.status_code == 204
        assert "X-API-Key" in allowed.headers["access-control-allow-headers"]
        refused = httpx.options(f"{service.url}/analyze", headers={**ask, "Origin": foreign})
        assert refused.status_code == 405
        assert "access-control-allow-origin" not in refused.headers
        upload = {"headers": {"Origin": friend}, "files": {"audio": b"x"}}
        assert httpx.post(f"{service.url}/analyze", **upload).status_code == 202  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("0123456789abcdefABCDEF0123456789", True),  # as nginx makes them
        ("a" * 64, True),
        ("8a6f0f0c-58a5-4c0a-9d3c-0c0a3f0f8a6f", True),
        ("a" * 65, False),
        ("a" * 15, False),
        ("request-of-mine", False),
        ("8a6f0f0c58a5-4c0a-9d3c-0c0a3f0f8a6f0", False),
        ("a" * 16 + '", "admin": "', False),
        ("a" * 16 + "\tb", False),
    ],
)
def test_a_request_id_is_kept_if_it_is_one(service: Service, given: str, kept: bool) -> None:
    headers = {"X-Request-ID": given}
    found = httpx.get(f"{service.url}/health/live", headers=headers).headers["x-request-id"]
    assert (found == given) is kept
    assert re.fullmatch("[0-9a-fA-F-]{16,64}", found)


def test_logs_name_routes_and_neither_tokens_nor_names_nor_keys(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    from websockets.sync.client import connect

    _logs.configure()
    key, name = "key-of-somebody", "name-of-a-song"
    try:
        with holding(tmp_path, api_keys=frozenset({key})) as service:
            files = {"audio": (f"{name}.wav", wav(0.1))}
            headers = {"X-API-Key": key, "X-Request-ID": "0a" * 16}
            answer = httpx.post(f"{service.url}/analyze", files=files, headers=headers)
            token = answer.json()["token"]
            httpx.get(f"{service.url}/result/{token}?wait=0", headers=headers)
            httpx.get(f"{service.url}/report/{token}.json")
            httpx.get(f"{service.url}/nowhere/{token}")
            with connect(f"{service.ws}/ws/{token}") as socket:
                socket.recv(10)
            with connect(f"{service.ws}/live", additional_headers=headers) as socket:
                socket.recv(10)
    finally:
        structlog.reset_defaults()
    text = capfd.readouterr().err
    for secret in (token, key, name):
        assert secret not in text
    lines = [json.loads(line) for line in text.splitlines()]
    routes = {line["route"] for line in lines if line["event"] == "request"}
    assert routes == {"/analyze", "/result/{token}", "/report/{token}.json", "none"}
    assert {line["route"] for line in lines if line["event"] == "socket"} == {
        "/ws/{token}",
        "/live",
    }
    admitted = next(line for line in lines if line["event"] == "admitted")
    assert admitted["request"] == "0a" * 16
    assert len(admitted["result"]) == len(admitted["analysis"]) == 8
    followed = {"/analyze", "/result/{token}", "/report/{token}.json", "/ws/{token}"}
    for line in lines:
        if line.get("route") in followed:
            assert line["result"] == admitted["result"]
        elif "route" in line:
            assert "result" not in line
    live, followed_by = (
        next(line for line in lines if line.get("event") == "socket" and line["route"] == route)
        for route in ("/live", "/ws/{token}")
    )
    # A socket has a name of its own beside that of the upload which it follows.
    assert followed_by["request"] == "0a" * 16 != followed_by["connection"]
    assert live["connection"] == "0a" * 16 and "request" not in live
    assert any(it["event"] == "live" and it["connection"] == "0a" * 16 for it in lines)


def test_connections_do_not_wait_for_acknowledgements(service: Service) -> None:
    """Head and body are written apart: with Nagle's algorithm each answer would take 40 ms more."""
    with httpx.Client() as client:
        client.get(f"{service.url}/health/live")
        (connection,) = service.server.server_state.connections
        raw = connection.transport.get_extra_info("socket")
        assert raw.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) == 1
