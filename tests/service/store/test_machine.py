"""Any sequence of calls has the same answers from a store as from the plain model of one."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import hypothesis.strategies as st
from hypothesis import settings
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    invariant,
    multiple,
    precondition,
    rule,
)
from hypothesis.stateful import run_state_machine_as_test as run_machine

from loudscope.service._ports import Store
from loudscope.service._records import Call, Claim, Stage, Task
from loudscope.service.store import open_store

from .making import BROKEN, LOST, NOW, key_of, request, token, upload
from .model import REMEMBER, Held, Model

TRACKS = ("x", "y", "z")
LEASES = st.sampled_from([5.0, 30.0])
TTLS = st.sampled_from([40.0, 100.0])
Pair = tuple[Claim, Held]


class Machine(RuleBasedStateMachine):
    """A store beside its model."""

    claims = Bundle("claims")
    calls = Bundle("calls")

    def __init__(self) -> None:
        super().__init__()
        self.store: Store = self.open()
        self.model = Model()
        self.now = NOW
        self.tokens = 0

    def open(self) -> Store:
        raise NotImplementedError

    def teardown(self) -> None:
        self.store.close()

    @rule(
        track=st.sampled_from(TRACKS),
        reference=st.none() | st.sampled_from(TRACKS),
        hook=st.booleans(),
        ttl=TTLS,
    )
    def admit(self, track: str, reference: str | None, hook: bool, ttl: float) -> None:
        self.tokens += 1
        more = {"webhook": "https://example.org"} if hook else {}
        asked = request(str(self.tokens), track, reference, **more)
        uploads = tuple(upload(name) for name in TRACKS if key_of(name) in asked.keys)
        created = self.store.admit(uploads, asked, self.now, ttl).created
        assert created == self.model.admit(uploads, asked, self.now, ttl)

    @property
    def tasks(self) -> list[Task]:
        judge = [Task("judge", token(str(number + 1))) for number in range(self.tokens)]
        return [Task("measure", key_of(name)) for name in TRACKS] + judge

    @rule(
        target=claims,
        data=st.data(),
        owner=st.sampled_from("ab"),
        lease=LEASES,
        then=st.sampled_from(["keep", "finish", "finish", "finish", "fail", "release", "again"]),
    )
    @precondition(lambda self: self.tokens)
    def work(self, data: Any, owner: str, lease: float, then: str) -> Any:
        """Somebody takes a task, mostly one that waits, and may end it at once."""
        waits = sorted(self.model.pending(self.now, 0.0), key=lambda task: task.id)
        task = data.draw(st.sampled_from(waits * 3 + self.tasks))
        real = self.store.claim(task, owner, self.now, lease)
        model = self.model.claim(task, self.now, lease)
        assert (real is None) == (model is None)
        if real is None or model is None:
            return multiple()
        assert (real.task, real.owner) == (task, owner)
        assert (real.attempt, real.lease_until) == (model.attempt, model.lease_until)
        if then != "keep":
            self.write((real, model), then, 30.0)
        return real, model

    @rule(
        pair=claims,
        how=st.sampled_from(["renew", "advance", "release", "fail", "finish", "again"]),
        seconds=st.sampled_from([5.0, 30.0, 100.0]),
    )
    def write(self, pair: Pair, how: str, seconds: float) -> None:
        """A claim is used, whether it still holds or not."""
        real, model = pair
        done, expected = getattr(self, f"_{how}")(real, model, seconds)
        assert done == expected

    def _renew(self, real: Claim, model: Held, seconds: float) -> tuple[bool, bool]:
        now = self.now
        return self.store.renew(real, now, seconds), self.model.renew(model, now, seconds)

    def _again(self, real: Claim, model: Held, seconds: float) -> tuple[bool, bool]:
        return self.store.renew(real, self.now, 0.0), self.model.renew(model, self.now, 0.0)

    def _advance(self, real: Claim, model: Held, seconds: float) -> tuple[bool, bool]:
        done = self.store.advance(real, Stage.MEASURING, seconds / 200)
        return done, self.model.advance(model, Stage.MEASURING, seconds / 200)

    def _release(self, real: Claim, model: Held, seconds: float) -> tuple[bool, bool]:
        return self.store.release(real), self.model.release(model)

    def _fail(self, real: Claim, model: Held, seconds: float) -> tuple[bool, bool]:
        now = self.now
        return self.store.fail(real, BROKEN, now), self.model.fail(model, BROKEN, now)

    def _finish(self, real: Claim, model: Held, seconds: float) -> tuple[bool, bool]:
        now, data = self.now, str(real.attempt).encode()
        if real.task.kind == "measure":
            done = self.store.measured(real, data, now, seconds)
            return done, self.model.measured(model, data, now, seconds)
        said, papers = {"data": data.hex()}, {"json": data, "html": b"h"}
        done = self.store.judged(real, said, papers, now, seconds)
        return done, self.model.judged(model, said, papers, now, seconds)

    @rule(data=st.data(), how=st.sampled_from(["cancel", "delete"]))
    @precondition(lambda self: self.tokens)
    def end(self, data: Any, how: str) -> None:
        name = token(str(data.draw(st.integers(1, self.tokens))))
        assert getattr(self.store, how)(name, self.now) == getattr(self.model, how)(name, self.now)

    @rule(target=calls, limit=st.integers(1, 3), again=st.sampled_from([None, None, 10.0, 60.0]))
    @precondition(lambda self: any(it.call_at for it in self.model.asked.values()))
    def call(self, limit: int, again: float | None) -> Any:
        taken = self.store.calls(self.now, 30.0, limit)
        assert set(taken) == self.model.calls(self.now, 30.0, limit)
        for call in taken[1:]:
            self.called(call, again)
        return multiple(*taken)

    @rule(call=calls, again=st.sampled_from([None, 10.0, 60.0]))
    def called(self, call: Call, again: float | None) -> None:
        when = None if again is None else self.now + again
        assert self.store.called(call, when) == self.model.called(call, when)

    @rule(attempts=st.integers(1, 2))
    @precondition(lambda self: any(it.lapsed(self.now) for it in self.model.records))
    def give_up(self, attempts: int) -> None:
        told = self.store.give_up(self.now, attempts, LOST)
        assert len(told) == len(set(told))
        assert {task.id for task in told} == self.model.give_up(self.now, attempts, LOST)

    @rule()
    @precondition(lambda self: self.model.purgeable(self.now))
    def purge(self) -> None:
        real, model = self.store.purge(self.now), self.model.purge(self.now)
        assert (real.results, real.analyses) == (model.results, model.analyses)
        assert tuple(sorted(real.audio)) == model.audio

    @rule(seconds=st.sampled_from([1.0, 5.0, 30.0, 50.0, -1.0, -20.0, -100.0]))
    def wait(self, seconds: float) -> None:
        """The clock goes on, or is set; what has expired before the eyes of all stays so."""
        then = self.now + seconds
        if not any(then < it.expires_at <= self.now for it in self.model.records):
            self.now = then

    @invariant()
    def the_same_is_read(self) -> None:
        store, model, now = self.store, self.model, self.now
        for number in range(self.tokens):
            name = token(str(number + 1))
            assert store.status(name, now) == model.status(name, now)
            asked = model.asked.get(name)
            there = asked is not None and asked.state is Stage.DONE and asked.expires_at > now
            papers = asked.documents if there and asked else {}
            assert store.document(name, "json", now) == papers.get("json")
            assert store.expired(name, now) == model.expired(name, now)
        for key in map(key_of, TRACKS):
            assert set(store.waiting(key, now)) == model.waiting(key, now)
            assert store.audio(key) == model.audio(key)
            assert store.measurements(key, now) == model.measurements(key, now)
        for idle in (0.0, 10.0, 1e9):
            assert set(store.pending(now, idle)) == model.pending(now, idle)
        assert store.known_audio() == model.known_audio()
        assert store.counts(now) == model.counts(now)


class SQLiteMachine(Machine):
    def open(self) -> Store:
        self.folder = tempfile.TemporaryDirectory()
        return open_store("sqlite", Path(self.folder.name), REMEMBER)

    def teardown(self) -> None:
        super().teardown()
        self.folder.cleanup()


def test_sqlite_answers_as_the_model_does() -> None:
    run_machine(SQLiteMachine, settings=settings(max_examples=50, stateful_step_count=40))


def test_mongodb_answers_as_the_model_does(mongod: Any, emptied: str, tmp_path: Path) -> None:
    import pymongo

    with pymongo.MongoClient[dict[str, object]](emptied) as client:
        database = client.get_default_database()

        class MongoMachine(Machine):
            def open(self) -> Store:
                database["analyses"].delete_many({})
                database["results"].delete_many({})
                return open_store(emptied, tmp_path, REMEMBER)

        run_machine(MongoMachine, settings=settings(max_examples=6, stateful_step_count=25))
