"""How a handler waits for a part that blocks."""

from __future__ import annotations

import asyncio
import threading
import time
from pathlib import Path

import pytest

from loudscope.service.web._site import Site

from ..served import holding


@pytest.mark.parametrize("steps", range(6))
def test_who_is_told_to_end_ends_even_as_the_answer_comes(tmp_path: Path, steps: int) -> None:
    """`asyncio.wait_for` of Python 3.11 returns the answer instead (CPython issue 86296).

    What asks in a loop, as the courier does, then never ends, and no more does the service.
    """
    answered = threading.Event()

    async def ask(site: Site) -> None:
        asking = asyncio.create_task(site.ask("store", answered.set))
        await asyncio.sleep(0)
        answered.wait(10)
        time.sleep(0.05)  # the event loop stands still while the answer is handed to it
        for _ in range(steps):
            await asyncio.sleep(0)
        told = asking.cancel()
        await asyncio.wait([asking])
        assert asking.cancelled() == told

    with holding(tmp_path / "data") as service:
        site = Site(service.parts)
        asyncio.run(ask(site))
        site.close()
