"""`loudscope serve` as a process: it ends in order, and after a power cut it heals."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from loudscope.service._settings import Settings

from ..parts import answers, free_port
from ..waiting import wait
from ..work.shop import EXAMPLE, endless, measuring_processes, quick, shorten
from .machine import Process, process


@pytest.fixture(scope="module")
def long_track(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return endless(tmp_path_factory.mktemp("tracks")).read_bytes()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """No lease lapses, however busy the machine is."""
    return quick(tmp_path / "data", port=free_port(), workers=1, lease_seconds=30.0)


@pytest.fixture
def client(settings: Settings) -> Iterator[httpx.Client]:
    url = f"http://127.0.0.1:{settings.port}"
    with httpx.Client(base_url=url, timeout=30.0, trust_env=False) as made:
        yield made


def upload(client: httpx.Client, content: bytes) -> str:
    form = {"audio": ("track.flac", content)}
    answer = client.post("/analyze", data={"genre": "pop", "target": "spotify"}, files=form)
    assert answer.status_code == 202, answer.text
    return str(answer.json()["token"])


def stage(client: httpx.Client, token: str) -> str:
    return str(client.get(f"/result/{token}").json()["stage"])


def ready(made: Process, settings: Settings) -> None:
    wait(lambda: answers(settings.port))
    wait(lambda: measuring_processes(made.pid))


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_told_to_end_it_hands_its_work_back(
    settings: Settings, client: httpx.Client, long_track: bytes, how: signal.Signals
) -> None:
    with process("serve", settings, "ended") as ended:
        ready(ended, settings)
        token = upload(client, long_track)
        wait(lambda: stage(client, token) == "measuring")
        measuring = measuring_processes(ended.pid)
        assert ended.stop(how) == 0
        assert not any(Path(f"/proc/{pid}").exists() for pid in measuring)
        assert f"http://127.0.0.1:{settings.port}" in ended.log.read_text()
        assert token not in ended.log.read_text() and "track.flac" not in ended.log.read_text()
    shorten(settings)
    with process("serve", settings, "again") as again:
        ready(again, settings)
        wait(lambda: stage(client, token) == "done")
        (line,) = [it for it in again.lines() if it["event"] == "measuring"]
        assert line["attempt"] == 1


def test_killed_over_its_work_it_heals_at_the_next_start(
    settings: Settings, client: httpx.Client, long_track: bytes
) -> None:
    brief = settings.model_copy(update={"lease_seconds": 2.0})
    with process("serve", brief, "killed") as killed:
        ready(killed, settings)
        token = upload(client, long_track)
        wait(lambda: stage(client, token) == "measuring")
        measuring = measuring_processes(killed.pid)
        killed.kill()
        wait(lambda: not any(Path(f"/proc/{pid}").exists() for pid in measuring))
    shorten(settings)
    with process("serve", settings, "again") as again:
        ready(again, settings)
        wait(lambda: stage(client, token) == "done")
        (line,) = [it for it in again.lines() if it["event"] == "measuring"]
        assert isinstance(line["attempt"], int) and line["attempt"] > 1
        assert list((settings.folder / "audio").rglob("*")) == []
        other = upload(client, EXAMPLE.read_bytes())
        wait(lambda: stage(client, other) == "done")
