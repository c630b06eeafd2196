"""POST /analyze: bodies stream, many at once, and nothing is left of those that end early."""

from __future__ import annotations

import hashlib
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx

from loudscope import genres
from loudscope.service._engine import key_of
from loudscope.service._tokens import digest

from ..served import Service, holding, wav
from ..waiting import wait

MIB = 1024 * 1024
HEAD = b'--b\r\nContent-Disposition: form-data; name="audio"; filename="x.wav"\r\n\r\n'
FORM = {"Content-Type": "multipart/form-data; boundary=b"}


def upload(
    service: Service, audio: bytes, client: httpx.Client | None = None, **more: Any
) -> dict[str, Any]:
    files = {"audio": ("mix.wav", audio), **more.pop("files", {})}
    post = httpx.post if client is None else client.post
    answer = post(f"{service.url}/analyze", files=files, timeout=60, **more)
    assert answer.status_code == 202, answer.text
    found: dict[str, Any] = answer.json()
    return found


def stored(service: Service) -> list[Path]:
    return [p for p in (service.parts.settings.folder / "audio").rglob("*") if p.is_file()]


def test_what_was_sent_is_stored_under_a_name_of_ours(service: Service) -> None:
    audio = wav(0.2)
    files = {"audio": ("../../../mïx.wav", audio)}
    answer = httpx.post(f"{service.url}/analyze", files=files, data={"target": "Spotify"})
    job = answer.json()
    assert answer.status_code == 202
    assert job["name"] == "mïx.wav"
    assert (job["stage"], job["genre"], job["target"]) == ("queued", None, "spotify")
    assert 890 < job["expires_at"] - job["created_at"] < 910
    (path,) = stored(service)
    assert path.read_bytes() == audio
    assert "x.wav" not in path.name
    (task,) = service.tasks
    assert task.id == key_of(hashlib.sha256(audio).hexdigest())
    assert service.incoming == []


def test_tokens_have_more_than_128_bits_and_only_their_hash_is_kept(service: Service) -> None:
    tokens = {upload(service, wav(0.1))["token"] for _ in range(5)}
    assert len(tokens) == 5
    assert all(len(token) >= 22 for token in tokens)
    folder = service.parts.settings.folder
    kept = b"".join(p.read_bytes() for p in folder.rglob("*") if p.is_file())
    for token in tokens:
        assert token.encode() not in kept
        assert digest(token).encode() in kept or bytes.fromhex(digest(token)) in kept


def test_fifty_uploads_of_one_file_at_once_are_one_analysis_and_fifty_results(
    service: Service,
) -> None:
    audio = wav(1.0)
    asked = [*genres.names()[:4], ""]

    with httpx.Client(timeout=60) as client, ThreadPoolExecutor(50) as pool:

        def one(number: int) -> dict[str, Any]:
            data = {"genre": asked[number % 5]}
            return upload(service, audio, client, data=data)

        jobs = list(pool.map(one, range(50)))
    assert len({job["token"] for job in jobs}) == 50
    assert [task.kind for task in service.tasks].count("measure") == 1
    assert len(stored(service)) == 1
    assert service.incoming == []
    assert service.parts.store.counts(time.time()).results == 50
    key = next(task.id for task in service.tasks if task.kind == "measure")
    service.measure(key)
    waiting = service.parts.store.waiting(key, time.time())
    assert {task.id for task in waiting} == {digest(job["token"]) for job in jobs}
    for number, job in enumerate(jobs):
        service.judge(digest(job["token"]))
        found = httpx.get(f"{service.url}/result/{job['token']}").json()
        assert (found["stage"], found["genre"]) == ("done", asked[number % 5] or None)


def test_a_track_that_is_known_is_judged_without_being_measured_again(service: Service) -> None:
    audio = wav(0.3)
    upload(service, audio, data={"genre": "pop"})
    (measure,) = service.tasks
    service.measure(measure.id)
    again = upload(service, audio, data={"genre": "rock"})
    assert [task.kind for task in service.tasks] == ["measure", "judge"]
    assert service.tasks[-1].id == digest(again["token"])
    assert again["stage"] == "judging" or again["stage"] == "queued"
    text = httpx.get(f"{service.url}/metrics").text
    assert 'loudscope_analysis_cache_total{outcome="hit"} 1.0' in text
    assert 'loudscope_analysis_cache_total{outcome="miss"} 1.0' in text


def test_a_reference_is_measured_too_and_once_if_it_is_the_track_itself(service: Service) -> None:
    both = upload(service, wav(0.1, 1), files={"reference": ("ref.wav", wav(0.1, 2))})
    assert both["reference"] is True
    assert len(service.tasks) == 2
    upload(service, wav(0.1, 3), files={"reference": ("ref.wav", wav(0.1, 3))})
    assert len(service.tasks) == 3
    assert len(stored(service)) == 3


def test_a_hundred_mebibytes_stream_with_flat_memory(tmp_path: Path) -> None:
    """Resident memory, looked at every few milliseconds, while the body of the limit comes in."""
    with holding(tmp_path) as service:
        upload(service, wav(0.1))
        before, peak, over = resident(), 0, threading.Event()

        def watch() -> None:
            nonlocal peak
            while not over.is_set():
                peak = max(peak, resident())
                time.sleep(0.002)

        watcher = threading.Thread(target=watch)
        watcher.start()
        size = 100 * MIB
        piece = bytes(range(256)) * 256
        with socket.create_connection(("127.0.0.1", service.port), 60) as client:
            head = f"POST /analyze HTTP/1.1\r\nHost: h\r\nContent-Type: {FORM['Content-Type']}\r\n"
            tail = b"\r\n--b--\r\n"
            length = len(HEAD) + size + len(tail)
            client.sendall(f"{head}Content-Length: {length}\r\n\r\n".encode() + HEAD)
            for _ in range(size // len(piece)):
                client.sendall(piece)
            client.sendall(tail)
            answer = client.recv(65536)
        over.set()
        watcher.join()
        assert answer.startswith(b"HTTP/1.1 202 ")
        assert peak - before < 32 * MIB
        (key,) = [task.id for task in service.tasks[1:]]
        assert key == key_of(hashlib.sha256(piece * (size // len(piece))).hexdigest())


def resident() -> int:
    """Bytes of this process in memory."""
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * 4096


def test_nothing_is_left_of_clients_that_hang_up(service: Service) -> None:
    for cut in (0, 10, len(HEAD), len(HEAD) + 3 * MIB):
        body = (HEAD + b"\0" * 4 * MIB)[:cut]
        with socket.create_connection(("127.0.0.1", service.port), 10) as client:
            client.sendall(
                b"POST /analyze HTTP/1.1\r\nHost: h\r\nContent-Length: 9000000\r\n"
                b"Content-Type: multipart/form-data; boundary=b\r\n\r\n" + body
            )
            if cut > len(HEAD):
                wait(lambda: service.incoming != [])
    wait(lambda: service.app.state.site.uploads.taken == 0)
    assert service.incoming == []
    assert service.tasks == []
    assert 'status="499"' in httpx.get(f"{service.url}/metrics").text


def test_nothing_is_left_of_forms_that_are_cut_or_damaged(service: Service) -> None:
    address = f"{service.url}/analyze"
    for body in (HEAD + b"\0" * 2 * MIB, HEAD + b"x\r\n--b\r\nno header\r\n\r\n", HEAD[:30]):
        answer = httpx.post(address, headers=FORM, content=body)
        assert answer.json()["code"] == "bad_multipart"
    assert service.incoming == []
    assert stored(service) == []


def test_a_full_disk_is_told_and_leaves_nothing(service: Service) -> None:
    """The folder is gone, as good as full: no file can be made in it."""
    folder = service.parts.settings.folder / "incoming"
    folder.rmdir()
    answer = httpx.post(f"{service.url}/analyze", files={"audio": wav(0.1)})
    assert (answer.status_code, answer.json()["part"]) == (503, "disk")
    folder.mkdir()
    assert upload(service, wav(0.1))


def test_the_loop_answers_others_while_large_bodies_come(service: Service) -> None:
    """Health is asked for on and on; the slowest answer of many stays short."""
    audio = b"\1" * (20 * MIB)
    waits: list[float] = []
    with ThreadPoolExecutor(2) as pool, httpx.Client(base_url=service.url) as client:
        uploads = [pool.submit(upload, service, audio + bytes([n])) for n in range(2)]
        while not all(one.done() for one in uploads):
            start = time.perf_counter()
            assert client.get("/health/live").status_code == 200
            waits.append(time.perf_counter() - start)
        assert all(one.result() for one in uploads)
    assert len(waits) > 5  # it was asked in between
