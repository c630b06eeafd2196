"""What the service keeps: two kinds of record, and the claim under which work is done on either."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final, Literal

__all__ = [
    "DOCUMENTS",
    "Admission",
    "Call",
    "Claim",
    "Counts",
    "Kind",
    "NewAnalysis",
    "NewResult",
    "Purged",
    "Reason",
    "Result",
    "Stage",
    "Status",
    "Task",
]

Kind = Literal["measure", "judge"]
DOCUMENTS: Final = ("json", "html", "csv", "md")
"""The forms in which a report is kept, by the endings of their files."""


class Stage(StrEnum):
    """How far a request has come; the last three are final."""

    QUEUED = "queued"
    DECODING = "decoding"
    MEASURING = "measuring"
    JUDGING = "judging"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def final(self) -> bool:
        """Nothing more will happen."""
        return self in {Stage.DONE, Stage.FAILED, Stage.CANCELLED}


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something failed: a code for programs, a sentence for people."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Task:
    """A unit of work: measure the analysis `id` (its key), or judge the result `id` (token hash).

    A task that waits in a broker is only a wake-up call: what is to be done stands in the store.

    Attributes:
        kind, id: What is to be done; two tasks that have the same are equal.
        request_id: Of the request that caused it, for the logs; "" where it is not known.
    """

    kind: Kind
    id: str
    request_id: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to work on a task, until the lease ends or somebody claims it with a higher fence.

    Attributes:
        task: What was claimed, with the request's id as the store has it.
        owner: Who claimed it.
        fence: Rises with every claim of the same record; a write under an older one is refused.
        attempt: 1 for the first claim; one that was handed back by `release` does not count.
        lease_until: Unix seconds.
    """

    task: Task
    owner: str
    fence: int
    attempt: int
    lease_until: float


@dataclass(frozen=True, slots=True)
class Call:
    """The right to tell a result's webhook about it, once.

    Attributes:
        token_hash: The result, done or failed.
        attempt: 1 for the first call.
    """

    token_hash: str
    attempt: int


@dataclass(frozen=True, slots=True)
class NewAnalysis:
    """An upload that may have to be measured.

    Attributes:
        key: `sha256:engine`, of the bytes uploaded and of the version that measures.
        audio: Its name in the depot.
        size: Bytes.
    """

    key: str
    audio: str
    size: int


@dataclass(frozen=True, slots=True)
class NewResult:
    """A request for a report.

    Attributes:
        token_hash: SHA-256 of the private token, in hexadecimal; the token itself is not kept.
        key: The analysis of the track.
        reference_key: The analysis of the reference, or None.
        name: What the client called its file, for display in its own report only.
        genre, target: Names, or None.
        account: Who asked (hash of the API key, or ""); jobs are listed by it.
        webhook: Where to send the outcome, or None.
        request_id: Of the upload, for the logs; an analysis has that of the upload that caused it.
    """

    token_hash: str
    key: str
    name: str
    reference_key: str | None = None
    genre: str | None = None
    target: str | None = None
    account: str = ""
    webhook: str | None = None
    request_id: str = ""

    @property
    def keys(self) -> tuple[str, ...]:
        """The analyses it needs."""
        other = self.reference_key
        return (self.key,) if other is None or other == self.key else (self.key, other)

    @property
    def judging(self) -> Task:
        """What is to be done once all these are measured."""
        return Task("judge", self.token_hash, self.request_id)


@dataclass(frozen=True, slots=True)
class Result:
    """A request as it stands.

    Attributes:
        request: What was asked for.
        state: QUEUED, JUDGING, DONE, FAILED or CANCELLED; `Status` also knows the analysis.
        reason: Why it failed.
        verdict: The outcome in short, strict JSON, once done.
        created_at, expires_at: Unix seconds.
    """

    request: NewResult
    state: Stage
    created_at: float
    expires_at: float
    reason: Reason | None = None
    verdict: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Status:
    """A request together with the analyses it waits for: what a client is shown.

    Attributes:
        result: The request.
        stage: The least far of it and its analyses.
        progress: 0 to 1 within the measuring of all its audio; 1 once done.
        reason: Why it failed, its own reason or that of its analysis.
        ahead: Analyses that wait before its own, while it is queued; else 0.
    """

    result: Result
    stage: Stage
    progress: float
    reason: Reason | None = None
    ahead: int = 0


@dataclass(frozen=True, slots=True)
class Admission:
    """What became of a request's uploads: the keys that nobody had asked for before."""

    created: frozenset[str]


@dataclass(frozen=True, slots=True)
class Counts:
    """What waits and runs, for limits and metrics."""

    queued: int
    running: int
    oldest_seconds: float
    results: int


@dataclass(frozen=True, slots=True)
class Purged:
    """What was deleted because its time was over; `audio` names what the depot may delete too."""

    results: int
    analyses: int
    audio: tuple[str, ...]
