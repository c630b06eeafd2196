"""Several processes at once: one wins each claim, one creates each analysis, nothing is lost."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace

from .conftest import Place
from .making import LOST, NOW, TTL, request, upload
from .racing import race

PROCESSES = 8
FEW = 4
CLAIM = """
for it in order:
    claim = store.claim(Task("measure", f"key-{it}"), "same", now, 30.0)
    if claim is not None:
        print(it, claim.fence)
"""
# All leases have lapsed: each process takes over what it can and completes all that it ever held.
TAKE_OVER = """
held = []
for round in range(3):
    for it in order:
        claim = store.claim(Task("measure", f"key-{it}"), str(number), now + 40.0 * round, 30.0)
        if claim is not None:
            held.append((it, claim))
for it, claim in held:
    if store.measured(claim, str(number).encode(), now + 200.0, 900.0):
        print(it, number)
"""
ADMIT = """
for it in order:
    one = NewAnalysis(f"key-{it}", f"{number:016x}", 1000)
    asked = NewResult(f"{number}-{it}", one.key, "name")
    if store.admit((one,), asked, now, 900.0).created:
        print(it, number)
"""
CANCEL = """
for it in order:
    asked = NewResult(f"{number}-{it}", f"key-{it}", "name")
    store.admit((NewAnalysis(asked.key, f"{number:08x}{it:08x}", 1000),), asked, now, 900.0)
    if number % 2:
        store.cancel(asked.token_hash, now)
"""


def keys(place: Place, count: int) -> None:
    with closing(place.open()) as store:

        def put(number: int) -> None:
            one = replace(upload("track"), key=f"key-{number}")
            asked = replace(request(f"first {number}"), key=one.key)
            store.admit((one,), asked, NOW, TTL)

        with ThreadPoolExecutor(8) as pool:
            list(pool.map(put, range(count)))


def test_five_hundred_keys_have_five_hundred_winners(place: Place) -> None:
    keys(place, 500)
    lines = race(CLAIM, PROCESSES, place.url, place.folder, NOW, 500)
    assert sorted(int(line.split()[0]) for line in lines) == list(range(500))


def test_of_all_who_held_a_claim_the_last_one_completes(place: Place) -> None:
    keys(place, 20)
    lines = race(TAKE_OVER, FEW, place.url, place.folder, NOW, 20)
    done = [line.split() for line in lines]
    assert sorted(int(it) for it, _ in done) == list(range(20))
    with closing(place.open()) as store:
        for it, number in done:
            assert store.measurements(f"key-{it}", NOW) == number.encode()


def test_uploads_of_one_content_create_it_once(place: Place) -> None:
    lines = race(ADMIT, FEW, place.url, place.folder, NOW, 20)
    created = {int(it): int(number) for it, number in map(str.split, lines)}
    assert len(lines) == len(created) == 20
    with closing(place.open()) as store:
        for it, number in created.items():
            assert store.audio(f"key-{it}") == f"{number:016x}"
            assert len(store.waiting(f"key-{it}", NOW)) == FEW


def test_nobody_s_cancelling_ends_what_others_wait_for(place: Place) -> None:
    """Half of the processes cancel what they have just admitted; the others' requests live."""
    race(CANCEL, FEW, place.url, place.folder, NOW, 20)
    with closing(place.open()) as store:
        assert store.counts(NOW).queued == 20
        assert store.give_up(NOW, 3, LOST) == ()
        for it in range(20):
            waiting = store.waiting(f"key-{it}", NOW)
            assert {task.id for task in waiting} == {f"{number}-{it}" for number in (0, 2)}
