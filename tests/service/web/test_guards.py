"""The guards of an upload: they stand before its body, and beside it while it comes."""

from __future__ import annotations

import json
import socket
import time
from pathlib import Path
from typing import Any

import httpx
import pytest

from loudscope.service.web import _patience

from ..served import Service, holding, wav
from .test_refusals import assert_problem, upload

MIB = 1024 * 1024


def sent_before_refusal(service: Service, headers: dict[str, str], size: int) -> tuple[int, str]:
    """Sends a body as fast as it is taken; bytes that were taken, and the status line."""
    lines = [f"{name}: {value}" for name, value in headers.items()]
    head = "\r\n".join(["POST /analyze HTTP/1.1", "Host: h", *lines, "", ""]).encode()
    sent = 0
    with socket.create_connection(("127.0.0.1", service.port), 10) as client:
        client.sendall(head)
        client.setblocking(False)
        until = time.monotonic() + 60
        answer = b""
        while sent < size and time.monotonic() < until:
            try:
                answer += client.recv(65536)
                break
            except BlockingIOError:
                pass
            try:
                sent += client.send(b"\0" * min(65536, size - sent))
            except BlockingIOError:
                time.sleep(0.001)
    return sent, answer.partition(b"\r\n")[0].decode()


FORM = {"Content-Type": "multipart/form-data; boundary=b"}


def test_who_has_no_key_is_refused_before_the_body_is_read(tmp_path: Path) -> None:
    """FastAPI's own forms let all 100 MiB come first."""
    with holding(tmp_path, api_keys=frozenset({"right"})) as service:
        headers = {**FORM, "Content-Length": str(100 * MIB), "X-API-Key": "wrong"}
        sent, line = sent_before_refusal(service, headers, 100 * MIB)
        assert line == "HTTP/1.1 401 Unauthorized"
        assert sent < 8 * MIB  # what the sockets' buffers hold
        assert service.incoming == []


def test_a_declared_size_is_refused_before_the_body_is_read(service: Service) -> None:
    headers = {**FORM, "Content-Length": str(101 * MIB)}
    sent, line = sent_before_refusal(service, headers, 101 * MIB)
    assert line.startswith("HTTP/1.1 413 ")
    assert sent < 8 * MIB


def test_an_undeclared_size_is_refused_in_mid_stream(tmp_path: Path) -> None:
    limits = {"upload_bytes": 2 * MIB}
    with holding(tmp_path, limits=limits) as service:
        counted = 0

        def pieces() -> Any:
            nonlocal counted
            yield b'--b\r\nContent-Disposition: form-data; name="audio"; filename="x"\r\n\r\n'
            while counted < 100 * MIB:
                counted += 65536
                yield b"\0" * 65536

        answer = httpx.post(f"{service.url}/analyze", headers=FORM, content=pieces())
        assert_problem(answer, "too_large")
        assert counted < 2 * MIB + 8 * MIB
        assert service.incoming == []


def test_the_files_of_a_form_are_limited_together(tmp_path: Path) -> None:
    with holding(tmp_path, limits={"upload_bytes": 100_000}) as service:
        half = b"\0" * 50_000
        files = {"audio": half, "reference": half[:-1] + b"\1"}
        address = f"{service.url}/analyze"
        assert httpx.post(address, files=files).status_code == 202
        files = {"audio": half, "reference": half + b"\0"}
        assert_problem(httpx.post(address, files=files), "too_large")


def test_a_field_that_does_not_fit_ends_the_upload_before_its_file(service: Service) -> None:
    counted = 0

    def pieces() -> Any:
        nonlocal counted
        yield b'--b\r\nContent-Disposition: form-data; name="genre"\r\n\r\npolka-core\r\n'
        yield b'--b\r\nContent-Disposition: form-data; name="audio"; filename="x"\r\n\r\n'
        while counted < 50 * MIB:
            counted += 65536
            yield b"\0" * 65536

    answer = httpx.post(f"{service.url}/analyze", headers=FORM, content=pieces())
    assert_problem(answer, "unknown_genre")
    assert counted < 8 * MIB


def test_the_guards_stand_in_their_order(tmp_path: Path) -> None:
    """Key, rate, backlog, size: a refusal does not tell what a later guard would have said."""
    limits = {"requests": 1, "queued": 1, "upload_bytes": 1000}
    with holding(tmp_path, limits=limits, api_keys=frozenset({"k"})) as service:
        address, large = f"{service.url}/analyze", {"audio": b"\0" * 200_000}
        assert_problem(httpx.post(address, files=large), "unauthorized")
        key = {"X-API-Key": "k"}
        assert httpx.post(address, files={"audio": b"x"}, headers=key).status_code == 202
        refused = httpx.post(address, files=large, headers=key)
        assert_problem(refused, "rate_limited")
        assert 1 <= int(refused.headers["retry-after"]) <= 60


def test_a_backlog_is_told_with_a_time_to_come_back(tmp_path: Path) -> None:
    with holding(tmp_path, limits={"queued": 1}) as service:
        assert upload(service, wav(0.1, 1)).status_code == 202
        time.sleep(1.05)  # counts are as of a second ago at most
        refused = upload(service, wav(0.1, 2))
        assert_problem(refused, "backlog")
        assert int(refused.headers["retry-after"]) >= 5


def test_a_rate_is_of_an_address_behind_a_trusted_proxy(tmp_path: Path) -> None:
    limits = {"requests": 2}
    with holding(tmp_path, limits=limits, proxies=("127.0.0.1",)) as service:
        codes = list[int]()
        for address in ("198.51.100.1", "198.51.100.2", "198.51.100.1", "198.51.100.1"):
            headers = {"X-Forwarded-For": f"192.0.2.{len(codes)}, {address}"}
            answer = httpx.post(f"{service.url}/analyze", files={"audio": b"x"}, headers=headers)
            codes.append(answer.status_code)
        assert codes == [202, 202, 202, 429]


def test_a_page_of_another_website_may_not_upload(service: Service) -> None:
    """A form of a foreign page is sent without asking first: it has to be refused by its origin."""
    address, files = f"{service.url}/analyze", {"audio": b"x"}
    foreign = {"Origin": "https://elsewhere.example"}
    assert_problem(httpx.post(address, files=files, headers=foreign), "origin")
    assert_problem(httpx.post(address, files=files, headers={"Origin": "null"}), "origin")
    own = {"Origin": service.url}
    assert httpx.post(address, files=files, headers=own).status_code == 202


@pytest.mark.parametrize("key", [{"X-API-Key": "k2"}, {"Authorization": "Bearer k2"}])
def test_a_key_is_taken_from_either_header(tmp_path: Path, key: dict[str, str]) -> None:
    with holding(tmp_path, api_keys=frozenset({"k1", "k2"})) as service:
        answer = httpx.post(f"{service.url}/analyze", files={"audio": b"x"}, headers=key)
        assert answer.status_code == 202


def test_a_client_of_a_byte_a_second_is_cut_off(tmp_path: Path) -> None:
    limits = {"upload_grace_seconds": 0.5}
    with holding(tmp_path, limits=limits) as service:
        start = time.monotonic()
        with socket.create_connection(("127.0.0.1", service.port), 20) as client:
            client.sendall(
                b"POST /analyze HTTP/1.1\r\nHost: h\r\nContent-Length: 1000\r\n"
                b"Content-Type: multipart/form-data; boundary=b\r\n\r\n--b\r\n"
            )
            answer = b""
            client.settimeout(0.1)
            while time.monotonic() - start < 60:
                try:
                    answer += client.recv(65536)
                    if answer.endswith(b"}"):
                        break
                except TimeoutError:
                    client.sendall(b"x")
        assert answer.startswith(b"HTTP/1.1 408 ")
        assert json.loads(answer.partition(b"\r\n\r\n")[2])["code"] == "too_slow"
        assert service.incoming == []


def test_a_part_that_is_away_is_named(service: Service) -> None:
    service.parts.store.close()
    answer = upload(service)
    found = assert_problem(answer, "unavailable")
    assert found["part"] == "store"
    assert service.incoming == []
    assert answer.headers["retry-after"] == "5"


def test_a_head_that_never_ends_and_a_connection_without_a_request_are_cut_off(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_patience, "HEAD_SECONDS", 0.5)
    for head in (b"", b"GET / HTTP/1.1\r\n", b"GET /health/live HTTP/1.1\r\nHost: h\r\n\r\nGET /"):
        with socket.create_connection(("127.0.0.1", service.port), 20) as client:
            client.sendall(head)
            client.settimeout(0.1)
            closed = False
            until = time.monotonic() + 60
            while not closed and time.monotonic() < until:
                try:
                    closed = client.recv(65536) == b""
                except TimeoutError:
                    client.sendall(b"x" if head else b"")
                except ConnectionError:
                    closed = True
            assert closed, head


def test_a_request_that_takes_long_is_not_cut_off(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_patience, "HEAD_SECONDS", 0.8)
    token = upload(service).json()["token"]
    with httpx.Client(base_url=service.url, timeout=20) as client:
        for _ in range(2):
            answer = client.get(f"/result/{token}", params={"wait": "1.0"})
            assert answer.json()["stage"] == "queued"
