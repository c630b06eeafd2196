"""Whatever goes wrong, the file is the old one or the new one."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from loudscope import FileError, UnknownFormat
from loudscope.tags import write

from .conftest import Make
from .written import REPLAYGAIN, VALUES, mutagen, tags_of


def test_mode_and_link_stay(make: Make, tmp_path: Path) -> None:
    """A link is followed, not replaced; permissions are those that were."""
    path = make("a.flac")
    path.chmod(0o640)
    link = tmp_path / "link.flac"
    link.symlink_to(path)
    write(link, VALUES)
    assert link.is_symlink()
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert REPLAYGAIN.items() <= tags_of(path).items()


def test_the_new_file_is_on_the_disk_before_it_takes_the_name(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """copy, tag, fsync, rename: in this order."""
    path = make("a.flac")
    events: list[tuple[str, bytes]] = []
    fsync, rename = os.fsync, os.replace

    def synced(descriptor: int) -> None:
        if stat.S_ISREG(os.fstat(descriptor).st_mode):
            events.append(("fsync", os.pread(descriptor, 1 << 20, 0)))
        fsync(descriptor)

    def replaced(source: str, target: str) -> None:
        events.append(("replace", Path(source).read_bytes()))
        rename(source, target)

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(os, "replace", replaced)
    write(path, VALUES)
    assert [event for event, _ in events] == ["fsync", "replace"]
    assert events[0][1] == events[1][1] == path.read_bytes()
    assert b"REPLAYGAIN_TRACK_GAIN" in events[0][1]


FULL_DISK = """
import resource, sys
from loudscope import FileError
from loudscope.tags import TagValues, write
size = int(sys.argv[2])
resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
try:
    write(sys.argv[1], TagValues("x", -20.0, -10.0, -9.0))
except FileError as error:
    print(error)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="limits the size of files")
@pytest.mark.parametrize(
    ("name", "missing"),
    [
        *((name, 0.5) for name in ("a.wav", "a.mp3", "a.ogg", "a.opus", "a.m4a", "a.flac")),
        *((name, 0.0) for name in ("a.wav", "a.mp3", "a.ogg", "a.m4a", "a.flac")),
    ],
)
def test_a_disk_that_fills_up_leaves_the_original(name: str, missing: float, make: Make) -> None:
    """While copying, or while tagging: the file is as before, and nothing lies beside it."""
    path = make(name)
    size = path.stat().st_size
    if name == "a.flac" and missing == 0:  # it has room for tags of its own: take that away
        file = mutagen.File(path)
        file.save(padding=lambda _: 0)
        size = path.stat().st_size
    before = path.read_bytes()
    run = subprocess.run(
        [sys.executable, "-c", FULL_DISK, str(path), str(size - int(size * missing))],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "its tags cannot be written" in run.stdout
    assert path.read_bytes() == before
    assert [one.name for one in path.parent.iterdir()] == [name]


@pytest.mark.parametrize(
    ("name", "content", "error", "message"),
    [
        ("a.m4a", b"\0\0\0\x20ftypM4A " + bytes(99), FileError, "cannot be read"),
        ("a.txt", b"no audio at all" * 9, UnknownFormat, "not a container whose tags are known"),
        ("a.flac", b"fLaC" + bytes(3), FileError, "cannot be read"),
        ("a.mp3", b"", FileError, r"a\.mp3"),
    ],
)
def test_damaged_files_are_left_alone(
    name: str, content: bytes, error: type[Exception], message: str, tmp_path: Path
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(error, match=message) as caught:
        write(path, VALUES)
    assert str(path) in str(caught.value)
    assert path.read_bytes() == content
    assert [one.name for one in tmp_path.iterdir()] == [name]


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(FileError, match=r"none\.flac: its tags cannot be written: No such file"):
        write(tmp_path / "none.flac", VALUES)
    assert not list(tmp_path.iterdir())


PROTECTED = """
import os, sys
from loudscope import FileError
from loudscope.tags import TagValues, write
import mutagen.flac
if os.geteuid() == 0:  # root may write anything
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
try:
    write(sys.argv[1], TagValues("x", -20.0, -10.0, -9.0))
except FileError as error:
    print(error)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX permissions")
def test_a_write_protected_file_stays(make: Make) -> None:
    """A folder that may be written to would let a new file take its place."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(shutil.copy(make("a.flac"), folder))
        Path(folder).chmod(0o777)
        path.chmod(0o444)
        before = path.read_bytes()
        command = [sys.executable, "-c", PROTECTED, str(path)]
        run = subprocess.run(command, capture_output=True, text=True, check=True)
        assert "its tags cannot be written: it is write-protected" in run.stdout
        assert path.read_bytes() == before
        assert [one.name for one in Path(folder).iterdir()] == ["a.flac"]


WITHOUT = """
import sys
sys.modules["mutagen"] = None
import loudscope
from loudscope import tags
print(tags.tag_values([loudscope.analyze(sys.argv[1])])[0].replaygain())
try:
    tags.write(sys.argv[1], tags.TagValues("x", -20.0, -10.0, -9.0))
except loudscope.MissingExtra as error:
    print(error)
"""


def test_without_mutagen_values_are_there_and_writing_names_the_extra(make: Make) -> None:
    path = make("a.flac")
    before = path.read_bytes()
    run = subprocess.run(
        [sys.executable, "-c", WITHOUT, str(path)], capture_output=True, text=True, check=True
    )
    assert "REPLAYGAIN_TRACK_GAIN" in run.stdout
    assert "pip install 'loudscope[tags]'" in run.stdout
    assert path.read_bytes() == before
    assert [one.name for one in path.parent.iterdir()] == ["a.flac"]
