"""Both clients against a service that works: the same calls, the same answers, the same errors."""

from __future__ import annotations

import asyncio
import csv
import inspect
import io
import json
import pickle
import socket
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import loudscope
from loudscope.service import (
    AsyncClient,
    Client,
    Job,
    JobFailed,
    Refused,
    ServiceError,
    StillWorking,
    Unreachable,
)

from ..served import EXAMPLE, Service, holding, wav, working

Do = Callable[..., Any]


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A service that works, for all of these tests."""
    with working(tmp_path_factory.mktemp("client")) as found:
        yield found


def waiting(url: str, **more: Any) -> Do:
    """Calls a method of the client that waits."""

    def do(name: str, *args: Any, **kwargs: Any) -> Any:
        with Client(url, **more) as client:
            return getattr(client, name)(*args, **kwargs)

    return do


def awaiting(url: str, **more: Any) -> Do:
    """Calls a method of the client that awaits."""

    async def call(name: str, *args: Any, **kwargs: Any) -> Any:
        async with AsyncClient(url, **more) as client:
            method: Callable[..., Awaitable[Any]] = getattr(client, name)
            return await method(*args, **kwargs)

    return lambda *args, **kwargs: asyncio.run(call(*args, **kwargs))


both = pytest.mark.parametrize("made", [waiting, awaiting])


@both
def test_from_a_file_to_its_report(service: Service, made: Callable[..., Do]) -> None:
    do, seen = made(service.url), list[Job]()
    job = do("submit", EXAMPLE, genre="pop", target="spotify")
    assert (job.name, job.genre, job.target) == ("night_drive.flac", "pop", "spotify")
    done = do("wait", job, timeout=120, progress=seen.append)
    assert done.done and done.over and done.progress == 1.0
    assert seen[-1] == done
    assert [one.progress for one in seen] == sorted(one.progress for one in seen)
    result = do("result", job)
    expected = loudscope.analyze(EXAMPLE).integrated
    assert result["inspection"]["analysis"]["loudness"]["integrated"] == expected
    assert done.verdict is not None
    assert "night_drive.flac" in do("report", job)
    assert json.loads(do("report", job, "json")) == result
    rows = dict(csv.reader(io.StringIO(do("report", job, format="csv"), newline="")))
    assert float(rows["inspection.analysis.loudness.integrated"]) == expected
    assert do("report", job, format="md").startswith("# night\\_drive.flac\n")
    with pytest.raises(loudscope.InvalidArgument, match="'pdf': give one of html, json, csv, md"):
        do("report", job, format="pdf")
    assert do("status", job.token) == done
    do("delete", job)
    with pytest.raises(Refused, match="not_found") as raised:
        do("status", job)
    assert (raised.value.status, raised.value.code) == (404, "not_found")


@both
@pytest.mark.parametrize("form", ["path", "bytes", "file"])
def test_audio_is_a_path_bytes_or_an_open_file(
    service: Service, made: Callable[..., Do], form: str, tmp_path: Path
) -> None:
    path = tmp_path / "söng.wav"
    path.write_bytes(b"skipped" + wav(0.5))
    do = made(service.url)
    with path.open("rb") as file:
        file.seek(7)
        given: Any = {"path": path, "bytes": wav(0.5), "file": file}[form]
        if form == "path":
            path.write_bytes(wav(0.5))
        job = do("submit", given, reference=wav(0.6, 1))
        assert not file.closed
    assert do("wait", job, timeout=60).done
    assert do("result", job)["comparison"] is not None


@both
def test_a_failed_job_raises_with_its_reason(service: Service, made: Callable[..., Do]) -> None:
    do = made(service.url)
    job = do("submit", b"this is no audio")
    with pytest.raises(JobFailed) as raised:
        do("wait", job, timeout=60)
    assert raised.value.code == "undecodable"
    assert raised.value.job.reason is not None
    assert str(raised.value) == raised.value.job.reason[1]
    again = pickle.loads(pickle.dumps(raised.value))
    assert (again.code, again.job) == (raised.value.code, raised.value.job)


@both
def test_a_job_that_expired_is_told_from_one_that_never_was(
    tmp_path: Path, made: Callable[..., Do]
) -> None:
    with holding(tmp_path, result_seconds=0.5, api_keys=frozenset({"k"})) as held:
        do = made(held.url, key="k")
        job = do("submit", wav(0.1))
        time.sleep(0.6)
        for name in (job.token, job.id):
            with pytest.raises(Refused, match="expired") as raised:
                do("status", name)
            assert (raised.value.status, raised.value.code) == (410, "expired")
            assert raised.value.problem["expired_at"] == job.expires_at
        with pytest.raises(Refused, match="not_found"):
            do("status", "nobody")


@both
def test_refusals_carry_their_problem(service: Service, made: Callable[..., Do]) -> None:
    with pytest.raises(Refused, match="unknown_genre") as raised:
        made(service.url)("submit", wav(0.1), genre="polka-core")
    assert "pop" in raised.value.problem["known"]
    assert raised.value.retry_after is None
    assert pickle.loads(pickle.dumps(raised.value)).problem == raised.value.problem


@both
def test_waiting_has_an_end(tmp_path: Path, made: Callable[..., Do]) -> None:
    with holding(tmp_path) as held:
        do = made(held.url)
        job = do("submit", wav(0.1))
        with pytest.raises(StillWorking):
            do("wait", job, timeout=0.3)

        def stop(_: Job) -> None:
            raise KeyError("stop")

        with pytest.raises(KeyError, match="stop"):
            do("wait", job, progress=stop)
        assert do("cancel", job).stage == "cancelled"
        with pytest.raises(JobFailed) as raised:
            do("wait", job)
        assert raised.value.code == "cancelled"


@both
def test_jobs_are_listed_by_account_and_opened_by_id(
    tmp_path: Path, made: Callable[..., Do]
) -> None:
    with holding(tmp_path, api_keys=frozenset({"k"})) as held:
        do = made(held.url, key="k")
        job = do("submit", wav(0.1))
        (listed,) = do("jobs")
        assert (listed.id, listed.token) == (job.id, None)
        assert do("status", listed).id == job.id
        do("delete", listed)
        assert do("jobs", limit=5) == ()


@both
def test_a_service_that_is_away_is_told_and_waited_out(
    tmp_path: Path, made: Callable[..., Do]
) -> None:
    with holding(tmp_path) as held:
        url, job = held.url, made(held.url)("submit", wav(0.1))
    with pytest.raises(Unreachable):
        made(url)("status", job)
    with pytest.raises(Unreachable):
        made(url)("wait", job, timeout=0.5)


def test_a_foreign_server_s_answer_is_an_error_of_ours() -> None:
    """A proxy says 502 in HTML."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def answer() -> None:
            connection, _ = listening.accept()
            with connection:
                connection.recv(65536)
                page = b"<html>bad gateway</html>"
                head = f"HTTP/1.1 502 Bad Gateway\r\nContent-Length: {len(page)}\r\n\r\n"
                connection.sendall(head.encode() + page)

        thread = threading.Thread(target=answer)
        thread.start()
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        with Client(url) as client, pytest.raises(Refused) as raised:
            client.status("token")
        thread.join()
    assert (raised.value.status, raised.value.code) == (502, "http")


@pytest.mark.parametrize("audio", [17, None, "no/such/file.wav"])
def test_what_cannot_be_uploaded_is_refused_here(service: Service, audio: Any) -> None:
    with Client(service.url) as client, pytest.raises(loudscope.LoudscopeError) as raised:
        client.submit(audio)
    assert not isinstance(raised.value, ServiceError)


def test_both_clients_have_the_same_methods_with_the_same_arguments() -> None:
    def methods(kind: type) -> dict[str, inspect.Signature]:
        members = inspect.getmembers(kind, inspect.isfunction)
        return {
            name: inspect.signature(member).replace(return_annotation="")
            for name, member in members
            if not name.startswith("_")
        }

    assert methods(Client) == methods(AsyncClient)


def test_submissions_of_one_track_are_one_analysis(service: Service) -> None:
    audio = wav(2.0, 77)

    async def everybody() -> list[Job]:
        async with AsyncClient(service.url) as client:
            jobs = await asyncio.gather(*(client.submit(audio) for _ in range(12)))
            return await asyncio.gather(*(client.wait(job, timeout=120) for job in jobs))

    before = measured(service)
    jobs = asyncio.run(everybody())
    assert len({job.id for job in jobs}) == 12
    assert all(job.done for job in jobs)
    assert measured(service) == before + 1


def measured(service: Service) -> float:
    """How many tracks went through the stage of measuring."""
    name = 'loudscope_stage_seconds_count{stage="measuring"} '
    lines = service.parts.metrics.text().decode().splitlines()
    return sum(float(line.removeprefix(name)) for line in lines if line.startswith(name))


def test_results_are_strict_json(service: Service) -> None:
    with Client(service.url) as client:
        job = client.wait(client.submit(wav(0.2) + b""), timeout=60)
        text = json.dumps(client.result(job), allow_nan=False)
        assert time.time() < job.expires_at
    assert "NaN" not in text
