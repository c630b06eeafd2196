"""Hostile files: what they are refused for, and that they harm nobody but their own process."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from random import Random

import numpy as np
import pytest

from loudscope.qc import Inspection, inspect
from loudscope.report import report
from loudscope.service._settings import Limits
from loudscope.service.work._jobs import displayed, named
from loudscope.service.work._sandbox import (
    DiedError,
    KilledError,
    RefusedError,
    Sandbox,
)

from ..waiting import wait
from ..whole.fuzz import KINDS, seeds
from .hostile import flac, flac_of, playlist, wav_of, zipped
from .shop import children

EXAMPLE = Path(__file__).resolve().parents[3] / "examples" / "audio" / "night_drive.flac"
LIMITS = Limits()
ENDLESS = Limits(samples=10**12, seconds=10**6)


def nobody(stage: str, progress: float) -> None:
    """Nobody wants to know how far it is."""


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    box = Sandbox()
    yield box
    box.close()


@pytest.fixture
def upload(tmp_path: Path) -> Path:
    return tmp_path / "upload"


def refused(sandbox: Sandbox, path: Path, limits: Limits = LIMITS) -> str:
    """The code for which it is refused; the message is one for people."""
    with pytest.raises(RefusedError) as caught:
        sandbox.measure(path, limits, nobody)
    reason = caught.value.reason
    assert reason.message.endswith(".") and reason.message[0].isupper()
    assert str(path.parent) not in reason.message and "partial=" not in reason.message
    return reason.code


def test_measures_what_the_library_measures(sandbox: Sandbox) -> None:
    told: list[tuple[str, float]] = []
    data = sandbox.measure(EXAMPLE, LIMITS, lambda *it: told.append(it))
    whole = inspect(EXAMPLE)
    assert data == named(whole, None).to_bytes()  # to the last bit
    found = Inspection.from_bytes(data)
    assert found.analysis.table == whole.analysis.table
    assert found.findings == whole.findings
    assert found.pcm_sha256 == whole.pcm_sha256
    assert found.analysis.name is None  # whoever else uploads it does not learn it
    assert told[0] == ("decoding", 0.0) and told[-1] == ("measuring", 1.0)


def test_every_format_is_decoded_under_the_limits(sandbox: Sandbox, upload: Path) -> None:
    """To the last bit as it is without them, by whatever way a decoder reads."""
    tag = b"ID3\x03\0\0\0\0\0\x0a" + bytes(10)
    for (kind, _), data in zip(KINDS, seeds(), strict=True):
        upload.write_bytes(tag + data if kind == "MP3" else data)
        assert sandbox.measure(upload, LIMITS, nobody) == named(inspect(upload), None).to_bytes()


def test_judges_as_the_report_does(sandbox: Sandbox) -> None:
    data = sandbox.measure(EXAMPLE, LIMITS, nobody)
    judged = sandbox.judge(data, data, LIMITS, name="mix.flac", genre="pop", target="spotify")
    inspection = inspect(EXAMPLE)
    made = report(inspection, genre="pop", target="spotify", reference=inspection)
    assert judged.verdict["verdict"] == made.feedback.verdict
    assert judged.verdict["figures"]["integrated"] == made.inspection.analysis.integrated
    assert sum(judged.verdict["issues"].values()) == len(made.feedback.issues)
    assert judged.documents["json"][:2] == judged.documents["html"][:2] == b"\x1f\x8b"


@pytest.mark.parametrize("name", ["../../etc/passwd", "C:\\music\\passwd", "a\nb\x00\u202epasswd"])
def test_a_name_is_for_display_only(name: str) -> None:
    shown = displayed(name)
    assert shown.endswith("passwd")
    assert not set(shown) & set("/\\\n\x00\u202e")


def test_names_of_genres_and_targets_are_no_paths(sandbox: Sandbox, tmp_path: Path) -> None:
    data = sandbox.measure(EXAMPLE, LIMITS, nobody)
    own = tmp_path / "own.toml"
    own.write_text("[own]\nreference_lufs = -14.0\n")
    with pytest.raises(RefusedError, match="no target of this name"):
        sandbox.judge(data, None, LIMITS, name="x", genre=None, target=str(own))


def test_an_hour_in_400_kilobytes_is_refused_at_once(sandbox: Sandbox, upload: Path) -> None:
    upload.write_bytes(flac_of(3600.0, 192_000, 8))
    assert upload.stat().st_size < 400_000
    assert refused(sandbox, upload) == "too_long"


@pytest.mark.parametrize("declared", [0, 48_000 * 90])
def test_a_header_that_promises_less_saves_no_one(
    sandbox: Sandbox, upload: Path, declared: int
) -> None:
    """400 s of audio, of which 100 may be measured: what counts is what was decoded."""
    upload.write_bytes(flac_of(400.0, 48_000, 2, declared))
    limits = Limits(seconds=100.0)
    if declared:  # the container says where the audio ends; nothing behind it is read
        found = Inspection.from_bytes(sandbox.measure(upload, limits, nobody))
        assert found.analysis.duration == pytest.approx(declared / 48_000, abs=0.2)
    else:
        assert refused(sandbox, upload, limits) == "too_long"


def test_samples_of_all_channels_are_counted(sandbox: Sandbox, upload: Path) -> None:
    upload.write_bytes(flac(48_000, 2, 4, 0))
    assert refused(sandbox, upload, Limits(samples=2 * 3 * 65535)) == "too_long"
    assert sandbox.measure(upload, Limits(samples=2 * 4 * 65535), nobody)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "undecodable"),
        (Random(1).randbytes(100_000), "undecodable"),
        (zipped(wav_of(4096, 4096)), "undecodable"),
        (wav_of(0xFFFF_0000, 400_000), "truncated"),
        (wav_of(0, 0), "empty"),
        (flac(48_000, 2, 4)[:-20], "truncated"),
        (flac(48_000, 2, 4, 10**8), "truncated"),
        (flac_of(1.0, 4_000, 1), "rate_unsupported"),
        *((playlist(EXAMPLE, kind), "undecodable") for kind in ("hls", "concat", "m3u", "pls")),
    ],
)
def test_what_is_no_whole_audio_is_refused(
    sandbox: Sandbox, upload: Path, content: bytes, code: str
) -> None:
    upload.write_bytes(content)
    assert refused(sandbox, upload) == code


def test_nan_is_refused(sandbox: Sandbox, tmp_path: Path) -> None:
    import soundfile

    samples = np.zeros((48_000, 2), np.float32)
    samples[1000, 1] = np.nan
    soundfile.write(tmp_path / "nan.wav", samples, 48_000, subtype="FLOAT")
    assert refused(sandbox, tmp_path / "nan.wav") == "not_finite"


def test_channels_and_rate_have_limits(sandbox: Sandbox, upload: Path) -> None:
    upload.write_bytes(flac_of(1.0, 96_000, 6))
    assert refused(sandbox, upload, Limits(channels=5)) == "too_many_channels"
    assert refused(sandbox, upload, Limits(rate_hz=48_000)) == "rate_unsupported"


def test_memory_has_a_limit(sandbox: Sandbox, upload: Path) -> None:
    upload.write_bytes(flac_of(30.0, 192_000, 8))
    assert refused(sandbox, upload, Limits(memory_bytes=8 << 20)) == "out_of_memory"


def test_time_of_the_cpu_has_a_limit_and_the_process_is_replaced(
    sandbox: Sandbox, upload: Path
) -> None:
    upload.write_bytes(flac_of(3600.0, 192_000, 8))
    limits = ENDLESS.model_copy(update={"cpu_seconds": 1.0})
    assert refused(sandbox, upload, limits) == "too_slow"
    assert sandbox.measure(EXAMPLE, LIMITS, nobody)


def test_the_wall_clock_has_a_limit(sandbox: Sandbox, upload: Path) -> None:
    upload.write_bytes(flac_of(3600.0, 192_000, 8))
    limits = ENDLESS.model_copy(update={"wall_seconds": 0.3})
    with pytest.raises(DiedError) as caught:
        sandbox.measure(upload, limits, nobody)
    assert caught.value.reason.code == "too_slow"
    assert sandbox.pid is None


def test_a_killed_process_is_replaced(sandbox: Sandbox, upload: Path) -> None:
    upload.write_bytes(flac_of(3600.0, 192_000, 8))

    def kill(stage: str, progress: float) -> None:
        if stage == "measuring" and sandbox.pid is not None:
            os.killpg(sandbox.pid, signal.SIGKILL)

    with pytest.raises(DiedError) as caught:
        sandbox.measure(upload, ENDLESS, kill)
    assert caught.value.reason.code == "crashed"
    assert sandbox.measure(EXAMPLE, LIMITS, nobody)


def test_kill_ends_a_request_and_those_after_it_until_renewed(
    sandbox: Sandbox, upload: Path
) -> None:
    upload.write_bytes(flac_of(3600.0, 192_000, 8))
    begun = threading.Event()

    def kill() -> None:
        begun.wait(60.0)
        sandbox.kill()

    killer = threading.Thread(target=kill)
    killer.start()
    with pytest.raises(KilledError):
        sandbox.measure(upload, ENDLESS, lambda *_: begun.set())
    killer.join()
    with pytest.raises(KilledError):
        sandbox.measure(EXAMPLE, LIMITS, nobody)
    sandbox.renew()
    assert sandbox.measure(EXAMPLE, LIMITS, nobody)


def test_every_upload_has_a_process_of_its_own_that_sees_no_secret(
    sandbox: Sandbox, upload: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The service's environment is not passed on, and forks end with their upload."""
    monkeypatch.setenv("LOUDSCOPE_API_KEYS", "secret")
    sandbox.close()
    upload.write_bytes(flac_of(5.0, 192_000, 8))
    seen: list[tuple[int, str]] = []

    def look(stage: str, progress: float) -> None:
        if stage == "decoding":
            (fork,) = children(sandbox.pid or 0)
            seen.append((fork, Path(f"/proc/{fork}/environ").read_text()))

    for _ in range(2):
        sandbox.measure(upload, ENDLESS, look)
    assert len({pid for pid, _ in seen}) == 2
    assert not any("secret" in environment for _, environment in seen)


LEAD = """
import sys
from loudscope.service._settings import Limits
from loudscope.service.work._sandbox import Sandbox

box = Sandbox()

def begun(stage, progress):
    if stage == "measuring":
        print(box.pid, flush=True)

box.measure(sys.argv[1], Limits(samples=10**12, seconds=10**6), begun)
"""


def test_processes_die_with_the_service(upload: Path) -> None:
    """SIGKILL of the service closes its pipes: nobody goes on decoding."""
    upload.write_bytes(flac_of(3600.0, 192_000, 8))
    command = [sys.executable, "-c", LEAD, str(upload)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as service:
        assert service.stdout is not None
        measuring = int(service.stdout.readline())
        (fork,) = children(measuring)
        service.kill()
    wait(lambda: not (alive(measuring) or alive(fork)))


def alive(pid: int) -> bool:
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
