"""The same tests on every depot: a folder, and S3 as moto serves it."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from loudscope import InvalidArgument
from loudscope.service._errors import UnavailableError
from loudscope.service._ports import Depot
from loudscope.service.depot import open_depot
from loudscope.service.depot._folder import FolderDepot
from loudscope.service.depot._s3 import S3Depot

from ..conftest import S3Place
from ..parts import Part

NAMES = ["0123456789abcdef" * 2, "f" * 32, "0" * 16]
NAME = NAMES[0]
BAD = ["", "..", "../x", "a/b", "A" * 32, "g" * 32, "f" * 15, "f" * 129, "f" * 32 + "\n", "/etc"]


@dataclass
class Opened:
    """A depot, and a folder for what goes in and comes out."""

    depot: Depot
    folder: Path

    def file(self, data: bytes = b"audio") -> Path:
        path = self.folder / f"upload-{os.urandom(4).hex()}"
        path.write_bytes(data)
        return path


@pytest.fixture(params=["folder", "s3"])
def opened(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Opened]:
    place, endpoint = "folder", None
    if request.param == "s3":
        bucket: S3Place = request.getfixturevalue("s3_place")
        place, endpoint = bucket.url, bucket.endpoint
    (tmp_path / "copies").mkdir()
    depot = open_depot(place, tmp_path / "data", endpoint)
    with closing(depot):
        yield Opened(depot, tmp_path / "copies")


def test_what_is_put_in_is_fetched(opened: Opened) -> None:
    path = opened.file(bytes(range(256)) * 1000)
    opened.depot.put(path, NAME)
    assert not path.exists()
    assert opened.depot.fetch(NAME, opened.folder).read_bytes() == bytes(range(256)) * 1000
    opened.depot.ping()


def test_large_audio_arrives_whole(opened: Opened) -> None:
    data = os.urandom(1 << 20) * 20  # S3 takes it in parts
    opened.depot.put(opened.file(data), NAME)
    assert opened.depot.fetch(NAME, opened.folder).read_bytes() == data


def test_putting_again_replaces(opened: Opened) -> None:
    opened.depot.put(opened.file(b"one"), NAME)
    opened.depot.put(opened.file(b"two"), NAME)
    assert opened.depot.fetch(NAME, opened.folder).read_bytes() == b"two"


def test_what_is_deleted_is_gone_and_may_be_deleted_again(opened: Opened) -> None:
    opened.depot.put(opened.file(), NAME)
    opened.depot.delete(NAME)
    opened.depot.delete(NAME)
    with pytest.raises(FileNotFoundError):
        opened.depot.fetch(NAME, opened.folder)
    assert list(opened.folder.iterdir()) == []


def test_what_was_fetched_stays_readable_when_it_is_deleted(opened: Opened) -> None:
    opened.depot.put(opened.file(), NAME)
    with opened.depot.fetch(NAME, opened.folder).open("rb") as file:
        opened.depot.delete(NAME)
        assert file.read() == b"audio"


def test_names_are_those_put_in_before(opened: Opened) -> None:
    for name in NAMES:
        opened.depot.put(opened.file(), name)
    assert set(opened.depot.names(time.time() + 60)) == set(NAMES)
    assert list(opened.depot.names(time.time() - 60)) == []
    opened.depot.delete(NAME)
    assert set(opened.depot.names(time.time() + 60)) == set(NAMES[1:])


def test_age_counts_from_the_putting_in(opened: Opened) -> None:
    path = opened.file()
    os.utime(path, (1000.0, 1000.0))  # as an upload that began long ago
    opened.depot.put(path, NAME)
    assert list(opened.depot.names(time.time() - 60)) == []


@pytest.mark.parametrize("name", BAD)
def test_a_name_that_is_none_is_refused(opened: Opened, name: str) -> None:
    path = opened.file()
    with pytest.raises(InvalidArgument, match="hexadecimal"):
        opened.depot.put(path, name)
    with pytest.raises(InvalidArgument, match="hexadecimal"):
        opened.depot.fetch(name, opened.folder)
    with pytest.raises(InvalidArgument, match="hexadecimal"):
        opened.depot.delete(name)
    assert path.exists()


def test_many_threads_put_and_fetch_at_once(opened: Opened) -> None:
    def there_and_back(number: int) -> bytes:
        name = f"{number:032x}"
        opened.depot.put(opened.file(name.encode()), name)
        return opened.depot.fetch(name, opened.folder).read_bytes()

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(there_and_back, range(24)))
    assert found == [f"{number:032x}".encode() for number in range(24)]


@pytest.mark.parametrize("place", ["", "disk", "s3://", "s3://A", "s3:/bucket", "s3://bucket/?x"])
def test_a_place_is_a_folder_or_a_bucket(place: str, tmp_path: Path) -> None:
    with pytest.raises(InvalidArgument, match="s3://bucket/prefix"):
        open_depot(place, tmp_path)


def test_a_file_from_another_disk_is_copied(tmp_path: Path) -> None:
    elsewhere = Path("/dev/shm")
    if not elsewhere.is_dir() or elsewhere.stat().st_dev == tmp_path.stat().st_dev:
        pytest.skip("there is no second file system here")
    depot = FolderDepot(tmp_path / "audio")
    path = elsewhere / f"loudscope-{os.urandom(8).hex()}"
    try:
        path.write_bytes(b"audio")
        depot.put(path, NAME)
        assert not path.exists()
    finally:
        path.unlink(missing_ok=True)
    assert depot.fetch(NAME, tmp_path).read_bytes() == b"audio"
    assert [it.name for it in depot.folder.iterdir()] == [NAME]


def test_what_was_left_half_copied_is_swept(tmp_path: Path) -> None:
    depot = FolderDepot(tmp_path)
    (tmp_path / f"{NAME}.part").write_bytes(b"half")
    (tmp_path / "notes.txt").touch()
    assert list(depot.names(time.time() + 60)) == []
    assert [it.name for it in tmp_path.iterdir()] == ["notes.txt"]


def test_a_folder_that_is_gone_is_told(tmp_path: Path) -> None:
    depot = FolderDepot(tmp_path / "audio")
    (tmp_path / "audio").rmdir()
    path = tmp_path / "upload"
    path.touch()
    for use in (depot.ping, lambda: depot.put(path, NAME), lambda: list(depot.names(0.0))):
        with pytest.raises(UnavailableError, match="audio") as raised:
            use()
        assert raised.value.part == "depot"
    assert path.exists()


def test_the_folder_is_for_its_owner_alone(tmp_path: Path) -> None:
    assert FolderDepot(tmp_path / "audio").folder.stat().st_mode & 0o077 == 0


def test_s3_that_is_away_is_told_and_comes_back(
    s3_server: Part, s3_place: S3Place, tmp_path: Path
) -> None:
    depot = S3Depot(s3_place.bucket, "audio", s3_place.endpoint)
    path = tmp_path / "upload"
    path.write_bytes(b"audio")
    with closing(depot):
        with s3_server.away():
            for use in (depot.ping, lambda: depot.put(path, NAME), lambda: depot.delete(NAME)):
                with pytest.raises(UnavailableError, match=s3_place.bucket):
                    use()
            with pytest.raises(UnavailableError):
                depot.fetch(NAME, tmp_path)
        assert path.exists()
        with pytest.raises(UnavailableError, match="404"):  # moto has forgotten the bucket
            depot.ping()
        depot._client.create_bucket(Bucket=s3_place.bucket)
        depot.put(path, NAME)
        assert depot.fetch(NAME, tmp_path).read_bytes() == b"audio"


def test_s3_keeps_to_its_prefix(s3_place: S3Place, tmp_path: Path) -> None:
    with (
        closing(S3Depot(s3_place.bucket, "", s3_place.endpoint)) as root,
        closing(open_depot(s3_place.url, tmp_path, s3_place.endpoint)) as inner,
    ):
        depots: tuple[Depot, ...] = (root, inner)
        for depot, name in zip(depots, NAMES[1:], strict=True):
            (tmp_path / "upload").write_bytes(b"audio")
            depot.put(tmp_path / "upload", name)
        assert list(inner.names(time.time() + 60)) == [NAMES[2]]
        assert list(root.names(time.time() + 60)) == [NAMES[1]]


def test_s3_refuses_a_bucket_that_is_not_there(s3_place: S3Place, tmp_path: Path) -> None:
    with closing(open_depot("s3://no-such-bucket/audio", tmp_path, s3_place.endpoint)) as depot:
        for use in (depot.ping, lambda: list(depot.names(time.time()))):
            with pytest.raises(UnavailableError, match="no-such-bucket"):
                use()
