"""One POST to an endpoint that is not trusted: no redirects, limits of size and time."""

from __future__ import annotations

import threading
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    import httpx

__all__ = ["MOST_REPLY_BYTES", "Unanswered", "post", "within"]

MOST_REPLY_BYTES = 256 * 1024
GRACE_S = 0.5

T = TypeVar("T")


class Unanswered(Exception):
    """There is no usable answer.

    Attributes:
        reason: Why, in our words: nothing of what the other side sent is in it.
        status: HTTP status, where there was one.
    """

    def __init__(self, reason: str, status: int | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.status = status


async def post(url: str, body: bytes, key: str | None, seconds: float) -> bytes:
    """The body of the answer to one request.

    Args:
        url: Where to.
        body: JSON.
        key: Sent as a bearer token.
        seconds: Most to wait for any single step; `within` limits all of them together.

    Raises:
        Unanswered: No connection, a status but 200, a coded or oversized body.
    """
    import httpx

    headers = {"Content-Type": "application/json", "Accept-Encoding": "identity"}
    if key:
        headers["Authorization"] = f"Bearer {key}"
    # The environment is not asked: a proxy or a .netrc would see the request, or add to it.
    client = httpx.AsyncClient(timeout=seconds, follow_redirects=False, trust_env=False)
    try:
        async with client, client.stream("POST", url, content=body, headers=headers) as response:
            _check_head(response.status_code, dict(response.headers))
            return await _limited(response)
    except httpx.TimeoutException as error:
        raise Unanswered("it did not answer in time") from error
    except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError) as error:
        raise Unanswered("the connection failed") from error


def _check_head(status: int, headers: dict[str, str]) -> None:
    if 300 <= status < 400:
        raise Unanswered(f"it redirects (status {status}); give its final address", status)
    if status != 200:
        raise Unanswered(f"it answered with status {status}", status)
    # A few kilobytes of gzip can hold gigabytes: what was not asked for is not unpacked.
    if headers.get("content-encoding", "identity").lower() not in ("", "identity"):
        raise Unanswered("it answered in a compressed form that was not asked for")
    length = headers.get("content-length", "0")
    if not (length.isascii() and length.isdigit() and int(length) <= MOST_REPLY_BYTES):
        raise Unanswered("its answer is too large")


async def _limited(response: httpx.Response) -> bytes:
    held = bytearray()
    async for piece in response.aiter_raw():
        held += piece
        if len(held) > MOST_REPLY_BYTES:
            raise Unanswered("its answer is too large")
    return bytes(held)


class _Outcome(Generic[T]):
    """What a thread leaves behind."""

    value: T
    error: BaseException | None = None


def within(seconds: float, work: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """Runs a coroutine to its end, or for so long.

    In a thread of its own, for the caller may sit in an event loop, as in a notebook. A server that
    sends a byte now and then passes every time-out of a single read; this one it does not pass.

    Raises:
        Unanswered: The time is over.
    """
    import asyncio

    outcome: _Outcome[T] = _Outcome()

    def run() -> None:
        try:
            outcome.value = asyncio.run(_timed(seconds, work))
        except BaseException as error:  # handed to the caller's thread
            outcome.error = error

    thread = threading.Thread(target=run, name="loudscope-language-model", daemon=True)
    thread.start()
    thread.join(seconds + GRACE_S)  # a name lookup cannot be cancelled: it is left behind
    if thread.is_alive() or isinstance(outcome.error, TimeoutError):
        raise Unanswered("it did not answer in time")
    if outcome.error is not None:
        raise outcome.error
    return outcome.value


async def _timed(seconds: float, work: Callable[[], Coroutine[Any, Any, T]]) -> T:
    import asyncio

    async with asyncio.timeout(seconds):
        return await work()
