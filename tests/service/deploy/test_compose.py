"""deploy/compose.yml without containers: its own commands, in its own order, with real parts."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from ..parts import find_mongod, found

ROOT = Path(__file__).resolve().parents[3]
ALONE = ["unshare", "--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"]
INSIDE = 'mount --bind "$1" /etc/hosts && shift && exec "$@"'


def test_its_services_start_as_it_says_and_measure_a_track(tmp_path: Path) -> None:
    """In a network of their own: with the ports and the names that the file has."""
    yaml = pytest.importorskip("yaml")
    found("redis-server", "apt-get install redis-server")
    found("moto_server", "pip install 'moto[s3,server]'")
    found("nginx", "apt-get install nginx")
    find_mongod()
    services = yaml.safe_load((ROOT / "deploy" / "compose.yml").read_text("utf-8"))["services"]
    hosts = tmp_path / "hosts"
    hosts.write_text("127.0.0.1 localhost " + " ".join(services) + "\n", "utf-8")
    (tmp_path / "run").mkdir()
    command = [sys.executable, "-m", "tests.service.deploy.composed", str(tmp_path / "run")]
    done = alone(["sh", "-c", INSIDE, "sh", str(hosts), *command])
    assert done.returncode == 0, done.stderr[-4000:]
    said = json.loads(done.stdout.splitlines()[-1])
    assert said["started"].index("web") > max(map(said["started"].index, ("mongo", "redis", "s3")))
    assert said["started"][-1] == "nginx" or said["started"][-2] == "nginx"
    assert set(said["started"]) == set(services) - {"bucket"}
    assert said["healthy"] == {"web": 0, "redis": 0}
    assert (said["ready"], said["stages"][-1]) == ("ok", "done")
    assert -30 < said["measured"] < 0
    assert said["moved"] == "https://nginx/"


def alone(command: list[str]) -> subprocess.CompletedProcess[str]:
    """Runs it in namespaces of its own, or skips where there may be none."""
    if shutil.which("unshare") is None:
        pytest.skip("there is no unshare here")
    probe = subprocess.run([*ALONE, "true"], capture_output=True, text=True, check=False)
    if probe.returncode != 0:
        pytest.skip(f"no namespaces may be made here: {probe.stderr.strip()}")
    return subprocess.run(
        [*ALONE, *command], cwd=ROOT, capture_output=True, text=True, check=False, timeout=180
    )
