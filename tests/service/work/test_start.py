"""Measuring processes that do not start: noticed soon, told, tried again, and not for ever."""

from __future__ import annotations

import re
import sys
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from loudscope.service._records import Stage
from loudscope.service._settings import Limits
from loudscope.service.work._sandbox import Sandbox, StartError
from loudscope.service.work._sandboxes import Sandboxes

from ..waiting import wait
from .shop import EXAMPLE, quick, shop
from .unstartable import WAYS, unstartable

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="scripts of a shell")

SHORT = 0.5  # for what never becomes ready
AMPLE = 60.0  # for what does, on a busy machine


def nobody(stage: str, progress: float) -> None:
    """Nobody wants to know how far it is."""


@pytest.mark.parametrize("way", WAYS)
def test_who_asks_is_told_why_and_the_next_one_has_a_process(tmp_path: Path, way: str) -> None:
    with closing(Sandbox(1, SHORT if way == "never ready" else AMPLE)) as box:
        with unstartable(tmp_path, way) as why, pytest.raises(StartError, match=why):
            box.measure(EXAMPLE, Limits(), nobody)
        assert box.trouble is not None and re.search(why, box.trouble)
        assert box.pid is None
        box._start_seconds = AMPLE
        assert box.measure(EXAMPLE, Limits(), nobody)
        assert box.trouble is None


@pytest.mark.parametrize("way", WAYS)
def test_a_pool_that_starts_none_says_so_without_being_asked_for_work(
    tmp_path: Path, way: str
) -> None:
    boxes = Sandboxes(2, SHORT if way == "never ready" else AMPLE)
    with closing(boxes):
        with unstartable(tmp_path, way) as why:
            boxes.start()
            wait(lambda: trouble(boxes) is not None)
            assert re.search(rf"no measuring process starts \(.*({why})", str(trouble(boxes)))
        for box in boxes._all:
            box._start_seconds = AMPLE
        wait(lambda: trouble(boxes) is None)  # each look is another try


def trouble(boxes: Sandboxes) -> StartError | None:
    try:
        boxes.check()
    except StartError as error:
        return error
    return None


def test_where_one_does_not_start_another_does_the_work(tmp_path: Path) -> None:
    boxes = Sandboxes(2, AMPLE)
    with closing(boxes):
        with (
            unstartable(tmp_path, "half an update"),
            boxes.use() as first,
            pytest.raises(StartError),
        ):
            first.measure(EXAMPLE, Limits(), nobody)
        with boxes.use() as other:
            assert other is not first
            assert other.measure(EXAMPLE, Limits(), nobody)
        boxes.check()  # the pool as a whole is well


def test_one_that_is_killed_while_it_starts_did_not_fail(tmp_path: Path) -> None:
    """The service ends, or the claim is lost: that says nothing about the next start."""
    with closing(Sandbox(1, AMPLE)) as box, unstartable(tmp_path, "never ready"):
        box.start()
        box.kill()
        box.look()
        assert box.trouble is None and box.pid is None


@pytest.mark.parametrize("way", WAYS)
def test_a_track_has_its_attempts_and_fails_with_the_reason(tmp_path: Path, way: str) -> None:
    seconds = SHORT if way == "never ready" else AMPLE
    with ExitStack() as stack:
        with unstartable(tmp_path / "way", way) as why:
            made = stack.enter_context(shop(quick(tmp_path / "data", start_seconds=seconds)))
            token = made.order()
            reason = made.ended(token).reason
            assert reason is not None and reason.code == "not_started"
            assert "not the file's fault" in reason.message
            made.emptied()
            with pytest.raises(StartError, match=why):
                made.parts.runner.ping()
        if way != "never ready":  # whose half a second is too short for any
            assert made.ended(made.order()).stage is Stage.DONE
            made.parts.runner.ping()


def test_each_attempt_is_logged(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with unstartable(tmp_path / "way", "no program"), shop(quick(tmp_path / "data")) as made:
        made.ended(made.order())
    said = capfd.readouterr().out
    assert len(re.findall(r"not begun.*FileNotFoundError.*not_started", said)) == 3
    assert re.search(r"measuring process not started.*FileNotFoundError", said)
