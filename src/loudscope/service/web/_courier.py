"""Calls webhooks, from the store's list of what is to be told."""

from __future__ import annotations

import asyncio
import time

import httpx
from structlog.contextvars import bind_contextvars

from .._logs import get_logger, short
from .._records import Call
from .._webhook import call, secret_of, wait_after
from ._problems import Problem
from ._site import Site

__all__ = ["deliver_forever"]

LOOK_SECONDS = 1.0
AT_ONCE = 20
log = get_logger(__name__)


async def deliver_forever(site: Site) -> None:
    """Makes the calls that are due, until it is cancelled; several processes may do so at once."""
    timeout = site.settings.webhooks.timeout_seconds
    # The environment is not asked: a proxy would take calls past the check of the address.
    async with httpx.AsyncClient(timeout=timeout, trust_env=False) as client:
        while True:
            try:
                lease = 2 * timeout + 10
                due = await site.ask("store", site.parts.store.calls, time.time(), lease, AT_ONCE)
            except Problem:
                due = ()
            await asyncio.gather(*(_deliver(site, client, one) for one in due))
            if len(due) < AT_ONCE:
                await asyncio.sleep(LOOK_SECONDS)


async def _deliver(site: Site, client: httpx.AsyncClient, due: Call) -> None:
    try:
        outcome, again_at = await _outcome(site, client, due)
        await site.ask("store", site.parts.store.called, due, again_at)
    except Problem:
        return  # the store is away: the call becomes due again by itself
    site.metrics.webhook(outcome)
    log.info("webhook", result=short(due.token_hash), attempt=due.attempt, outcome=outcome)


async def _outcome(site: Site, client: httpx.AsyncClient, due: Call) -> tuple[str, float | None]:
    status = await site.status(due.token_hash)
    if status is None or not status.stage.final:
        return "given_up", None
    request = status.result.request
    if request.request_id:  # each call is a task, with a context of its own
        bind_contextvars(request=request.request_id)
    secret = secret_of(site.settings, request.account)
    if request.webhook is None or secret is None:
        return "given_up", None
    outcome = await call(client, site.settings, request.webhook, secret, status)
    if outcome != "again":
        return outcome, None
    wait = wait_after(site.settings, due.attempt)
    return ("given_up", None) if wait is None else ("again", time.time() + wait)
