"""The two processes of the service: one that serves, and ones that only work."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from loudscope import InvalidArgument, MissingExtra

from . import _logs
from ._build import build, build_worker
from ._settings import Settings

__all__ = ["run_worker", "serve"]


def serve(settings: Settings) -> None:
    """Serves until SIGINT or SIGTERM; then work under way is handed back.

    Args:
        settings: What to serve with; `Settings.load` reads a file.

    Raises:
        MissingExtra: A part needs a package that is not installed.
        LoudscopeError, OSError: A part refuses what the settings say of it, or the port is taken.
    """
    from .web import run

    _logs.configure()
    with build(settings) as parts, _until_told():
        run(parts)


@contextmanager
def _until_told() -> Iterator[None]:
    """Ends its body in order at SIGINT and SIGTERM, also where the body lets them through."""

    def end(*_: object) -> None:
        raise KeyboardInterrupt

    main = threading.current_thread() is threading.main_thread()
    before = signal.signal(signal.SIGTERM, end) if main else None
    try:
        yield
    except KeyboardInterrupt:
        pass
    finally:
        if main:
            signal.signal(signal.SIGTERM, before)


def run_worker(settings: Settings) -> None:
    """Works for services that share store, depot and broker, until SIGINT or SIGTERM.

    Raises:
        InvalidArgument: The settings have no broker.
        MissingExtra: As `serve`.
    """
    if settings.runner != "celery":
        raise InvalidArgument(
            f"runner={settings.runner!r}: `loudscope serve` works by itself; workers of their own "
            "need runner = 'celery' and redis = 'redis://…'"
        )
    try:
        from .run._celery import consume
    except ImportError as error:
        raise MissingExtra(
            f"workers need the package {error.name!r}: pip install 'loudscope[service-scale]'"
        ) from error
    _logs.configure()
    with build_worker(settings) as (worker, metrics, count):
        if settings.metrics_port is not None:
            metrics.serve(settings.metrics_port, settings.host)
        _logs.get_logger(__name__).info("working", workers=count)
        consume(settings, worker.run, worker.stop, count)
