"""The depot of one machine: a folder."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from .._errors import UnavailableError
from ._names import NAME, checked

__all__ = ["FolderDepot"]

ARRIVING = ".part"  # of a file that is being copied; no name ends so


class FolderDepot:
    """See `loudscope.service._ports.Depot`."""

    def __init__(self, folder: Path) -> None:
        """Takes the folder, or makes it, for its owner alone.

        Raises:
            UnavailableError: It cannot be made.
        """
        self.folder = folder
        with working(folder):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def ping(self) -> None:
        """Raises if nothing can be written there."""
        with working(self.folder):
            path = self.folder / f"ping-{os.getpid()}{ARRIVING}"
            path.write_bytes(b"")
            path.unlink(missing_ok=True)

    def close(self) -> None:
        """There is nothing to let go of."""

    def put(self, path: Path, name: str) -> None:
        """Takes the file over by renaming it; from another disk, it is copied first."""
        there = self.folder / checked(name)
        with working(self.folder):
            os.utime(path)  # its age is counted from now
            try:
                path.replace(there)
            except OSError as error:
                if error.errno != errno.EXDEV:
                    raise
                self._copy(path, there)

    def _copy(self, path: Path, there: Path) -> None:
        arriving = there.with_name(there.name + ARRIVING)
        try:
            shutil.copyfile(path, arriving)
            arriving.replace(there)
        finally:
            arriving.unlink(missing_ok=True)
        path.unlink()

    def fetch(self, name: str, folder: Path) -> Path:
        """Where it lies: nothing is copied into `folder`."""
        path = self.folder / checked(name)
        if not path.is_file():
            raise FileNotFoundError(errno.ENOENT, "there is no such audio", name)
        return path

    def delete(self, name: str) -> None:
        """Deletes it, if it is there."""
        with working(self.folder):
            (self.folder / checked(name)).unlink(missing_ok=True)

    def names(self, before: float) -> Iterator[str]:
        """What is older; what was left half copied at that age is deleted by the way."""
        with working(self.folder), os.scandir(self.folder) as entries:
            for entry in entries:
                with suppress(FileNotFoundError):  # deleted meanwhile
                    if entry.stat(follow_symlinks=False).st_mtime >= before:
                        continue
                    if entry.name.endswith(ARRIVING):
                        Path(entry.path).unlink(missing_ok=True)
                    elif NAME.fullmatch(entry.name):
                        yield entry.name


@contextmanager
def working(folder: Path) -> Iterator[None]:
    """Names the depot where its disk refuses.

    Raises:
        UnavailableError: Instead of an OSError.
    """
    try:
        yield
    except UnavailableError:
        raise
    except OSError as error:
        raise UnavailableError("depot", f"the folder {folder.name} refuses: {error}") from error
