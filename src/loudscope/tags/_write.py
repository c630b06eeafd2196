"""Writing tags: into a copy, which then takes the file's place. The audio is not touched."""

from __future__ import annotations

import contextlib
import os
import shutil
from os import PathLike
from typing import Literal, TypeAlias
from uuid import uuid4

from loudscope import FileError, InvalidArgument, LoudscopeError

from ._containers import open_tags
from ._values import Peak, TagValues

__all__ = ["OpusTags", "write"]

OpusTags: TypeAlias = Literal["r128", "replaygain", "both"]

_REPLAYGAIN = tuple(
    f"REPLAYGAIN_{whose}_{what}" for whose in ("TRACK", "ALBUM") for what in ("GAIN", "PEAK")
)
_R128 = ("R128_TRACK_GAIN", "R128_ALBUM_GAIN")


def write(
    path: str | PathLike[str],
    values: TagValues,
    *,
    peak: Peak = "sample",
    opus: OpusTags = "r128",
) -> dict[str, str]:
    """Writes the tags of one file, or leaves it as it was.

    A copy beside the file is tagged, brought to the disk (fsync) and renamed over it, so that
    there is the old file or the new one at any moment. A link is followed. The audio is copied
    byte by byte; other tags stay.

    Args:
        path: The file: FLAC, MP3, Ogg Vorbis, Opus, MP4, WAV, AIFF, WavPack and other APEv2, WMA.
        values: What `tag_values` made.
        peak: As in `TagValues.replaygain`.
        opus: What an Opus file gets: "r128" alone, since RFC 7845 asks that ReplayGain tags not
            be there (old ones are taken out); "replaygain" for players that know nothing else; or
            "both". Other containers get ReplayGain.

    Returns:
        The tags as written.

    Raises:
        MissingExtra: mutagen is not installed.
        UnknownFormat: The container has no place for them.
        FileError: The file cannot be read, is damaged, or cannot be written.
        InvalidArgument: Another `peak` or `opus`.
    """
    if opus not in ("r128", "replaygain", "both"):
        raise InvalidArgument(f"opus={opus!r}: choose 'r128', 'replaygain' or 'both'")
    values.replaygain(peak)  # refuses another peak before anything is copied
    name = os.fspath(path)
    target = os.path.realpath(name)
    folder, base = os.path.split(target)
    neighbour = os.path.join(folder, f".{uuid4().hex}{os.path.splitext(base)[1]}")
    try:
        try:
            _copy(target, neighbour)
            written = _tag(neighbour, values, peak, opus)
            _to_disk(neighbour)
            os.replace(neighbour, target)
        except BaseException:
            with contextlib.suppress(OSError):
                os.unlink(neighbour)
            raise
        with contextlib.suppress(OSError):  # the tags are there; not every file system can do this
            _to_disk(folder)
    except LoudscopeError as error:
        raise _named(error, neighbour, name) from error
    except Exception as error:
        raise FileError(f"{name}: its tags cannot be written: {_why(error)}", name) from error
    return written


def _copy(source: str, copy: str) -> None:
    """A copy with the same mode, times, attributes and, where we may, owner."""
    if not os.access(source, os.W_OK):
        os.stat(source)  # a file that is not there says so
        raise PermissionError(13, "it is write-protected")
    shutil.copy2(source, copy)
    if hasattr(os, "chown"):
        there = os.stat(source)
        with contextlib.suppress(OSError):
            os.chown(copy, there.st_uid, there.st_gid)


def _tag(path: str, values: TagValues, peak: Peak, opus: OpusTags) -> dict[str, str]:
    file = open_tags(path)
    stale: tuple[str, ...] = ()
    if not file.is_opus:
        written = values.replaygain(peak)
    elif opus == "r128":
        written, stale = values.r128(), _REPLAYGAIN
    elif opus == "replaygain":
        written, stale = values.replaygain(peak), _R128
    else:
        written = {**values.r128(), **values.replaygain(peak)}
    file.put(written, stale)
    file.save()
    return written


def _to_disk(path: str) -> None:
    """fsync; directories cannot be opened everywhere."""
    folder = os.path.isdir(path)
    if folder and os.name == "nt":
        return
    descriptor = os.open(path, os.O_RDONLY if folder else os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _named(error: LoudscopeError, neighbour: str, name: str) -> LoudscopeError:
    """The same error about the file that was meant, not about its copy."""
    message = str(error).replace(neighbour, name)
    if isinstance(error, FileError):
        return type(error)(message if name in message else f"{name}: {message}", name)
    return type(error)(message)


def _why(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error) or type(error).__name__
