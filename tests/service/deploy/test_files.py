"""What is shipped in deploy/: each file is read by the program that it is for."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from loudscope.service import Settings

DEPLOY = Path(__file__).resolve().parents[3] / "deploy"
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))


def settings(monkeypatch: pytest.MonkeyPatch) -> Settings:
    """As the example's file has them, with nothing in the environment."""
    for name in [name for name in os.environ if name.startswith("LOUDSCOPE_")]:
        monkeypatch.delenv(name)
    return Settings.load(DEPLOY / "prod.toml")


def test_the_example_of_settings_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    found = settings(monkeypatch)
    assert (found.runner, found.workers) == ("celery", 0)
    assert found.limits.upload_bytes == Settings.model_fields["limits"].default.upload_bytes
    given = tomllib.loads((DEPLOY / "prod.toml").read_text("utf-8"))
    for table, kept in ((given["limits"], found.limits), (given["live"], found.live)):
        assert all(getattr(kept, name) == value for name, value in table.items())


def test_its_addresses_are_those_of_the_compose_file(monkeypatch: pytest.MonkeyPatch) -> None:
    yaml = pytest.importorskip("yaml")
    compose: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yml").read_text("utf-8"))
    found = settings(monkeypatch)
    for address in (found.store, found.redis, found.s3_endpoint):
        host = re.match(r"\w+://(\w+):\d+", str(address))
        assert host is not None and host[1] in compose["services"]
    assert found.depot.startswith("s3://loudscope/")
    assert "s3.bucket.create -name loudscope" in compose["services"]["bucket"]["command"][0]


def test_nginx_takes_what_the_service_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    """The form's own bytes come on top of the audio's."""
    text = (DEPLOY / "nginx" / "loudscope.conf").read_text("utf-8")
    most = re.search(r"client_max_body_size\s+(\d+)m;", text)
    assert most is not None
    assert int(most[1]) == settings(monkeypatch).limits.upload_bytes // 2**20 + 1


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_systemd_has_nothing_to_say_about_a_unit(unit: Path, tmp_path: Path) -> None:
    program = shutil.which("systemd-analyze")
    if program is None:
        pytest.skip("there is no systemd-analyze: apt-get install systemd")
    text = unit.read_text("utf-8")
    assert "/opt/loudscope/bin/loudscope " in text
    here = tmp_path / unit.name
    here.write_text(text.replace("/opt/loudscope/bin/loudscope ", f"{sys.executable} "), "utf-8")
    said = subprocess.run(
        [program, "verify", str(here)], capture_output=True, text=True, check=False, timeout=60
    )
    assert (said.returncode, said.stdout, said.stderr) == (0, "", "")


def test_a_unit_writes_to_its_own_folder_only() -> None:
    """The file system is read-only but for the folder that systemd makes for it."""
    for unit in UNITS:
        text = unit.read_text("utf-8")
        assert "ProtectSystem=strict" in text and "DynamicUser=yes" in text
        assert f"StateDirectory={unit.stem}\n" in text
        assert f"WorkingDirectory=/var/lib/{unit.stem}\n" in text
