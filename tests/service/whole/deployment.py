"""The service as an operator starts it: processes of the command line, asked over HTTP."""

from __future__ import annotations

import io
import json
import os
import re
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import soundfile

from ..parts import Command, Part, serving
from ..waiting import wait

__all__ = ["Deployment", "deployed", "track"]

PATIENCE_S = 60.0
FINAL = {"done", "failed", "cancelled"}
OPEN: dict[str, Any] = {
    "lease_seconds": 3.0,
    "sweep_seconds": 0.5,
    "grace_seconds": 2.0,
    "limits": {"requests": 100_000, "queued": 1000},
}  # quick to heal, and no test is refused for being many


def track(seed: int = 0, seconds: float = 1.0, rate_hz: int = 16_000) -> bytes:
    """A WAV of noise, another for every seed."""
    noise = np.random.default_rng(seed).uniform(-0.5, 0.5, (round(seconds * rate_hz), 2))
    file = io.BytesIO()
    soundfile.write(file, noise, rate_hz, format="WAV")
    return file.getvalue()


class Deployment:
    """Processes that serve and processes that work.

    Attributes:
        servers: Each is `loudscope serve`.
        workers: Each is `loudscope worker`.
    """

    def __init__(self, servers: list[Part], workers: list[Part]) -> None:
        self.servers, self.workers = servers, workers
        self.http = httpx.Client(timeout=PATIENCE_S, limits=httpx.Limits(max_connections=200))

    def url(self, index: int = 0) -> str:
        """Where the server of that index answers; they are taken in turn."""
        return f"http://{self.servers[index % len(self.servers)].address}"

    def upload(self, audio: bytes, index: int = 0, **fields: str) -> str:
        """Uploads, and returns the token."""
        files = {"audio": ("track.wav", audio, "audio/wav")}
        answer = self.http.post(f"{self.url(index)}/analyze", files=files, data=fields)
        assert answer.status_code == 202, answer.text
        return str(answer.json()["token"])

    def status(self, token: str, index: int = 0, wait: float = 0.0) -> dict[str, Any]:
        """`GET /result/{token}`, at once or when something changes."""
        answer = self.http.get(f"{self.url(index)}/result/{token}", params={"wait": wait})
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def final(self, token: str, index: int = 0, patience: float = PATIENCE_S) -> dict[str, Any]:
        """The status once nothing more will happen."""
        deadline = time.monotonic() + patience
        while (found := self.status(token, index, 5.0))["stage"] not in FINAL:
            assert time.monotonic() < deadline, (found, self.logs())
        return found

    def report(self, token: str, index: int = 0) -> dict[str, Any]:
        """The report's figures."""
        answer = self.http.get(f"{self.url(index)}/report/{token}.json")
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def ready(self, patience: float = PATIENCE_S) -> None:
        """Waits until every server says that all its parts are there."""
        servers = range(len(self.servers))
        wait(lambda: all(map(self._ready, servers)), patience, self.logs)

    def _ready(self, index: int) -> bool:
        try:
            return self.http.get(f"{self.url(index)}/health/ready").status_code == 200
        except httpx.TransportError:
            return False

    def metric(self, name: str, **labels: str) -> float:
        """A figure of /metrics, summed over all processes and over labels that are not named."""
        total = 0.0
        for part in self.parts:
            text = self.http.get(f"http://{part.address}/metrics").text
            for found in re.finditer(rf"^loudscope_{name}(\{{.*\}})? (\S+)$", text, re.MULTILINE):
                if all(f'{key}="{value}"' in (found[1] or "") for key, value in labels.items()):
                    total += float(found[2])
        return total

    def logs(self) -> str:
        """The ends of all logs."""
        return "\n".join(f"{part.name}:\n{part.log[-1500:]}" for part in self.parts)

    @property
    def parts(self) -> list[Part]:
        return [*self.servers, *self.workers]


@contextmanager
def deployed(
    folder: Path,
    settings: Mapping[str, Any],
    servers: int = 1,
    workers: int = 0,
    own_cores: bool = False,
) -> Iterator[Deployment]:
    """Processes with these settings over those for tests; all of them run inside the block.

    Args:
        folder: For their data and logs; processes share the data, as those of a machine do.
        settings: Wins over `OPEN`, table by table.
        servers: How many `loudscope serve`.
        workers: How many `loudscope worker`, each of one process.
        own_cores: Each worker is kept to one core, and does what it would do on a machine of one.
    """
    cores = sorted(os.sched_getaffinity(0)) if own_cores else []
    limits = {**OPEN["limits"], **settings.get("limits", {})}
    config = folder / "service.toml"
    whole = {"folder": str(folder / "data"), "workers": 1, **OPEN, **settings, "limits": limits}
    config.write_text(toml(whole), "utf-8")
    with ExitStack() as stack:

        def started(verb: str, index: int) -> Part:
            core = cores[index % len(cores)] if cores and verb == "worker" else None
            name = f"loudscope-{verb}-{index}"
            (folder / name).mkdir()
            return stack.enter_context(serving(name, folder / name, command(verb, config, core)))

        deployment = Deployment(
            [started("serve", index) for index in range(servers)],
            [started("worker", index) for index in range(workers)],
        )
        stack.callback(deployment.http.close)
        deployment.ready()
        yield deployment


def command(verb: str, config: Path, core: int | None = None) -> Command:
    """How a process is started; a worker answers at its port for metrics."""
    kept = "" if core is None else f"import os; os.sched_setaffinity(0, {{{core}}}); "
    run = f"{kept}import sys; from loudscope._cli import main; sys.exit(main())"
    start = [sys.executable, "-c", run, verb, "--config", str(config)]
    if verb == "serve":
        return lambda port, folder: [*start, "--port", str(port)]
    return lambda port, folder: [*("env", f"LOUDSCOPE_METRICS_PORT={port}"), *start]


def toml(settings: Mapping[str, Any]) -> str:
    """Settings as a file; JSON's values are TOML's, too."""
    plain = [f"{k} = {json.dumps(v)}" for k, v in settings.items() if not isinstance(v, Mapping)]
    tables = [
        f"[{name}]\n{toml(table)}" for name, table in settings.items() if isinstance(table, Mapping)
    ]
    return "\n".join([*plain, *tables, ""])
