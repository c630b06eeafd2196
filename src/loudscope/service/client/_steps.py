"""What a client does, as steps: requests and pauses. One set for those who wait and who await."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias, TypeVar
from urllib.parse import quote

import httpx

from loudscope import InvalidArgument

from ._errors import JobFailed, Refused, StillWorking, Unreachable
from ._job import Job
from ._sources import Content, Source, opened

__all__ = ["Ask", "Form", "Pause", "Progress", "Step", "Steps"]

T = TypeVar("T")
Progress: TypeAlias = "Callable[[Job], object]"

Form: TypeAlias = Literal["html", "json", "csv", "md"]
FORMS: Mapping[str, str] = {
    "html": "report",
    "json": "result",
    "csv": "report.csv",
    "md": "report.md",
}
POLL_SECONDS = 20.0
APART_SECONDS = 0.1
AWAY_SECONDS = 1.0


@dataclass(frozen=True)
class Ask:
    """A request to be made."""

    method: str
    path: str
    params: Mapping[str, str] = field(default_factory=dict)
    data: Mapping[str, str] | None = None
    files: Mapping[str, tuple[str, Content]] | None = None


@dataclass(frozen=True)
class Pause:
    """Seconds to wait."""

    seconds: float


Step: TypeAlias = "Ask | Pause"
Steps: TypeAlias = "Generator[Step, httpx.Response | None, T]"


def submit(
    audio: Source, reference: Source | None, texts: Mapping[str, str | None], patience: float
) -> Steps[Job]:
    """Uploads; where the service asks to come back later, does so as long as there is patience."""
    until = time.monotonic() + patience
    data = {name: value for name, value in texts.items() if value is not None}
    with ExitStack() as stack:
        files = {"audio": opened(audio, stack)}
        if reference is not None:
            files["reference"] = opened(reference, stack)
        again = all(content.seekable() for _, content in files.values())
        while True:
            try:
                answer = yield from _asked(Ask("POST", "/v1/jobs", data=data, files=files))
            except Refused as refused:
                wait = refused.retry_after
                if wait is None or not again or time.monotonic() + wait > until:
                    raise
                yield Pause(wait)
            else:
                view = answer.json()
                return Job.of(view, view["token"])


def status(job: Job | str, wait: float = 0.0) -> Steps[Job]:
    """How a job stands."""
    params = {"wait": f"{wait:g}"} if wait > 0 else {}
    answer = yield from _asked(Ask("GET", _path(job), params))
    return Job.of(answer.json(), _token(job))


def wait(job: Job | str, seconds: float | None, progress: Progress | None) -> Steps[Job]:
    """Until a job is over; an absence of the service is waited out."""
    until = None if seconds is None else time.monotonic() + seconds
    poll = 0.0
    while True:
        try:
            now = yield from status(job, poll)
        except (Unreachable, Refused) as error:
            if isinstance(error, Refused) and error.status < 500:
                raise
            if until is not None and time.monotonic() + AWAY_SECONDS > until:
                raise
            yield Pause(AWAY_SECONDS)
            continue
        if progress is not None:
            progress(now)
        if now.over:
            if not now.done:
                raise JobFailed(now)
            return now
        left = POLL_SECONDS if until is None else until - time.monotonic()
        if left <= 0:
            raise StillWorking(f"timeout={seconds}: the job is {now.stage}; wait again")
        poll = min(left, POLL_SECONDS)
        yield Pause(min(left, APART_SECONDS))


def result(job: Job | str) -> Steps[dict[str, Any]]:
    """All figures."""
    answer = yield from _asked(Ask("GET", f"{_path(job)}/result"))
    found: dict[str, Any] = answer.json()
    return found


def report(job: Job | str, form: Form) -> Steps[str]:
    """The report in one of its forms."""
    if form not in FORMS:
        raise InvalidArgument(f"format={form!r}: give one of {', '.join(FORMS)}")
    answer = yield from _asked(Ask("GET", f"{_path(job)}/{FORMS[form]}"))
    return answer.content.decode("utf-8")


def cancel(job: Job | str) -> Steps[Job]:
    """Ends a job."""
    answer = yield from _asked(Ask("POST", f"{_path(job)}/cancel"))
    return Job.of(answer.json(), _token(job))


def delete(job: Job | str) -> Steps[None]:
    """Ends and forgets a job."""
    yield from _asked(Ask("DELETE", _path(job)))


def jobs(limit: int) -> Steps[tuple[Job, ...]]:
    """The account's jobs."""
    answer = yield from _asked(Ask("GET", "/v1/jobs", {"limit": str(limit)}))
    return tuple(Job.of(view, None) for view in answer.json()["jobs"])


def _asked(ask: Ask) -> Steps[httpx.Response]:
    answer = yield ask
    assert answer is not None
    if answer.is_success:
        return answer
    try:
        problem = answer.json()
    except ValueError:
        problem = None
    after = answer.headers.get("retry-after", "")
    seconds = float(after) if after.isascii() and after.isdigit() else None
    known = problem if isinstance(problem, dict) else {"detail": answer.reason_phrase}
    raise Refused(answer.status_code, known, seconds)


def _path(job: Job | str) -> str:
    name = job if isinstance(job, str) else job.token or job.id
    if not name:
        raise InvalidArgument("job='': give a job, its token or its id")
    return f"/v1/jobs/{quote(name, safe='')}"


def _token(job: Job | str) -> str | None:
    if isinstance(job, Job):
        return job.token
    return None if len(job) == 64 else job
