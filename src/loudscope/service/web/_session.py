"""One live meter: what may be sent to it, and what it shows."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from loudscope import InvalidArgument, InvalidAudio, Meter, NonFiniteSamples

from .._settings import Settings

__all__ = ["Refused", "Session", "opened"]

FORMATS: Final[Mapping[str, np.dtype[Any]]] = {
    "float32": np.dtype("<f4"),
    "int16": np.dtype("<i2"),
}
FIGURES: Final = (
    *("seconds", "momentary", "short_term", "integrated", "loudness_range"),
    *("momentary_max", "short_term_max", "true_peak", "sample_peak"),
    *("true_peak_per_channel", "sample_peak_per_channel", "correlation"),
)
KNOWN: Final = {"rate", "channels", "format", "layout"}
BAND: Final = ("name", "low_hz", "high_hz", "level", "share")
INLINE_BYTES: Final = 64 * 1024
"""More than that, about 0.17 s of stereo, is measured in a thread: the loop has others to serve."""
SPEED: Final = 4.0
"""How much faster than it sounds audio is taken, after the first ten seconds of it."""
AHEAD_SECONDS: Final = 10.0


class Refused(Exception):
    """What was sent cannot be measured; `code` is the one to close with."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code


class Session:
    """A meter and the form in which frames come.

    Attributes:
        frames: That came so far.
    """

    def __init__(self, meter: Meter, form: str, readings_per_second: float) -> None:
        self._meter, self._form, self._dtype = meter, form, FORMATS[form]
        self._channels = meter.layout.count
        self.frames = 0
        self._period, self._next = 1 / readings_per_second, 0.0
        self._start = time.monotonic()

    @property
    def seconds(self) -> float:
        """Of audio so far."""
        return self.frames / self._meter.rate_hz

    def described(self) -> dict[str, Any]:
        """What was agreed on."""
        return {
            "rate": self._meter.rate_hz,
            "channels": self._channels,
            "layout": str(self._meter.layout),
            "format": self._form,
        }

    async def push(self, data: bytes) -> None:
        """Takes frames; who sends far faster than it sounds is made to wait.

        Raises:
            Refused: No whole number of frames, NaN, or integers held as float.
        """
        width = self._channels * self._dtype.itemsize
        if len(data) % width:
            raise Refused(1007, f"{len(data)} bytes are no whole number of frames of {width}")
        chunk = np.frombuffer(data, self._dtype).reshape(-1, self._channels)
        try:
            if len(data) <= INLINE_BYTES:
                self._meter.push(chunk)
            else:
                await asyncio.to_thread(self._meter.push, chunk)
        except NonFiniteSamples as error:
            place = f"frame {self.frames + error.frame}, channel {error.channel}"
            raise Refused(1007, f"{place} is NaN or infinite") from error
        except InvalidAudio as error:
            raise Refused(1007, str(error)) from error
        self.frames += len(chunk)
        early = (self.seconds - AHEAD_SECONDS) / SPEED - (time.monotonic() - self._start)
        if early > 0:
            await asyncio.sleep(early)

    def due(self, now: float) -> bool:
        """Whether a reading is to be sent; chunks may come half a period early or late."""
        if now < self._next - self._period / 2:
            return False
        self._next = max(self._next, now - self._period) + self._period
        return True

    def reading(self) -> dict[str, Any]:
        """All that the meter shows, as strict JSON."""
        reading = self._meter.reading()
        profile = reading.band_profile
        bands = () if profile is None else profile.bands
        return {
            **{name: getattr(reading, name) for name in FIGURES},
            "bands": [{name: getattr(band, name) for name in BAND} for band in bands],
        }


def opened(query: Mapping[str, str], settings: Settings) -> Session:
    """A session with the parameters of a socket's address.

    Raises:
        Refused: One of them does not fit.
    """
    unknown = sorted(set(query) - KNOWN)
    if unknown:
        raise Refused(1008, f"{unknown[0][:40]}: not known; give rate, channels, format, layout")
    rate = _number(query, "rate", 48000)
    channels = _number(query, "channels", 2)
    form = query.get("format", "float32")
    if form not in FORMATS:
        raise Refused(1008, f"format: give one of {', '.join(FORMATS)}")
    most = settings.limits
    if not 1 <= channels <= most.channels or rate > most.rate_hz:
        raise Refused(1008, f"at most {most.channels} channels and {most.rate_hz} Hz")
    layout = query.get("layout") or {1: "mono", 2: "stereo"}.get(channels)
    if layout is None:
        raise Refused(1008, f"layout: {channels} channels could be several; say which")
    try:
        meter = Meter(rate, layout, keep_table=False, bands=True)
    except InvalidArgument as error:
        raise Refused(1008, str(error)) from error
    if meter.layout.count != channels:
        raise Refused(1008, f"layout={layout[:20]} is not one of {channels} channels")
    return Session(meter, form, settings.live.readings_per_second)


def _number(query: Mapping[str, str], name: str, default: int) -> int:
    text = query.get(name, str(default))
    if not (text.isascii() and text.isdigit() and len(text) < 8):
        raise Refused(1008, f"{name}: give a whole number")
    return int(text)
