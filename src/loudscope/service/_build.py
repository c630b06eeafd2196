"""From settings to parts: which store, depot, hub, limiter and runner, and how they run."""

from __future__ import annotations

import os
import secrets
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from loudscope import MissingExtra

from ._metrics import Metrics
from ._ports import Depot, Hub, Limiter, Runner, Store
from ._settings import Settings
from .depot import open_depot
from .store import open_store
from .work._sandboxes import Sandboxes
from .work._sweeper import Sweeper
from .work._worker import Worker

__all__ = ["Parts", "build", "build_worker"]

SCALE = "pip install 'loudscope[service-scale]'"
LEASES_IDLE = 2.0  # how long a broker is believed to have a task, in leases


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of one process.

    Attributes:
        settings: Which parts, and their limits.
        store, depot, hub, limiter, runner: As the settings want them.
        metrics: What this process counts.
        sweeper: Picks up what fell through.
    """

    settings: Settings
    store: Store
    depot: Depot
    hub: Hub
    limiter: Limiter
    runner: Runner
    metrics: Metrics
    sweeper: Sweeper


@contextmanager
def build(settings: Settings) -> Iterator[Parts]:
    """The parts of a process that serves; with the local runner it works, too.

    Runner and sweeper are there but not started. At the end of the block they are stopped, if
    nobody did before, work under way is handed back, and the store is closed. Hub and limiter
    belong to the event loop that uses them.

    Raises:
        MissingExtra: A part needs a package that is not installed.
        LoudscopeError, OSError: A part refuses what the settings say of it.
    """
    with ExitStack() as stack:
        store, depot, hub, metrics = _kept(settings, stack)
        if settings.runner == "celery":
            runner, idle = _celery_runner(settings), LEASES_IDLE * settings.lease_seconds
        else:
            _, runner, _ = _working(settings, store, depot, hub, metrics, stack)
            idle = settings.sweep_seconds
        stack.callback(runner.stop, settings.grace_seconds)
        sweeper = Sweeper(store, depot, hub, runner.enqueue, settings, idle_seconds=idle)
        stack.callback(sweeper.stop)
        yield Parts(settings, store, depot, hub, _limiter(settings), runner, metrics, sweeper)


def _working(
    settings: Settings,
    store: Store,
    depot: Depot,
    hub: Hub,
    metrics: Metrics,
    stack: ExitStack,
) -> tuple[Worker, Runner, int]:
    """A worker, its measuring processes, which end with `stack`, and threads that lead them."""
    from .run._local import LocalRunner

    sandboxes = Sandboxes(settings.workers, settings.start_seconds)
    stack.callback(sandboxes.close)
    worker = Worker(
        store,
        depot,
        hub,
        sandboxes,
        settings,
        owner=_owner(),
        enqueue=lambda task: runner.enqueue(task),  # noqa: PLW0108 - which there is not yet
        metrics=metrics,
    )
    runner = LocalRunner(worker.run, worker.stop, sandboxes.count, sandboxes.check)
    sandboxes.start()  # they are ready when the first upload has come
    return worker, runner, sandboxes.count


@contextmanager
def build_worker(settings: Settings) -> Iterator[tuple[Worker, Metrics, int]]:
    """The parts of a process that only works, beside a broker.

    What has waited for long the broker has lost, or is away: such work is taken straight from the
    store, by threads of this process, in the same number of measuring processes.

    Yields:
        The worker, what it counts, and how many tasks it does at a time.
    """
    with ExitStack() as stack:
        store, depot, hub, metrics = _kept(settings, stack)
        worker, runner, count = _working(settings, store, depot, hub, metrics, stack)
        idle = LEASES_IDLE * settings.lease_seconds
        sweeper = Sweeper(store, depot, hub, runner.enqueue, settings, idle_seconds=idle)
        stack.callback(runner.stop, settings.grace_seconds)
        stack.callback(sweeper.stop)
        runner.start()
        sweeper.start()
        yield worker, metrics, count


def _owner() -> str:
    """Names this process among all workers."""
    return f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"


def _kept(settings: Settings, stack: ExitStack) -> tuple[Store, Depot, Hub, Metrics]:
    settings.folder.mkdir(parents=True, exist_ok=True)
    store = open_store(settings.store, settings.folder, settings.remember_seconds)
    stack.callback(store.close)
    depot = open_depot(settings.depot, settings.folder, settings.s3_endpoint)
    stack.callback(depot.close)
    return store, depot, _hub(settings), Metrics()


def _hub(settings: Settings) -> Hub:
    if settings.redis is None:
        from .hub._local import LocalHub

        return LocalHub()
    with _extra("Redis"):
        from .hub._redis import RedisHub

    return RedisHub(settings.redis)


def _limiter(settings: Settings) -> Limiter:
    most, window = settings.limits.requests, settings.limits.window_seconds
    if settings.redis is None:
        from .limit._local import LocalLimiter

        return LocalLimiter(most, window)
    with _extra("Redis"):
        from .limit._redis import RedisLimiter

    return RedisLimiter(settings.redis, most, window)


def _celery_runner(settings: Settings) -> Runner:
    with _extra("Celery"):
        from .run._celery import CeleryRunner

    return CeleryRunner(settings)


@contextmanager
def _extra(what: str) -> Iterator[None]:
    try:
        yield
    except ImportError as error:
        raise MissingExtra(f"{what} needs the package {error.name!r}: {SCALE}") from error
