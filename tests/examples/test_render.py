"""The example piece is what its script renders, and is fit to be shown."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

import loudscope

ROOT = Path(__file__).parents[2]
PIECE = ROOT / "examples" / "audio" / "night_drive.flac"


def samples(path: Path) -> NDArray[Any]:
    return np.asarray(soundfile.read(path, dtype="int16")[0], np.int32)


def test_script_renders_the_committed_piece(tmp_path: Path) -> None:
    """Within one step of 16 bits: another machine's sine may differ in its last place."""
    rendered = tmp_path / "piece.flac"
    script = ROOT / "scripts" / "render_example.py"
    subprocess.run([sys.executable, "-B", script, rendered], check=True, timeout=120)
    committed = samples(PIECE)
    assert samples(rendered).shape == committed.shape
    assert np.max(np.abs(samples(rendered) - committed)) <= 1


def test_piece_is_small() -> None:
    assert PIECE.stat().st_size < 1_000_000


def test_piece_is_a_finished_master_with_quiet_and_loud_parts() -> None:
    """What the documentation shows of it: level, range, and a true peak over the sample peak."""
    analysis = loudscope.analyze(PIECE)
    assert analysis.integrated == pytest.approx(-12.65, abs=0.05)
    assert analysis.loudness_range == pytest.approx(10.9, abs=0.2)
    assert analysis.true_peak == pytest.approx(-0.51, abs=0.03)
    assert analysis.sample_peak == pytest.approx(-0.64, abs=0.01)
    assert analysis.duration == pytest.approx(24.1, abs=0.01)
