"""Findings from stereo and dynamics."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ._dynamics import DynamicsFigures
from ._fault_rules import blocks_at
from ._findings import Finding, FindingCode
from ._inspection import Inspection
from ._limits import LIMITS
from ._stereo import StereoFigures

__all__ = ["sound_findings"]


def sound_findings(inspection: Inspection) -> Iterator[Finding]:
    """The findings from `Inspection.stereo` and `Inspection.dynamics`."""
    stereo = inspection.stereo
    if stereo is not None:
        yield from _channels(stereo)
        if not (stereo.silent_channels or stereo.inverted or stereo.dual_mono):
            yield from _image(stereo)
    yield from _limiting(inspection.dynamics)


def _channels(stereo: StereoFigures) -> Iterator[Finding]:
    if stereo.silent_channels:
        labels = " and ".join(stereo.silent_channels)
        message = f"Silent: {labels}."
        yield _yes(FindingCode.SILENT_CHANNEL, "stereo.silent_channels", message)
        return
    if stereo.dual_mono:
        message = "Left and right are the same: mono on two channels."
        yield _yes(FindingCode.DUAL_MONO, "stereo.dual_mono", message)
    if stereo.inverted:
        message = "Left and right are opposite: one of them is inverted."
        finding = (FindingCode.INVERTED_CHANNEL, "stereo.inverted", message)
        yield Finding(*finding, stereo.correlation, LIMITS["inverted_correlation"], "", ())
    if stereo.delay_ms is not None and abs(stereo.delay_ms) >= LIMITS["delay_ms"]:
        later, sooner = ("Right", "left") if stereo.delay_ms > 0 else ("Left", "right")
        message = f"{later} comes {abs(stereo.delay_ms):.2f} ms after {sooner}."
        finding = (FindingCode.DELAYED_CHANNEL, "stereo.delay_ms", message)
        yield Finding(*finding, stereo.delay_ms, LIMITS["delay_ms"], "ms", ())


def _image(stereo: StereoFigures) -> Iterator[Finding]:
    if stereo.balance is not None and abs(stereo.balance) > LIMITS["balance_db"]:
        side = "left" if stereo.balance > 0 else "right"
        message = f"The {side} channel is {abs(stereo.balance):.1f} dB louder."
        finding = (FindingCode.BALANCE, "stereo.balance", message)
        yield Finding(*finding, stereo.balance, LIMITS["balance_db"], "dB", ())
    if stereo.mono_loss is not None and stereo.mono_loss > LIMITS["mono_loss_lu"]:
        message = f"Played in mono it loses {stereo.mono_loss:.1f} LU."
        finding = (FindingCode.MONO_LOSS, "stereo.mono_loss", message)
        limit = LIMITS["mono_loss_lu"]
        yield Finding(*finding, stereo.mono_loss, limit, "LU", _negative(stereo))
    for band in stereo.bands:
        if band.correlation is not None and band.correlation < LIMITS["band_correlation"]:
            message = f"{band.name}: left and right work against each other."
            figure = f"stereo.bands.correlation:{band.name}"
            finding = (FindingCode.BAND_OUT_OF_PHASE, figure, message)
            yield Finding(*finding, band.correlation, LIMITS["band_correlation"], "", ())
    bass = stereo.bass_correlation
    if bass is not None and bass < LIMITS["bass_correlation"]:
        message = "Below 120 Hz left and right differ: bass is lost in mono and on vinyl."
        finding = (FindingCode.BASS_NOT_MONO, "stereo.bass_correlation", message)
        yield Finding(*finding, bass, LIMITS["bass_correlation"], "", ())


def _negative(stereo: StereoFigures) -> tuple[tuple[float, float], ...]:
    """Where the correlation of 400 ms is below zero."""
    ends = stereo.windows.times[stereo.windows.values < 0.0]
    blocks = np.unique(np.rint(ends[:, np.newaxis] * 10.0 - [1, 2, 3, 4]))
    return blocks_at(tuple((blocks[blocks >= 0.0] / 10.0).tolist()))


def _limiting(dynamics: DynamicsFigures) -> Iterator[Finding]:
    if dynamics.psr_p5 is not None and dynamics.psr_p5 < LIMITS["psr_db"]:
        message = f"Peaks stand only {dynamics.psr_p5:.1f} dB over the loudness around them."
        finding = (FindingCode.HEAVY_LIMITING, "dynamics.psr_p5", message)
        yield Finding(*finding, dynamics.psr_p5, LIMITS["psr_db"], "dB", ())


def _yes(code: FindingCode, figure: str, message: str) -> Finding:
    return Finding(code, figure, message, None, None, "", ())
