"""/v1/jobs: requests for programs.

A job is named by its token, or, for the account that made it, by its `id`, which is no secret: it
opens nothing without the account's key.
"""

from __future__ import annotations

import re
import time
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import Response

from .._records import Status
from .._tokens import digest
from .._webhook import BadWebhook, check_url, secret_of
from ._admission import admit
from ._documents import DOCUMENTED, document
from ._early import refused_early
from ._guard import authorized, guarded
from ._openapi import SECURITY, form, problems
from ._problems import Problem
from ._results import Wait, forget, found, links_of, waited
from ._site import AtSite, Site
from ._upload import CHOICES, received
from ._uploads import REFUSALS
from ._views import Created, JobList, View, view_of

__all__ = ["router"]

router = APIRouter(prefix="/v1/jobs", tags=["jobs"])

Name = Annotated[str, Path(description="The token of a job, or its id")]
_ID = re.compile(r"[0-9a-f]{64}")
_KEYED = {"security": SECURITY}
_COMMON = ("unauthorized", "origin", "not_found", "expired", "invalid", "unavailable")


@router.post(
    "",
    operation_id="create_job",
    status_code=202,
    response_model=Created,
    responses=problems(*REFUSALS, "bad_webhook"),
    openapi_extra=form(webhook=True),
)
@refused_early
async def create(request: Request, response: Response, site: AtSite) -> dict[str, Any]:
    """Takes a track; `webhook` is called once the job is done or has failed."""
    account = await guarded(site, request)
    webhook = partial(_webhook, site, account)
    async with received(site, request, {**CHOICES, "webhook": webhook}) as upload:
        admitted = await admit(site, upload, account)
    links = _links(admitted.token)
    response.headers["Location"] = links["self"]
    return {**view_of(admitted.status, links), "token": admitted.token}


@router.get(
    "",
    operation_id="list_jobs",
    response_model=JobList,
    responses=problems("unauthorized", "origin", "no_account", "invalid", "unavailable"),
    openapi_extra=_KEYED,
)
async def jobs(
    request: Request, site: AtSite, limit: Annotated[int, Query(ge=1, le=100)] = 100
) -> dict[str, Any]:
    """The account's jobs that have not expired, newest first."""
    account = authorized(site, request)
    if not account:
        raise Problem(
            "no_account", "This service has no API keys, so it cannot tell whose is what."
        )
    results = await site.ask("store", site.parts.store.results, account, time.time(), limit)
    statuses = [await site.status(one.request.token_hash) for one in results]
    shown = [status for status in statuses if status is not None]
    return {"jobs": [view_of(one, _links(one.result.request.token_hash)) for one in shown]}


@router.get(
    "/{job}",
    operation_id="job",
    response_model=View,
    responses=problems(*_COMMON),
    openapi_extra=_KEYED,
)
async def job(job: Name, request: Request, site: AtSite, wait: Wait = 0) -> dict[str, Any]:
    """How far a job is."""
    status = await waited(site, await _named(site, request, job), wait)
    return view_of(status, _links(job))


@router.get(
    "/{job}/result",
    operation_id="job_result",
    response_class=Response,
    responses={200: DOCUMENTED["json"], **problems(*_COMMON, "not_done")},
    openapi_extra=_KEYED,
)
async def result(job: Name, request: Request, site: AtSite) -> Response:
    """Every figure and judgement, as JSON."""
    return await document(site, await _named(site, request, job), "json", request)


@router.get(
    "/{job}/report",
    operation_id="job_report",
    response_class=Response,
    responses={200: DOCUMENTED["html"], **problems(*_COMMON, "not_done")},
    openapi_extra=_KEYED,
)
async def report(job: Name, request: Request, site: AtSite) -> Response:
    """The report as a page."""
    return await document(site, await _named(site, request, job), "html", request)


@router.get(
    "/{job}/report.csv",
    operation_id="job_csv",
    response_class=Response,
    responses={200: DOCUMENTED["csv"], **problems(*_COMMON, "not_done")},
    openapi_extra=_KEYED,
)
async def report_csv(job: Name, request: Request, site: AtSite) -> Response:
    """A figure in each row."""
    return await document(site, await _named(site, request, job), "csv", request)


@router.get(
    "/{job}/report.md",
    operation_id="job_markdown",
    response_class=Response,
    responses={200: DOCUMENTED["md"], **problems(*_COMMON, "not_done")},
    openapi_extra=_KEYED,
)
async def report_markdown(job: Name, request: Request, site: AtSite) -> Response:
    """The report as text."""
    return await document(site, await _named(site, request, job), "md", request)


@router.post(
    "/{job}/cancel",
    operation_id="cancel_job",
    response_model=View,
    responses=problems(*_COMMON),
    openapi_extra=_KEYED,
)
async def cancel(job: Name, request: Request, site: AtSite) -> dict[str, Any]:
    """Ends a job; one that is over stays as it is. The answer is how it stands."""
    status = await _named(site, request, job)
    wanted = status.result.request
    await site.ask("store", site.parts.store.cancel, wanted.token_hash, time.time())
    await site.ask("hub", site.parts.hub.nudge, wanted.token_hash, *wanted.keys)
    return view_of(await found(site, wanted.token_hash), _links(job))


@router.delete(
    "/{job}",
    operation_id="delete_job",
    status_code=204,
    responses=problems(*_COMMON),
    openapi_extra=_KEYED,
)
async def delete(job: Name, request: Request, site: AtSite) -> None:
    """Cancels a job and deletes all that is kept of it."""
    await forget(site, await _named(site, request, job))


async def _named(site: Site, request: Request, name: str) -> Status:
    """The job of this token, or of this id if the account made it.

    Raises:
        Problem: No key, or there is no such job for this account.
    """
    account = authorized(site, request)
    if _ID.fullmatch(name) and account:
        status = await site.status(name)
        if status is not None and status.result.request.account == account:
            return status
        if status is None and (gone := await site.missing(name)).status == 410:
            raise gone  # of whose job it was nothing is left; who has the id was told it
    return await found(site, digest(name))


def _links(name: str) -> dict[str, str]:
    own = f"/v1/jobs/{name}"
    links = {"self": own, "json": f"{own}/result", "report": f"{own}/report"}
    links |= {form: f"{own}/report.{form}" for form in ("csv", "md")}
    return links if _ID.fullmatch(name) else {**links, "socket": links_of(name)["socket"]}


def _webhook(site: Site, account: str, url: str) -> str:
    if secret_of(site.settings, account) is None:
        raise Problem("bad_webhook", "Calls could not be signed: use an API key.")
    try:
        check_url(url, private=site.settings.webhooks.private)
    except BadWebhook as error:
        raise Problem("bad_webhook", str(error)) from error
    return url
