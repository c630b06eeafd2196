"""Figures for Prometheus, in a registry of their own: several services can live in one process.

A web process counts requests; whoever works, in the same process or in `loudscope worker`, counts
stages and failures and is asked at its own port.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
    start_http_server,
)
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

from ._records import Counts

__all__ = ["Metrics"]

_QUICK = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 30.0, 300.0)
_SLOW = (0.01, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0)


class Metrics:
    """What is counted; every label has few values, none of which a client can make up.

    Attributes:
        content_type: Of `text`.
    """

    content_type = CONTENT_TYPE_PLAIN_0_0_4

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._requests = self._counter("requests", "Answers", "method", "route", "status")
        self._request_seconds = self._histogram(
            "request_seconds", "Until answered", _QUICK, "route"
        )
        self._upload_bytes = self._counter("upload_bytes", "Bytes of audio received")
        self._cache = self._counter("analysis_cache", "Uploads by whether known before", "outcome")
        self._failures = self._counter("failures", "Tasks that failed for good", "reason")
        self._stages = self._histogram("stage_seconds", "Time within a stage", _SLOW, "stage")
        self._webhooks = self._counter("webhook_calls", "Calls of webhooks", "outcome")
        self._queued = self._gauge("queue_depth", "Tasks that wait")
        self._running = self._gauge("running_tasks", "Tasks under way")
        self._oldest = self._gauge("oldest_job_seconds", "Age of the oldest task that waits")
        self._results = self._gauge("results", "Requests that have not expired")
        self._live = self._gauge("live_sessions", "Live meters")
        self._sockets = self._gauge("status_sockets", "Sockets that follow a request")

    def request(self, method: str, route: str, status: int, seconds: float) -> None:
        """Counts an answer; `route` is the template of the path, never the path."""
        self._requests.labels(method, route, str(status)).inc()
        self._request_seconds.labels(route).observe(seconds)

    def upload(self, size: int, known: bool) -> None:
        """Counts an upload of so many bytes."""
        self._upload_bytes.inc(size)
        self._cache.labels("hit" if known else "miss").inc()

    def stage(self, name: str, seconds: float) -> None:
        """Notes how long a stage took: "decoding", "measuring", "judging" …."""
        self._stages.labels(name).observe(seconds)

    @contextmanager
    def timed(self, stage: str) -> Iterator[None]:
        """Notes how long its body took, if it comes to its end."""
        start = perf_counter()
        yield
        self.stage(stage, perf_counter() - start)

    def failure(self, reason: str) -> None:
        """Counts a task that failed for good; `reason` is a code of ours."""
        self._failures.labels(reason).inc()

    def webhook(self, outcome: str) -> None:
        """Counts a call: "delivered", "refused", "again" or "given_up"."""
        self._webhooks.labels(outcome).inc()

    @contextmanager
    def live(self) -> Iterator[None]:
        """Counts a live session while its body runs."""
        with self._live.track_inprogress():
            yield

    @contextmanager
    def socket(self) -> Iterator[None]:
        """Counts a socket while its body runs."""
        with self._sockets.track_inprogress():
            yield

    def queue(self, counts: Counts) -> None:
        """Notes what waits and runs."""
        self._queued.set(counts.queued)
        self._running.set(counts.running)
        self._oldest.set(counts.oldest_seconds)
        self._results.set(counts.results)

    def text(self) -> bytes:
        """All figures in the text format of Prometheus."""
        return generate_latest(self._registry)

    def serve(self, port: int, host: str = "127.0.0.1") -> None:
        """Answers at a port of its own, from a thread: for processes that serve nothing else."""
        start_http_server(port, host, registry=self._registry)

    def _counter(self, name: str, help_text: str, *labels: str) -> Counter:
        return Counter(f"loudscope_{name}", help_text, labels, registry=self._registry)

    def _gauge(self, name: str, help_text: str) -> Gauge:
        return Gauge(f"loudscope_{name}", help_text, registry=self._registry)

    def _histogram(
        self, name: str, help_text: str, buckets: tuple[float, ...], *labels: str
    ) -> Histogram:
        return Histogram(
            f"loudscope_{name}", help_text, labels, buckets=buckets, registry=self._registry
        )
