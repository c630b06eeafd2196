"""Inter-sample overs: regions whose true peak exceeds 0 and -1 dBTP, and when."""

from __future__ import annotations

import math

import numpy as np
import pytest

from loudscope.qc import Faults, inspect

from .sounds import RATE, Signal, music


def faults(signal: Signal, rate_hz: int = RATE) -> Faults:
    return inspect(signal, rate_hz).faults


def hidden_peak(peak: float) -> Signal:
    """20 ms at a quarter of the rate whose samples are 3 dB below their true peak, faded."""
    count = RATE // 50
    wave = np.sin(np.pi / 2 * np.arange(count) + np.pi / 4)
    return np.asarray(peak * wave * np.hanning(count))


def with_peaks(*events: tuple[float, int, float], seconds: float = 4.0) -> Signal:
    """Quiet music with (centre in seconds, channel, peak) events."""
    signal = 0.1 * music(seconds)
    for at, channel, peak in events:
        burst = hidden_peak(peak)
        begin = round(at * RATE) - len(burst) // 2
        signal[begin : begin + len(burst), channel] += burst
    return signal


def test_peaks_between_samples_are_found_where_no_sample_is_over() -> None:
    signal = with_peaks((1.234, 0, 1.1), (2.75, 1, 1.05))
    assert np.abs(signal).max() < 0.9
    found = faults(signal).overs
    assert found.count == len(found.regions) == 2
    for region, at, channel in zip(found.regions, (1.234, 2.75), ("L", "R"), strict=True):
        assert region.channel == channel
        assert at - 0.015 <= region.start <= at <= region.stop <= at + 0.015
    assert found.max_dbtp == max(region.peak_dbtp for region in found.regions)
    assert found.max_dbtp == pytest.approx(20 * math.log10(1.1), abs=0.2)


def test_below_the_level_there_is_none() -> None:
    found = faults(with_peaks((1.0, 0, 0.95)))
    assert (found.overs.count, found.overs.max_dbtp, found.overs.regions) == (0, None, ())
    assert found.overs_1db.count == 1
    found = faults(with_peaks((1.0, 0, 0.8)))
    assert (found.overs.count, found.overs_1db.count) == (0, 0)


def test_every_over_of_0_dbtp_lies_in_one_of_1_dbtp() -> None:
    found = faults(1.3 * music(6.0) / 0.5)
    assert found.overs.count > 0
    for region in found.overs.regions:
        wider = [r for r in found.overs_1db.regions if r.start <= region.start <= r.stop]
        assert [r.stop >= region.stop for r in wider] == [True]


def test_consecutive_blocks_are_one_region() -> None:
    """0.35 s of overs: from its first 10 ms to its last."""
    events = [(1.0 + 0.01 * i, 0, 1.2) for i in range(36)]
    (region,) = faults(with_peaks(*events)).overs.regions
    assert region.start == pytest.approx(1.0, abs=0.011)
    assert region.stop == pytest.approx(1.35, abs=0.011)


def test_regions_are_those_of_the_table() -> None:
    signal = 1.2 * music(6.0, seed=5) / 0.5
    inspection = inspect(signal, RATE)
    table = inspection.analysis.table
    assert table.true_peak is not None
    over = (table.true_peak > 1.0).any(axis=1)
    begins = np.flatnonzero(np.diff(over, prepend=False) & over)
    found = inspection.faults.overs
    assert [int(region.start * 10 + 1e-9) for region in found.regions] == begins.tolist()
    assert found.max_dbtp == inspection.analysis.true_peak


def test_at_an_odd_rate() -> None:
    """Ticks that are not all of one length."""
    signal = 0.1 * music(3.0, 22050)
    signal[30000] = 1.3
    found = faults(signal, 22050).overs
    assert found.count == 1
    assert found.regions[0].start <= 30000 / 22050 < found.regions[0].stop
    assert found.regions[0].stop - found.regions[0].start < 0.0105
