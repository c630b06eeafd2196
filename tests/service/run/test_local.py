"""The runner in memory: no task twice in its queue, judging first, and an orderly end."""

from __future__ import annotations

import threading

import pytest

from loudscope.service._records import Task
from loudscope.service.run._local import LocalRunner

from ..waiting import wait


class Bench:
    """Work that waits until it is let go; what began, in order."""

    def __init__(self, threads: int) -> None:
        self.begun: list[Task] = []
        self.go = threading.Event()
        self.handed_back = threading.Event()
        self.runner = LocalRunner(self.run, self.hand_back, threads)

    def run(self, task: Task) -> None:
        self.begun.append(task)
        self.go.wait(10.0)
        if task.id == "bad":
            raise RuntimeError("a fault")

    def hand_back(self) -> None:
        self.handed_back.set()
        self.go.set()


def test_a_task_stands_in_the_queue_once_and_judging_comes_first() -> None:
    bench = Bench(1)
    first = Task("measure", "first")
    bench.runner.enqueue(first)
    bench.runner.start()
    wait(lambda: bench.begun)
    for task in [Task("measure", "a"), Task("measure", "b"), Task("judge", "c")] * 3:
        bench.runner.enqueue(task)
    bench.runner.enqueue(first)  # it runs, so it may have to run again
    bench.go.set()
    wait(lambda: len(bench.begun) == 5)
    bench.runner.stop(5.0)
    assert [task.id for task in bench.begun] == ["first", "c", "a", "b", "first"]


def test_a_fault_costs_no_thread() -> None:
    bench = Bench(1)
    bench.go.set()
    bench.runner.start()
    bench.runner.enqueue(Task("measure", "bad"))
    bench.runner.enqueue(Task("measure", "good"))
    wait(lambda: len(bench.begun) == 2)
    bench.runner.ping()
    bench.runner.stop(5.0)


def test_it_is_not_well_before_its_start_and_after_its_end() -> None:
    bench = Bench(2)
    with pytest.raises(RuntimeError, match="0 of 2"):
        bench.runner.ping()
    bench.runner.start()
    bench.runner.ping()
    bench.runner.stop(0.0)
    with pytest.raises(RuntimeError, match="0 of 2"):
        bench.runner.ping()
    bench.runner.stop(0.0)


def test_after_the_grace_work_under_way_is_handed_back_and_none_begun() -> None:
    bench = Bench(2)
    bench.runner.start()
    for name in "abcd":
        bench.runner.enqueue(Task("measure", name))
    wait(lambda: len(bench.begun) == 2)
    bench.runner.stop(0.05)
    assert bench.handed_back.is_set() and len(bench.begun) == 2
