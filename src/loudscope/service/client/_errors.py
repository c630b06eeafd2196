"""What can go wrong when a service is asked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from loudscope import LoudscopeError

if TYPE_CHECKING:
    from ._job import Job

__all__ = ["JobFailed", "Refused", "ServiceError", "StillWorking", "Unreachable"]


class ServiceError(LoudscopeError):
    """Base of what the client raises on purpose, beside wrong arguments."""


class Unreachable(ServiceError, ConnectionError):
    """The service did not answer."""


class Refused(ServiceError):
    """The service refused a request.

    Attributes:
        status: Of HTTP.
        code: For programs, such as "rate_limited"; "http" where it was no answer of the service.
        retry_after: Seconds until it is worth trying again, or None.
        problem: The whole problem document (RFC 9457).
    """

    def __init__(
        self, status: int, problem: Mapping[str, Any], retry_after: float | None = None
    ) -> None:
        self.status = status
        self.problem: dict[str, Any] = dict(problem)
        self.code: str = str(problem.get("code", "http"))
        self.retry_after = retry_after
        super().__init__(f"{status} {self.code}: {problem.get('detail', 'no reason was given')}")

    def __reduce__(self) -> tuple[type[Refused], tuple[int, dict[str, Any], float | None]]:
        return type(self), (self.status, self.problem, self.retry_after)


class JobFailed(ServiceError):
    """A job came to its end without a report.

    Attributes:
        job: As it stands.
        code: Why, for programs, such as "undecodable" or "cancelled".
    """

    def __init__(self, job: Job) -> None:
        self.job = job
        self.code: str = job.reason[0] if job.reason else job.stage
        super().__init__(job.reason[1] if job.reason else f"the job was {job.stage}")

    def __reduce__(self) -> tuple[type[JobFailed], tuple[Job]]:
        return type(self), (self.job,)


class StillWorking(ServiceError, TimeoutError):
    """A job did not end in the time that was given to `wait`; it goes on."""
