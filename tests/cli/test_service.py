"""`loudscope serve` and `loudscope worker`: usage, settings, and what is missing."""

from __future__ import annotations

import socket
import subprocess
import sys
from pathlib import Path

import pytest

import loudscope
from loudscope._cli import main


@pytest.mark.parametrize("verb", ["serve", "worker"])
def test_help_says_how_it_ends(verb: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main([verb, "--help"])
    assert left.value.code == 0
    assert "handed back" in capsys.readouterr().out


@pytest.mark.parametrize("verb", ["serve", "worker"])
def test_settings_that_do_not_fit(
    verb: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = tmp_path / "prod.toml"
    config.write_text("[limits]\nqueued = 0\n")
    assert main([verb, "--config", str(config)]) == 2
    error = capsys.readouterr().err
    assert error.startswith(f"loudscope {verb}: ") and "limits.queued" in error


def test_a_worker_needs_a_broker(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["worker"]) == 2
    assert "runner = 'celery'" in capsys.readouterr().err


@pytest.mark.parametrize("port", ["0", "65536", "-1", "http"])
def test_a_port_that_is_none(port: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(["serve", f"--port={port}"])
    assert left.value.code == 2
    assert "give 1 to 65535" in capsys.readouterr().err


def test_a_port_that_is_taken(tmp_path: Path) -> None:
    config = tmp_path / "prod.toml"
    config.write_text(f'folder = "{tmp_path / "data"}"\nworkers = 1\n')
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        command = [
            sys.executable,
            "-m",
            "loudscope",
            "serve",
            "--config",
            str(config),
            "--port",
            port,
        ]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 1
    assert "loudscope serve: " in done.stderr and "in use" in done.stderr
    assert "Traceback" not in done.stderr


def test_without_its_packages_it_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in [it for it in sys.modules if it.startswith("loudscope.service")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.delattr(loudscope, "service", raising=False)
    monkeypatch.setitem(sys.modules, "pydantic_settings", None)
    assert main(["serve"]) == 2
    assert "pip install 'loudscope[service]'" in capsys.readouterr().err
