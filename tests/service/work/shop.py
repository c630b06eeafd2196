"""A service without its door: uploads are put in as the web's handlers do, and work is real."""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from loudscope.service._build import Parts, build
from loudscope.service._engine import key_of
from loudscope.service._records import NewAnalysis, NewResult, Stage, Status, Task
from loudscope.service._settings import Limits, Settings

EXAMPLE = Path(__file__).resolve().parents[3] / "examples" / "audio" / "night_drive.flac"
PATIENCE_SECONDS = 40.0


def quick(folder: Path, **more: object) -> Settings:
    """Settings with short leases: what has to lapse in a test lapses soon."""
    given: dict[str, object] = {
        "folder": folder,
        "workers": 2,
        "lease_seconds": 2.0,
        "sweep_seconds": 0.2,
        "grace_seconds": 0.0,
        **more,
    }
    return Settings.model_validate(given)


@dataclass(frozen=True)
class Shop:
    """Parts, and how to order."""

    parts: Parts

    @property
    def settings(self) -> Settings:
        return self.parts.settings

    def order(
        self,
        track: Path = EXAMPLE,
        *,
        reference: Path | None = None,
        genre: str | None = "pop",
        target: str | None = "spotify",
        enqueue: bool = True,
    ) -> str:
        """A request for a report; its token hash."""
        uploads = tuple(self._deposit(it) for it in (track, reference) if it is not None)
        request = NewResult(
            hashlib.sha256(secrets.token_bytes()).hexdigest(),
            uploads[0].key,
            track.name,
            reference_key=None if reference is None else uploads[-1].key,
            genre=genre,
            target=target,
        )
        ttl = self.settings.result_seconds
        created = self.parts.store.admit(uploads, request, time.time(), ttl).created
        for upload in uploads:
            if upload.key not in created:
                self.parts.depot.delete(upload.audio)
        tasks = [Task("measure", key) for key in created] or [Task("judge", request.token_hash)]
        for task in tasks if enqueue else ():
            self.parts.runner.enqueue(task)
        return request.token_hash

    def _deposit(self, track: Path) -> NewAnalysis:
        content, audio = track.read_bytes(), secrets.token_hex(16)
        incoming = self.settings.folder / "incoming"
        incoming.mkdir(parents=True, exist_ok=True)
        copy = incoming / audio
        shutil.copyfile(track, copy)
        self.parts.depot.put(copy, audio)
        return NewAnalysis(key_of(hashlib.sha256(content).hexdigest()), audio, len(content))

    def status(self, token: str) -> Status:
        found = self.parts.store.status(token, time.time())
        assert found is not None
        return found

    def stage(self, token: str) -> Stage:
        return self.status(token).stage

    def ended(self, token: str) -> Status:
        """The status once it is final."""
        wait(lambda: self.stage(token).final)
        return self.status(token)

    def measuring(self, token: str) -> None:
        """Waits until it is being measured."""
        wait(lambda: self.stage(token) is Stage.MEASURING)

    def left(self) -> list[str]:
        """Audio in the depot."""
        return list(self.parts.depot.names(time.time() + 60.0))


@contextmanager
def shop(settings: Settings, *, start: bool = True) -> Iterator[Shop]:
    """Open inside the block."""
    with build(settings) as parts:
        if start:
            parts.runner.start()
            parts.sweeper.start()
        yield Shop(parts)


def wait(true: Callable[[], object], seconds: float = PATIENCE_SECONDS) -> None:
    """Until it is true."""
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until, "waited in vain"
        time.sleep(0.02)


def measuring_processes(pid: int | None = None) -> list[int]:
    """Sandboxes that a process leads, this one by default."""
    parent = os.getpid() if pid is None else pid
    found = []
    for task in Path(f"/proc/{parent}/task").iterdir():
        for child in (task / "children").read_text().split():
            command = Path(f"/proc/{child}/cmdline").read_bytes()
            if b"loudscope.service.work._child" in command:
                found.append(int(child))
    return found


__all__ = ["EXAMPLE", "Limits", "Shop", "measuring_processes", "quick", "shop", "wait"]
