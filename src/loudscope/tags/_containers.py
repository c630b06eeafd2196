"""Tags in each kind of container; the one module that knows mutagen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from loudscope import FileError, MissingExtra, UnknownFormat

__all__ = ["Tagged", "open_tags", "require_writer"]

_FREE_FORM = "----:com.apple.iTunes:"


def _mutagen() -> Any:  # noqa: ANN401 - its types are partly missing
    try:
        import mutagen
    except ImportError as error:
        raise MissingExtra(
            "writing tags needs mutagen, which is not installed: pip install 'loudscope[tags]'"
        ) from error
    return mutagen


def require_writer() -> None:
    """Makes sure that tags can be written, before a long measurement rather than after.

    Raises:
        MissingExtra: mutagen is not installed.
    """
    _mutagen()


class Tagged:
    """An audio file whose tags are read, changed and saved.

    Attributes:
        is_opus: Whether it is Ogg Opus, which has gains of its own.
    """

    def __init__(self, file: Any) -> None:  # noqa: ANN401
        if file.tags is None:
            file.add_tags()
        self._file = file
        self.is_opus = type(file).__name__ == "OggOpus"

    def put(self, values: Mapping[str, str], stale: Iterable[str] = ()) -> None:
        """Set tags, and take others out; names differ in no case.

        Raises:
            UnknownFormat: This container has no place for them.
        """
        tags = self._file.tags
        kind = type(tags).__name__
        wanted = {*values, *stale}
        if hasattr(tags, "getall"):
            _put_id3(tags, values, wanted)
        elif kind == "MP4Tags":
            _put_mp4(tags, values, wanted)
        elif kind in ("APEv2", "ASFTags") or hasattr(tags, "vendor"):
            for key in [key for key in set(tags.keys()) if key.upper() in wanted]:
                del tags[key]
            for key, value in values.items():
                tags[key.lower() if kind == "ASFTags" else key] = value
        else:
            raise UnknownFormat(f"{kind} has no place for these tags; convert to FLAC, for example")

    def save(self) -> None:
        """Write the tags into the file that was opened; ID3v2.3 stays ID3v2.3."""
        tags = self._file.tags
        if hasattr(tags, "update_to_v23") and getattr(tags, "version", (2, 4, 0)) < (2, 4, 0):
            tags.update_to_v23()
            self._file.save(v2_version=3)
        else:
            self._file.save()


def open_tags(path: str) -> Tagged:
    """Opens the tags of a file.

    Raises:
        MissingExtra: mutagen is not installed.
        UnknownFormat: It is not a container that mutagen knows.
        FileError: It is damaged.
    """
    mutagen = _mutagen()
    try:
        file = mutagen.File(path)
        if file is None:
            raise UnknownFormat(f"{path}: not a container whose tags are known here", path)
        return Tagged(file)
    except mutagen.MutagenError as error:
        raise FileError(f"{path}: its tags cannot be read: {error}", path) from error


def _put_id3(tags: Any, values: Mapping[str, str], wanted: set[str]) -> None:  # noqa: ANN401
    from mutagen import id3

    text: Any = id3.TXXX
    for frame in tags.getall("TXXX"):
        if frame.desc.upper() in wanted:
            del tags[frame.HashKey]
    for key, value in values.items():
        tags.add(text(encoding=3, desc=key, text=[value]))


def _put_mp4(tags: Any, values: Mapping[str, str], wanted: set[str]) -> None:  # noqa: ANN401
    """As iTunes' own free-form atoms, in the lower case that players of m4a look for."""
    from mutagen import mp4

    free_form: Any = mp4.MP4FreeForm
    for atom in [atom for atom in tags if atom.removeprefix(_FREE_FORM).upper() in wanted]:
        del tags[atom]
    for key, value in values.items():
        tags[_FREE_FORM + key.lower()] = [free_form(value.encode(), mp4.AtomDataType.UTF8)]
