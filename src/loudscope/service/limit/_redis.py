"""An exact rate limit for all processes: a sorted set of times in Redis for each client."""

from __future__ import annotations

import hashlib
import secrets
import time

import redis
import redis.asyncio
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from .._logs import get_logger
from ._local import LocalLimiter

__all__ = ["RedisLimiter"]

TIMEOUT_SECONDS = 0.5
AWAY_SECONDS = 2.0  # after a failure, before Redis is asked again
PREFIX = "loudscope:limit:"
# KEYS: the log. ARGV: now, window, most, a name for this request. All in one step: what two
# processes ask at the same time is counted one after the other. A time that lies more than a
# window ahead was written by a clock that has been set back since.
SCRIPT = """
local now, window, most = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - window)
redis.call('ZREMRANGEBYSCORE', KEYS[1], string.format('(%.17g', now + window), '+inf')
if redis.call('ZCARD', KEYS[1]) >= most then
  local first = redis.call('ZRANGE', KEYS[1], 0, 0, 'WITHSCORES')
  return string.format('%.17g', tonumber(first[2]) + window - now)
end
redis.call('ZADD', KEYS[1], ARGV[1], ARGV[4])
redis.call('PEXPIRE', KEYS[1], math.ceil(2000 * window))
return '0'
"""
log = get_logger(__name__)


class RedisLimiter:
    """At most so many requests in any window, over all processes.

    While Redis is away each process keeps the limit for itself: a client then has as many times
    the limit as there are processes, and nobody is refused for it.
    """

    def __init__(self, url: str, most: int, window_seconds: float) -> None:
        self._url, self._most, self._window = url, most, window_seconds
        self._alone = LocalLimiter(most, window_seconds)
        self._client: redis.asyncio.Redis | None = None
        self._away_until = 0.0

    async def ping(self) -> None:
        """Raises if Redis does not answer."""
        await self._redis().ping()

    async def hit(self, who: str, now: float) -> float:
        """0.0: admitted and counted; else not counted, and the seconds until it would be."""
        if time.monotonic() >= self._away_until:
            try:
                return await self._ask(who, now)
            except (redis.RedisError, OSError, TimeoutError) as error:
                self._away_until = time.monotonic() + AWAY_SECONDS
                log.warning("limiter away", error=type(error).__name__)
        return self._alone.take(who, now)

    async def close(self) -> None:
        """Lets go of the connection."""
        client, self._client = self._client, None
        if client is not None:
            await client.aclose()

    async def _ask(self, who: str, now: float) -> float:
        name = PREFIX + hashlib.sha256(who.encode()).hexdigest()[:32]
        asked = (repr(now), repr(self._window), str(self._most), secrets.token_hex(8))
        return float(await self._redis().eval(SCRIPT, 1, name, *asked))

    def _redis(self) -> redis.asyncio.Redis:
        if self._client is None:
            self._client = redis.asyncio.Redis.from_url(
                self._url,
                socket_timeout=TIMEOUT_SECONDS,
                socket_connect_timeout=TIMEOUT_SECONDS,
                retry=Retry(NoBackoff(), 0),
            )
        return self._client
