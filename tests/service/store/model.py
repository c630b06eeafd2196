"""The store as one would explain it: dictionaries, one thread, nothing lost. For comparison."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from loudscope.service._records import (
    Call,
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
from loudscope.service.store._merge import Part, broken, merge, reason_for

REMEMBER = 60.0  # that a request has expired


@dataclass
class Held:
    """A claim as the model gives it: the record's number of claims is the fence."""

    task: Task
    fence: int
    attempt: int
    lease_until: float


@dataclass
class Record:
    """What analyses and results have in common."""

    id: str
    created_at: float
    expires_at: float
    touched_at: float
    state: Stage = Stage.QUEUED
    fence: int = 0
    attempts: int = 0
    lease: float = 0.0
    lease_until: float = 0.0
    reason: Reason | None = None

    def lapsed(self, now: float) -> bool:
        running = self.state in {Stage.DECODING, Stage.MEASURING, Stage.JUDGING}
        return running and not now < self.lease_until <= now + 2 * self.lease

    def due(self, now: float, idle: float) -> bool:
        waited = not now - idle < self.touched_at <= now
        return self.alive(now) and (self.lapsed(now) or (self.state is Stage.QUEUED and waited))

    def alive(self, now: float) -> bool:
        return self.expires_at > now and not self.state.final


@dataclass
class Analysis(Record):
    size: int = 0
    audio: str | None = None
    progress: float = 0.0
    data: bytes | None = None

    @property
    def part(self) -> Part:
        return Part(self.id, self.state, self.progress, self.size, self.reason)


@dataclass
class Asked(Record):
    request: NewResult = field(default_factory=lambda: NewResult("", "", ""))
    verdict: Any = None
    documents: dict[str, bytes] = field(default_factory=dict)
    calls: int = 0
    call_at: float | None = None


class Model:
    """Answers as a store does, except that claims are of its own kind."""

    def __init__(self) -> None:
        self.analyses: dict[str, Analysis] = {}
        self.asked: dict[str, Asked] = {}
        self.gone: dict[str, float] = {}  # when what was purged had expired
        self.fences = 0

    @property
    def records(self) -> list[Record]:
        return [*self.analyses.values(), *self.asked.values()]

    def purgeable(self, now: float) -> bool:
        spent = any(it.state.final and it.audio for it in self.analyses.values())
        return spent or any(it.expires_at <= now for it in self.records)

    def admit(
        self, uploads: tuple[NewAnalysis, ...], request: NewResult, now: float, ttl: float
    ) -> frozenset[str]:
        created = set()
        for upload in uploads:
            old = self.analyses.get(upload.key)
            ill = {Stage.FAILED, Stage.CANCELLED}
            if old is None or old.state in ill or old.expires_at <= now:
                created.add(upload.key)
                self.analyses[upload.key] = Analysis(
                    upload.key, now, now + ttl, now, size=upload.size, audio=upload.audio
                )
            else:
                old.expires_at = max(old.expires_at, now + ttl)
        name = request.token_hash
        due = None if request.webhook is None else now
        self.asked[name] = Asked(name, now, now + ttl, now, request=request, call_at=due)
        return frozenset(created)

    def result(self, name: str, now: float) -> Result | None:
        it = self.asked.get(name)
        if it is None or it.expires_at <= now:
            return None
        return Result(it.request, it.state, it.created_at, it.expires_at, it.reason, it.verdict)

    def status(self, name: str, now: float) -> Status | None:
        result = self.result(name, now)
        if result is None:
            return None
        own = self.parts(result.request, now)
        turns = [it.created_at for it in own if it.state is Stage.QUEUED]
        before = [
            it
            for it in self.analyses.values()
            if it.state is Stage.QUEUED and it.expires_at > now and it not in own
        ]
        ahead = sum(it.created_at < max(turns) for it in before) if turns else 0
        return merge(result, [it.part for it in own], ahead)

    def parts(self, request: NewResult, now: float) -> list[Analysis]:
        found = [self.analyses[key] for key in request.keys if key in self.analyses]
        return [it for it in found if it.expires_at > now]

    def expired(self, name: str, now: float) -> float | None:
        it = self.asked.get(name)
        if it is not None:
            return it.expires_at if it.expires_at <= now < it.expires_at + REMEMBER else None
        at = self.gone.get(name)
        return at if at is not None and now < at + REMEMBER else None

    def waiting(self, key: str, now: float) -> set[Task]:
        alive = (it for it in self.asked.values() if it.alive(now))
        return {Task("judge", it.id) for it in alive if key in it.request.keys}

    def audio(self, key: str) -> str | None:
        it = self.analyses.get(key)
        return None if it is None or it.state.final else it.audio

    def record(self, task: Task) -> Record | None:
        return self.analyses.get(task.id) if task.kind == "measure" else self.asked.get(task.id)

    def ready(self, name: str, now: float) -> bool:
        request = self.asked[name].request
        own = self.parts(request, now)
        return len(own) == len(request.keys) and all(it.state is Stage.DONE for it in own)

    def claim(self, task: Task, now: float, lease: float) -> Held | None:
        it = self.record(task)
        if it is None or not it.alive(now):
            return None
        if it.state is not Stage.QUEUED and not it.lapsed(now):
            return None
        if task.kind == "judge" and not self.ready(task.id, now):
            return None
        self.fences += 1
        it.fence, it.attempts = self.fences, it.attempts + 1
        it.lease, it.lease_until = lease, now + lease
        it.state = Stage.DECODING if task.kind == "measure" else Stage.JUDGING
        return Held(task, it.fence, it.attempts, it.lease_until)

    def held(self, claim: Held, end: Stage | None = None) -> Any:
        it = self.record(claim.task)
        good = it is not None and it.fence == claim.fence
        return it if good and it and (not it.state.final or it.state is end) else None

    def renew(self, claim: Held, now: float, lease: float) -> bool:
        it = self.held(claim)
        if it:
            it.lease, it.lease_until = lease, now + lease
        return it is not None

    def advance(self, claim: Held, stage: Stage, progress: float) -> bool:
        it = self.held(claim)
        if isinstance(it, Analysis):
            it.state, it.progress = stage, progress
        return it is not None

    def release(self, claim: Held) -> bool:
        it = self.held(claim)
        if it:
            it.state, it.fence, it.touched_at, it.attempts = Stage.QUEUED, -1, 0.0, it.attempts - 1
        if isinstance(it, Analysis):
            it.progress = 0.0
        return it is not None

    def fail(self, claim: Held, reason: Reason, now: float) -> bool:
        it = self.held(claim, Stage.FAILED)
        if it:
            self.lose(it, reason, now)
        return it is not None

    def lose(self, it: Record, reason: Reason, now: float) -> list[str]:
        it.state, it.reason = Stage.FAILED, reason
        told = [it.id]
        if isinstance(it, Analysis):
            for one in self.asked.values():
                if not one.state.final and it.id in one.request.keys:
                    told += self.lose(one, reason_for(one.request, it.id, reason), now)
                    self.abandon(one.request, now)
        return told

    def abandon(self, request: NewResult, now: float) -> None:
        for key in request.keys:
            it = self.analyses.get(key)
            if it and not it.state.final and not self.waiting(key, now):
                it.state, it.fence = Stage.CANCELLED, -1

    def measured(self, claim: Held, data: bytes, now: float, ttl: float) -> bool:
        it = self.held(claim, Stage.DONE)
        if it:
            it.state, it.progress, it.audio, it.data = Stage.DONE, 1.0, None, data
            it.expires_at = max(it.expires_at, now + ttl)
        return it is not None

    def measurements(self, key: str, now: float) -> bytes | None:
        it = self.analyses.get(key)
        good = it is not None and it.state is Stage.DONE and it.expires_at > now
        return it.data if good and it else None

    def judged(
        self, claim: Held, verdict: Any, documents: dict[str, bytes], now: float, ttl: float
    ) -> bool:
        it = self.held(claim, Stage.DONE)
        if it:
            it.state, it.verdict, it.documents = Stage.DONE, verdict, documents
            it.expires_at = now + ttl
        return it is not None

    def cancel(self, name: str, now: float) -> bool:
        it = self.asked.get(name)
        if it is None or not it.alive(now):
            return False
        it.state, it.fence = Stage.CANCELLED, -1
        self.abandon(it.request, now)
        return True

    def delete(self, name: str, now: float) -> bool:
        self.cancel(name, now)
        it = self.asked.get(name)
        if it is None or it.expires_at <= now:
            return False
        del self.asked[name]
        return True

    def calls(self, now: float, lease: float, limit: int) -> set[Call]:
        ended = {Stage.DONE, Stage.FAILED}
        due = [
            (it.call_at, it.id)
            for it in self.asked.values()
            if it.call_at is not None and it.call_at <= now < it.expires_at and it.state in ended
        ]
        for _, name in sorted(due)[:limit]:
            it = self.asked[name]
            it.calls, it.call_at = it.calls + 1, now + lease
        return {Call(name, self.asked[name].calls) for _, name in sorted(due)[:limit]}

    def called(self, call: Call, again_at: float | None) -> bool:
        it = self.asked.get(call.token_hash)
        good = it is not None and it.calls == call.attempt and it.call_at is not None
        if good and it:
            it.call_at = again_at
        return good

    def pending(self, now: float, idle: float) -> set[Task]:
        analyses = {Task("measure", it.id) for it in self.analyses.values() if it.due(now, idle)}
        due = [it for it in self.asked.values() if it.due(now, idle)]
        return analyses | {Task("judge", it.id) for it in due if self.ready(it.id, now)}

    def give_up(self, now: float, attempts: int, reason: Reason) -> set[str]:
        told: list[str] = []
        for it in self.records:
            if it.alive(now) and it.lapsed(now) and it.attempts >= attempts:
                it.fence = -1
                told += self.lose(it, reason, now)
        for one in self.asked.values():
            parts = [it.part for it in self.parts(one.request, now)]
            why = broken(one.request, parts)
            if one.alive(now) and why is not None:
                told += self.lose(one, why, now)
        return set(told)

    def purge(self, now: float) -> Purged:
        over = [it for it in self.asked.values() if it.expires_at <= now]
        for it in over:
            del self.asked[it.id]
            self.gone[it.id] = it.expires_at
        self.gone = {name: at for name, at in self.gone.items() if at + REMEMBER > now}
        for it in over:
            if not it.state.final:
                self.abandon(it.request, now)
        gone = [it for it in self.analyses.values() if it.expires_at <= now]
        ended = [it for it in self.analyses.values() if it.state.final or it in gone]
        audio = {it.audio for it in ended if it.audio is not None}
        for one in ended:
            one.audio = None
        self.analyses = {k: it for k, it in self.analyses.items() if it.expires_at > now}
        return Purged(len(over), len(gone), tuple(sorted(audio)))

    def known_audio(self) -> frozenset[str]:
        return frozenset(
            it.audio for it in self.analyses.values() if not it.state.final and it.audio
        )

    def counts(self, now: float) -> Counts:
        alive = [it for it in self.analyses.values() if it.alive(now)]
        queued = [it.created_at for it in alive if it.state is Stage.QUEUED]
        oldest = max(0.0, now - min(queued)) if queued else 0.0
        results = sum(it.expires_at > now for it in self.asked.values())
        return Counts(len(queued), len(alive) - len(queued), oldest, results)
