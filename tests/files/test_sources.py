"""Paths, open files and other objects; the errors they end in."""

from __future__ import annotations

import io
import os
import pickle
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from loudscope._errors import FileError, InvalidArgument, UnknownFormat, UnsupportedType
from loudscope._files import open_audio

from .conftest import MakeFile, MakeSignal, contents, read_all


def test_a_path_an_open_file_and_bytes_in_memory_give_the_same(
    tmp_path: Path, signal: MakeSignal, encode: MakeFile
) -> None:
    """An open file is read from its first byte and stays open; a path is a str or path-like."""
    data = encode(signal(44100, 2, 0.3), 44100, "FLAC", "PCM_16")
    path = tmp_path / "tone.flac"
    path.write_bytes(data)
    expected = contents(data)
    for source in (path, str(path)):
        with open_audio(source) as file:
            assert file.name == "tone.flac"
            np.testing.assert_array_equal(read_all(file), expected)
    with path.open("rb") as opened:
        opened.seek(17)
        with open_audio(opened) as file:
            np.testing.assert_array_equal(read_all(file), expected)
        assert not opened.closed


def test_the_format_is_never_taken_from_the_name(
    tmp_path: Path, signal: MakeSignal, encode: MakeFile
) -> None:
    """`.raw`, `.vox` and `.mp3` make libsndfile guess; the bytes alone decide here."""
    samples = np.round(signal(48000, 1, 0.1) * 2**15).astype(np.int16)
    for suffix in ("raw", "vox", "mp3", "gsm", "sd2"):
        path = tmp_path / f"tone.{suffix}"
        path.write_bytes(encode(samples, 48000, "WAV", "PCM_16"))
        with open_audio(path) as file:
            np.testing.assert_array_equal(read_all(file), samples)
        path.write_bytes(b"no audio at all, whatever its name says" * 20)
        with pytest.raises(UnknownFormat):
            open_audio(path)


def test_missing_directory_pipe_empty_and_foreign_files(tmp_path: Path) -> None:
    """Each is a FileError that names the path and says what to do."""
    with pytest.raises(FileError, match=r"absent\.wav: cannot be opened") as caught:
        open_audio(tmp_path / "absent.wav")
    assert isinstance(caught.value, OSError)
    assert caught.value.path == str(tmp_path / "absent.wav")
    again = pickle.loads(pickle.dumps(caught.value))
    assert (str(again), again.path) == (str(caught.value), caught.value.path)
    with pytest.raises(FileError, match="is a directory"):
        open_audio(tmp_path)
    with pytest.raises(FileError, match="cannot be opened"):
        open_audio("nul\0byte.wav")
    (tmp_path / "empty.wav").touch()
    with pytest.raises(UnknownFormat, match="empty"):
        open_audio(tmp_path / "empty.wav")
    (tmp_path / "text.wav").write_text("RIFF, but only in words")
    with pytest.raises(UnknownFormat, match="check that it is an audio file"):
        open_audio(tmp_path / "text.wav")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_named_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(FileError, match="not a regular file"):
        open_audio(tmp_path / "pipe")


@pytest.mark.parametrize("source", [None, 3, b"RIFF", [0.0], object()])
def test_sources_of_other_types_are_refused(source: object) -> None:
    with pytest.raises(UnsupportedType, match="source"):
        open_audio(source)  # type: ignore[arg-type]


def test_open_files_that_cannot_serve_are_refused(tmp_path: Path) -> None:
    """Text, closed, write-only, not seekable: each error says what to open instead."""

    class Stream(io.RawIOBase):
        def readable(self) -> bool:
            return True

        def readinto(self, buffer: object, /) -> int:
            return 0

    with pytest.raises(UnsupportedType, match="binary mode"):
        open_audio(io.StringIO("RIFF"))  # type: ignore[arg-type]
    closed = io.BytesIO(b"RIFF")
    closed.close()
    with pytest.raises(FileError, match="cannot be read"):
        open_audio(closed)
    with (tmp_path / "new.wav").open("wb") as file, pytest.raises(FileError, match=r"new\.wav"):
        open_audio(file)
    with pytest.raises(FileError, match="TemporaryFile"):
        open_audio(io.BufferedReader(Stream()))


def test_an_open_file_that_fails_midway_is_a_file_error(encode: MakeFile) -> None:
    """Exceptions inside libsndfile's callbacks reach the caller; an interrupt stays one."""

    class Failing(io.BytesIO):
        error: BaseException = OSError("the network is gone")
        armed = False

        def read(self, size: int | None = -1, /) -> bytes:
            if self.armed and size:
                raise self.error
            return super().read(size)

    data = encode(np.zeros((200_000, 2), np.int16), 48000, "WAV", "PCM_16")
    for error, expected in ((OSError("gone"), FileError), (KeyboardInterrupt(), KeyboardInterrupt)):
        source = Failing(data)
        source.error = error
        with open_audio(source) as file:
            file.read(100)
            source.armed = True
            with pytest.raises(expected):
                file.read(100_000)


def test_files_that_return_a_few_bytes_at_a_time_are_read_whole(encode: MakeFile) -> None:
    class Slow(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            return super().read(min(7, size) if size and size > 0 else size)

    samples = np.arange(20_000, dtype=np.int16)[:, None]
    with open_audio(Slow(encode(samples, 48000, "FLAC", "PCM_16"))) as file:
        np.testing.assert_array_equal(read_all(file), samples)


def test_arguments_that_do_not_fit(encode: MakeFile) -> None:
    data = encode(np.zeros((10, 1), np.int16), 48000, "WAV", "PCM_16")
    with pytest.raises(InvalidArgument, match="partial"):
        open_audio(io.BytesIO(data), partial="maybe")  # type: ignore[arg-type]
    file = open_audio(io.BytesIO(data))
    for call in (file.read, file.seek):
        with pytest.raises(InvalidArgument, match="negative"):
            call(-1)
    file.close()
    file.close()
    for call in (file.read, file.seek):
        with pytest.raises(FileError, match="closed"):
            call(1)


def test_without_pyav_the_error_names_the_extra(tmp_path: Path) -> None:
    """UnknownFormat says what to install; run apart, since PyAV may be installed here."""
    path = tmp_path / "film.mp4"
    path.write_bytes(b"\0\0\0\x14ftypisom\0\0\0\0isom" + b"\0\0\0\x08free")
    program = (
        "import sys; sys.modules['av'] = None\n"
        "from loudscope._files import open_audio\n"
        "from loudscope._errors import UnknownFormat\n"
        "try: open_audio(sys.argv[1])\n"
        "except UnknownFormat as error: print(error)\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", program, str(path)],
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert "pip install 'loudscope[decode]'" in run.stdout, run.stderr


def test_soundfile_is_imported_only_when_a_file_is_opened() -> None:
    program = "import loudscope._files, sys; print({'soundfile', 'av'} & set(sys.modules))"
    run = subprocess.run(
        [sys.executable, "-c", program], check=False, capture_output=True, text=True, timeout=60
    )
    assert run.stdout.strip() == "set()", run.stderr
