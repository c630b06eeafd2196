"""A service without its door: uploads are put in as the web's handlers do, and work is real."""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from loudscope.service._build import Parts, build
from loudscope.service._engine import key_of
from loudscope.service._records import NewAnalysis, NewResult, Stage, Status, Task
from loudscope.service._settings import Limits, Settings

from ..waiting import wait
from .hostile import flac_of

# With `endless`, work that is still under way when a test looks, however fast the library is.
NO_LIMITS = {"samples": 10**12, "seconds": 10.0**6}
EXAMPLE = Path(__file__).resolve().parents[3] / "examples" / "audio" / "night_drive.flac"


def quick(folder: Path, **more: object) -> Settings:
    """Settings with short leases, and few limits: what has to lapse in a test lapses soon."""
    given: dict[str, object] = {
        "folder": folder,
        "workers": 2,
        "lease_seconds": 2.0,
        "sweep_seconds": 0.2,
        "grace_seconds": 0.0,
        "limits": NO_LIMITS,
        **more,
    }
    return Settings.model_validate(given)


def endless(folder: Path) -> Path:
    """A track of 1.5 MB that takes minutes to measure; for `quick` settings it is not too long."""
    path = folder / "endless.flac"
    path.write_bytes(flac_of(4 * 3600.0, 192_000, 8))
    return path


def shorten(settings: Settings) -> None:
    """Puts a short track in the place of all that waits in the folder.

    Work under way goes on over what it has opened; the next attempt is soon done.
    """
    for path in (settings.folder / "audio").rglob("*"):
        if path.is_file():
            copy = settings.folder / path.name
            shutil.copyfile(EXAMPLE, copy)
            copy.replace(path)


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
        request_id: str = "",
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
            request_id=request_id,
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

    def begun(self, token: str) -> None:
        """Waits until somebody has claimed it."""
        wait(lambda: self.stage(token) is not Stage.QUEUED)

    def measuring(self, token: str) -> None:
        """Waits until it is being measured."""
        wait(lambda: self.stage(token) is Stage.MEASURING)

    def left(self) -> list[str]:
        """Audio in the depot."""
        return list(self.parts.depot.names(time.time() + 60.0))

    def emptied(self) -> None:
        """Waits until no audio is left: a worker deletes it once the end is recorded."""
        wait(lambda: self.left() == [])


@contextmanager
def shop(settings: Settings, *, start: bool = True) -> Iterator[Shop]:
    """Open inside the block."""
    with build(settings) as parts:
        if start:
            parts.runner.start()
            parts.sweeper.start()
        yield Shop(parts)


def measuring_processes(pid: int | None = None) -> list[int]:
    """Sandboxes that a process leads, this one by default."""
    found = []
    for child in children(os.getpid() if pid is None else pid):
        with suppress(FileNotFoundError, ProcessLookupError):  # it has just died
            if b"loudscope.service.work._child" in Path(f"/proc/{child}/cmdline").read_bytes():
                found.append(child)
    return found


def children(pid: int) -> list[int]:
    """Processes that any thread of a process has started; none if it is gone."""
    found: list[int] = []
    with suppress(FileNotFoundError, ProcessLookupError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            with suppress(FileNotFoundError, ProcessLookupError):  # the thread has just ended
                found += map(int, (task / "children").read_text().split())
    return found


def forks(pid: int | None = None) -> list[int]:
    """Processes that decode or judge just now."""
    return [fork for sandbox in measuring_processes(pid) for fork in children(sandbox)]


def kill(*sandboxes: int) -> None:
    """Kills sandboxes and what they have forked."""
    for pid in sandboxes:
        with suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGKILL)


@contextmanager
def suspended(*leaders: int) -> Iterator[None]:
    """Sandboxes of processes, this one by default, get no time of the CPU inside the block.

    What they are asked meanwhile is under way until the end of the block, not a moment less.
    """
    held = [it for leader in leaders or (os.getpid(),) for it in measuring_processes(leader)]
    assert held
    try:
        for pid in held:
            os.killpg(pid, signal.SIGSTOP)
        yield
    finally:
        for pid in held:
            with suppress(ProcessLookupError):
                os.killpg(pid, signal.SIGCONT)


__all__ = [
    "EXAMPLE",
    "NO_LIMITS",
    "Limits",
    "Shop",
    "children",
    "endless",
    "forks",
    "kill",
    "measuring_processes",
    "quick",
    "shop",
    "shorten",
    "suspended",
]
