"""Health by part, figures for Prometheus, and choices."""

from __future__ import annotations

import re
import threading
import time
from pathlib import Path

import httpx
from websockets.sync.client import connect

from loudscope import genres, targets

from ..served import Service, wav, working
from ..waiting import wait
from ..work.unstartable import unstartable


def figures(service: Service) -> dict[str, float]:
    answer = httpx.get(f"{service.url}/metrics")
    assert answer.status_code == 200  # and no redirect to another address
    assert answer.headers["content-type"].startswith("text/plain; version=")
    rows = re.findall(r"^(loudscope_\S+) (\S+)$", answer.text, re.MULTILINE)
    return {name: float(value) for name, value in rows}


def test_alive_asks_nothing_and_ready_names_each_part(service: Service) -> None:
    assert httpx.get(f"{service.url}/health/live").json()["status"] == "ok"
    ready = httpx.get(f"{service.url}/health/ready")
    assert ready.status_code == 200
    parts = ready.json()["parts"]
    assert set(parts) == {"store", "depot", "hub", "limiter", "runner"}
    assert all(part["ok"] for part in parts.values())


def test_a_part_that_fails_or_hangs_is_named_and_the_others_are_fine(service: Service) -> None:
    over = threading.Event()

    def hang() -> None:
        over.wait(60)

    service.parts.store.close()
    service.parts.runner.ping = hang  # type: ignore[method-assign]
    ready = httpx.get(f"{service.url}/health/ready", timeout=30)
    assert (ready.status_code, ready.headers["content-type"]) == (503, "application/problem+json")
    found = ready.json()
    assert found["code"] == "unavailable"
    assert {name for name, part in found["parts"].items() if not part["ok"]} == {"store", "runner"}
    assert found["parts"]["runner"]["error"] == "TimeoutError"
    assert httpx.get(f"{service.url}/health/live").status_code == 200
    assert httpx.get(f"{service.url}/metrics").status_code == 200
    over.set()


def test_measuring_processes_that_do_not_start_are_named_and_clients_hear_of_them(
    tmp_path: Path,
) -> None:
    with (
        unstartable(tmp_path / "way", "half an update") as why,
        working(tmp_path / "data", sweep_seconds=0.1) as service,
    ):
        wait(lambda: httpx.get(f"{service.url}/health/ready").status_code == 503)
        part = httpx.get(f"{service.url}/health/ready").json()["parts"]["runner"]
        assert part["error"] == f"no measuring process starts ({why})"
        job = httpx.post(f"{service.url}/analyze", files={"audio": ("x.wav", wav(0.1))}).json()

        def stage() -> str:
            return str(httpx.get(f"{service.url}/result/{job['token']}").json()["stage"])

        wait(lambda: stage() == "failed")
        found = httpx.get(f"{service.url}/result/{job['token']}").json()
        assert found["reason"]["code"] == "not_started"


def test_figures_count_what_happened(service: Service) -> None:
    token = ""
    for seed in (1, 1, 2):
        files = {"audio": ("x.wav", wav(0.1, seed))}
        token = httpx.post(f"{service.url}/analyze", files=files).json()["token"]
    httpx.get(f"{service.url}/result/{token}")
    httpx.get(f"{service.url}/nothing/{token}")
    with connect(f"{service.ws}/ws/{token}") as one, connect(f"{service.ws}/live") as two:
        one.recv(10)
        two.recv(10)
        time.sleep(1.05)  # counts are as of a second ago at most
        found = figures(service)
    labels = 'method="{}",route="{}",status="{}"'
    requests = "loudscope_requests_total{{" + labels + "}}"
    assert found[requests.format("POST", "/analyze", 202)] == 3
    assert found[requests.format("GET", "/result/{token}", 200)] == 1
    assert found[requests.format("GET", "none", 404)] == 1
    assert found["loudscope_queue_depth"] == 2
    assert found["loudscope_results"] == 3
    assert found["loudscope_oldest_job_seconds"] > 1
    assert found['loudscope_analysis_cache_total{outcome="miss"}'] == 2
    assert found["loudscope_upload_bytes_total"] == 3 * len(wav(0.1))
    assert found["loudscope_live_sessions"] == 1
    assert found["loudscope_status_sockets"] == 1


def test_a_method_that_somebody_makes_up_makes_no_figure_of_its_own(service: Service) -> None:
    for method in ("BREW", "BREW2"):
        httpx.request(method, f"{service.url}/analyze")
    found = [name for name in figures(service) if "requests_total" in name and "405" in name]
    assert found == ['loudscope_requests_total{method="other",route="/analyze",status="405"}']


def test_choices_are_those_of_the_library(service: Service) -> None:
    found = httpx.get(f"{service.url}/options").json()
    assert [one["name"] for one in found["genres"]] == list(genres.names())
    assert [one["name"] for one in found["targets"]] == list(targets.names())
    assert found["limits"]["upload_bytes"] == service.parts.settings.limits.upload_bytes
