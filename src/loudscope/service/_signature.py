"""Signatures of webhooks, in the form of Standard Webhooks: HMAC-SHA256 of id, time and body."""

from __future__ import annotations

import base64
import hashlib
import hmac
import time
from collections.abc import Mapping

from loudscope import InvalidArgument

__all__ = ["signed", "verify_webhook", "webhook_secret"]

TOLERANCE_S = 300.0


def webhook_secret(api_key: str) -> str:
    """The secret that signs the calls for jobs made with an API key.

    It is derived from the key, so that both sides know it and nobody has to send it.

    Args:
        api_key: The key that the job was made with.

    Returns:
        A secret of the form ``whsec_…``.
    """
    derived = hmac.digest(api_key.encode(), b"loudscope webhook 1", hashlib.sha256)
    return f"whsec_{base64.b64encode(derived).decode()}"


def signed(secret: str, name: str, at: float, body: bytes) -> dict[str, str]:
    """The headers that go with a call.

    Args:
        secret: As `webhook_secret` returns it, or any text.
        name: The event's name; every attempt to tell of it has the same.
        at: Unix seconds.
        body: What is sent.
    """
    stamp = str(int(at))
    return {
        "webhook-id": name,
        "webhook-timestamp": stamp,
        "webhook-signature": f"v1,{_mac(secret, name, stamp, body)}",
    }


def verify_webhook(
    body: bytes, headers: Mapping[str, str], secret: str, *, now: float | None = None
) -> None:
    """Returns if a call came from the service, unchanged and not long ago.

    Args:
        body: As it was received.
        headers: Of the call; names in any case.
        secret: `webhook_secret` of your API key, or the service's ``webhooks.secret``.
        now: Unix seconds; None: the clock. Calls are good for five minutes.

    Raises:
        InvalidArgument: A header is missing, the signature is wrong, or the call is too old.
    """
    given = {name.lower(): value for name, value in headers.items()}
    missing = [f"webhook-{end}" for end in ("id", "timestamp", "signature")]
    missing = [name for name in missing if not given.get(name)]
    if missing:
        raise InvalidArgument(f"headers: {missing[0]} is missing; this is no call of the service")
    stamp = given["webhook-timestamp"]
    if not (stamp.isascii() and stamp.isdigit() and len(stamp) < 16):
        raise InvalidArgument(f"headers: webhook-timestamp={stamp!r} is no time")
    if abs((time.time() if now is None else now) - int(stamp)) > TOLERANCE_S:
        raise InvalidArgument("headers: the call is more than five minutes old, or of the future")
    wanted = f"v1,{_mac(secret, given['webhook-id'], stamp, body)}".encode()
    offered = [one.encode() for one in given["webhook-signature"].split()]
    if sum(hmac.compare_digest(wanted, one) for one in offered) == 0:  # all, in any case
        raise InvalidArgument("headers: webhook-signature does not fit; check the secret")


def _mac(secret: str, name: str, stamp: str, body: bytes) -> str:
    key = _key(secret)
    return base64.b64encode(
        hmac.digest(key, f"{name}.{stamp}.".encode() + body, hashlib.sha256)
    ).decode()


def _key(secret: str) -> bytes:
    """Standard Webhooks signs with the bytes that the secret encodes."""
    if secret.startswith("whsec_"):
        try:
            return base64.b64decode(secret.removeprefix("whsec_"), validate=True)
        except ValueError:
            pass
    return secret.encode()
