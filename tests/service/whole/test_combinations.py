"""Every documented combination of parts, each a real server, from an upload to its report.

50 clients upload one file at the same moment, to all processes that serve. One of them measures it
once, and each client gets its own result, with its own target.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from .combinations import COMBINATIONS, combined
from .deployment import Deployment, track

CLIENTS = 50
TARGETS = ("spotify", "r128")
SERVICE_PAGE = Path(__file__).resolve().parents[3] / "docs" / "service.md"


@pytest.fixture
def deployment(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Deployment]:
    """The processes of the combination that the test is about."""
    with combined(request.param, request, tmp_path) as running:
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
