"""The faults, as data: how severe, what it means, what to do, how to hear it.

A message is filled in with `measured`, `expected`, `places` (" at 0:12.3", " in 3 places, first at
0:12.3", or nothing) and `name` (a channel or a band, where the finding is about one).
"""

from __future__ import annotations

from dataclasses import dataclass

from ._model import Confidence, Severity

__all__ = ["FAULTS", "SUBSUMED", "Fault"]


@dataclass(frozen=True, slots=True)
class Fault:
    """What is known of a kind of fault.

    Attributes:
        severity: Fixed, whatever the figure.
        confidence: How sure the finding is that it means what it says.
        metric: Name of the figure, with its unit.
        says: What was measured and what is expected.
        consequence: What it does.
        check: How to verify it by ear.
        low: The limit is the lower end of what is expected.
        high: It is the upper end. Neither: the fault is a plain yes.
    """

    severity: Severity
    confidence: Confidence
    metric: str
    says: str
    consequence: str
    check: str
    low: bool = False
    high: bool = False


MONO_CHECK = "Switch to mono: does anything get quieter, hollow or vanish?"
LIMITER_CHECK = (
    "Bring both versions, before and after the limiter, to the same loudness and compare drums: do "
    "they lose their attack?"
)

FAULTS: dict[str, Fault] = {
    "clipping": Fault(
        "high",
        "high",
        "clipped_runs",
        "{measured} of three or more samples lie flat at the audio's own ceiling{places}; expected "
        "are {expected}",
        "Clipping adds harsh distortion that no later step can take out",
        "Listen to the loudest hits on headphones, at low volume: do they crackle or fizz?",
        high=True,
    ),
    "over_0_dbtp": Fault(
        "high",
        "high",
        "true_peak_dbtp",
        "True peak reaches {measured}{places}; expected is {expected}",
        "Converters and lossy codecs can clip what exceeds full scale",
        "Encode it to AAC at 128 kb/s and listen to these places: do hits crackle?",
        high=True,
    ),
    "over_1_dbtp": Fault(
        "low",
        "high",
        "true_peak_dbtp",
        "True peak reaches {measured}{places}; expected is {expected}",
        "Lossy codecs need about 1 dB of headroom",
        "Encode it to AAC at 128 kb/s and listen to these places: do hits crackle?",
        high=True,
    ),
    "dc_offset": Fault(
        "medium",
        "high",
        "dc_offset_percent",
        "The mean of channel {name} is {measured} of full scale off zero; expected is {expected}",
        "DC takes headroom, and clicks where the audio starts, stops or is cut",
        "Listen to the very start and end: does it click?",
        high=True,
    ),
    "hum": Fault(
        "medium",
        "medium",
        "hum_above_neighbours_db",
        "Mains hum: its lines stand {measured} above the spectrum beside them; expected is "
        "{expected}",
        "It is heard in pauses, and louder wherever the audio is turned up",
        "Listen to a pause on headphones, turned up: is there a steady low tone?",
        high=True,
    ),
    "head_silence": Fault(
        "low",
        "high",
        "head_s",
        "The sound begins after {measured}; expected is {expected}",
        "Players start late, and a podcast or a playlist seems to hang",
        "Press play and count: does it start when you expect it to?",
        high=True,
    ),
    "tail_silence": Fault(
        "low",
        "high",
        "tail_s",
        "{measured} follow after the sound; expected is {expected}",
        "The next track starts late",
        "Listen to the end and into the next track: is the pause the one you want?",
        high=True,
    ),
    "abrupt_start": Fault(
        "low",
        "high",
        "abrupt_start",
        "The waveform begins with a jump; expected is a start from silence",
        "A jump clicks",
        "Listen to the first moment on headphones: does it click?",
    ),
    "abrupt_end": Fault(
        "medium",
        "high",
        "abrupt_end",
        "The waveform ends with a jump; expected is an end in silence",
        "A jump clicks, and the end may be missing",
        "Listen to the last seconds: is the end whole, and does it click?",
    ),
    "lossy_source": Fault(
        "medium",
        "medium",
        "cutoff_hz",
        "The spectrum ends steeply at {measured}, as after a lossy codec; expected is no such edge",
        "Coding it again adds to what is lost, and stores may refuse it",
        "Listen to cymbals and applause on headphones: do they swirl or sound under water?",
    ),
    "padded_bits": Fault(
        "info",
        "high",
        "bits_used",
        "Only {measured} are ever used; expected is {expected}",
        "The file is larger than what it holds, and something before it may have cut bits off",
        "Turn a fade-out up: does it end in grit?",
        low=True,
    ),
    "upsampled": Fault(
        "low",
        "medium",
        "upsampled_from_hz",
        "Nothing lies above the range of {measured}: it seems to have been raised from that rate",
        "The higher rate holds no more than the lower one did",
        "There is nothing to hear; ask for the original.",
    ),
    "dual_mono": Fault(
        "low",
        "high",
        "dual_mono",
        "Left and right are the same; expected of a stereo file is a difference",
        "It is mono in twice the space, which is right for speech and unusual for music",
        "Subtract one channel from the other: is anything left?",
    ),
    "silent_channel": Fault(
        "high",
        "high",
        "silent_channel",
        "Channel {name} is silent; expected is sound in every channel",
        "Half of the listeners' loudspeakers stay quiet",
        "Listen on headphones: is one side dead?",
    ),
    "inverted_channel": Fault(
        "high",
        "high",
        "correlation",
        "Correlation is {measured}; expected is {expected}",
        "One channel is upside down: in mono nearly all of it vanishes",
        MONO_CHECK,
        low=True,
    ),
    "delayed_channel": Fault(
        "medium",
        "medium",
        "delay_ms",
        "The right channel comes {measured} after the left; expected is {expected}",
        "The image leans to the earlier side, and mono sounds hollow like a comb",
        MONO_CHECK,
        low=True,
        high=True,
    ),
    "balance": Fault(
        "low",
        "high",
        "balance_db",
        "Left lies {measured} against right; expected is {expected}",
        "The image leans to one side",
        "Close your eyes: does the voice stand in the middle?",
        low=True,
        high=True,
    ),
    "mono_loss": Fault(
        "medium",
        "high",
        "mono_loss_lu",
        "Played in mono it loses {measured}; expected is {expected}",
        "Parts vanish on phones, in clubs and on kitchen radios",
        MONO_CHECK,
        high=True,
    ),
    "band_out_of_phase": Fault(
        "medium",
        "high",
        "band_correlation",
        "In {name} the correlation is {measured}; expected is {expected}",
        "This band cancels in mono",
        MONO_CHECK,
        low=True,
    ),
    "bass_not_mono": Fault(
        "medium",
        "high",
        "bass_correlation",
        "Below 120 Hz the correlation is {measured}; expected is {expected}",
        "Bass weakens in mono and in clubs, and cannot be cut loud on vinyl",
        "Switch to mono and listen to kick and bass: do they lose weight?",
        low=True,
    ),
    "heavy_limiting": Fault(
        "medium",
        "high",
        "psr_p5_db",
        "In its most limited passages, peaks stand only {measured} above the loudness around them "
        "(5th percentile of the PSR); expected is {expected}",
        "It is limited hard: hits lose their attack, and players turn it down all the same",
        LIMITER_CHECK,
        low=True,
    ),
}

SUBSUMED: dict[str, frozenset[str]] = {
    "delayed_channel": frozenset({"mono_loss", "band_out_of_phase", "bass_not_mono"}),
    "bass_not_mono": frozenset({"band_out_of_phase:Sub", "band_out_of_phase:Bass"}),
}
"""One cause, one issue: what a fault brings along is not reported beside it."""
