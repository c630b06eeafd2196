"""Webhooks: the outcome of a job told to its client's server, signed, a bounded number of times.

What is to be told stands in the store until it was, so a call is made at least once unless every
attempt fails or the job expires first; receivers tell repeats apart by `webhook-id`.
"""

from __future__ import annotations

import asyncio
import json
import random
import time
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any
from urllib.parse import urlsplit

import httpx

from loudscope import LoudscopeError

from ._records import Status
from ._settings import Settings
from ._signature import signed, webhook_secret
from ._tokens import digest

__all__ = ["BadWebhook", "Outcome", "call", "check_url", "event_of", "secret_of", "wait_after"]

# Addresses within IPv6 that lead to IPv4 ones: a gateway would take them inside.
_TRANSLATED = tuple(map(ip_network, ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32")))

Outcome = str  # "delivered", "refused" or "again"


class BadWebhook(LoudscopeError, ValueError):
    """An address that is not called."""


def secret_of(settings: Settings, account: str) -> str | None:
    """What signs the calls for an account: a secret that its own API key yields, or ours."""
    for key in settings.api_keys:
        if account and digest(key) == account:
            return webhook_secret(key)
    return settings.webhooks.secret


def check_url(url: str, *, private: bool) -> None:
    """Returns if the address may be one to call, as far as it can be told without a look-up.

    Raises:
        BadWebhook: It is no http address, has a name and password in it, or is a private one.
    """
    try:
        parts = urlsplit(url)
        port, host = parts.port, parts.hostname
    except ValueError as error:
        raise BadWebhook(f"webhook: {error}") from error
    if parts.scheme not in ("http", "https") or not host or port == 0 or not url.isascii():
        raise BadWebhook("webhook: give an address that begins with https:// or http://")
    if parts.username is not None or parts.password is not None:
        raise BadWebhook("webhook: the address has a name or a password in it; leave them out")
    if any(letter <= " " or letter == "\x7f" for letter in url):
        raise BadWebhook("webhook: the address has a blank in it")
    try:
        address = ip_address(host)
    except ValueError:
        if not private and (host == "localhost" or host.endswith((".localhost", ".local"))):
            raise BadWebhook("webhook: this address is not public") from None
        return
    if not private and not _public(address):
        raise BadWebhook("webhook: this address is not public")


def event_of(status: Status, now: float) -> tuple[str, bytes]:
    """Name and body of what is told about a job that is over; nothing in it is secret."""
    request = status.result.request
    reason = status.reason
    data: dict[str, Any] = {
        "id": request.token_hash,
        "stage": status.stage.value,
        "name": request.name,
        "genre": request.genre,
        "target": request.target,
        "expires_at": status.result.expires_at,
        "reason": None if reason is None else {"code": reason.code, "message": reason.message},
        "verdict": None if status.result.verdict is None else dict(status.result.verdict),
    }
    event = {"type": f"job.{status.stage.value}", "timestamp": now, "data": data}
    body = json.dumps(event, allow_nan=False, separators=(",", ":")).encode()
    return f"job_{request.token_hash[:32]}", body


async def call(
    client: httpx.AsyncClient, settings: Settings, url: str, secret: str, status: Status
) -> Outcome:
    """Makes one call: "delivered", "refused" (for good) or "again"."""
    now = time.time()
    name, body = event_of(status, now)
    headers = {"Content-Type": "application/json", **signed(secret, name, now, body)}
    try:
        async with asyncio.timeout(settings.webhooks.timeout_seconds):
            request = await _pinned(client, url, body, headers, settings.webhooks.private)
            answer = await client.send(request, stream=True)  # its body is of no interest
            await answer.aclose()
    except BadWebhook:
        return "refused"
    except (httpx.HTTPError, httpx.InvalidURL, OSError, TimeoutError, UnicodeError):
        return "again"
    if answer.is_success:
        return "delivered"
    return "refused" if answer.status_code == 410 else "again"


def wait_after(settings: Settings, attempt: int) -> float | None:
    """Seconds until the next attempt after this one failed; None: there is no next."""
    hooks = settings.webhooks
    if attempt >= hooks.attempts:
        return None
    return hooks.first_seconds * float(2 ** (attempt - 1)) * random.uniform(0.9, 1.1)


async def _pinned(
    client: httpx.AsyncClient, url: str, body: bytes, headers: dict[str, str], private: bool
) -> httpx.Request:
    """A request to the very address that was checked: a second look-up might yield another."""
    check_url(url, private=private)
    there = httpx.URL(url)
    port = there.port or (443 if there.scheme == "https" else 80)
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(there.host, port, type=1)  # SOCK_STREAM
    addresses = [str(one[4][0]) for one in found]
    if not private and not all(_public(ip_address(one.partition("%")[0])) for one in addresses):
        raise BadWebhook("webhook: its name leads to an address that is not public")
    request = client.build_request(
        "POST",
        there.copy_with(host=addresses[0]),
        content=body,
        headers={**headers, "Host": there.netloc.decode("ascii")},
    )
    request.extensions["sni_hostname"] = there.raw_host.decode("ascii")
    return request


def _public(address: IPv4Address | IPv6Address) -> bool:
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return _public(address.ipv4_mapped)
        if any(address in network for network in _TRANSLATED):
            return False
    return address.is_global and not address.is_multicast
