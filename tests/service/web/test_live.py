"""WS /live: what it shows is what `Meter` shows, to the bit, and nobody can hold it up."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Subprotocol

from loudscope import Meter

from ..served import Service, holding
from ..waiting import wait

RATE = 48000


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """One for all: live sessions leave nothing behind."""
    with holding(tmp_path_factory.mktemp("live")) as found:
        yield found


def tone(seconds: float, channels: int = 2, seed: int = 1) -> np.ndarray[Any, np.dtype[Any]]:
    rng = np.random.default_rng(seed)
    return (0.1 * rng.standard_normal((round(seconds * RATE), channels))).astype("<f4")


def open_live(
    service: Service,
    query: str = "rate=48000",
    headers: dict[str, str] | None = None,
    subprotocols: Sequence[Subprotocol] | None = None,
) -> ClientConnection:
    address = f"{service.ws}/live?{query}"
    return connect(
        address,
        compression=None,
        additional_headers=headers,
        subprotocols=subprotocols,
        open_timeout=30,
    )


def received(socket: ClientConnection) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(socket.recv(10))
    return found


def ended(socket: ClientConnection) -> list[dict[str, Any]]:
    """Asks for the last reading; all that came up to it."""
    socket.send('{"type": "end"}')
    messages = [received(socket)]
    while not messages[-1]["final"]:
        messages.append(received(socket))
    return messages


@pytest.mark.parametrize("form", ["float32", "int16"])
@pytest.mark.parametrize("channels", [1, 2, 6])
@pytest.mark.parametrize("frames", [128, 4800, 17_001])
def test_readings_are_the_meter_s_to_the_bit(
    service: Service, form: str, channels: int, frames: int
) -> None:
    samples = tone(2.0, channels)
    if form == "int16":
        samples = (samples * 32767).astype("<i2")
    layout = {1: "mono", 2: "stereo", 6: "5.1"}[channels]
    meter = Meter(RATE, layout, keep_table=False, bands=True)
    meter.push(samples)
    expected = meter.reading()
    query = f"rate={RATE}&channels={channels}&format={form}&layout={layout}"
    with open_live(service, query) as socket:
        session = received(socket)
        assert session["type"] == "session"
        assert (session["rate"], session["channels"]) == (RATE, channels)
        for start in range(0, len(samples), frames):
            socket.send(samples[start : start + frames].tobytes())
        last = ended(socket)[-1]
    for name in ("seconds", "momentary", "short_term", "integrated", "loudness_range"):
        assert last[name] == getattr(expected, name), name
    assert last["true_peak_per_channel"] == list(expected.true_peak_per_channel)
    assert last["sample_peak_per_channel"] == list(expected.sample_peak_per_channel)
    assert last["true_peak"] == expected.true_peak
    assert last["correlation"] == expected.correlation
    assert expected.band_profile is not None
    assert [band["level"] for band in last["bands"]] == [
        band.level for band in expected.band_profile.bands
    ]


def test_readings_come_ten_times_a_second_while_audio_comes(service: Service) -> None:
    """As many as that if the machine has the time for it, and never more."""
    chunk, readings = tone(0.1).tobytes(), list[dict[str, Any]]()
    with open_live(service) as socket:
        received(socket)
        start = time.monotonic()
        for turn in range(20):
            socket.send(chunk)
            time.sleep(max(0.0, start + 0.1 * (turn + 1) - time.monotonic()))
        while len(readings) < 5:
            socket.send(chunk)
            readings.append(received(socket))
        readings += (m for m in ended(socket) if not m["final"])
    assert len(readings) <= 10 * (time.monotonic() - start) + 2
    seconds = [reading["seconds"] for reading in readings]
    assert seconds == sorted(set(seconds))


@pytest.mark.parametrize("samples", [np.zeros((48000, 2), "<f4"), np.zeros((0, 2), "<f4")])
def test_silence_and_nothing_at_all_are_strict_json(service: Service, samples: Any) -> None:
    with open_live(service) as socket:
        received(socket)
        socket.send(samples.tobytes())
        last = ended(socket)[-1]
    assert last["momentary"] is None
    assert last["true_peak"] is None
    assert last["integrated"] is None
    assert all(band["level"] is None for band in last["bands"])


def test_silence_after_a_sound_goes_on_being_read(service: Service) -> None:
    """Filters ring out for some seconds, and of next to nothing there is no ratio."""
    with open_live(service) as socket:
        received(socket)
        socket.send(tone(0.5).tobytes())
        for _ in range(2):
            socket.send(np.zeros((RATE * 16 // 10, 2), "<f4").tobytes())
        last = ended(socket)[-1]
    assert last["seconds"] == pytest.approx(3.7)
    assert len(last["bands"]) == 6


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("rate=7999", "rate_hz"),
        ("rate=400000", "Hz"),
        ("rate=nan", "rate"),
        ("rate=-1", "rate"),
        ("channels=0", "channels"),
        ("channels=25", "channels"),
        ("channels=6", "layout"),
        ("channels=2&layout=5.1", "layout"),
        ("channels=2&layout=nonsense", "layout"),
        ("format=mp3", "format"),
        ("volume=11", "volume"),
    ],
)
def test_parameters_that_do_not_fit_are_told_with_1008(
    service: Service, query: str, reason: str
) -> None:
    with open_live(service, query) as socket, pytest.raises(ConnectionClosed) as closed:
        socket.recv(10)
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1008
    assert reason in closed.value.rcvd.reason


def nan() -> bytes:
    samples = tone(0.1)
    samples[17, 1] = np.nan
    return samples.tobytes()


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        (b"\0" * 7, "7 bytes"),
        (nan(), "NaN"),
        ((tone(0.1) * 32768 * 100).tobytes(), "dBFS"),
        ('{"type": "stop"}', "text"),
        ("[" * 100_000, "text"),
    ],
)
def test_what_cannot_be_measured_is_told_with_1007(
    service: Service, message: str | bytes, reason: str
) -> None:
    with open_live(service) as socket:
        received(socket)
        with pytest.raises(ConnectionClosed) as closed:
            socket.send(message)
            socket.recv(10)
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1007
    assert reason in closed.value.rcvd.reason


def test_messages_of_more_than_a_mebibyte_are_refused(service: Service) -> None:
    with open_live(service) as socket:
        received(socket)
        with pytest.raises(ConnectionClosed) as closed:
            socket.send(b"\0" * (1024 * 1024 + 8))
            socket.recv(10)
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1009


def test_sessions_are_bounded_and_their_places_are_given_back(tmp_path: Path) -> None:
    with holding(tmp_path, live={"sessions": 2}) as service:
        for _ in range(3):
            with open_live(service) as one, open_live(service) as two:
                for socket in (one, two):
                    assert received(socket)["type"] == "session"
                with open_live(service) as third, pytest.raises(ConnectionClosed) as closed:
                    third.recv(10)
                assert closed.value.rcvd is not None
                assert closed.value.rcvd.code == 1013
            wait(lambda: service.app.state.site.live.taken == 0)


@pytest.mark.parametrize(
    ("live", "code", "reason"),
    [
        ({"idle_seconds": 0.2}, 1008, "idle"),
        ({"total_seconds": 0.3}, 1000, "time is over"),
    ],
)
def test_a_session_does_not_last_for_ever(
    tmp_path: Path, live: dict[str, float], code: int, reason: str
) -> None:
    with holding(tmp_path, live=live) as service, open_live(service) as socket:
        received(socket)
        with pytest.raises(ConnectionClosed) as closed:
            while True:
                socket.recv(10)
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == code
    assert reason in closed.value.rcvd.reason


def test_who_sends_faster_than_it_sounds_is_made_to_wait(service: Service) -> None:
    """Four times as fast, after ten seconds of audio; the loop is free meanwhile."""
    chunk = tone(1.0).tobytes()
    start = time.monotonic()
    with open_live(service) as socket:
        received(socket)
        for _ in range(14):
            socket.send(chunk)
        last = ended(socket)[-1]
    assert last["seconds"] == 14.0
    assert time.monotonic() - start >= (14 - 10) / 4


def test_a_foreign_page_and_a_wrong_key_get_no_socket(tmp_path: Path) -> None:
    with holding(tmp_path, api_keys=frozenset({"k"})) as service:
        for headers in ({}, {"X-API-Key": "x"}):
            with pytest.raises(InvalidStatus) as raised:
                open_live(service, headers=headers)
            assert raised.value.response.status_code == 401
        key = base64.urlsafe_b64encode(b"k").decode().rstrip("=")
        foreign = {"Origin": "https://elsewhere.example", "X-API-Key": "k"}
        with pytest.raises(InvalidStatus) as raised:
            open_live(service, headers=foreign)
        assert raised.value.response.status_code == 403
        assert b'"code":"origin"' in (raised.value.response.body or b"")
        offered = [Subprotocol("loudscope"), Subprotocol(f"loudscope.key.{key}")]
        with open_live(service, subprotocols=offered) as socket:
            assert socket.subprotocol == "loudscope"
            assert received(socket)["type"] == "session"


def test_messages_are_not_compressed(service: Service) -> None:
    with connect(f"{service.ws}/live") as socket:  # offers to compress
        assert "Sec-WebSocket-Extensions" not in (socket.response or socket).headers  # type: ignore[union-attr]
