"""One task, whatever happens meanwhile: done once, handed back, or failed with its reason."""

from __future__ import annotations

import gzip
import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from loudscope.qc import Inspection, inspect
from loudscope.service._records import Stage, Task

from ..conftest import S3Place
from ..parts import Part
from ..waiting import wait
from .hostile import flac_of
from .shop import (
    EXAMPLE,
    Shop,
    children,
    endless,
    forks,
    kill,
    measuring_processes,
    quick,
    shop,
    shorten,
    suspended,
)


@pytest.fixture
def open_shop(tmp_path: Path) -> Iterator[Shop]:
    with shop(quick(tmp_path)) as made:
        yield made


@pytest.fixture(scope="module")
def long_track(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return endless(tmp_path_factory.mktemp("tracks"))


def test_a_track_is_measured_judged_and_its_audio_deleted(open_shop: Shop) -> None:
    token = open_shop.order()
    status = open_shop.ended(token)
    assert (status.stage, status.progress, status.reason) == (Stage.DONE, 1.0, None)
    store, now = open_shop.parts.store, time.time()
    data = store.measurements(status.result.request.key, now)
    assert data is not None
    assert Inspection.from_bytes(data).analysis.table == inspect(EXAMPLE).analysis.table
    page, text = store.document(token, "html", now), store.document(token, "json", now)
    assert page is not None and b"night_drive.flac" in gzip.decompress(page)
    assert text is not None and json.loads(gzip.decompress(text))["name"] == "night_drive.flac"
    open_shop.emptied()


def test_each_request_has_its_own_judgement_of_one_analysis(tmp_path: Path) -> None:
    with shop(quick(tmp_path), start=False) as made:
        tokens = [made.order(genre=genre) for genre in ("pop", "hiphop", None)]
        assert len(made.left()) == 1
        made.parts.runner.start()
        verdicts = [made.ended(token).result.verdict for token in tokens]
        genres = [verdict and verdict["genre"] for verdict in verdicts]
        assert [genre and genre["name"] for genre in genres] == ["pop", "hiphop", None]
        late = made.order(genre="rock")  # known already: judged alone
        assert made.ended(late).stage is Stage.DONE
        assert b"measuring_count 1" in made.parts.metrics.text().replace(
            b'loudscope_stage_seconds_count{stage="measuring"} 1.0', b"measuring_count 1"
        )


def test_a_reference_is_measured_and_compared(open_shop: Shop, tmp_path: Path) -> None:
    other = tmp_path / "reference.flac"
    other.write_bytes(flac_of(20.0, 44_100, 2))
    token = open_shop.order(reference=other)
    assert open_shop.ended(token).stage is Stage.DONE
    text = open_shop.parts.store.document(token, "json", time.time())
    assert text is not None
    assert json.loads(gzip.decompress(text))["comparison"]["references"][0]["name"] == "reference"


def test_a_refusal_is_told_to_all_and_not_tried_again(open_shop: Shop, tmp_path: Path) -> None:
    junk = tmp_path / "junk.wav"
    junk.write_bytes(b"no audio")
    tokens = [open_shop.order(junk) for _ in range(2)]
    reasons = [open_shop.ended(token).reason for token in tokens]
    assert [reason and reason.code for reason in reasons] == ["undecodable"] * 2
    open_shop.emptied()
    assert b'loudscope_failures_total{reason="undecodable"}' in open_shop.parts.metrics.text()


def test_a_killed_measuring_process_costs_one_attempt(open_shop: Shop, long_track: Path) -> None:
    token = open_shop.order(long_track)
    open_shop.measuring(token)
    shorten(open_shop.settings)
    kill(*measuring_processes())
    assert open_shop.ended(token).stage is Stage.DONE
    open_shop.emptied()


def test_after_three_crashes_it_has_failed(open_shop: Shop, long_track: Path) -> None:
    token = open_shop.order(long_track)

    def over() -> bool:
        kill(*(it for it in measuring_processes() if children(it)))  # those at work
        return open_shop.stage(token).final

    wait(over)
    reason = open_shop.ended(token).reason
    assert reason is not None and reason.code == "crashed"
    open_shop.emptied()
    assert open_shop.ended(open_shop.order()).stage is Stage.DONE  # the service is well


def test_a_lost_claim_stops_the_work_and_writes_nothing(tmp_path: Path, long_track: Path) -> None:
    """Somebody whose clock is ahead takes the lease for lapsed: his is the newer claim."""
    with shop(quick(tmp_path, lease_seconds=30.0)) as made:
        store = made.parts.store
        token = made.order(long_track)
        made.measuring(token)
        task = Task("measure", made.status(token).result.request.key)
        other = store.claim(task, "somebody else", time.time() + 31.0, 60.0)
        assert other is not None and other.attempt == 2
        wait(lambda: not forks())
        assert store.measurements(task.id, time.time()) is None
        measurements = inspect(EXAMPLE).to_bytes()
        assert store.measured(other, measurements, time.time(), 60.0)
        assert store.measurements(task.id, time.time()) == measurements
        assert made.ended(token).stage is Stage.DONE


def test_a_cancelled_request_frees_its_process(open_shop: Shop, long_track: Path) -> None:
    token = open_shop.order(long_track)
    open_shop.measuring(token)
    assert open_shop.parts.store.cancel(token, time.time())
    wait(lambda: not forks())
    assert open_shop.stage(token) is Stage.CANCELLED
    open_shop.emptied()


def test_the_end_of_a_process_hands_work_back(tmp_path: Path, long_track: Path) -> None:
    """Without blame: the next claim is the first attempt again."""
    settings = quick(tmp_path, lease_seconds=30.0)  # it does not lapse, however busy the machine is
    with shop(settings) as made:
        token = made.order(long_track)
        made.measuring(token)
    assert measuring_processes() == []
    shorten(settings)
    with shop(settings, start=False) as made:
        task = Task("measure", made.status(token).result.request.key)
        claim = made.parts.store.claim(task, "test", time.time(), 60.0)
        assert claim is not None and claim.attempt == 1
        assert made.parts.store.release(claim)
        assert len(made.left()) == 1
        made.parts.runner.start()
        made.parts.sweeper.start()  # nobody enqueues it but the sweeper
        assert made.ended(token).stage is Stage.DONE
        made.emptied()


def test_a_depot_that_is_away_loses_nothing(
    tmp_path: Path, s3_server: Part, s3_place: S3Place
) -> None:
    settings = quick(tmp_path, depot=s3_place.url, s3_endpoint=s3_place.endpoint)
    with shop(settings) as made:
        token = made.order(enqueue=False)
        with s3_server.frozen():
            made.parts.runner.enqueue(Task("measure", made.status(token).result.request.key))
            made.begun(token)
            assert not made.stage(token).final
        assert made.ended(token).stage is Stage.DONE
        assert list((tmp_path / "copies").iterdir()) == []


def test_audio_that_is_gone_is_told(open_shop: Shop) -> None:
    token = open_shop.order(enqueue=False)
    for audio in open_shop.left():
        open_shop.parts.depot.delete(audio)
    open_shop.parts.runner.enqueue(Task("measure", open_shop.status(token).result.request.key))
    reason = open_shop.ended(token).reason
    assert reason is not None and reason.code == "expired"


@pytest.mark.parametrize("jump", [3600.0, -3600.0])
def test_a_clock_that_jumps_while_work_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, jump: float
) -> None:
    """All of the service's clocks jump by an hour; its results live for two."""
    true_time = time.time
    with shop(quick(tmp_path, result_seconds=7200.0)) as made:
        with suspended():
            token = made.order()
            made.begun(token)
            monkeypatch.setattr(time, "time", lambda: true_time() + jump)
        assert made.ended(token).stage is Stage.DONE
        made.emptied()
