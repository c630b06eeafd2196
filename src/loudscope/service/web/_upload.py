"""The body of an upload: guarded while it streams, stored and hashed as it comes."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Collection, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import TypeAlias

from fastapi import Request

from loudscope import InvalidArgument, genres, targets

from .._settings import Limits
from ._form import FileBegins, FileBytes, FileEnds, FormReader, Text
from ._guard import OVERHEAD_BYTES, boundary_of, place
from ._problems import Problem
from ._site import Site, away
from ._spool import Spool

__all__ = ["CHOICES", "Received", "Upload", "received"]

Checks: TypeAlias = "Mapping[str, Callable[[str], str]]"

FILES = ("audio", "reference")


@dataclass(frozen=True, slots=True)
class Received:
    """A file that has come whole: `sha256` in hexadecimal."""

    spool: Spool
    sha256: str


@dataclass(slots=True)
class Upload:
    """What a form held."""

    texts: dict[str, str | None] = field(default_factory=dict)
    files: dict[str, Received] = field(default_factory=dict)

    @property
    def audio(self) -> Received:
        """The track."""
        return self.files["audio"]


@asynccontextmanager
async def received(site: Site, request: Request, texts: Checks) -> AsyncIterator[Upload]:
    """Receives a form; whatever happens, no file is left of what the body did not take.

    Args:
        site: Where to.
        request: Its body has not been read.
        texts: The fields that are not files, and for each what a value stands for; it is asked
            as soon as the field has come.

    Raises:
        Problem: The form does not fit, is too large or too slow.
        ClientDisconnect: The client is gone.
    """
    reader = FormReader(boundary_of(request))
    with place(site):
        receiver = _Receiver(site, texts)
        try:
            async for piece in _paced(request, site.settings.limits):
                for event in reader.feed(piece):
                    await receiver.take(event)
            reader.finish()
            yield receiver.whole()
        finally:
            for spool in receiver.spools:
                await spool.discard()


class _Receiver:
    """Puts together what the events of a form bring."""

    def __init__(self, site: Site, texts: Checks) -> None:
        self._site, self._checks = site, texts
        self._upload = Upload()
        self.spools: list[Spool] = []
        self._now: tuple[str, Spool] | None = None

    async def take(self, event: Text | FileBegins | FileBytes | FileEnds) -> None:
        try:
            match event:
                case FileBytes(data):
                    await self._bytes(data)
                case Text(name, value):
                    self._text(name, value)
                case FileBegins(name, shown):
                    self._begin(name, shown)
                case FileEnds():
                    await self._end()
        except OSError as error:
            raise away("disk", error) from error

    def whole(self) -> Upload:
        if "audio" not in self._upload.files:
            raise Problem("missing_audio", "The form has no file named `audio`.")
        return self._upload

    def _text(self, name: str, value: str) -> None:
        self._check_name(name, self._checks)
        given = value.strip()
        self._upload.texts[name] = self._checks[name](given) if given else None

    def _begin(self, name: str, shown: str) -> None:
        self._check_name(name, FILES)
        spool = Spool(self._site.incoming, shown, self._site.writing)
        self.spools.append(spool)
        self._now = name, spool

    async def _bytes(self, data: bytes) -> None:
        assert self._now is not None
        await self._now[1].add(data)
        most = self._site.settings.limits.upload_bytes
        if sum(spool.size for spool in self.spools) > most:
            detail = f"An upload may have {most} bytes, a reference among them."
            raise Problem("too_large", detail, most_bytes=most)

    async def _end(self) -> None:
        assert self._now is not None
        (name, spool), self._now = self._now, None
        if spool.size == 0:
            raise Problem("empty_audio", f"`{name}` has no bytes.", field=name)
        self._upload.files[name] = Received(spool, await spool.finish())

    def _check_name(self, name: str, allowed: Collection[str]) -> None:
        if name not in (*FILES, *self._checks):
            listed = ", ".join((*FILES, *self._checks))
            raise Problem("unknown_field", f"The form may have: {listed}.")
        if name not in allowed:
            wanted = "a file" if name in FILES else "text"
            raise Problem("bad_field", f"`{name}` has to be {wanted}.", field=name)
        if name in self._upload.texts or name in self._upload.files:
            raise Problem("bad_field", f"`{name}` is there twice.", field=name)


def _genre(value: str) -> str:
    # The library has a stand-in for any genre, which here would not be what was asked for.
    by_letters = {_letters(name): name for name in genres.names()}
    return _listed("genre", by_letters.get(_letters(value), ""), genres.names())


def _target(value: str) -> str:
    found = ""
    with suppress(InvalidArgument):
        found = targets.get(value).name
    return _listed("target", found, targets.names())


def _letters(name: str) -> str:
    return "".join(letter for letter in name.casefold() if letter.isalnum())


def _listed(what: str, found: str, names: tuple[str, ...]) -> str:
    if found not in names:
        detail = f"There is no {what} of this name; there are {', '.join(names)}."
        raise Problem(f"unknown_{what}", detail, known=list(names))
    return found


CHOICES: Checks = {"genre": _genre, "target": _target}
"""Genre and target, by names on our lists: never a path."""


async def _paced(request: Request, limits: Limits) -> AsyncIterator[bytes]:
    """The body, as long as it comes fast enough and is not too long."""
    start, count = time.monotonic(), 0
    stream = request.stream()
    while True:
        kept_up = start + limits.upload_grace_seconds + count / limits.upload_bytes_per_second
        left = min(kept_up, start + limits.upload_seconds) - time.monotonic()
        try:
            async with asyncio.timeout(left):
                piece = await anext(stream, None)
        except TimeoutError as error:
            raise Problem("too_slow", f"{count} bytes came in time, which is too few.") from error
        if piece is None:
            return
        count += len(piece)
        if count > limits.upload_bytes + OVERHEAD_BYTES:
            most = limits.upload_bytes
            raise Problem("too_large", f"An upload may have {most} bytes.", most_bytes=most)
        yield piece
