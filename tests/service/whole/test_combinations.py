"""Every documented combination of parts, each a real server, from an upload to its report.

50 clients upload one file at the same moment, to all processes that serve. One of them measures it
once, and each client gets its own result, with its own target.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest

from ..conftest import S3Place
from .deployment import Deployment, deployed, track

CLIENTS = 50
TARGETS = ("spotify", "r128")
SERVICE_PAGE = Path(__file__).resolve().parents[3] / "docs" / "service.md"

Given = Callable[[str], Any]

# By the name that docs/service.md has for it: settings, and how many serve and work.
COMBINATIONS: dict[str, tuple[Callable[[Given], dict[str, Any]], int, int]] = {
    "one command": (lambda _: {}, 1, 0),
    "one command, MongoDB": (lambda given: {"store": given("mongo_url")}, 1, 0),
    "workers on one machine": (
        lambda given: {"runner": "celery", "redis": given("redis_url")}, 1, 1
    ),
    "workers with a shared folder": (
        lambda given: {
            "store": given("mongo_url"), "runner": "celery", "redis": given("redis_url")
        }, 1, 1
    ),
    "several machines": (
        lambda given: {
            "store": given("mongo_url"), "redis": given("redis_url"), **s3(given("s3_place"))
        }, 2, 0
    ),
    "several machines and workers": (
        lambda given: {
            "store": given("mongo_url"), "runner": "celery", "redis": given("redis_url"),
            **s3(given("s3_place")),
        }, 2, 2
    ),
}  # fmt: skip


def s3(place: S3Place) -> dict[str, Any]:
    """The settings of a depot."""
    return {"depot": place.url, "s3_endpoint": place.endpoint}


@pytest.fixture
def deployment(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Deployment]:
    """The processes of the combination that the test is about."""
    settings, servers, workers = COMBINATIONS[request.param]
    given = settings(request.getfixturevalue)
    with deployed(tmp_path, given, servers, workers) as running:
        yield running


@pytest.mark.parametrize("deployment", COMBINATIONS, indirect=True)
def test_fifty_uploads_of_one_file_are_one_analysis_and_fifty_results(
    deployment: Deployment,
) -> None:
    audio, start = track(seed=50), Barrier(CLIENTS)

    def one(index: int) -> tuple[str, str]:
        target = TARGETS[index % 2]
        start.wait()
        token = deployment.upload(audio, index, target=target)
        found = deployment.final(token, index + 1)
        assert found["stage"] == "done", found
        return token, target

    with ThreadPoolExecutor(CLIENTS) as pool:
        tokens = dict(pool.map(one, range(CLIENTS)))
    assert len(tokens) == CLIENTS
    assert deployment.metric("stage_seconds_count", stage="measuring") == 1
    assert deployment.metric("analysis_cache_total", outcome="miss") == 1
    assert deployment.metric("analysis_cache_total", outcome="hit") == CLIENTS - 1
    reports = [(deployment.report(token), target) for token, target in tokens.items()]
    assert {target for _, target in reports} == set(TARGETS)
    for report, target in reports:
        assert report["check"]["target"]["name"] == target
        assert report["inspection"] == reports[0][0]["inspection"]


def test_the_documented_combinations_are_those() -> None:
    page = SERVICE_PAGE.read_text("utf-8")
    table = page.split("## Which parts", 1)[1].split("\n## ", 1)[0]
    assert re.findall(r"^\| \*\*(.+?)\*\* \|", table, re.MULTILINE) == list(COMBINATIONS)
