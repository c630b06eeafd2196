"""From a body that has come to a request in the store, with a token for its sender alone."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

from structlog.contextvars import bind_contextvars, get_contextvars

from .._engine import key_of
from .._logs import get_logger, short
from .._records import NewAnalysis, NewResult, Status, Task
from .._tokens import digest, new_token
from ._problems import Problem
from ._site import Site, away
from ._upload import Upload

__all__ = ["Admitted", "admit"]

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Admitted:
    """A new request; the token is known here and to its sender, and nowhere else."""

    token: str
    status: Status


async def admit(site: Site, upload: Upload, account: str) -> Admitted:
    """Stores an upload's audio and asks for its report.

    The audio is in the depot before the store knows of it, so that no worker looks in vain; what
    the store turns out to know already is taken out again.

    Raises:
        Problem: A part failed; nobody has the token of what may have been admitted.
    """
    token = new_token()
    uploads = await _deposited(site, upload)
    request = NewResult(
        token_hash=digest(token),
        key=key_of(upload.audio.sha256),
        name=upload.audio.spool.name,
        reference_key=_reference_key(upload),
        genre=upload.texts.get("genre"),
        target=upload.texts.get("target"),
        account=account,
        webhook=upload.texts.get("webhook"),
        request_id=get_contextvars().get("request", ""),
    )
    store, now = site.parts.store, time.time()
    ttl = site.settings.result_seconds
    # Where this fails the audio stays: the store may have written it down even so, and not have
    # said so in time. The sweep deletes what no analysis knows.
    admission = await site.ask("store", store.admit, uploads, request, now, ttl)
    created = admission.created
    await _removed(site, [one.audio for one in uploads if one.key not in created])
    await _enqueued(site, request, [one.key for one in uploads if one.key in created])
    _note(site, request, uploads, created)
    status = await site.status(request.token_hash)
    if status is None:
        raise Problem("unavailable", "The request was not kept.", retry_after=1)
    return Admitted(token, status)


def _reference_key(upload: Upload) -> str | None:
    reference = upload.files.get("reference")
    return None if reference is None else key_of(reference.sha256)


async def _deposited(site: Site, upload: Upload) -> tuple[NewAnalysis, ...]:
    by_key = {key_of(file.sha256): file for file in upload.files.values()}
    done: list[NewAnalysis] = []
    try:
        for key, file in by_key.items():
            done.append(NewAnalysis(key, secrets.token_hex(16), file.spool.size))
            put = partial(site.parts.depot.put, file.spool.path, done[-1].audio)
            await _writing(site, put)
    except Problem:
        await _removed(site, [one.audio for one in done])
        raise
    return tuple(done)


async def _removed(site: Site, names: list[str]) -> None:
    """Best effort: what stays behind is found later, for no analysis knows it."""
    for name in names:
        with suppress(Problem):
            await _writing(site, partial(site.parts.depot.delete, name))


async def _writing(site: Site, work: Callable[[], None]) -> None:
    try:
        await asyncio.get_running_loop().run_in_executor(site.writing, work)
    except Exception as error:
        raise away("depot", error) from error


async def _enqueued(site: Site, request: NewResult, created: list[str]) -> None:
    """Wakes a worker; where the broker is away, the sweeper does it later."""
    tasks = [Task("measure", key, request.request_id) for key in created]
    for task in tasks or [request.judging]:
        with suppress(Problem):
            await site.ask("runner", site.parts.runner.enqueue, task)


def _note(
    site: Site, request: NewResult, uploads: tuple[NewAnalysis, ...], created: frozenset[str]
) -> None:
    bind_contextvars(result=short(request.token_hash))
    for one in uploads:
        site.metrics.upload(one.size, one.key not in created)
        log.info(
            "admitted",
            analysis=short(one.key),
            bytes=one.size,
            known=one.key not in created,
        )
