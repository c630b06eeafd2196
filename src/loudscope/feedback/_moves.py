"""One move against each fault, with numbers from the inspection."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from ._actions import Action, Eq, Limit, MonoBelow, NoAction, Trim, Width
from ._figures import EASE, FULL_BAND_HZ
from ._words import clean, number

if TYPE_CHECKING:
    from loudscope.qc import Finding, Inspection

__all__ = ["move_against"]

CEILING_DBTP = -1.0
MONO_BELOW_HZ = 120.0
LOW_BAND_HZ = 250.0
HEAD_TO_KEEP_S = 0.1
TAIL_TO_KEEP_S = 1.0
NOTCH_Q = 30.0

Move = Callable[["Finding", "Inspection"], Action]


def move_against(finding: Finding, inspection: Inspection) -> Action:
    """The move for a finding; for a code that is not known here, what its message says."""
    fixed = FIXED.get(finding.code)
    if fixed is not None:
        return fixed
    move = MOVES.get(finding.code)
    return NoAction("Look into it.") if move is None else move(finding, inspection)


FIXED: dict[str, Action] = {
    "clipping": NoAction(
        "Go back to the version before the clipper and bring its level down; a declipper is the "
        "second best."
    ),
    "over_0_dbtp": Limit(f"Limit true peaks to {CEILING_DBTP:.0f} dBTP.", CEILING_DBTP),
    "over_1_dbtp": Limit(f"Limit true peaks to {CEILING_DBTP:.0f} dBTP.", CEILING_DBTP),
    "dc_offset": Eq(
        "High-pass at 10 Hz, or use the editor's DC removal.", "high_pass", 10, 0, 0.71
    ),
    "abrupt_start": NoAction("Fade the first 5 ms in."),
    "abrupt_end": NoAction("Look for the missing end; else fade the last 20 ms out."),
    "lossy_source": NoAction("Ask for the lossless original and start from it."),
    "padded_bits": NoAction(
        "Export again from the session at full depth, or deliver what is used."
    ),
    "dual_mono": NoAction("Leave it if mono is meant; else look for where the sides were lost."),
    "inverted_channel": NoAction("Invert the polarity of one channel and export again."),
    "mono_loss": Width("Bring the side signal down to 80 %.", FULL_BAND_HZ, 80.0),
    "bass_not_mono": MonoBelow(f"Sum to mono below {MONO_BELOW_HZ:g} Hz.", MONO_BELOW_HZ),
    "heavy_limiting": EASE,
}


def _notch(_: Finding, inspection: Inspection) -> Action:
    hum = inspection.faults.hum
    if hum is None:
        return NoAction("Look for the ground loop or the cable that picks it up.")
    lines = " and ".join(f"{hertz:g}" for hertz in hum.harmonics_hz)
    return Eq(
        f"Notch {hum.fundamental_hz:g} Hz narrowly, {lines} Hz too; or find the cable at fault.",
        "notch",
        hum.fundamental_hz,
        0.0,
        NOTCH_Q,
    )


def _trim(_: Finding, inspection: Inspection) -> Action:
    edges = inspection.faults.edges
    head = max(0.0, round((edges.head_s or 0.0) - HEAD_TO_KEEP_S, 2))
    return Trim(f"Cut {number(head, 's')} off the beginning.", head, 0.0)


def _trim_tail(_: Finding, inspection: Inspection) -> Action:
    edges = inspection.faults.edges
    tail = max(0.0, round((edges.tail_s or 0.0) - TAIL_TO_KEEP_S, 2))
    return Trim(f"Cut {number(tail, 's')} off the end.", 0.0, tail)


def _rate(_: Finding, inspection: Inspection) -> Action:
    rate = inspection.faults.upsampled_from_hz
    return NoAction(f"Deliver it at {rate or 'its original'} Hz, or ask for the original.")


def _routing(finding: Finding, inspection: Inspection) -> Action:
    silent = inspection.stereo.silent_channels if inspection.stereo else ()
    names = clean(", ".join(silent)) or "the channel"
    return NoAction(f"Check the routing of {names} and export again.")


def _shift(finding: Finding, inspection: Inspection) -> Action:
    delay = inspection.stereo.delay_ms if inspection.stereo else finding.measured
    if delay is None:
        return NoAction("Move the later channel forward.")
    side = "right" if delay > 0 else "left"
    return NoAction(f"Move the {side} channel {abs(delay):.2f} ms forward.")


def _level(finding: Finding, _: Inspection) -> Action:
    if finding.measured is None:
        return NoAction("Bring both sides to the same level.")
    side = "left" if finding.measured > 0 else "right"
    return NoAction(f"Turn the {side} channel down by {number(abs(finding.measured))}.")


def _narrow(finding: Finding, inspection: Inspection) -> Action:
    name = finding.figure.partition(":")[2]
    for band in inspection.stereo.bands if inspection.stereo else ():
        if band.name == name and band.high_hz > LOW_BAND_HZ:
            edges = (band.low_hz, min(band.high_hz, 24000.0))
            return Width(f"Bring the side signal of {name} down to 50 %.", edges, 50.0)
    return MonoBelow(f"Sum to mono below {MONO_BELOW_HZ:g} Hz.", MONO_BELOW_HZ)


MOVES: dict[str, Move] = {
    "hum": _notch,
    "head_silence": _trim,
    "tail_silence": _trim_tail,
    "upsampled": _rate,
    "silent_channel": _routing,
    "delayed_channel": _shift,
    "balance": _level,
    "band_out_of_phase": _narrow,
}
