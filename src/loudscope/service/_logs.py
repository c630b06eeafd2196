"""Logs in JSON, a line each, on standard error.

What may be private cannot get in: a line has only keys of this list, and values that are short. An
error is told by its type and place, never by its words, which quote paths and addresses with
passwords. Requests and analyses are named by the first eight digits of a hash.
"""

from __future__ import annotations

import json
import logging
import sys
import threading
import traceback
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager, suppress
from pathlib import PurePath
from typing import Any

import structlog

from ._records import Task

__all__ = ["KEYS", "caused_by", "configure", "get_logger", "named", "short"]

KEYS = frozenset({
    "ahead", "analysis", "attempt", "bytes", "channels", "code", "component", "connection",
    "count", "created", "detail", "error", "event", "frames", "host", "kind", "known", "level",
    "method", "outcome", "part", "pid", "port", "place", "rate_hz", "reason", "record", "request",
    "result", "route", "seconds", "signal", "stage", "status", "task", "timestamp", "url",
    "version", "webhook", "workers",
})  # fmt: skip
MOST_LETTERS = 200
_LOCK = threading.Lock()
Event = MutableMapping[str, Any]


def short(secret: str) -> str:
    """Enough of a key or hash to follow it through the logs, too little to use it."""
    return secret[:8]


def named(task: Task) -> dict[str, str]:
    """The keys of a line that say what a task is about."""
    return {"analysis" if task.kind == "measure" else "result": short(task.id)}


def get_logger(name: str) -> structlog.stdlib.BoundLogger:
    """A logger of structlog for a module of the service."""
    component = name.removeprefix("loudscope.service.")
    made: structlog.stdlib.BoundLogger = structlog.get_logger(component=component)
    return made


@contextmanager
def caused_by(request_id: str) -> Iterator[None]:
    """All lines inside the block have the id of the request that caused them; "": not known.

    Threads that are started inside have it only where they run in a copy of the context.
    """
    if not request_id:
        yield
        return
    with structlog.contextvars.bound_contextvars(request=request_id):
        yield


def configure(level: int = logging.INFO) -> None:
    """Writes all logs of this process, those of libraries too, as lines of JSON."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            redacted,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=_Output,
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Lines())
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    logging.captureWarnings(True)


def redacted(_: object, __: str, event: Event) -> Event:
    """The event without anything that is not on the list; says how much was left out."""
    kept = {key: _value(value) for key, value in event.items() if key in KEYS}
    if len(kept) < len(event):
        kept["count_dropped"] = len(event) - len(kept)
    return kept


def _value(value: object) -> object:
    if value is None or isinstance(value, bool | int | float):
        return value
    return str(value)[:MOST_LETTERS]


class _Output:
    """Standard error. That nobody reads it, or its disk is full, is no reason to stop working."""

    def __init__(self, *_: object) -> None:
        self._lock = _LOCK

    def msg(self, line: str) -> None:
        """Writes a line."""
        with self._lock, suppress(OSError, ValueError):
            sys.stderr.write(line + "\n")
            sys.stderr.flush()

    debug = info = warning = error = critical = exception = msg


class _Lines(logging.Formatter):
    """Records of libraries: who, how grave, and where an error came from."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "event": "library",
            "component": record.name,
            "level": record.levelname.lower(),
            "place": f"{PurePath(record.pathname).name}:{record.lineno}",
        }
        if record.exc_info and record.exc_info[0] is not None:
            line["error"] = record.exc_info[0].__name__
            frames = traceback.extract_tb(record.exc_info[2])
            line["trace"] = " ".join(f"{PurePath(it.filename).name}:{it.lineno}" for it in frames)
        return json.dumps(line)
