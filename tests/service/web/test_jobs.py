"""/v1/jobs: for programs, by token or, for the account that made it, by id."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from loudscope.service._tokens import digest

from ..served import Service, holding, wav


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    """With two accounts."""
    with holding(tmp_path / "data", api_keys=frozenset({"one", "two"})) as found:
        yield found


def client(service: Service, key: str | None = "one") -> httpx.Client:
    headers = {} if key is None else {"X-API-Key": key}
    return httpx.Client(base_url=service.url, headers=headers)


def create(service: Service, key: str = "one", seed: int = 0, **fields: str) -> dict[str, Any]:
    with client(service, key) as http:
        answer = http.post("/v1/jobs", files={"audio": ("mix.wav", wav(0.1, seed))}, data=fields)
    assert answer.status_code == 202, answer.text
    found: dict[str, Any] = answer.json()
    assert answer.headers["location"] == f"/v1/jobs/{found['token']}"
    return found


def test_a_job_is_followed_and_read_by_its_token_and_by_its_id(service: Service) -> None:
    job = create(service, genre="rock")
    with client(service) as http:
        for name in (job["token"], job["id"]):
            assert http.get(f"/v1/jobs/{name}").json()["stage"] == "queued"
            assert http.get(f"/v1/jobs/{name}/result").json()["code"] == "not_done"
            assert http.get(f"/v1/jobs/{name}/report").json()["code"] == "not_done"
        service.measure(service.tasks[0].id)
        service.judge(digest(job["token"]))
        for name in (job["token"], job["id"]):
            found = http.get(f"/v1/jobs/{name}").json()
            assert (found["stage"], found["genre"]) == ("done", "rock")
            assert http.get(f"/v1/jobs/{name}/result").json() == {"schema": 1}
            assert http.get(f"/v1/jobs/{name}/report").text.startswith("<!doctype html>")
            assert name in found["links"]["self"]


def test_an_id_opens_nothing_for_others(service: Service) -> None:
    job = create(service, "one")
    with client(service, "two") as http:
        assert http.get(f"/v1/jobs/{job['id']}").json()["code"] == "not_found"
        assert http.delete(f"/v1/jobs/{job['id']}").json()["code"] == "not_found"
        assert http.post(f"/v1/jobs/{job['id']}/cancel").json()["code"] == "not_found"
    with client(service, None) as http:
        assert http.get(f"/v1/jobs/{job['token']}").json()["code"] == "unauthorized"
        assert http.get("/v1/jobs").json()["code"] == "unauthorized"
    assert httpx.get(f"{service.url}/result/{job['id']}").json()["code"] == "not_found"
    with client(service, "one") as http:
        assert http.get(f"/v1/jobs/{job['id']}").status_code == 200


def test_an_account_lists_its_own_jobs_newest_first_and_without_tokens(service: Service) -> None:
    mine = []
    for seed in range(3):
        mine.append(create(service, "one", seed))
        time.sleep(0.01)
    create(service, "two", 9)
    with client(service) as http:
        listed = http.get("/v1/jobs").json()["jobs"]
        assert [job["id"] for job in listed] == [job["id"] for job in reversed(mine)]
        assert len(http.get("/v1/jobs", params={"limit": 2}).json()["jobs"]) == 2
        text = http.get("/v1/jobs").text
    assert not any(job["token"] in text for job in mine)


def test_cancelling_ends_a_job_and_changes_nothing_that_is_over(service: Service) -> None:
    job, other = create(service, seed=1), create(service, seed=2)
    with client(service) as http:
        assert http.post(f"/v1/jobs/{job['token']}/cancel").json()["stage"] == "cancelled"
        assert http.post(f"/v1/jobs/{job['token']}/cancel").json()["stage"] == "cancelled"
        service.measure(service.tasks[1].id)
        service.judge(digest(other["token"]))
        assert http.post(f"/v1/jobs/{other['token']}/cancel").json()["stage"] == "done"
        assert http.delete(f"/v1/jobs/{other['token']}").status_code == 204
        assert http.get(f"/v1/jobs/{other['token']}").status_code == 404
        assert http.post(f"/v1/jobs/{other['token']}/cancel").status_code == 404


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1/", "ftp://example.com/", "http://u:p@example.com/", "nonsense"]
)
def test_a_webhook_that_will_not_be_called_is_refused_at_once(service: Service, url: str) -> None:
    with client(service) as http:
        answer = http.post("/v1/jobs", files={"audio": wav(0.1)}, data={"webhook": url})
    assert (answer.status_code, answer.json()["code"]) == (422, "bad_webhook")


def test_a_webhook_without_anything_to_sign_with_is_refused(tmp_path: Path) -> None:
    with holding(tmp_path) as service, client(service, None) as http:
        data = {"webhook": "https://example.com/"}
        answer = http.post("/v1/jobs", files={"audio": wav(0.1)}, data=data)
    assert answer.json()["code"] == "bad_webhook"
