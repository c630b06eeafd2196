"""The benchmarks' referee: a time counts only beside the right answer."""

from __future__ import annotations

import importlib
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

BENCHMARKS = Path(__file__).resolve().parents[2] / "benchmarks"


@pytest.fixture
def race(monkeypatch: pytest.MonkeyPatch) -> Any:
    """benchmarks/race.py, whose neighbours lie beside it."""
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    return importlib.import_module("race")


@pytest.fixture
def effort(race: Any) -> Any:
    """Three rounds."""
    return race.Effort(3, 3, 1.0, 1.0)


def runner(seconds: list[float], *answer: float) -> Any:
    """A contestant that takes the times given, first the one that does not count."""
    left: Iterator[float] = iter(seconds)
    return lambda: (next(left), answer)


def two(race: Any, theirs: Any, **more: Any) -> Any:
    """Ours takes 1 s and says -23 LUFS."""
    runs = {"loudscope": runner([9.0, 1.0, 1.0, 1.0], -23.0), "peer": theirs}
    targets = (race.Target("faster", "faster", 3.0, "peer"),)
    return race.Race(
        figure="f", signal="s", runs=runs, units=("LUFS",), below=(0.1,), above=(0.02,),
        targets=targets, **more
    )  # fmt: skip


def test_the_ratio_is_of_medians_and_the_first_round_does_not_count(race: Any, effort: Any) -> None:
    result = race.run(two(race, runner([0.1, 3.0, 4.0, 90.0], -23.05)), effort)
    (verdict,) = result.verdicts
    assert (verdict.measured, verdict.met) == (4.0, True)
    assert [line.rounds for line in result.lines] == [3, 3]
    assert all(line.believed for line in result.lines)


@pytest.mark.parametrize("wrong", [-23.11, -22.97, math.inf])
def test_a_peer_with_another_answer_is_not_believed(race: Any, effort: Any, wrong: float) -> None:
    result = race.run(two(race, runner([4.0] * 4, wrong)), effort)
    assert [line.believed for line in result.lines] == [True, False]
    assert "another answer" in result.lines[1].note
    assert result.verdicts[0].met is None


def test_a_target_can_be_missed(race: Any, effort: Any) -> None:
    result = race.run(two(race, runner([2.9] * 4, -23.0)), effort)
    assert result.verdicts[0].met is False


def test_a_peer_that_is_not_there_decides_nothing(race: Any, effort: Any) -> None:
    one = two(race, runner([1.0] * 4, -23.0))
    one.runs.pop("peer")
    assert race.run(one, effort).verdicts[0].met is None


def test_contestants_take_turns(race: Any, effort: Any) -> None:
    order: list[str] = []

    def named(name: str) -> Any:
        def run() -> tuple[float, tuple[float, ...]]:
            order.append(name)
            return 1.0, (0.0,)

        return run

    runs = {name: named(name) for name in ("loudscope", "b", "c")}
    race.run(race.Race(figure="f", signal="s", runs=runs), effort)
    assert order == ["loudscope", "b", "c"] * 4


def test_rounds_go_on_until_the_medians_are_known(race: Any) -> None:
    steady, noisy = runner([1.0] * 50, -23.0), runner([1.0, 2.0] * 25, -23.0)
    for contestant, rounds in ((steady, 3), (noisy, 20)):
        runs = {"loudscope": contestant}
        one = race.Race(figure="f", signal="s", runs=runs)
        assert race.run(one, race.Effort(3, 20, 60.0, 0.02)).lines[0].rounds == rounds
