"""Renders examples/audio/night_drive.flac: a short original piece to try things on.

    python scripts/render_example.py [output.flac]

Ten bars at 107 beats a minute in A minor: intro, groove, breakdown, chorus, and a last chord that
rings out. NumPy makes all of it, from fixed seeds, so that every run gives the same samples (within
one step of 16 bits: the last place of a sine may differ elsewhere). The sound is dark on purpose:
the file has to stay under one megabyte.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import soundfile
from example_sounds import (
    RATE_HZ,
    Signal,
    bass,
    clock,
    echoed,
    envelope,
    filtered,
    kick,
    lead,
    pad,
    place,
    pluck,
    reverb,
    silence,
    snare,
    soft_clipped,
    tick,
    true_peak,
    widened,
)
from numpy.typing import NDArray

OUTPUT = Path(__file__).parents[1] / "examples" / "audio" / "night_drive.flac"
BEAT = 0.56  # seconds
BAR = 4 * BEAT
SECONDS = 10 * BAR + 1.7
TRUE_PEAK_DBTP = -0.5

INTRO, GROOVE, BREAKDOWN, CHORUS = range(0, 2), range(2, 4), range(4, 6), range(6, 10)
DRIVEN = (*GROOVE, *CHORUS)  # bars with drums and bass
HELD_BACK = {0: 0.4, 1: 0.6, 4: 0.5, 5: 0.6, 10: 0.8}  # gain of the quieter bars

# MIDI notes, one entry a bar: pad voices, bass, and the lead as (beat, beats, note).
AM, F, C, G = (57, 60, 64, 71), (53, 57, 60, 64), (55, 60, 64, 67), (55, 59, 62, 69)
CHORDS = (AM, F, C, G, F, G, AM, F, C, G, AM)
ROOTS = (33, 29, 36, 31, 29, 31, 33, 29, 36, 31, 33)
LEAD: dict[int, tuple[tuple[float, float, int], ...]] = {
    4: ((0.0, 2.0, 72), (2.0, 2.0, 76)),
    5: ((0.0, 3.0, 74), (3.0, 1.0, 71)),
    6: ((0.0, 1.5, 76), (1.5, 0.5, 74), (2.0, 1.0, 72), (3.0, 1.0, 74)),
    7: ((0.0, 1.5, 72), (1.5, 0.5, 69), (2.0, 2.0, 69)),
    8: ((0.0, 1.0, 67), (1.0, 1.0, 72), (2.0, 1.5, 76), (3.5, 0.5, 79)),
    9: ((0.0, 2.0, 74), (2.0, 1.0, 71), (3.0, 1.0, 74)),
    10: ((0.0, 2.0, 69),),
}


def kicks() -> Iterator[float]:
    """Times of the kick drum in seconds."""
    for bar in DRIVEN:
        beats = (0.0, 1.0, 2.0, 3.0) if bar in CHORUS else (0.0, 1.5, 2.0)
        yield from (bar * BAR + beat * BEAT for beat in beats)
    yield 10 * BAR


def snares() -> Iterator[tuple[float, float]]:
    """Times of the snare drum in seconds, and gains: the backbeat, and a fill into the chorus."""
    for bar in DRIVEN:
        yield from ((bar * BAR + beat * BEAT, 1.0) for beat in (1, 3))
    for step in range(6):
        yield CHORUS[0] * BAR - (6 - step) * BEAT / 4, 0.13 + 0.08 * step


def drums() -> tuple[Signal, Signal, Signal]:
    """Kick and snare, the hats and sticks, and the snare alone for the reverb."""
    shells, cymbals, send = silence(SECONDS), silence(SECONDS), silence(SECONDS)
    for seconds in kicks():
        place(shells, kick(), seconds)
    for number, (seconds, gain) in enumerate(snares()):
        place(send, gain * snare(8100 + number), seconds)
        place(cymbals, 0.4 * gain * tick(8200 + number, 4000.0, 9500.0, 0.009), seconds)
    for bar in DRIVEN:
        for step in range(8) if bar in CHORUS else (1, 3, 5, 7):
            gain, pan = (0.26, 0.2) if step % 2 else (0.13, -0.2)
            hat = tick(81000 + 8 * bar + step, 6500.0, 10500.0, 0.012)
            place(cymbals, gain * hat, bar * BAR + step * BEAT / 2, pan)
    return shells + 0.62 * send, cymbals, send


def pads() -> Signal:
    """The chords, one a bar."""
    track = silence(SECONDS)
    for bar in range(11):
        sound = pad(CHORDS[bar], BAR + 0.4, 1500.0 if bar in CHORUS else 800.0)
        place(track, HELD_BACK.get(bar, 1.0) * sound, bar * BAR)
    return track


def basses() -> Signal:
    """The roots in eighths, some an octave up."""
    track = silence(SECONDS)
    for bar in DRIVEN:
        for step in range(8):
            place(track, bass(ROOTS[bar] + 12 * (step in (3, 6))), bar * BAR + step * BEAT / 2)
    return track


def plucks() -> Signal:
    """The chords broken into eighths that wander from side to side."""
    track = silence(SECONDS)
    for bar in (*INTRO, *GROOVE, *CHORUS):
        for step, voice in enumerate((0, 2, 1, 3, 2, 1, 3, 2)):
            sound = HELD_BACK.get(bar, 1.0) * pluck(CHORDS[bar][voice] + 12)
            place(track, sound, bar * BAR + step * BEAT / 2, 0.7 * float(np.sin(1.1 * step + bar)))
    return track


def leads() -> Signal:
    """The tune."""
    track = silence(SECONDS)
    for bar, notes in LEAD.items():
        for beat, beats, note in notes:
            sound = HELD_BACK.get(bar, 1.0) * lead(note, beats * BEAT + 0.08)
            place(track, sound, bar * BAR + beat * BEAT)
    return track


def ducking(depth: float) -> Signal:
    """Gain that dips at each kick and recovers within a beat, as a compressor keyed by it would."""
    gain = np.ones(round(SECONDS * RATE_HZ))
    for seconds in kicks():
        since = clock(SECONDS) - seconds
        onset = np.clip(since / 0.005 + 1.0, 0.0, 1.0)
        gain = np.minimum(gain, 1.0 - depth * onset * np.exp(-np.maximum(since, 0.0) / 0.14))
    return gain[:, np.newaxis]


def mix() -> tuple[Signal, Signal]:
    """All but the cymbals, and the cymbals."""
    shells, cymbals, send = drums()
    delay = 0.75 * BEAT
    chords, broken, melody = pads(), echoed(plucks(), delay), echoed(leads(), delay)
    space = reverb(0.3 * chords + 0.5 * broken + 0.6 * melody + 0.75 * send)
    tonal = 0.34 * chords + 0.1 * broken + 0.13 * melody + 0.08 * space
    return 0.8 * shells + ducking(0.45) * tonal + ducking(0.6) * 0.5 * basses(), 0.8 * cymbals


def quantised(sound: Signal) -> NDArray[np.int16]:
    """16 bits. Middle and side are rounded rather than left and right: FLAC then needs 5 % less."""
    left, right = 32767.0 * sound.T
    return widened(np.rint((left + right) / 2.0), np.rint((left - right) / 2.0)).astype(np.int16)


def render() -> NDArray[np.int16]:
    """The piece, mastered: samples of shape (frames, 2)."""
    body, cymbals = mix()
    sound = soft_clipped(1.1 * filtered(body, 20.0, 6000.0, 4), 0.4) + cymbals
    sound *= envelope(clock(SECONDS), 0.005, 1.0)[:, np.newaxis]
    return quantised(sound * 10.0 ** (TRUE_PEAK_DBTP / 20.0) / true_peak(sound))


def main() -> None:
    """Writes the piece to the path given, or to examples/audio."""
    output = Path(sys.argv[1]) if len(sys.argv) > 1 else OUTPUT
    output.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(output, render(), RATE_HZ, "PCM_16", format="FLAC", compression_level=1.0)


if __name__ == "__main__":
    main()
