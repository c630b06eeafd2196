"""What each process of the service loads: parts that are not used need not be installed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

SCALE = ("boto3", "celery", "kombu", "pymongo", "redis")
WEB = ("fastapi", "starlette", "uvicorn", "pydantic_settings", "structlog", "httpx", "websockets")
ONE_MACHINE = """
import sys
from loudscope.service import Settings
from loudscope.service._build import build
from loudscope.service.web import create_app
with build(Settings(folder=sys.argv[1], workers=1)) as parts:
    create_app(parts)
"""
MEASURING = """
import sys
from loudscope.service.work import _child
_child._warm_up()
"""


def loaded(code: str, *arguments: str) -> set[str]:
    """Packages that a new process has loaded after the code."""
    tell = "\nprint(' '.join({name.partition('.')[0] for name in sys.modules}))"
    command = [sys.executable, "-c", code + tell, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    return set(done.stdout.split())


def test_one_machine_needs_no_package_of_many(tmp_path: Path) -> None:
    assert not loaded(ONE_MACHINE, str(tmp_path)) & set(SCALE)


def test_a_measuring_process_has_nothing_of_the_service() -> None:
    assert not loaded(MEASURING) & {*SCALE, *WEB, "pydantic", "prometheus_client"}


@pytest.mark.parametrize(
    ("module", "settings"),
    [
        ("redis", "redis='redis://127.0.0.1:1/0'"),
        ("celery", "redis='redis://127.0.0.1:1/0', runner='celery'"),
        ("pymongo", "store='mongodb://127.0.0.1:1/loudscope'"),
        ("boto3", "depot='s3://bucket/prefix'"),
    ],
)
def test_a_part_that_is_not_installed_is_named_with_its_remedy(
    module: str, settings: str, tmp_path: Path
) -> None:
    code = f"""
import sys
sys.modules[{module!r}] = None
from loudscope import MissingExtra
from loudscope.service import Settings
from loudscope.service._build import build
try:
    with build(Settings(folder={str(tmp_path)!r}, workers=1, {settings})):
        pass
except MissingExtra as error:
    print(error)
"""
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    assert "pip install 'loudscope[service-scale]'" in done.stdout and module in done.stdout
