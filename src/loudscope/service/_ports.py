"""The parts of the service that can be exchanged: store, depot, hub, limiter, runner.

All of them may be used from several threads. Those without `async` may block: a web handler calls
them in a thread. Time is Unix seconds and is given by the caller, so that tests can move it.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any, Protocol

from ._records import (
    Admission,
    Call,
    Claim,
    Counts,
    NewAnalysis,
    NewResult,
    Purged,
    Reason,
    Result,
    Stage,
    Status,
    Task,
)

__all__ = ["Depot", "Hub", "Limiter", "Runner", "Store"]


class Store(Protocol):
    """Analyses by content and results by token; the only truth about what is to be done.

    Tasks that it gives have the id of the request that caused them.

    Every read also filters what has expired. A write under a claim returns False, and changes
    nothing, where the claim is no longer the newest or the record is gone or final. Only that
    `fail`, `measured` and `judged` may be repeated under the claim that has ended the task so, for
    the first answer may have been lost on its way.

    Any call raises `UnavailableError` where the store cannot be used. What was to be written may
    have been written even so.
    """

    def ping(self) -> None:
        """Raises if the store cannot be used."""
        ...

    def close(self) -> None:
        """Lets go of connections."""
        ...

    def admit(
        self, uploads: tuple[NewAnalysis, ...], request: NewResult, now: float, ttl: float
    ) -> Admission:
        """Adds a result, and each analysis that is not there, or that failed or was cancelled.

        An analysis that waits, runs or is done is attached to: its expiry is moved to at least
        `now + ttl`, and the upload's own audio is not needed.

        Raises:
            InvalidArgument: `uploads` are not one for each of `request.keys`, or the token is
                taken.
        """
        ...

    def result(self, token_hash: str, now: float) -> Result | None:
        """A request, or None if there is none or it has expired."""
        ...

    def results(self, account: str, now: float, limit: int = 100) -> tuple[Result, ...]:
        """The account's requests, newest first."""
        ...

    def status(self, token_hash: str, now: float) -> Status | None:
        """A request with the state of its analyses."""
        ...

    def expired(self, token_hash: str, now: float) -> float | None:
        """When a request expired, Unix seconds.

        None: it is there, was deleted, was never there, or that is longer ago than the store
        remembers.
        """
        ...

    def waiting(self, key: str, now: float) -> tuple[Task, ...]:
        """Judgements of the results that are not final and need the analysis."""
        ...

    def audio(self, key: str) -> str | None:
        """Name in the depot of the audio that is still to be measured."""
        ...

    def claim(self, task: Task, owner: str, now: float, lease: float) -> Claim | None:
        """The task for `owner`, if it waits or its lease has lapsed; one of many callers wins.

        A judgement can be claimed once all its analyses are done. A lease that ends later than
        `now` and twice its length was written by a clock that has been set back: it has lapsed.
        """
        ...

    def renew(self, claim: Claim, now: float, lease: float) -> bool:
        """Extends the lease; False: stop working on it."""
        ...

    def advance(self, claim: Claim, stage: Stage, progress: float) -> bool:
        """Notes how far the work is."""
        ...

    def release(self, claim: Claim) -> bool:
        """Hands the task back, unfinished and without blame: the attempt does not count."""
        ...

    def fail(self, claim: Claim, reason: Reason, now: float) -> bool:
        """Ends the task for good; results that need a failed analysis fail with its reason."""
        ...

    def measured(self, claim: Claim, measurements: bytes, now: float, ttl: float) -> bool:
        """Completes an analysis and forgets its audio's name; it is kept until `now + ttl`."""
        ...

    def measurements(self, key: str, now: float) -> bytes | None:
        """What `measured` stored."""
        ...

    def judged(
        self,
        claim: Claim,
        verdict: Mapping[str, Any],
        documents: Mapping[str, bytes],
        now: float,
        ttl: float,
    ) -> bool:
        """Completes a result; `documents` are some of `DOCUMENTS`, compressed by gzip."""
        ...

    def document(self, token_hash: str, name: str, now: float) -> bytes | None:
        """What `judged` stored under that name."""
        ...

    def cancel(self, token_hash: str, now: float) -> bool:
        """Ends a request; an analysis that nobody else waits for ends too, its claim lost."""
        ...

    def delete(self, token_hash: str, now: float) -> bool:
        """Cancels a request and forgets it."""
        ...

    def calls(self, now: float, lease: float, limit: int = 20) -> tuple[Call, ...]:
        """Takes webhooks to be called: of results done or failed (also by their analysis), due.

        Due is at first what has just ended, then what `called` said. Each is taken by one of many
        callers, and becomes due again at `now + lease` if `called` is never heard of.
        """
        ...

    def called(self, call: Call, again_at: float | None) -> bool:
        """Notes when to call again; None: never. False if the call was taken over meanwhile."""
        ...

    def pending(self, now: float, idle: float, limit: int = 1000) -> tuple[Task, ...]:
        """What should be enqueued (again): lapsed leases, and what has waited `idle` seconds.

        Judgements whose analyses are done are among them.
        """
        ...

    def give_up(self, now: float, attempts: int, reason: Reason) -> tuple[Task, ...]:
        """Fails lapsed tasks claimed `attempts` times, and requests whose analysis is gone.

        Returns:
            What will not be done, each task once: measuring an analysis, judging a request.
        """
        ...

    def purge(self, now: float) -> Purged:
        """Deletes what has expired, and forgets the audio of what failed or was cancelled.

        Of a result the hash of its token and the time are remembered for a while; see `expired`.
        """
        ...

    def known_audio(self) -> frozenset[str]:
        """Names that analyses still need: anything else in the depot is left over."""
        ...

    def counts(self, now: float) -> Counts:
        """What waits and runs."""
        ...


class Depot(Protocol):
    """Uploaded audio, from its upload until it was measured.

    Names are 16 to 128 hexadecimal digits. Any call raises `UnavailableError` where the depot
    cannot be used.
    """

    def ping(self) -> None:
        """Raises if the depot cannot be used."""
        ...

    def close(self) -> None:
        """Lets go of connections."""
        ...

    def put(self, path: Path, name: str) -> None:
        """Takes the file over, whole or not at all; `path` is gone afterwards."""
        ...

    def fetch(self, name: str, folder: Path) -> Path:
        """The audio as a local file, copied into `folder` unless it is local anyway.

        Raises:
            FileNotFoundError: There is no such audio.
        """
        ...

    def delete(self, name: str) -> None:
        """Deletes it; that it is not there is no error."""
        ...

    def names(self, before: float) -> Iterator[str]:
        """What was put in before that time."""
        ...


class Hub(Protocol):
    """Nudges: "something changed about this channel". Whoever is nudged reads the store.

    A nudge may be lost while a part is away, or come twice; listeners look now and then anyway.
    """

    async def ping(self) -> None:
        """Raises if nudges cannot be sent."""
        ...

    def nudge(self, *channels: str) -> None:
        """Tells all who listen, in whatever process; never raises, never waits long."""
        ...

    def listen(self, *channels: str) -> AbstractAsyncContextManager[AsyncIterator[None]]:
        """Subscribed once entered; yields at each nudge, several at once as one."""
        ...

    async def close(self) -> None:
        """Ends all subscriptions."""
        ...


class Limiter(Protocol):
    """At most so many requests in any window of time, exactly."""

    async def ping(self) -> None:
        """Raises if the limit cannot be kept across processes."""
        ...

    async def hit(self, who: str, now: float) -> float:
        """0.0: admitted and counted; else not counted, and the seconds until it would be."""
        ...


class Runner(Protocol):
    """Gets tasks done somewhere, sooner or later; may lose or repeat them."""

    def start(self) -> None:
        """Begins to take tasks."""
        ...

    def enqueue(self, task: Task) -> None:
        """Asks for a task to be done.

        Raises:
            OSError: The broker is away; the task stays in the store, and is enqueued later.
        """
        ...

    def ping(self) -> None:
        """Raises if tasks would not be taken."""
        ...

    def stop(self, grace: float) -> None:
        """Ends: tasks under way are handed back to the store after `grace` seconds at most."""
        ...
