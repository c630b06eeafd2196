"""Nudges: subscribed before it is read, several as one, and they come back with Redis."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest
import redis

from loudscope.service import _tasks
from loudscope.service._ports import Hub
from loudscope.service.hub import _redis
from loudscope.service.hub._local import LocalHub
from loudscope.service.hub._redis import RedisHub

from ..parts import Part, free_port

WAIT_SECONDS = 30.0


@pytest.fixture(params=["local", "redis"])
def make(request: pytest.FixtureRequest) -> Callable[[], Hub]:
    if request.param == "local":
        hub = LocalHub()
        return lambda: hub
    url = request.getfixturevalue("redis_url")
    return lambda: RedisHub(url)


@asynccontextmanager
async def both(make: Callable[[], Hub]) -> AsyncIterator[tuple[Hub, Hub]]:
    """Who nudges and who listens: two processes, if there can be two."""
    sender, receiver = make(), make()
    try:
        yield sender, receiver
    finally:
        await sender.close()
        await receiver.close()


async def nudged(nudges: AsyncIterator[None], seconds: float = WAIT_SECONDS) -> bool:
    """A nudge comes in time."""
    waiting = asyncio.ensure_future(anext(nudges))
    done, _ = await asyncio.wait([waiting], timeout=seconds)
    if not done:
        waiting.cancel()
    return all(it.exception() is None for it in done) and bool(done)


def test_a_nudge_right_after_subscribing_is_not_lost(make: Callable[[], Hub]) -> None:
    async def run() -> None:
        async with both(make) as (sender, receiver), receiver.listen("a", "b") as nudges:
            sender.nudge("b")
            assert await nudged(nudges)

    asyncio.run(run())


def test_other_channels_are_not_heard(make: Callable[[], Hub]) -> None:
    async def run() -> None:
        async with both(make) as (sender, receiver), receiver.listen("a") as nudges:
            async with receiver.listen("other") as others:
                sender.nudge("other")
                assert await nudged(others)
            while await nudged(nudges, 0.2):  # one may come with the subscription itself
                pass
            sender.nudge("other")
            assert not await nudged(nudges, 0.3)

    asyncio.run(run())


def test_nudges_from_many_threads_come_as_few(make: Callable[[], Hub]) -> None:
    async def run() -> None:
        async with both(make) as (sender, receiver), receiver.listen("a") as nudges:

            def nudge_often() -> None:
                for _ in range(50):
                    sender.nudge("a")

            threads = [threading.Thread(target=nudge_often) for _ in range(4)]
            for thread in threads:
                thread.start()
            for thread in threads:
                await asyncio.to_thread(thread.join)
            await asyncio.sleep(0.2)
            count = 0
            while await nudged(nudges, 0.2):
                count += 1
            assert 1 <= count <= 20  # of 200

    asyncio.run(run())


def test_close_ends_all_who_listen(make: Callable[[], Hub]) -> None:
    async def run() -> None:
        hub = make()
        async with hub.listen("a") as nudges:
            ended = asyncio.ensure_future(drained(nudges))
            await asyncio.sleep(0.05)
            await hub.close()
            async with asyncio.timeout(WAIT_SECONDS):
                await ended

    asyncio.run(run())


def test_close_ends_a_connection_that_is_being_made(
    redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On Python 3.11 redis loses one cancellation in three then, and `close` waited for ever."""
    monkeypatch.setattr(_redis, "TIMEOUT_SECONDS", 0.0)  # nobody waits until it is subscribed
    monkeypatch.setattr(_tasks, "AGAIN_SECONDS", 0.01)

    async def run(steps: int) -> None:
        hub = RedisHub(redis_url)
        async with hub.listen("a"):
            for _ in range(steps):
                await asyncio.sleep(0)
            closing = asyncio.create_task(hub.close())
            done, _ = await asyncio.wait([closing], timeout=WAIT_SECONDS)
            assert done

    for steps in range(40):
        asyncio.run(run(steps))


async def drained(nudges: AsyncIterator[None]) -> None:
    async for _ in nudges:
        pass


def test_redis_stopped_and_started_again(redis_server: Part, redis_url: str) -> None:
    async def run() -> None:
        async with (
            both(lambda: RedisHub(redis_url)) as (sender, receiver),
            receiver.listen("a") as nudges,
        ):
            with redis_server.away():
                sender.nudge("a")  # it neither raises nor waits
                with pytest.raises(redis.RedisError):
                    await sender.ping()
                async with receiver.listen("b"):  # entered all the same
                    pass
            await sender.ping()
            until = time.monotonic() + 15.0
            heard = False
            while not heard and time.monotonic() < until:
                sender.nudge("a")
                heard = await nudged(nudges, 0.2)
            assert heard

    asyncio.run(run())


def test_without_redis_nudges_reach_this_process() -> None:
    async def run() -> None:
        hub = RedisHub(f"redis://127.0.0.1:{free_port()}/0")
        async with hub.listen("a") as nudges:
            hub.nudge("a")
            assert await nudged(nudges)
        await hub.close()

    asyncio.run(run())
