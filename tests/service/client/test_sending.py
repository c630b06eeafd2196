"""Uploads by either client: refused early, cancelled, sent again when the service says so."""

from __future__ import annotations

import asyncio
import io
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from loudscope.service import AsyncClient, Refused

from ..served import holding, wav
from ..waiting import wait
from .test_client import Do, both


@both
def test_an_upload_that_is_refused_early_is_told_why(
    tmp_path: Path, made: Callable[..., Do]
) -> None:
    with holding(tmp_path, api_keys=frozenset({"right"})) as held:
        with pytest.raises(Refused) as raised:
            made(held.url, key="wrong")("submit", b"\0" * 90_000_000)
        assert raised.value.code == "unauthorized"
        assert made(held.url, key="right")("submit", wav(0.1)).stage == "queued"


def test_an_upload_that_nobody_awaits_any_more_ends(tmp_path: Path) -> None:
    class Slow(io.RawIOBase):
        """A file that has no end."""

        name = "endless.wav"
        reads = 0

        def readable(self) -> bool:
            return True

        def read(self, size: int = -1) -> bytes:
            self.reads += 1
            time.sleep(0.01)
            return b"\0" * 1000

    async def cancelled(url: str, file: Any) -> None:
        async with AsyncClient(url) as client:
            sending = asyncio.create_task(client.submit(file))
            while file.reads < 5:
                await asyncio.sleep(0.01)
            sending.cancel()
            with pytest.raises(asyncio.CancelledError):
                await sending
            reads = file.reads
            await asyncio.sleep(0.2)
            assert file.reads <= reads + 1  # one may have been on its way

    with holding(tmp_path) as held:
        asyncio.run(cancelled(held.url, Slow()))
        wait(lambda: held.app.state.site.uploads.taken == 0)
        assert held.incoming == []


@both
def test_patience_comes_back_when_the_service_says_so(
    tmp_path: Path, made: Callable[..., Do], monkeypatch: pytest.MonkeyPatch
) -> None:
    limits = {"requests": 1, "window_seconds": 1.5}
    with holding(tmp_path, limits=limits) as held:
        do = made(held.url)
        with monkeypatch.context() as patch:
            now = time.time()
            patch.setattr(time, "time", lambda: now)  # both come within the window
            do("submit", wav(0.1, 1))
            with pytest.raises(Refused) as raised:
                do("submit", wav(0.1, 2))
        assert (raised.value.code, raised.value.status) == ("rate_limited", 429)
        assert raised.value.retry_after == 2.0
        assert do("submit", wav(0.1, 3), patience=30).stage == "queued"
