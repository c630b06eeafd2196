"""The built-in baselines: read from ``data/genres.json``, each with its source."""

from __future__ import annotations

import json
import re
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import Any

from .. import InvalidArgument
from ._baseline import Baseline
from ._ranges import BandRange, ThirdRange

__all__ = ["FALLBACK", "get", "names"]

FALLBACK = "any_popular"
SUB = 0


@cache
def _data() -> dict[str, Any]:
    source = files("loudscope") / "data" / "genres.json"
    found: dict[str, Any] = json.loads(source.read_text("utf-8"))
    return found


def names() -> tuple[str, ...]:
    """Names of the built-in baselines, `any_popular` first."""
    return tuple(_data()["baselines"])


def get(name: str) -> Baseline:
    """The built-in baseline of a genre.

    Args:
        name: As in `names`; case, spaces and punctuation do not matter, so "Hip-Hop" is found.

    Returns:
        The baseline. For a genre without data it is `any_popular`, whose spread is wide, with
        `fallback_for` set and "no baseline" said first among its limits.

    Raises:
        InvalidArgument: `name` is not a word.
    """
    if not isinstance(name, str) or not _folded(name):
        raise InvalidArgument(f"name={name!r}: give a genre, such as {', '.join(names()[:4])}")
    for known in names():
        if _folded(known) == _folded(name):
            return _built_in(known)
    limit = f"There is no baseline for {name!r}: {FALLBACK} stands in, with its wide spread."
    return _built_in(FALLBACK).standing_in(name, limit)


def _folded(name: str) -> str:
    return re.sub(r"[\W_]+", "", name.casefold())


@cache
def _built_in(name: str) -> Baseline:
    data = _data()
    found = data["baselines"][name]
    sources = [data["sources"][found[key]] for key in ("source", "sd_source") if key in found]
    return Baseline(
        name=name,
        title=found["title"],
        source="; spread from: ".join(source["cite"] for source in sources),
        n=found["n"],
        method="; spread: ".join(source["method"] for source in sources),
        confidence=found["confidence"],
        limits=(*sources[0]["limits"], *data["limits"]),
        bands=tuple(_band(data, found, place) for place in range(len(data["bands"]))),
        thirds=tuple(_third(found, int(x)) for x in found.get("thirds", ())),
    )


def _band(data: dict[str, Any], found: dict[str, Any], place: int) -> BandRange:
    low_hz, high_hz = list(pairwise(data["edges_hz"]))[place]
    mean, sd = found["mean"][place], found["sd"][place]
    cite = data["sources"][found["source"]]["cite"]
    spread = data["sources"][found.get("sd_source", found["source"])]["cite"]
    return BandRange(
        name=data["bands"][place],
        low_hz=float(low_hz),
        high_hz=float(high_hz),
        mean=mean,
        sd=sd,
        low=None if place == SUB else mean - sd,
        high=mean + sd,
        n=found["n"],
        median=_at(found, "median", place),
        p10=_at(found, "p10", place),
        p90=_at(found, "p90", place),
        confidence=found["band_confidence"][place],
        source=cite if cite == spread else f"{cite}; spread from: {spread}",
        correlation=_at(found, "correlation", place),
        side_share=_at(found, "side_share", place),
    )


def _at(found: dict[str, Any], key: str, place: int) -> float | None:
    return found[key][place] if key in found else None


def _third(found: dict[str, Any], x: int) -> ThirdRange:
    mean = found["thirds"][str(x)]
    return ThirdRange(
        hz=1000.0 * 10.0 ** (x / 10), mean=mean, sd=None, low=None, high=None, n=found["n"]
    )
