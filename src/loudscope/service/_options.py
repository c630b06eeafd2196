"""What a client can choose from, and what it may send."""

from __future__ import annotations

from functools import cache
from typing import Any

from loudscope import __version__, genres, targets

from ._settings import Settings

__all__ = ["options"]


def options(settings: Settings) -> dict[str, Any]:
    """Genres, targets and limits, strict JSON.

    Returns:
        `version`; `genres` and `targets` with name and title, a target also with what a live
        meter can hold against it: `lufs` to aim at, `ranges` of integrated loudness and the
        highest `true_peak`, dBTP, None or empty where nothing is asked; `key`, whether an API key
        is wanted; `result_seconds`; `limits`; `live`, how many sessions there may be.
    """
    limits = settings.limits
    return {
        "version": __version__,
        "genres": _genres(),
        "targets": _targets(),
        "key": bool(settings.api_keys),
        "result_seconds": settings.result_seconds,
        "limits": {
            "upload_bytes": limits.upload_bytes,
            "channels": limits.channels,
            "requests": limits.requests,
            "window_seconds": limits.window_seconds,
        },
        "live": settings.live.sessions,
    }


@cache
def _genres() -> list[dict[str, Any]]:
    return [{"name": name, "title": genres.get(name).title} for name in genres.names()]


@cache
def _targets() -> list[dict[str, Any]]:
    return [_summary(targets.get(name)) for name in targets.names()]


def _summary(target: targets.Target) -> dict[str, Any]:
    rules = [rule for rule in target.rules if rule.cannot is None and rule.when is None]
    peaks = [
        high
        for rule in rules
        if rule.figure == "true_peak"
        for _, high in rule.ranges
        if high is not None
    ]
    return {
        "name": target.name,
        "title": target.title,
        "lufs": target.reference_lufs,
        "ranges": [list(r) for it in rules if it.figure == "integrated" for r in it.ranges],
        "true_peak": min(peaks, default=None),
    }
