"""Requests and steps that tests of stores take, with times that they choose."""

from __future__ import annotations

import hashlib
import itertools
import time

from loudscope.service._ports import Store
from loudscope.service._records import (
    Admission,
    Claim,
    NewAnalysis,
    NewResult,
    Reason,
    Stage,
    Task,
)

# Ahead of the real time: MongoDB's own expiry goes by the real clock, and shall find nothing.
NOW = float(int(time.time()) + 86400)
TTL = 900.0
LEASE = 30.0
BROKEN = Reason("undecodable", "This is not audio.")
LOST = Reason("gave_up", "It was tried too often.")
_number = itertools.count()


def token(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()


def upload(name: str, size: int = 1000) -> NewAnalysis:
    """An upload of the content `name`; each has audio of its own."""
    audio = hashlib.sha256(f"{name} {next(_number)}".encode()).hexdigest()[:32]
    return NewAnalysis(key_of(name), audio, size)


def key_of(name: str) -> str:
    return f"{token(name)}:1"


def request(
    name: str, track: str = "track", reference: str | None = None, **more: str
) -> NewResult:
    other = None if reference is None else key_of(reference)
    return NewResult(token(name), key_of(track), f"{name}.wav", reference_key=other, **more)


def admit(
    store: Store,
    name: str,
    track: str = "track",
    reference: str | None = None,
    now: float = NOW,
    ttl: float = TTL,
    **more: str,
) -> Admission:
    asked = request(name, track, reference, **more)
    names = [track] if reference in {None, track} else [track, reference]
    uploads = tuple(upload(one) for one in names if one is not None)
    return store.admit(uploads, asked, now, ttl)


def measure(track: str = "track") -> Task:
    return Task("measure", key_of(track))


def judge(name: str) -> Task:
    return Task("judge", token(name))


def claimed(store: Store, task: Task, owner: str = "one", now: float = NOW) -> Claim:
    claim = store.claim(task, owner, now, LEASE)
    assert claim is not None
    return claim


def measured(store: Store, track: str = "track", now: float = NOW, data: bytes = b"m") -> None:
    assert store.measured(claimed(store, measure(track), now=now), data, now, TTL)


def judged(store: Store, name: str, now: float = NOW) -> None:
    claim = claimed(store, judge(name), now=now)
    assert store.judged(claim, {"lufs": -14.0}, {"json": b"j", "html": b"h"}, now, TTL)


def stage(store: Store, name: str, now: float = NOW) -> Stage | None:
    status = store.status(token(name), now)
    return None if status is None else status.stage
