"""GET /result, /report; DELETE: by a token that opens nothing once it has expired."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from loudscope.service._records import Reason, Stage, Task
from loudscope.service._tokens import digest

from ..served import Service, wav
from ..waiting import wait

PAGE = (
    b'<!doctype html><meta http-equiv="Content-Security-Policy" '
    b"content=\"default-src 'none'; script-src 'sha256-abc='\"><title>x</title>"
)


def new(service: Service, seed: int = 0, **fields: str) -> tuple[str, str]:
    """Token and key of a request that waits."""
    files = {"audio": ("mix.wav", wav(0.1, seed))}
    answer = httpx.post(f"{service.url}/analyze", data=fields, files=files)
    return answer.json()["token"], service.tasks[-1].id


def done(service: Service, page: bytes = PAGE) -> str:
    token, key = new(service)
    service.measure(key)
    service.judge(digest(token), page)
    return token


def get(service: Service, path: str, **more: Any) -> httpx.Response:
    return httpx.get(f"{service.url}{path}", timeout=40, **more)


def test_a_result_has_what_the_socket_has(service: Service) -> None:
    token = done(service)
    found = get(service, f"/result/{token}").json()
    assert (found["stage"], found["progress"], found["ahead"]) == ("done", 1.0, 0)
    assert found["verdict"] == {"verdict": "pass", "top": None}
    assert found["links"]["report"] == f"/report/{token}"
    assert found["id"] == digest(token)


def test_who_waits_is_ahead_of_those_that_came_later(service: Service) -> None:
    tokens = [new(service, seed)[0] for seed in range(3)]
    ahead = [get(service, f"/result/{token}").json()["ahead"] for token in tokens]
    assert ahead == [0, 1, 2]


def test_a_long_poll_answers_when_something_changes(service: Service) -> None:
    token, key = new(service)
    answers: list[tuple[float, str]] = []

    def ask() -> None:
        start = time.monotonic()
        stage = get(service, f"/result/{token}?wait=20").json()["stage"]
        answers.append((time.monotonic() - start, stage))

    asking = threading.Thread(target=ask)
    asking.start()
    wait(lambda: digest(token) in service.parts.hub._board._listeners)  # type: ignore[attr-defined]
    service.advance(key, Stage.MEASURING, 0.5)
    asking.join()
    ((seconds, stage),) = answers
    assert stage == "measuring"
    assert seconds < 20
    start = time.monotonic()
    assert get(service, f"/result/{token}?wait=0.3").json()["stage"] == "measuring"
    assert time.monotonic() - start >= 0.3


def test_a_report_is_sent_as_it_is_stored_and_with_its_own_policy(service: Service) -> None:
    token = done(service)
    packed = get(service, f"/report/{token}", headers={"Accept-Encoding": "gzip"})
    plain = get(service, f"/report/{token}", headers={"Accept-Encoding": "identity"})
    assert packed.content == plain.content == PAGE
    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert packed.headers["vary"] == "Accept-Encoding"
    assert packed.headers["content-security-policy"] == (
        "default-src 'none'; script-src 'sha256-abc='; frame-ancestors 'self'"
    )
    assert packed.headers["cache-control"] == "private, no-store"
    assert get(service, f"/report/{token}.json").json() == {"schema": 1}


@pytest.mark.parametrize(
    ("form", "kind", "text"),
    [
        ("json", "application/json", '{"schema": 1}'),
        ("csv", "text/csv; charset=utf-8", "figure,value\r\n"),
        ("md", "text/markdown; charset=utf-8", "# x\n"),
    ],
)
def test_a_report_has_the_forms_of_the_command_line(
    service: Service, form: str, kind: str, text: str
) -> None:
    token = done(service)
    links = get(service, f"/result/{token}").json()["links"]
    assert links[form] == f"/report/{token}.{form}"
    for path in (links[form], get(service, f"/v1/jobs/{token}").json()["links"][form]):
        answer = get(service, path)
        assert (answer.text, answer.headers["content-type"]) == (text, kind)
        assert answer.headers["cache-control"] == "private, no-store"
    early, _ = new(service, 1)
    assert get(service, f"/report/{early}.{form}").json()["code"] == "not_done"


def test_a_report_without_a_policy_may_run_nothing(service: Service) -> None:
    policy = get(service, f"/report/{done(service, b'<p>')}").headers["content-security-policy"]
    assert policy == "default-src 'none'; frame-ancestors 'self'"


def test_a_report_that_is_not_done_leads_to_the_page_that_follows_it(service: Service) -> None:
    token, _ = new(service)
    answer = get(service, f"/report/{token}")
    assert (answer.status_code, answer.headers["location"]) == (303, f"../#/report/{token}")
    refused = get(service, f"/report/{token}.json")
    assert (refused.status_code, refused.json()["code"]) == (409, "not_done")
    gone = get(service, "/report/unknown", headers={"Accept": "text/html,*/*"})
    assert (gone.status_code, gone.headers["content-type"]) == (404, "text/html; charset=utf-8")


def test_a_failure_has_its_reason_in_words_and_as_a_code(service: Service) -> None:
    token, key = new(service)
    store, now = service.parts.store, time.time()
    claim = store.claim(Task("measure", key), "test", now, 30)
    assert claim is not None
    store.fail(claim, Reason("undecodable", "This is no audio."), now)
    found = get(service, f"/result/{token}").json()
    assert found["stage"] == "failed"
    assert found["reason"] == {"code": "undecodable", "message": "This is no audio."}
    refused = get(service, f"/report/{token}.json").json()
    assert (refused["code"], refused["reason"]) == ("not_done", "undecodable")
    assert refused["detail"] == "This is no audio."


def test_what_was_deleted_is_gone_everywhere(service: Service) -> None:
    token = done(service)
    address = f"{service.url}/result/{token}"
    assert httpx.delete(address).status_code == 204
    assert httpx.delete(address).status_code == 404
    for path in (f"/result/{token}", f"/report/{token}", f"/report/{token}.json"):
        assert get(service, path).json()["code"] == "not_found"


def test_what_has_expired_is_gone_before_it_is_purged(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    token, _ = new(service)
    assert get(service, f"/result/{token}").status_code == 200
    later(monkeypatch, service.parts.settings.result_seconds + 1.0)
    for _ in range(2):
        told_to_be_expired(service, token)
        service.parts.store.purge(time.time())
    unknown = get(service, "/result/nobody-was-given-this")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "not_found")


def later(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    """The service's clock, which is this process's, goes on so many seconds from now."""
    before = time.time
    monkeypatch.setattr(time, "time", lambda: before() + seconds)


def told_to_be_expired(service: Service, token: str) -> None:
    """At every address, with the time; to browsers as a page."""
    reports = [f"/report/{token}{form}" for form in ("", ".json", ".csv", ".md")]
    times = set()
    for path in (f"/result/{token}", *reports, f"/v1/jobs/{token}"):
        answer = get(service, path)
        problem = answer.json()
        assert (answer.status_code, problem["status"], problem["code"]) == (410, 410, "expired")
        times.add(problem["expired_at"])
    (at,) = times
    assert 0 < time.time() - at < 30
    assert httpx.delete(f"{service.url}/result/{token}").status_code == 410
    page = get(service, f"/report/{token}", headers={"Accept": "text/html"})
    assert page.status_code == 410
    when = datetime.fromtimestamp(at, UTC)
    assert f'This one was deleted on <time datetime="{when:%Y-%m-%dT%H:%M:%SZ}">' in page.text


def test_that_a_request_expired_is_forgotten_in_the_end(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    token, _ = new(service)
    settings = service.parts.settings
    later(monkeypatch, settings.result_seconds + 1.0)
    assert get(service, f"/result/{token}").status_code == 410
    later(monkeypatch, settings.remember_seconds)
    assert get(service, f"/result/{token}").status_code == 404


@pytest.mark.parametrize("way", ["delete", "cancel"])
def test_a_track_that_nobody_waits_for_is_not_measured(service: Service, way: str) -> None:
    token, key = new(service)
    if way == "delete":
        httpx.delete(f"{service.url}/result/{token}")
    else:
        answer = httpx.post(f"{service.url}/v1/jobs/{token}/cancel")
        assert answer.json()["stage"] == "cancelled"
    assert service.parts.store.claim(Task("measure", key), "w", time.time(), 30) is None


def test_a_track_that_others_wait_for_is_measured_all_the_same(service: Service) -> None:
    first, key = new(service)
    second, _ = new(service)
    assert httpx.delete(f"{service.url}/result/{first}").status_code == 204
    service.measure(key)
    service.judge(digest(second))
    assert get(service, f"/result/{second}").json()["stage"] == "done"
