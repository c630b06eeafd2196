"""A disk that is full while work goes on: what cannot be written down is done again later."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from loudscope.service._records import Stage

from ..waiting import wait
from .hostile import flac_of
from .shop import Limits, quick, shop, suspended

BYTES = 6 << 20


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of a few megabytes."""
    place = tmp_path / "disk"
    place.mkdir()
    if sys.platform != "linux":
        pytest.skip("a small file system is mounted on Linux only")
    command = ["mount", "-t", "tmpfs", "-o", f"size={BYTES}", "tmpfs", str(place)]
    done = subprocess.run(command, capture_output=True, check=False)
    if done.returncode != 0:
        pytest.skip("only root may mount a small file system")
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True)


def fill(path: Path) -> None:
    """Until there is no room."""
    with path.open("wb", buffering=0) as file:
        for size in (1 << 16, 1 << 12, 1):
            try:
                while file.write(b"x" * size) == size:
                    pass
            except OSError:
                continue


def test_work_that_cannot_be_written_down_is_done_again(
    small_disk: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    track = tmp_path / "long.flac"
    track.write_bytes(flac_of(200.0, 48_000, 2))
    settings = quick(small_disk, lease_seconds=1.0, limits=Limits(attempts=99))
    said: list[str] = []

    def refused() -> bool:
        said.append(capfd.readouterr().out)
        return "task left to its lease" in "".join(said)

    with shop(settings) as made:
        with suspended():
            token = made.order(track)
            made.begun(token)
            stuffing = small_disk / "stuffing"
            fill(stuffing)
        wait(refused)
        assert not made.stage(token).final
        stuffing.unlink()
        assert made.ended(token).stage is Stage.DONE
        made.emptied()
