"""The documented combinations of parts, by the name that docs/service.md has for each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from ..conftest import S3Place
from .deployment import Deployment, deployed

__all__ = ["COMBINATIONS", "combined"]

Given = Callable[[str], Any]

# Settings, and how many serve and work.
COMBINATIONS: dict[str, tuple[Callable[[Given], dict[str, Any]], int, int]] = {
    "one command": (lambda _: {}, 1, 0),
    "one command, MongoDB": (lambda given: {"store": given("mongo_url")}, 1, 0),
    "workers on one machine": (
        lambda given: {"runner": "celery", "redis": given("redis_url")}, 1, 1
    ),
    "workers with a shared folder": (
        lambda given: {
            "store": given("mongo_url"), "runner": "celery", "redis": given("redis_url")
        }, 1, 1
    ),
    "several machines": (
        lambda given: {
            "store": given("mongo_url"), "redis": given("redis_url"), **s3(given("s3_place"))
        }, 2, 0
    ),
    "several machines and workers": (
        lambda given: {
            "store": given("mongo_url"), "runner": "celery", "redis": given("redis_url"),
            **s3(given("s3_place")),
        }, 2, 2
    ),
}  # fmt: skip


def s3(place: S3Place) -> dict[str, Any]:
    """The settings of a depot."""
    return {"depot": place.url, "s3_endpoint": place.endpoint}


@contextmanager
def combined(name: str, request: pytest.FixtureRequest, folder: Path) -> Iterator[Deployment]:
    """The processes of a combination, with the real parts that it wants."""
    settings, servers, workers = COMBINATIONS[name]
    given = {"lease_seconds": 30.0, **settings(request.getfixturevalue)}  # nobody dies: none lapses
    with deployed(folder, given, servers, workers) as running:
        yield running
