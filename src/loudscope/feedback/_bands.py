"""The six bands: what too much or too little of one does, and the equaliser move against it."""

from __future__ import annotations

import math
from dataclasses import dataclass

from ._actions import MOST_EQ_DB, Action, Eq, NoAction
from ._words import number

__all__ = ["BandWords", "against", "outside", "words_of"]

HALF = -0.5
"""A move takes back half of what lies outside the range, for the range itself is wide."""
LEAST_EQ_DB = 0.3
SHELF_Q = 0.71
LOWEST_BAND_HZ = 60.0
HIGHEST_BAND_HZ = 6000.0


@dataclass(frozen=True, slots=True)
class BandWords:
    """What a deviation does to the sound, and how to hear it.

    Attributes:
        above: Consequence of too much.
        below: Consequence of too little.
        check: How to verify it by ear.
    """

    above: str
    below: str
    check: str


WORDS: dict[str, BandWords] = {
    "Sub": BandWords(
        "It takes headroom that small loudspeakers cannot turn into sound",
        "The lowest octave carries little weight",
        "On headphones, filter out everything below 60 Hz and bring it back: does the kick or the "
        "bass lose its weight, or only its rumble?",
    ),
    "Bass": BandWords(
        "It can boom and cover the low mids",
        "It can sound thin",
        "At low volume, compare bass and voice with a track you trust at the same loudness: does "
        "the bass hang on after its notes?",
    ),
    "Low-mids": BandWords(
        "It can sound muddy or boxy",
        "It can sound hollow, with little body",
        "Listen to voice and guitars on small loudspeakers: sweep a narrow 3 dB cut from 250 to "
        "500 Hz and hear whether words get clearer.",
    ),
    "Mids": BandWords(
        "It can sound nasal or crowded",
        "Voices and lead instruments can step back",
        "Listen in mono on one small loudspeaker: does the voice stand where you want it?",
    ),
    "High-mids": BandWords(
        "It can sound harsh and tire the ear",
        "It can sound dull, and words are harder to follow",
        "Turn it up for a minute and listen to consonants, cymbals and guitars: does it begin to "
        "hurt, or do words blur?",
    ),
    "Air": BandWords(
        "Sibilants and cymbals can stick out",
        "It can sound covered",
        "Compare cymbals and breaths with a track you trust at the same loudness, on headphones.",
    ),
}
OTHER = BandWords(
    "This band can stick out",
    "This band can be missing",
    "Compare it with a track you trust, at the same loudness.",
)


def words_of(band: str) -> BandWords:
    """The words of a band, or general ones for bands with edges of one's own."""
    return WORDS.get(band, OTHER)


def outside(measured: float, low: float | None, high: float | None) -> float:
    """The part of a value that lies outside a range: positive above, negative below, 0 within."""
    if high is not None and measured > high:
        return measured - high
    return measured - low if low is not None and measured < low else 0.0


def against(band: str, edges_hz: tuple[float, float], excess_db: float) -> Action:
    """The equaliser move against a band that lies outside its range.

    Args:
        band: Its name.
        edges_hz: Its edges.
        excess_db: The part outside the range, dB; negative below it.

    Returns:
        A bell over the band, or a shelf for the lowest and the highest; -0.5 times the excess,
        within 3 dB. No move if that is less than 0.3 dB.
    """
    gain_db = round(max(-MOST_EQ_DB, min(MOST_EQ_DB, HALF * excess_db)), 1)
    if abs(gain_db) < LEAST_EQ_DB:
        return NoAction(f"Leave {band} alone: the move would be less than {LEAST_EQ_DB:g} dB.")
    low_hz, high_hz = edges_hz
    text = f"{'Cut' if gain_db < 0 else 'Boost'} {band} by {number(abs(gain_db))}"
    if high_hz <= LOWEST_BAND_HZ:
        return Eq(
            f"{text} with a low shelf at {high_hz:g} Hz.", "low_shelf", high_hz, gain_db, SHELF_Q
        )
    if low_hz >= HIGHEST_BAND_HZ:
        return Eq(
            f"{text} with a high shelf at {low_hz:g} Hz.", "high_shelf", low_hz, gain_db, SHELF_Q
        )
    centre_hz = float(round(math.sqrt(low_hz * high_hz)))
    q = round(centre_hz / (high_hz - low_hz), 2)
    return Eq(
        f"{text} with a wide bell at {centre_hz:g} Hz (Q {q:g}).", "bell", centre_hz, gain_db, q
    )
