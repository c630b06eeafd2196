"""Every refusal is a problem document (RFC 9457) with a code."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from loudscope import genres, targets
from loudscope.service.web._problems import CODES

from ..served import Service, wav

MIB = 1024 * 1024


def assert_problem(answer: httpx.Response, code: str) -> dict[str, Any]:
    """RFC 9457, 3: the media type and the members."""
    status, title = CODES[code]
    assert answer.headers["content-type"] == "application/problem+json"
    found: dict[str, Any] = answer.json()
    assert (answer.status_code, found["status"]) == (status, status)
    assert (found["code"], found["title"]) == (code, title)
    assert found["type"] == f"urn:loudscope:problem:{code}"
    assert found["detail"]
    return found


def upload(service: Service, audio: bytes | None = None, **fields: Any) -> httpx.Response:
    files = {"audio": ("mix.wav", wav(0.1) if audio is None else audio)}
    return httpx.post(f"{service.url}/analyze", data=fields, files=files)


@pytest.mark.parametrize(
    ("method", "path", "code"),
    [
        ("GET", "/nothing", "not_found"),
        ("GET", "/page/../_settings.py", "not_found"),
        ("GET", "/page/%2e%2e/%2e%2e/_settings.py", "not_found"),
        ("GET", "/page//etc/passwd", "not_found"),
        ("GET", "/result/unknown", "not_found"),
        ("DELETE", "/result/unknown", "not_found"),
        ("GET", "/report/unknown", "not_found"),
        ("GET", "/report/unknown.json", "not_found"),
        ("GET", "/v1/jobs/unknown", "not_found"),
        ("GET", "/v1/jobs", "no_account"),
        ("PUT", "/analyze", "method_not_allowed"),
        ("POST", "/health/live", "method_not_allowed"),
        ("OPTIONS", "/analyze", "method_not_allowed"),
        ("BREW", "/analyze", "method_not_allowed"),
        ("GET", "/result/unknown?wait=soon", "invalid"),
        ("GET", "/result/unknown?wait=nan", "invalid"),
        ("GET", "/result/unknown?wait=31", "invalid"),
        ("GET", "/v1/jobs?limit=0", "invalid"),
        ("GET", "/ws/unknown", "not_found"),  # a socket's address, asked for without one
        ("POST", "/analyze", "not_multipart"),
    ],
)
def test_the_framework_s_own_refusals_are_problems_too(
    service: Service, method: str, path: str, code: str
) -> None:
    with httpx.Client(base_url=service.url) as client:
        request = client.build_request(method, "/")
        request.url = request.url.copy_with(raw_path=path.encode())
        assert_problem(client.send(request), code)


def test_a_mistake_of_ours_is_a_problem_without_its_words(service: Service) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("secret words")

    service.parts.metrics.text = broken  # type: ignore[method-assign, assignment]
    answer = httpx.get(f"{service.url}/metrics")
    found = assert_problem(answer, "internal")
    assert found["request"] == answer.headers["x-request-id"]
    assert "secret" not in answer.text


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"genre": "polka-core"}, "unknown_genre"),
        ({"target": "nowhere"}, "unknown_target"),
        ({"target": "/etc/passwd.toml"}, "unknown_target"),
        ({"genre": "../genres.json"}, "unknown_genre"),
        ({"loudness": "11"}, "unknown_field"),
        ({"webhook": "https://example.com/"}, "unknown_field"),
        ({"reference": "text"}, "bad_field"),
    ],
)
def test_fields_that_do_not_fit(service: Service, fields: dict[str, Any], code: str) -> None:
    found = assert_problem(upload(service, **fields), code)
    if code == "unknown_genre":
        assert found["known"] == list(genres.names())
    if code == "unknown_target":
        assert found["known"] == list(targets.names())
    assert service.incoming == []


def test_audio_has_to_be_there_once_and_have_bytes(service: Service) -> None:
    address = f"{service.url}/analyze"
    assert_problem(httpx.post(address, files={"reference": b"x"}), "missing_audio")
    assert_problem(upload(service, b""), "empty_audio")
    assert_problem(httpx.post(address, files=[("audio", b"x"), ("audio", b"y")]), "bad_field")
    assert service.incoming == []
    assert service.tasks == []
