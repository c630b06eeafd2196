"""Generated audio: a few layers, each made of a seed and small parameters.

A failing example shrinks towards few short layers, few channels and few frames, and its `repr` is
all that is needed to hear it again.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

from loudscope import Layout

Samples = NDArray[np.float64]

RATES_HZ = (48000, 44100, 8000, 11025, 16000, 22050, 32000, 88200, 96000, 176400, 192000)
ODD_RATES_HZ = (8001, 12345, 47999, 48001, 63999)
LAYOUTS = {1: "mono", 2: "stereo", 3: "3.0", 4: "quad", 5: "5.0", 6: "5.1"}
KINDS = (
    "noise", "sine", "bursts", "impulses", "dc", "limited", "falling", "alternating", "silence",
)  # fmt: skip
SPREADS = ("own", "same", "inverted", "one")
SEAMS_SECONDS = (0.01, 0.1, 0.4, 0.5, 3.0, 3.1, 6.0, 9.0)
SEGMENT_SECONDS = 3.0  # what the engine works on at a time: longer audio takes other paths


@dataclass(frozen=True)
class Layer:
    """One sound.

    Attributes:
        kind: One of `KINDS`.
        level_db: Largest magnitude in dBFS.
        hz: Frequency of a sine; how often a burst or an impulse comes.
        begin: Where it begins, as a share of the length.
        end: Where it ends.
        spread: "own" sounds in each channel, the "same" in all, "inverted" in every other, or in
            "one" channel only.
        seed: Of its noise, its phases and its gaps.
    """

    kind: str = "noise"
    level_db: float = -6.0
    hz: float = 1000.0
    begin: float = 0.0
    end: float = 1.0
    spread: str = "own"
    seed: int = 0

    def sound(self, frames: int, rate_hz: int, channel: int) -> Samples:
        """The layer in one channel, shape (frames,), largest magnitude up to 1."""
        rng = np.random.default_rng([self.seed, channel, zlib.crc32(self.kind.encode())])
        phase = 2 * np.pi * rng.random()
        noise = rng.uniform(-1.0, 1.0, frames)
        time = np.arange(frames) / rate_hz
        sine = np.sin(2 * np.pi * min(self.hz, 0.45 * rate_hz) * time + phase)
        gate = np.sin(2 * np.pi * max(0.5, self.hz / 1000) * time + phase) > 0.0
        sounds = {
            "noise": noise,
            "sine": sine,
            "bursts": noise * gate,
            "impulses": np.where(rng.random(frames) < self.hz / rate_hz / 100, np.sign(noise), 0.0),
            "dc": np.ones(frames),
            "limited": np.clip(4.0 * noise, -1.0, 1.0),
            "falling": noise * np.where(time < time[-1] * rng.random(), 1.0, 1e-3),
            "alternating": np.abs(noise) ** 0.1 * (-1.0) ** np.arange(frames),
            "silence": np.zeros(frames),
        }
        return np.asarray(sounds[self.kind])

    def render(self, frames: int, channels: int, rate_hz: int) -> Samples:
        """The layer in all channels, shape (frames, channels)."""
        out = np.zeros((frames, channels))
        first, last = sorted(int(share * frames) for share in (self.begin, self.end))
        for channel in range(channels) if last > first else ():
            if self.spread == "one" and channel != self.seed % channels:
                continue
            source = channel if self.spread == "own" else 0
            sound = self.sound(last - first, rate_hz, source)
            sign = -1.0 if self.spread == "inverted" and channel % 2 else 1.0
            out[first:last, channel] = sign * 10 ** (self.level_db / 20) * sound
        return out


@dataclass(frozen=True)
class Audio:
    """A generated programme; `samples` has shape (frames, channels)."""

    rate_hz: int
    channels: int
    frames: int
    layers: tuple[Layer, ...]

    @cached_property
    def samples(self) -> Samples:
        """The sum of the layers, float64 to the last bit."""
        total = np.zeros((self.frames, self.channels))
        for layer in self.layers:
            total += layer.render(self.frames, self.channels, self.rate_hz)
        return total

    @property
    def layout(self) -> Layout:
        """A layout of that many channels."""
        return Layout.named(LAYOUTS[self.channels])

    @property
    def seconds(self) -> float:
        """Duration."""
        return self.frames / self.rate_hz


def layers() -> st.SearchStrategy[Layer]:
    """One layer; the simplest is a second's noise at -6 dBFS in every channel."""
    share = st.integers(0, 20).map(lambda twentieths: twentieths / 20)
    return st.builds(
        Layer,
        kind=st.sampled_from(KINDS),
        level_db=st.one_of(
            st.sampled_from([-6.0, 0.0, -20.0, -40.0, -70.0]), st.integers(-160, 6).map(float)
        ),
        hz=st.sampled_from([1000.0, 997.0, 20.0, 60.0, 250.0, 6000.0, 12000.0, 3.0]),
        begin=st.one_of(st.just(0.0), share),
        end=st.one_of(st.just(1.0), share),
        spread=st.sampled_from(SPREADS),
        seed=st.integers(0, 999),
    )


def lengths(rate_hz: int, most_frames: int, least_frames: int = 1) -> st.SearchStrategy[int]:
    """Frames, biased to where a tick, a block, a gating window or a segment of 3 s ends."""
    seams = [round(seconds * rate_hz) for seconds in SEAMS_SECONDS]
    near = [seam for seam in seams if least_frames <= seam - 3 and seam + 3 <= most_frames]
    choices = [st.integers(least_frames, most_frames)]
    if least_frames <= 200:
        choices.append(st.integers(least_frames, min(200, most_frames)))
    if near:
        choices.append(st.builds(int.__add__, st.sampled_from(near), st.integers(-3, 3)))
    return st.one_of(choices)


@st.composite
def audio(
    draw: st.DrawFn,
    rates_hz: tuple[int, ...] = RATES_HZ + ODD_RATES_HZ,
    channels: tuple[int, int] = (1, 6),
    most_seconds: float = 12.0,
    most_samples: int = 600_000,
    least_seconds: float = 0.0,
) -> Audio:
    """A programme of up to three layers; about half of them last longer than 3 s.

    Args:
        draw: Hypothesis's.
        rates_hz: Sampling rates to choose from.
        channels: Fewest and most channels.
        most_seconds: Longest duration.
        most_samples: Most frames times channels, which bounds the time an example takes.
        least_seconds: Shortest duration, however many samples that makes.
    """
    count = draw(st.integers(*channels))
    long_rates = [rate for rate in rates_hz if 1.2 * SEGMENT_SECONDS * rate * count <= most_samples]
    long = bool(long_rates) and most_seconds > SEGMENT_SECONDS and draw(st.booleans())
    rate_hz = draw(st.sampled_from(long_rates if long else rates_hz))
    seconds = max(least_seconds, SEGMENT_SECONDS) if long else least_seconds
    least = max(1, round(seconds * rate_hz) + 4 * long)
    most = max(least, min(round(most_seconds * rate_hz), most_samples // count))
    frames = draw(lengths(rate_hz, most, least))
    return Audio(rate_hz, count, frames, tuple(draw(st.lists(layers(), max_size=3))))
