"""The scripts in examples/ run as they stand and say what the library says."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile

import loudscope

ROOT = Path(__file__).parents[2]
PIECE = ROOT / "examples" / "audio" / "night_drive.flac"
SCRIPTS = sorted(path.name for path in (ROOT / "examples").glob("*.py"))


def run(script: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-W", "error", f"examples/{script}", *map(str, arguments)]
    return subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )


def words(output: str, begins: str) -> list[str]:
    """The words of the only line that begins so, without that beginning."""
    [line] = [line for line in output.splitlines() if line.startswith(begins)]
    return line.removeprefix(begins).split()


@pytest.fixture(scope="module")
def piece() -> loudscope.Analysis:
    return loudscope.analyze(PIECE)


@pytest.fixture
def album(tmp_path: Path) -> Path:
    """A loud and a quiet track, made of the example's chorus and breakdown."""
    samples, rate_hz = soundfile.read(PIECE, dtype="float32")
    for name, begin, end in (("1 loud", 13.5, 22.0), ("2 quiet", 9.0, 13.0)):
        part = samples[int(begin * rate_hz) : int(end * rate_hz)]
        soundfile.write(tmp_path / f"{name}.wav", part, rate_hz, subtype="FLOAT")
    return tmp_path


@pytest.mark.parametrize("script", SCRIPTS)
def test_runs_without_arguments(script: str) -> None:
    done = run(script)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout


@pytest.mark.parametrize("script", SCRIPTS)
def test_explains_itself(script: str) -> None:
    done = run(script, "--help")
    assert done.returncode == 0
    assert done.stdout.startswith(f"usage: {script}")


@pytest.mark.parametrize("script", [name for name in SCRIPTS if name != "album_loudness.py"])
def test_a_missing_file_is_told_in_a_line(script: str, tmp_path: Path) -> None:
    missing = tmp_path / "missing.wav"
    done = run(script, missing, *([missing] if script == "compare_masters.py" else []))
    assert done.returncode == 1
    assert "missing.wav" in done.stderr
    assert "Traceback" not in done.stderr


def test_album_is_pooled_and_not_averaged(album: Path) -> None:
    """BS.1770-5 Annex 1: the album's gates see the blocks of both tracks."""
    done = run("album_loudness.py", album)
    assert done.returncode == 0
    tables = [loudscope.scan(path) for path in sorted(album.glob("*.wav"))]
    loudness = [loudscope.Analysis(table).integrated or 0.0 for table in tables]
    pooled = loudscope.Analysis(tables[0] + tables[1]).integrated or 0.0
    assert abs(pooled - sum(loudness) / 2) > 1.0  # the two could be told apart
    lines = {"1 loud.wav": loudness[0], "2 quiet.wav": loudness[1], "album of 2": pooled}
    for name, value in lines.items():
        shown = words(done.stdout, name)
        assert shown[0] == f"{value:.2f}"
        assert shown[3] == f"{-18.0 - value:.2f}"


def test_album_tells_which_track_cannot_be_read(album: Path) -> None:
    (album / "3 broken.wav").write_bytes(b"RIFF but no audio")
    done = run("album_loudness.py", album)
    assert done.returncode == 1
    assert done.stderr.startswith("3 broken.wav: ")
    assert "album of 2" in done.stdout


def test_moments_carry_their_timecodes(piece: loudscope.Analysis) -> None:
    done = run("loudest_moments.py", PIECE, "--passages", 2)
    assert words(done.stdout, "max momentary") == [
        f"{piece.momentary_max:.2f}", "LUFS", f"0:00:{piece.momentary_max_at:06.3f}",
    ]  # fmt: skip
    assert words(done.stdout, "true peak R")[2] == f"0:00:{piece.true_peak_at:06.3f}"
    ends = [
        float(words(done.stdout, f"passage {number}")[2].removeprefix("0:00:")) for number in (1, 2)
    ]
    assert abs(ends[0] - ends[1]) >= 3.0
    assert "passage 3" not in done.stdout


def test_meter_ends_where_the_whole_file_does(piece: loudscope.Analysis) -> None:
    done = run("live_meter.py", PIECE)
    assert done.stdout.count(" s  M ") == int(piece.duration)
    last = [line for line in done.stdout.splitlines() if " s  M " in line][-1]
    shown = re.search(r"I +(\S+)  TP +(\S+)$", last)
    assert shown is not None
    assert float(shown[1]) == pytest.approx(piece.integrated, abs=0.1)
    assert float(shown[2]) == pytest.approx(piece.true_peak, abs=0.05)
    summary = piece.summary().partition("\n")[2]  # the meter does not know the file's name
    assert summary in done.stdout


def test_masters_are_compared_at_the_same_loudness(tmp_path: Path) -> None:
    """A gain alone leaves no difference but that of the loudness."""
    samples, rate_hz = soundfile.read(PIECE, dtype="float32")
    soundfile.write(tmp_path / "half.wav", samples / 2, rate_hz, subtype="FLOAT")
    done = run("compare_masters.py", PIECE, tmp_path / "half.wav")
    assert words(done.stdout, "integrated")[2:] == ["-6.02", "LU"]
    names = ("true peak", "loudness range", "plr", "crest factor", "Sub", "Bass", "Mids", "Air")
    for name in names:
        assert float(words(done.stdout, name)[2]) == 0.0


def test_clipping_shows_as_lost_dynamics() -> None:
    done = run("compare_masters.py")
    assert float(words(done.stdout, "plr")[2]) < -3.0
    assert float(words(done.stdout, "integrated")[2]) > 3.0


def test_masters_come_in_pairs() -> None:
    assert run("compare_masters.py", PIECE).returncode == 2


@pytest.mark.parametrize("parts", [1, 2, 7])
def test_parts_make_up_the_whole(parts: int, piece: loudscope.Analysis) -> None:
    """`then` is exact: the joined table is the whole one, bit for bit."""
    done = run("split_and_join.py", PIECE, "--parts", parts)
    assert done.returncode == 0
    assert done.stdout.count("part    <") == parts
    assert words(done.stdout, "equal to the whole:") == ["True"]
    assert words(done.stdout, "integrated:") == [f"{piece.integrated:.2f}", "LUFS"]


def test_a_part_too_short_to_cut_is_left_whole(tmp_path: Path) -> None:
    noise = np.random.default_rng(1).uniform(-0.1, 0.1, 4000).astype(np.float32)
    soundfile.write(tmp_path / "short.wav", noise, 48000, subtype="FLOAT")
    done = run("split_and_join.py", tmp_path / "short.wav", "--parts", 9)
    assert done.returncode == 0
    assert words(done.stdout, "integrated:") == ["-"]
