"""Webhooks: the outcome reaches a real server, signed, until it says that it has it."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest
import structlog

from loudscope.service import _logs, verify_webhook, webhook_secret
from loudscope.service._records import Reason, Task
from loudscope.service._tokens import digest
from loudscope.service.web import _courier

from ..served import Service, holding, wav
from ..waiting import wait

HOOKS = {"private": True, "first_seconds": 0.2, "timeout_seconds": 5.0, "attempts": 3}


@dataclass
class Ear:
    """A client's server: what it was told, and what it says to that, the last for ever."""

    port: int = 0
    answers: list[int] = field(default_factory=lambda: [204])
    heard: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"


@contextmanager
def listening(*answers: int) -> Iterator[Ear]:
    ear = Ear(answers=[*answers] or [204])

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            ear.heard.append((dict(self.headers), body))
            code = ear.answers.pop(0) if len(ear.answers) > 1 else ear.answers[0]
            if code == 0:
                self.connection.recv(1)  # until the service has lost its patience
                return
            self.send_response(code)
            if code == 302:
                self.send_header("Location", "/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        ear.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield ear
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture(autouse=True)
def looks_often(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is not done within half a second is not done at all."""
    monkeypatch.setattr(_courier, "LOOK_SECONDS", 0.1)


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    with holding(tmp_path / "data", api_keys=frozenset({"one"}), webhooks=HOOKS) as found:
        yield found


def submit(service: Service, ear: Ear, **fields: str) -> dict[str, Any]:
    answer = httpx.post(
        f"{service.url}/v1/jobs",
        files={"audio": ("mix.wav", wav(0.1))},
        data={"webhook": ear.url, **fields},
        headers={"X-API-Key": "one"},
    )
    assert answer.status_code == 202, answer.text
    found: dict[str, Any] = answer.json()
    return found


def finish(service: Service, job: dict[str, Any]) -> None:
    service.measure(service.tasks[-1].id)
    service.judge(digest(job["token"]))


def test_its_line_in_the_logs_has_the_id_of_the_upload(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    _logs.configure()
    try:
        with (
            listening() as ear,
            holding(tmp_path, api_keys=frozenset({"one"}), webhooks=HOOKS) as service,
        ):
            finish(service, submit(service, ear))
            wait(lambda: calls(service, "delivered") == 1)
    finally:
        structlog.reset_defaults()
    lines = [json.loads(text) for text in capfd.readouterr().err.splitlines()]
    (told,) = (line for line in lines if line["event"] == "webhook")
    (admitted,) = (line for line in lines if line["event"] == "admitted")
    assert told["request"] == admitted["request"]
    assert told["result"] == admitted["result"]


def calls(service: Service, outcome: str) -> float:
    text = httpx.get(f"{service.url}/metrics").text
    name = f'loudscope_webhook_calls_total{{outcome="{outcome}"}} '
    return sum(float(line.removeprefix(name)) for line in text.splitlines() if name in line)


def test_the_outcome_is_told_once_signed_with_the_account_s_secret(service: Service) -> None:
    with listening() as ear:
        job = submit(service, ear, target="spotify")
        time.sleep(0.5)
        assert ear.heard == []  # nothing to tell yet
        finish(service, job)
        wait(lambda: calls(service, "delivered") == 1)
        time.sleep(0.5)
    ((headers, body),) = ear.heard
    verify_webhook(body, headers, webhook_secret("one"))
    event = json.loads(body)
    assert event["type"] == "job.done"
    assert event["data"]["id"] == job["id"]
    assert event["data"]["target"] == "spotify"
    assert event["data"]["verdict"] == {"verdict": "pass", "top": None}
    assert job["token"] not in body.decode() + str(headers)
    assert headers["Host"] == f"127.0.0.1:{ear.port}"


def test_a_failure_is_told_with_its_reason(service: Service) -> None:
    with listening() as ear:
        submit(service, ear)
        store, now = service.parts.store, time.time()
        claim = store.claim(Task("measure", service.tasks[0].id), "w", now, 30)
        assert claim is not None
        store.fail(claim, Reason("undecodable", "This is no audio."), now)
        wait(lambda: ear.heard != [])
    event = json.loads(ear.heard[0][1])
    assert event["type"] == "job.failed"
    assert event["data"]["reason"] == {"code": "undecodable", "message": "This is no audio."}


@pytest.mark.parametrize("trouble", [500, 302])
def test_it_is_told_again_until_it_was_heard_and_by_the_same_name(
    service: Service, trouble: int
) -> None:
    """A redirect is not followed: it would lead past the check of the address."""
    with listening(trouble, 204) as ear:
        finish(service, submit(service, ear))
        wait(lambda: calls(service, "delivered") == 1)
        assert calls(service, "again") == 1
    names = [headers["webhook-id"] for headers, _ in ear.heard]
    assert len(names) == 2 and len(set(names)) == 1


def test_who_does_not_answer_is_told_again(tmp_path: Path) -> None:
    """He may be too slow more than once, on a busy machine."""
    hooks = {**HOOKS, "timeout_seconds": 0.5, "attempts": 20}
    with (
        listening(0, 204) as ear,
        holding(tmp_path, api_keys=frozenset({"one"}), webhooks=hooks) as service,
    ):
        finish(service, submit(service, ear))
        wait(lambda: calls(service, "delivered") == 1)
        assert calls(service, "again") >= 1
    names = [headers["webhook-id"] for headers, _ in ear.heard]
    assert len(names) >= 2 and len(set(names)) == 1


def test_it_is_given_up_after_so_many_attempts(service: Service) -> None:
    with listening(503) as ear:
        finish(service, submit(service, ear))
        wait(lambda: calls(service, "given_up") == 1)
        time.sleep(1.0)  # longer than until another attempt
        assert len(ear.heard) == HOOKS["attempts"]


def test_who_is_gone_for_good_is_not_asked_again(service: Service) -> None:
    with listening(410) as ear:
        finish(service, submit(service, ear))
        wait(lambda: calls(service, "refused") == 1)
        time.sleep(0.5)
        assert len(ear.heard) == 1


def test_what_was_not_told_when_the_process_ended_is_told_by_the_next(tmp_path: Path) -> None:
    more: dict[str, Any] = {"api_keys": frozenset({"one"}), "webhooks": HOOKS}
    with listening() as ear:
        with holding(tmp_path, **more) as service:
            job = submit(service, ear)
            key = service.tasks[-1].id
        from loudscope.service.store._sqlite import SQLiteStore

        store, now = SQLiteStore(tmp_path / "service.sqlite"), time.time()
        claim = store.claim(Task("measure", key), "w", now, 30)
        assert claim is not None
        store.measured(claim, b"x", now, 900)
        claim = store.claim(Task("judge", digest(job["token"])), "w", now, 30)
        assert claim is not None
        store.judged(claim, {}, {}, now, 900)
        store.close()
        with holding(tmp_path, **more):
            wait(lambda: len(ear.heard) == 1)


def test_a_name_that_leads_inside_is_not_called(tmp_path: Path) -> None:
    """127.1 is a name, as far as can be seen; its look-up leads to this machine."""
    hooks = {**HOOKS, "private": False}
    more: dict[str, Any] = {"api_keys": frozenset({"one"}), "webhooks": hooks}
    with listening() as ear, holding(tmp_path, **more) as service:
        url = f"http://127.1:{ear.port}/hook"
        answer = httpx.post(
            f"{service.url}/v1/jobs",
            files={"audio": ("mix.wav", wav(0.1))},
            data={"webhook": url},
            headers={"X-API-Key": "one"},
        )
        assert answer.status_code == 202
        finish(service, answer.json())
        wait(lambda: calls(service, "refused") == 1)
        assert ear.heard == []
