"""Services for the tests of the web."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ..served import Service, holding


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    """A service whose work waits for the test."""
    with holding(tmp_path / "data") as found:
        yield found
