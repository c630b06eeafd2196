"""The guards of an upload, in order, all before a byte of its body is read."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from fastapi import Request

from ._address import account_of, address_of, foreign, key_of
from ._problems import Problem
from ._site import Site, away

__all__ = ["OVERHEAD_BYTES", "authorized", "boundary_of", "guarded", "place"]

OVERHEAD_BYTES = 64 * 1024
"""What a form may hold beside its audio."""


async def guarded(site: Site, request: Request) -> str:
    """Lets an upload pass.

    Returns:
        The account.

    Raises:
        Problem: Not from this website, no key, too often, too much waiting, too large.
    """
    account = authorized(site, request)
    await _within_rate(site, request, account)
    await _within_backlog(site)
    _within_size(site, request)
    return account


def authorized(site: Site, request: Request) -> str:
    """The account that a request's key means.

    Raises:
        Problem: Not from this website, or no valid key where one is wanted.
    """
    if foreign(site, request):
        raise Problem("origin", "A page of another website may not do this; see `origins`.")
    account = account_of(site, key_of(request.headers))
    if account is None:
        raise Problem(
            "unauthorized",
            "Send an API key as X-API-Key, or as a bearer token.",
            headers={"WWW-Authenticate": 'Bearer realm="loudscope"'},
        )
    return account


async def _within_rate(site: Site, request: Request, account: str) -> None:
    peer = request.client.host if request.client else None
    forwarded = request.headers.getlist("x-forwarded-for")
    who = account or address_of(peer, forwarded, site.settings.proxies)
    try:
        wait = await site.parts.limiter.hit(who, time.time())
    except Exception as error:
        raise away("limiter", error) from error
    if wait > 0:
        limits = site.settings.limits
        raise Problem(
            "rate_limited",
            f"At most {limits.requests} uploads in {limits.window_seconds:g} s; "
            f"the next one in {wait:.0f} s.",
            retry_after=wait,
        )


async def _within_backlog(site: Site) -> None:
    counts, most = await site.counts(), site.settings.limits.queued
    if counts.queued >= most:
        raise Problem(
            "backlog",
            f"{counts.queued} tracks wait already; try again in a while.",
            retry_after=min(60.0, max(5.0, counts.oldest_seconds / 2)),
        )


def _within_size(site: Site, request: Request) -> None:
    most = site.settings.limits.upload_bytes
    declared = request.headers.get("content-length", "0")
    if declared.isascii() and declared.isdigit() and int(declared) > most + OVERHEAD_BYTES:
        raise Problem("too_large", f"{declared} bytes; an upload may have {most}.", most_bytes=most)


def boundary_of(request: Request) -> bytes:
    """What separates the parts of the form.

    Raises:
        Problem: The body is not a form.
    """
    from python_multipart.multipart import parse_options_header

    kind, options = parse_options_header(request.headers.get("content-type", ""))
    boundary = options.get(b"boundary", b"")
    if kind.lower() != b"multipart/form-data" or not boundary:
        raise Problem("not_multipart", "Send multipart/form-data with a file named `audio`.")
    return boundary


@contextmanager
def place(site: Site) -> Iterator[None]:
    """Holds one of the places for bodies on their way.

    Raises:
        Problem: There is none.
    """
    with site.uploads.take() as free:
        if not free:
            detail = f"{site.uploads.most} uploads are on their way; try again in a while."
            raise Problem("backlog", detail, retry_after=5)
        yield
