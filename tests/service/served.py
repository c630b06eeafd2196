"""A service for a test: a real uvicorn on a free port, SQLite, a folder, and work done or held."""

from __future__ import annotations

import io
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
from fastapi import FastAPI

from loudscope.service._build import Parts, build
from loudscope.service._metrics import Metrics
from loudscope.service._records import Stage, Task
from loudscope.service._settings import Settings
from loudscope.service.depot._folder import FolderDepot
from loudscope.service.hub._local import LocalHub
from loudscope.service.limit._local import LocalLimiter
from loudscope.service.store._sqlite import SQLiteStore
from loudscope.service.web import Server, bound, create_app
from loudscope.service.work._sweeper import Sweeper

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "audio" / "night_drive.flac"
START_SECONDS = 20.0


@dataclass
class Held:
    """A runner that keeps its tasks, for a test to do them when it likes."""

    tasks: list[Task] = field(default_factory=list)

    def start(self) -> None:
        pass

    def enqueue(self, task: Task) -> None:
        self.tasks.append(task)

    def ping(self) -> None:
        pass

    def stop(self, grace: float) -> None:
        pass


@dataclass(frozen=True)
class Service:
    """A service that answers."""

    port: int
    parts: Parts
    app: FastAPI
    server: Server

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def ws(self) -> str:
        return f"ws://127.0.0.1:{self.port}"

    @property
    def incoming(self) -> list[Path]:
        """What lies where uploads are received."""
        return list((self.parts.settings.folder / "incoming").iterdir())

    @property
    def tasks(self) -> list[Task]:
        """What was asked of a runner that holds its tasks."""
        assert isinstance(self.parts.runner, Held)
        return self.parts.runner.tasks

    def measure(self, key: str, measurements: bytes = b"figures") -> None:
        """Does what a worker does with a track, and tells of it."""
        now, store = time.time(), self.parts.store
        claim = store.claim(Task("measure", key), "test", now, 30.0)
        assert claim is not None
        assert store.measured(claim, measurements, now, 900.0)
        self.parts.hub.nudge(key)

    def judge(self, token_hash: str, page: bytes = b"<!doctype html><p>report") -> None:
        """Does what a worker does for a request whose tracks are measured."""
        import gzip

        now, store = time.time(), self.parts.store
        claim = store.claim(Task("judge", token_hash), "test", now, 30.0)
        assert claim is not None
        texts = {"json": b'{"schema": 1}', "html": page, "csv": b"figure,value\r\n", "md": b"# x\n"}
        documents = {name: gzip.compress(text) for name, text in texts.items()}
        assert store.judged(claim, {"verdict": "pass", "top": None}, documents, now, 900.0)
        self.parts.hub.nudge(token_hash)

    def advance(self, key: str, stage: Stage, progress: float) -> None:
        """Claims a track and notes how far it is."""
        now, store = time.time(), self.parts.store
        claim = store.claim(Task("measure", key), "test", now, 0.001)
        assert claim is not None
        assert store.advance(claim, stage, progress)
        self.parts.hub.nudge(key)


def settings_of(folder: Path, **more: Any) -> Settings:
    """Settings with a folder of their own and enough uploads a minute for a test."""
    limits = {"requests": 10_000, **more.pop("limits", {})}
    return Settings(**{"folder": folder, "port": 0, "limits": limits, **more})


@contextmanager
def holding(folder: Path, patience_ms: int = 30_000, **more: Any) -> Iterator[Service]:
    """A service whose work waits for the test."""
    settings = settings_of(folder, sweep_seconds=3600.0, **more)
    folder.mkdir(parents=True, exist_ok=True)
    limits = settings.limits
    store = SQLiteStore(folder / "service.sqlite", settings.remember_seconds)
    depot = FolderDepot(folder / "audio")
    hub = LocalHub()
    parts = Parts(
        settings,
        store,
        depot,
        hub,
        LocalLimiter(limits.requests, limits.window_seconds),
        Held(),
        Metrics(),
        Sweeper(store, depot, hub, print, settings, idle_seconds=3600.0),
    )
    try:
        with serving(parts, patience_ms) as service:
            yield service
    finally:
        parts.store.close()


@contextmanager
def working(folder: Path, **more: Any) -> Iterator[Service]:
    """A service that works, as `loudscope serve` does."""
    with build(settings_of(folder, workers=2, **more)) as parts, serving(parts) as service:
        yield service


@contextmanager
def serving(parts: Parts, patience_ms: int = 30_000) -> Iterator[Service]:
    """These parts, served from a thread."""
    app = create_app(parts)
    listening = bound(parts.settings, patience_ms)
    server = Server(app)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    try:
        until = time.monotonic() + START_SECONDS
        while not server.started:
            assert thread.is_alive() and time.monotonic() < until, "the server did not start"
            time.sleep(0.01)
        yield Service(listening.getsockname()[1], parts, app, server)
    finally:
        server.should_exit = True
        thread.join()


def wav(seconds: float = 1.0, seed: int = 0, rate: int = 48000, channels: int = 2) -> bytes:
    """A file of quiet noise; another seed, another file."""
    rng = np.random.default_rng(seed)
    samples = 0.1 * rng.standard_normal((round(seconds * rate), channels))
    held = io.BytesIO()
    soundfile.write(held, samples, rate, format="WAV", subtype="PCM_16")
    return held.getvalue()
