"""The two clients: the same steps, taken by one that waits and by one that awaits."""

from __future__ import annotations

import asyncio
import time
from functools import partial
from ssl import SSLContext
from types import TracebackType
from typing import Any, TypeVar

import httpx

from . import _steps
from ._errors import Unreachable
from ._job import Job
from ._sources import Source
from ._steps import Ask, Form, Pause, Progress, Steps

__all__ = ["AsyncClient", "Client"]

T = TypeVar("T")

TIMEOUT = httpx.Timeout(60.0, connect=10.0)


def _headers(key: str | None) -> dict[str, str]:
    return {} if key is None else {"X-API-Key": key}


def _arguments(ask: Ask) -> dict[str, Any]:
    return {"params": ask.params or None, "data": ask.data, "files": ask.files}


def _unreachable(error: httpx.HTTPError) -> Unreachable:
    return Unreachable(f"the service does not answer ({type(error).__name__}: {error})")


class Client:
    """Asks a service of loudscope, and waits for its answers.

    >>> with Client("https://loudscope.example", key="…") as client:
    ...     job = client.wait(client.submit("mix.wav", genre="pop", target="spotify"))
    ...     print(job.verdict["summary"])

    Args:
        url: Of the service.
        key: API key, where one is wanted.
        verify: Whose certificates are believed, as in httpx.

    Raises of every method, beside its own:
        Refused: The service refused.
        Unreachable: The service did not answer.
    """

    def __init__(
        self, url: str, *, key: str | None = None, verify: SSLContext | bool = True
    ) -> None:
        self._http = httpx.Client(
            base_url=url, headers=_headers(key), timeout=TIMEOUT, verify=verify
        )

    def submit(
        self,
        audio: Source,
        *,
        genre: str | None = None,
        target: str | None = None,
        reference: Source | None = None,
        webhook: str | None = None,
        patience: float = 0.0,
    ) -> Job:
        """Uploads a track, piece by piece.

        Args:
            audio: A path, bytes or an open binary file, which is read from where it stands.
            genre: To judge the tone by.
            target: To judge delivery by.
            reference: A track to compare it with.
            webhook: Address to call once the job is over; see `loudscope.service.verify_webhook`.
            patience: Seconds within which to come back if the service is too busy.

        Raises:
            FileError: A file cannot be read.
            InvalidArgument: `audio` is nothing that can be uploaded.
        """
        texts = {"genre": genre, "target": target, "webhook": webhook}
        return self._take(_steps.submit(audio, reference, texts, patience))

    def wait(
        self, job: Job | str, *, timeout: float | None = None, progress: Progress | None = None
    ) -> Job:
        """Waits until a job is done.

        Args:
            job: A job, its token or its id.
            timeout: Seconds; None: as long as the job lives.
            progress: Called with the job whenever it is heard of; an error that it raises ends
                the waiting and goes on to the caller.

        Raises:
            JobFailed: It came to its end without a report.
            StillWorking: The time is over.
        """
        return self._take(_steps.wait(job, timeout, progress))

    def status(self, job: Job | str) -> Job:
        """How a job stands."""
        return self._take(_steps.status(job))

    def result(self, job: Job | str) -> dict[str, Any]:
        """Every figure and judgement of a job that is done, as `Report.to_dict` has them."""
        return self._take(_steps.result(job))

    def report(self, job: Job | str, format: Form = "html") -> str:
        """The report of a job that is done.

        Args:
            job: A job, its token or its id.
            format: "html", a page that needs nothing else; "json", every figure; "csv", a figure
                in each row; or "md", a text.

        Raises:
            InvalidArgument: The format is none of these.
        """
        return self._take(_steps.report(job, format))

    def cancel(self, job: Job | str) -> Job:
        """Ends a job; one that is over stays as it is."""
        return self._take(_steps.cancel(job))

    def delete(self, job: Job | str) -> None:
        """Ends a job and deletes all that the service keeps of it."""
        self._take(_steps.delete(job))

    def jobs(self, *, limit: int = 100) -> tuple[Job, ...]:
        """The jobs of this key's account that have not expired, newest first."""
        return self._take(_steps.jobs(limit))

    def close(self) -> None:
        """Lets go of connections."""
        self._http.close()

    def __enter__(self) -> Client:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _take(self, steps: Steps[T]) -> T:
        try:
            step = next(steps)
            while True:
                if isinstance(step, Pause):
                    time.sleep(step.seconds)
                    step = steps.send(None)
                    continue
                try:
                    answer = self._http.request(step.method, step.path, **_arguments(step))
                except httpx.HTTPError as error:
                    step = steps.throw(_unreachable(error))
                else:
                    step = steps.send(answer)
        except StopIteration as over:
            found: T = over.value
            return found
        finally:
            steps.close()


class AsyncClient:
    """`Client` for event loops: the same arguments, methods and errors; each method is awaited.

    Uploads run in threads, which end soon after the await is cancelled.
    """

    def __init__(
        self, url: str, *, key: str | None = None, verify: SSLContext | bool = True
    ) -> None:
        self._http = httpx.AsyncClient(
            base_url=url, headers=_headers(key), timeout=TIMEOUT, verify=verify
        )
        self._sync = httpx.Client(
            base_url=url, headers=_headers(key), timeout=TIMEOUT, verify=verify
        )

    async def submit(
        self,
        audio: Source,
        *,
        genre: str | None = None,
        target: str | None = None,
        reference: Source | None = None,
        webhook: str | None = None,
        patience: float = 0.0,
    ) -> Job:
        """As `Client.submit`."""
        texts = {"genre": genre, "target": target, "webhook": webhook}
        return await self._take(_steps.submit(audio, reference, texts, patience))

    async def wait(
        self, job: Job | str, *, timeout: float | None = None, progress: Progress | None = None
    ) -> Job:
        """As `Client.wait`; `progress` is a plain function."""
        return await self._take(_steps.wait(job, timeout, progress))

    async def status(self, job: Job | str) -> Job:
        """As `Client.status`."""
        return await self._take(_steps.status(job))

    async def result(self, job: Job | str) -> dict[str, Any]:
        """As `Client.result`."""
        return await self._take(_steps.result(job))

    async def report(self, job: Job | str, format: Form = "html") -> str:
        """As `Client.report`."""
        return await self._take(_steps.report(job, format))

    async def cancel(self, job: Job | str) -> Job:
        """As `Client.cancel`."""
        return await self._take(_steps.cancel(job))

    async def delete(self, job: Job | str) -> None:
        """As `Client.delete`."""
        await self._take(_steps.delete(job))

    async def jobs(self, *, limit: int = 100) -> tuple[Job, ...]:
        """As `Client.jobs`."""
        return await self._take(_steps.jobs(limit))

    async def close(self) -> None:
        """Lets go of connections."""
        await self._http.aclose()
        self._sync.close()

    async def __aenter__(self) -> AsyncClient:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()

    async def _take(self, steps: Steps[T]) -> T:
        try:
            step = next(steps)
            while True:
                if isinstance(step, Pause):
                    await asyncio.sleep(step.seconds)
                    step = steps.send(None)
                    continue
                try:
                    answer = await self._answer(step)
                except httpx.HTTPError as error:
                    step = steps.throw(_unreachable(error))
                else:
                    step = steps.send(answer)
        except StopIteration as over:
            found: T = over.value
            return found
        finally:
            steps.close()

    async def _answer(self, ask: Ask) -> httpx.Response:
        if ask.files is None:
            return await self._http.request(ask.method, ask.path, **_arguments(ask))
        # Files are read in a thread; and an event loop that is writing does not see an early
        # refusal before the connection is reset, which a thread does.
        request = partial(self._sync.request, ask.method, ask.path, **_arguments(ask))
        sending = asyncio.ensure_future(asyncio.to_thread(request))
        try:
            return await asyncio.shield(sending)
        except asyncio.CancelledError:
            for _, content in ask.files.values():
                content.abandoned = True
            await asyncio.wait([sending])  # the files are closed after it
            sending.exception()
            raise
