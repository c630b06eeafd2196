"""Processes of the service as an operator starts them, ended with the test whatever happens."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from loudscope.service._settings import Settings

from ..parts import watchdog

__all__ = ["Process", "as_toml", "process"]

STOP_SECONDS = 60.0


class Process:
    """A running verb of the command line."""

    def __init__(self, verb: str, config: Path, log: Path) -> None:
        self.log = log
        with log.open("ab") as output:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "loudscope", verb, "--config", str(config)],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        self._watchdog = watchdog(self._process.pid)

    @property
    def pid(self) -> int:
        return self._process.pid

    def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        """Ends it in order; its exit status."""
        self.tell_to_end(how)
        return self.ended()

    def tell_to_end(self, how: signal.Signals = signal.SIGTERM) -> None:
        """Begins to end it in order."""
        self._process.send_signal(how)

    def ended(self) -> int:
        """Its exit status, once it has ended."""
        try:
            return self._process.wait(STOP_SECONDS)
        finally:
            self.kill()

    def kill(self) -> None:
        """Ends it as a power cut would."""
        if self._process.poll() is None:
            os.kill(self._process.pid, signal.SIGKILL)
            self._process.wait()
        if self._watchdog.poll() is None:
            self._watchdog.kill()
        self._watchdog.communicate()

    def lines(self) -> list[dict[str, object]]:
        """What it has logged so far."""
        text = self.log.read_text("utf-8", "replace").splitlines()
        return [json.loads(line) for line in text if line.startswith("{")]

    def logged(self, event: str, seconds: float = 30.0) -> None:
        """Waits for a line of its log."""
        until = time.monotonic() + seconds
        while not any(line.get("event") == event for line in self.lines()):
            alive = self._process.poll() is None
            assert alive and time.monotonic() < until, self.log.read_text("utf-8", "replace")
            time.sleep(0.05)


@contextmanager
def process(verb: str, settings: Settings, name: str = "one") -> Iterator[Process]:
    """The verb inside the block; its log stands beside the service's folder."""
    beside = settings.folder.parent / f"{verb}-{name}"
    config = beside.with_suffix(".toml")
    config.write_text(as_toml(settings), "utf-8")
    made = Process(verb, config, beside.with_suffix(".log"))
    try:
        yield made
    finally:
        made.kill()


def as_toml(settings: Settings) -> str:
    """What differs from the defaults, as a file."""
    given = settings.model_dump(mode="json", exclude_defaults=True)
    tables = {key: value for key, value in given.items() if isinstance(value, dict)}
    lines = [f"{key} = {json.dumps(it)}" for key, it in given.items() if key not in tables]
    for table, values in tables.items():
        lines.append(f"[{table}]")
        lines += [f"{key} = {json.dumps(value)}" for key, value in values.items()]
    return "\n".join(lines) + "\n"
