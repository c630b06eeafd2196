"""Users of the service: some upload tracks and wait for the report, others look at results.

LOUDSCOPE_TRACK names the file that each upload is a distinct copy of.
"""

from __future__ import annotations

import os
import time
from collections import deque
from pathlib import Path

import tracks
from locust import HttpUser, constant, constant_throughput, task

TRACK = Path(os.environ["LOUDSCOPE_TRACK"]).read_bytes()
LOOKS_PER_SECOND = 10.0
recent: deque[str] = deque(maxlen=50)  # tokens to look at


class Uploader(HttpUser):
    """Uploads a distinct track, waits until it is done, and begins again."""

    wait_time = constant(0)

    @task
    def track(self) -> None:
        """From the upload to the report."""
        start = time.perf_counter()
        files = {"audio": ("track.mp3", tracks.distinct(TRACK), "audio/mpeg")}
        form = {"target": "spotify", "genre": "pop"}
        with self.client.post("/analyze", files=files, data=form, catch_response=True) as answer:
            if answer.status_code != 202:
                answer.failure(f"{answer.status_code} {answer.text[:200]}")
                time.sleep(1.0)
                return
            token = answer.json()["token"]
        recent.append(token)
        stage = self._wait(token)
        self.environment.events.request.fire(
            request_type="TRACK", name="upload to report",
            response_time=1000.0 * (time.perf_counter() - start), response_length=0,
            exception=None if stage == "done" else RuntimeError(stage),
        )  # fmt: skip

    def _wait(self, token: str) -> str:
        """Looks once a second, as a page whose socket was cut."""
        while True:
            time.sleep(1.0)
            answer = self.client.get(f"/result/{token}", name="/result/… (waiting)")
            stage = str(answer.json().get("stage", "gone"))
            if stage in {"done", "failed", "cancelled", "gone"}:
                return stage


class Reader(HttpUser):
    """Looks at results, as pages without a socket do."""

    fixed_count = 2
    wait_time = constant_throughput(LOOKS_PER_SECOND)

    @task
    def look(self) -> None:
        """At the newest."""
        if recent:
            self.client.get(f"/result/{recent[-1]}", name="/result/…")
