"""The rate limit is exact: no window of its length ever holds more requests than it admits."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Awaitable, Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loudscope.service._ports import Limiter
from loudscope.service.limit._local import LocalLimiter
from loudscope.service.limit._redis import RedisLimiter

from ..parts import Part, free_port

MOST, WINDOW = 3, 10.0


def model(times: list[float]) -> list[float]:
    """What is to come of requests at these times: all that were admitted, looked through."""
    admitted: list[float] = []
    answers: list[float] = []
    for now in times:
        recent = [it for it in admitted if it > now - WINDOW]
        if len(recent) < MOST:
            admitted.append(now)
            answers.append(0.0)
        else:
            answers.append(recent[-MOST] + WINDOW - now)
    return answers


arrivals = st.lists(st.floats(0.0, 6.0), min_size=1, max_size=25).map(
    lambda gaps: [1.7e9 + it for it in itertools.accumulate(gaps)]
)


@given(times=arrivals)
def test_the_log_in_memory_is_exact(times: list[float]) -> None:
    limiter = LocalLimiter(MOST, WINDOW)
    assert [limiter.take("a", now) for now in times] == pytest.approx(model(times), abs=1e-6)


def with_redis(url: str, use: Callable[[RedisLimiter], Awaitable[None]]) -> None:
    async def run() -> None:
        limiter = RedisLimiter(url, MOST, WINDOW)
        try:
            await use(limiter)
        finally:
            await limiter.close()

    asyncio.run(run())


def test_the_log_in_redis_is_exact(redis_url: str) -> None:
    number = itertools.count()

    @settings(max_examples=25)
    @given(times=arrivals)
    def exact(times: list[float]) -> None:
        async def use(limiter: RedisLimiter) -> None:
            who = f"client {next(number)}"
            answers = [await limiter.hit(who, now) for now in times]
            assert answers == pytest.approx(model(times), abs=1e-6)

        with_redis(redis_url, use)

    exact()


@pytest.mark.parametrize("kind", ["local", "redis"])
def test_clients_do_not_count_for_each_other(kind: str, request: pytest.FixtureRequest) -> None:
    async def use(limiter: Limiter) -> None:
        for who in ("a", "b"):
            for _ in range(MOST):
                assert await limiter.hit(who, 100.0) == 0.0
            assert await limiter.hit(who, 101.0) == pytest.approx(WINDOW - 1.0)

    if kind == "local":
        asyncio.run(use(LocalLimiter(MOST, WINDOW)))
    else:
        with_redis(request.getfixturevalue("redis_url"), use)


@pytest.mark.parametrize("kind", ["local", "redis"])
def test_a_clock_set_back_locks_nobody_out(kind: str, request: pytest.FixtureRequest) -> None:
    """Times from a future that is over do not count; the wait never exceeds two windows."""

    async def use(limiter: Limiter) -> None:
        for _ in range(MOST):
            assert await limiter.hit("a", 1e6) == 0.0
        assert await limiter.hit("a", 1e6 - 3600.0) == 0.0
        for _ in range(MOST):
            assert await limiter.hit("b", 1e6) == 0.0
        assert 0.0 < await limiter.hit("b", 1e6 - WINDOW / 2) <= 2 * WINDOW

    if kind == "local":
        asyncio.run(use(LocalLimiter(MOST, WINDOW)))
    else:
        with_redis(request.getfixturevalue("redis_url"), use)


def test_two_processes_share_a_limit(redis_url: str) -> None:
    async def use(limiter: RedisLimiter) -> None:
        other = RedisLimiter(redis_url, MOST, WINDOW)
        asked = [it.hit("a", 50.0) for it in (limiter, other) * 20]
        answers = await asyncio.gather(*asked)
        assert sum(answer == 0.0 for answer in answers) == MOST
        await other.close()

    with_redis(redis_url, use)


def test_while_redis_is_away_the_limit_is_kept_here(
    redis_server: Part, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("loudscope.service.limit._redis.AWAY_SECONDS", 0.05)

    async def use(limiter: RedisLimiter) -> None:
        assert await limiter.hit("a", 1.0) == 0.0
        with redis_server.away():
            answers = [await limiter.hit("a", 2.0) for _ in range(MOST + 1)]
            assert answers == [0.0] * MOST + [WINDOW]
            with pytest.raises(Exception, match=r".+"):
                await limiter.ping()
        time.sleep(0.1)
        await limiter.ping()
        assert await limiter.hit("a", 3.0) == 0.0  # it is asked again: there nothing is counted

    with_redis(redis_url, use)


def test_memory_is_for_clients_of_this_window_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("loudscope.service.limit._local.SWEEP", 100)
    limiter = LocalLimiter(MOST, WINDOW)
    for number in range(1000):
        limiter.take(f"client {number}", float(number))
    assert len(limiter._log) < 200


def test_redis_that_never_was_there() -> None:
    async def use(limiter: RedisLimiter) -> None:
        assert [await limiter.hit("a", 1.0) for _ in range(MOST + 1)] == [0.0] * MOST + [WINDOW]

    with_redis(f"redis://127.0.0.1:{free_port()}/0", use)
