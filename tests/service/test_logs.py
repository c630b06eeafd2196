"""Logs: JSON, and nothing private gets in, whoever writes what."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from loudscope.service import _logs


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    structlog.reset_defaults()
    logging.captureWarnings(False)
    root.handlers[:] = handlers
    root.setLevel(level)


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def test_a_line_has_only_listed_keys(capsys: pytest.CaptureFixture[str]) -> None:
    _logs.configure()
    log = _logs.get_logger("loudscope.service.web")
    log.info("admitted", bytes=3, name="My Song.wav", token="t0ken", analysis="0123abcd")
    (line,) = lines(capsys)
    assert line["event"] == "admitted" and line["bytes"] == 3 and line["analysis"] == "0123abcd"
    assert line["component"] == "web" and line["level"] == "info" and "timestamp" in line
    assert not {"My Song.wav", "t0ken"} & set(map(str, line.values()))


def test_a_request_id_follows_through_a_context(capsys: pytest.CaptureFixture[str]) -> None:
    _logs.configure()
    with structlog.contextvars.bound_contextvars(request="0a1b"):
        _logs.get_logger("x").warning("part_failed", message="mongodb://me:hush@host", part="store")
    (line,) = lines(capsys)
    assert line["request"] == "0a1b" and line["part"] == "store"
    assert "hush" not in json.dumps(line)


def test_a_cause_that_is_not_known_hides_none_that_is(capsys: pytest.CaptureFixture[str]) -> None:
    _logs.configure()
    log = _logs.get_logger("x")
    with _logs.caused_by("0a" * 16):
        with _logs.caused_by(""):
            log.info("unknown")
        with _logs.caused_by("0b" * 16):
            log.info("inner")
        log.info("outer")
    log.info("after")
    causes = [str(line.get("request"))[:2] for line in lines(capsys)]
    assert causes == ["0a", "0b", "0a", "No"]


def test_libraries_are_quoted_by_place_alone(capsys: pytest.CaptureFixture[str]) -> None:
    _logs.configure()
    try:
        raise ValueError("GET /result/t0ken")
    except ValueError:
        logging.getLogger("uvicorn.error").exception("Exception for /result/t0ken")
    logging.getLogger("uvicorn.access").info("GET /result/t0ken")
    (line,) = lines(capsys)
    assert line["component"] == "uvicorn.error" and line["error"] == "ValueError"
    assert "test_logs.py" in str(line["trace"]) and "t0ken" not in json.dumps(line)


def test_a_log_that_cannot_be_written_stops_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    _logs.configure()
    log = _logs.get_logger("x")
    with open("/dev/full", "w") as full:
        monkeypatch.setattr("sys.stderr", full)
        log.error("x" * 10_000)
        monkeypatch.undo()
        with pytest.raises(OSError, match="No space"):
            full.close()
    monkeypatch.setattr("sys.stderr", full)
    log.error("closed")
