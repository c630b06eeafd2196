"""What a measuring process does with one upload. It sees bytes and names, never tokens or keys."""

from __future__ import annotations

import gzip
import io
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any, TypeVar

from loudscope import InvalidArgument, LoudscopeError, genres, targets
from loudscope.qc import Inspection, inspect
from loudscope.report import report

from .._records import DOCUMENTS
from ._refusals import NAME, RefusedError
from ._verdict import verdict_of

__all__ = ["judge", "measure"]

LOWEST_RATE_HZ = 8000
LEVEL = 6  # of gzip
MOST_LETTERS = 120

Tell = Callable[[str, float], None]
Known = TypeVar("Known")


def measure(path: str, limits: Mapping[str, float], threads: int, tell: Tell) -> bytes:
    """Decodes and measures a file.

    Args:
        path: Of a file that the service itself has named.
        limits: "samples" in all channels, "seconds", "channels" and "rate_hz".
        threads: Of the engine.
        tell: Called with the stage and how much is done, 0 to 1, a few times a second.

    Returns:
        `Inspection.to_bytes`, without the upload's name.

    Raises:
        RefusedError: It is more than the limits allow.
        LoudscopeError: It cannot be measured.
    """
    gauge = _Gauge(limits)
    with _Upload(path) as file:
        size = max(1, file.seek(0, io.SEEK_END))
        tell("decoding", 0.0)

        def progress(done: float, total: float | None) -> None:
            if total is not None:
                gauge.refuse_over(total)
            tell("measuring", done / total if total else file.tell() / size)

        inspection = inspect(file, threads=threads, progress=progress, guard=gauge)
    return named(inspection, None).to_bytes()


class _Upload(io.FileIO):
    """A file whose name says nothing of where it lies; errors quote it."""

    def __init__(self, path: str) -> None:
        super().__init__(path, "rb")
        self.name = NAME


class _Gauge:
    """Looks at what was really decoded, whatever the header says; see `loudscope.qc.inspect`."""

    def __init__(self, limits: Mapping[str, float]) -> None:
        self._limits = limits
        self._most_seconds = limits["seconds"]

    def __call__(self, rate_hz: int, channels: int, frames: int) -> None:
        limits = self._limits
        if channels > limits["channels"]:
            raise RefusedError(
                "too_many_channels",
                f"The file has {channels} channels; up to {limits['channels']:.0f} are measured.",
            )
        if not LOWEST_RATE_HZ <= rate_hz <= limits["rate_hz"]:
            raise RefusedError(
                "rate_unsupported",
                f"The file has {rate_hz} samples a second; {LOWEST_RATE_HZ} to "
                f"{limits['rate_hz']:.0f} are measured.",
            )
        self._most_seconds = min(limits["seconds"], limits["samples"] / (rate_hz * channels))
        self.refuse_over(frames / rate_hz)

    def refuse_over(self, seconds: float) -> None:
        """Raises RefusedError for so many seconds: decoded, or promised, which saves decoding."""
        if seconds > self._most_seconds:
            raise RefusedError(
                "too_long",
                f"The audio lasts more than {_time(self._most_seconds)}, which is what is measured "
                "at its rate and number of channels. Please upload a part of it.",
            )


def _time(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{seconds:.3g} s"


def judge(
    measurements: bytes,
    reference: bytes | None,
    name: str,
    genre: str | None,
    target: str | None,
) -> tuple[dict[str, Any], tuple[bytes, ...]]:
    """Holds measurements against a genre, a target and a reference.

    Genre and target are looked up by name among those that come with the library: what a client
    calls them is never a path.

    Returns:
        The verdict in short, and the report in the forms of `DOCUMENTS`, compressed by gzip.

    Raises:
        RefusedError: "unknown_genre", "unknown_target", "bad_reference".
    """
    baseline = None if genre is None else _known("genre", genres.get, genre)
    aim = None if target is None else _known("target", targets.get, target)
    inspection = named(Inspection.from_bytes(measurements), displayed(name))
    other = None
    if reference is not None:
        other = named(Inspection.from_bytes(reference), "reference")
    try:
        made = report(inspection, genre=baseline, target=aim, reference=other)
    except LoudscopeError as error:
        if other is None:
            raise
        message = f"The track cannot be compared with this reference ({error})."
        raise RefusedError("bad_reference", message) from error
    forms: Mapping[str, Callable[[], str]] = {
        "json": partial(made.json, indent=None),
        "html": made.html,
        "csv": made.csv,
        "md": made.markdown,
    }
    return verdict_of(made), tuple(_zipped(forms[name]()) for name in DOCUMENTS)


def _known(kind: str, get: Callable[[str], Known], name: str) -> Known:
    try:
        return get(name)
    except InvalidArgument as error:
        raise RefusedError(f"unknown_{kind}", f"There is no {kind} of this name.") from error


def _zipped(text: str) -> bytes:
    return gzip.compress(text.encode("utf-8"), LEVEL, mtime=0)


def named(inspection: Inspection, name: str | None) -> Inspection:
    """The same measurements under another name; None: under none."""
    return replace(inspection, analysis=replace(inspection.analysis, name=name))


def displayed(name: str) -> str:
    """What a client calls its file, as it may be shown: one line, no folders, nothing invisible."""
    last = name.replace("\\", "/").rpartition("/")[2]
    seen = "".join(it for it in last if unicodedata.category(it)[0] != "C").strip()
    return seen[:MOST_LETTERS] or "untitled"
