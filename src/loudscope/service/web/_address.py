"""Who is asking: the client's address behind trusted proxies, its key, its website."""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Mapping
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import urlsplit

from starlette.requests import HTTPConnection

from .._tokens import digest
from ._site import Site

__all__ = ["account_of", "address_of", "foreign", "key_of"]

Address = IPv4Address | IPv6Address


def address_of(peer: str | None, forwarded: Iterable[str], proxies: tuple[str, ...]) -> str:
    """The nearest address that is not a trusted proxy's; of IPv6 the network of 64 bits.

    Args:
        peer: Who is connected.
        forwarded: Values of X-Forwarded-For, each a list, the nearest last.
        proxies: Addresses and networks whose word is taken.
    """
    chain = [one.strip() for value in forwarded for one in value.split(",")]
    nearest = _parsed(peer or "")
    while nearest is not None and chain and _trusted(nearest, proxies):
        claimed = _parsed(chain.pop())
        if claimed is None:
            break
        nearest = claimed
    if nearest is None:
        return "unknown"
    if isinstance(nearest, IPv6Address):  # one customer is usually given a whole /64
        return str(IPv6Network((nearest, 64), strict=False))
    return str(nearest)


def _parsed(text: str) -> Address | None:
    try:
        found = ip_address(text.strip("[]").partition("%")[0])
    except ValueError:
        return None
    return getattr(found, "ipv4_mapped", None) or found


def _trusted(address: Address, proxies: tuple[str, ...]) -> bool:
    return any(address in network for network in _networks(proxies))


@lru_cache(maxsize=8)
def _networks(proxies: tuple[str, ...]) -> tuple[IPv4Network | IPv6Network, ...]:
    return tuple(ip_network(proxy, strict=False) for proxy in proxies)


def key_of(headers: Mapping[str, str]) -> str | None:
    """The API key of a request: `X-API-Key`, or a bearer token."""
    given = headers.get("x-api-key")
    if given:
        return given
    scheme, _, token = headers.get("authorization", "").partition(" ")
    return token.strip() or None if scheme.lower() == "bearer" else None


def account_of(site: Site, key: str | None) -> str | None:
    """The account of a key: "" where none is wanted, None where it is wrong or missing.

    Digests of equal length are compared, all of them and each in constant time.
    """
    if not site.keys:
        return ""
    given = digest(key or "")
    found = [account for account in site.keys if hmac.compare_digest(account, given)]
    return found[0] if found and key else None


def foreign(site: Site, connection: HTTPConnection) -> bool:
    """Whether a browser says that another website, one that is not allowed, is asking."""
    origin = connection.headers.get("origin")
    if origin is None or origin in site.settings.origins:
        return False
    return urlsplit(origin).netloc.lower() != connection.headers.get("host", "").lower()
