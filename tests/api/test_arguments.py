"""Arguments that do not fit: the documented class, and a message with name, value and remedy."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import loudscope
from loudscope import InvalidArgument, Layout, LayoutError, LoudscopeError, Meter

STEREO = np.random.default_rng(0).uniform(-0.5, 0.5, (24_000, 2)).astype(np.float32)
CALLS: dict[str, Callable[..., Any]] = {
    "analyze": loudscope.analyze,
    "lufs": loudscope.lufs,
    "true_peak": loudscope.true_peak,
    "true_peak itu": lambda *args, **options: loudscope.true_peak(*args, method="itu", **options),
    "band_profile": loudscope.band_profile,
    "scan": loudscope.scan,
}
each_call = pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)


def refused(kind: type[LoudscopeError], message: str, call: Callable[[], object]) -> None:
    """The call raises that very class, which is a ValueError or TypeError too."""
    with pytest.raises(LoudscopeError, match=message) as caught:
        call()
    assert type(caught.value) is kind
    assert isinstance(caught.value, ValueError)


RATES: dict[Any, str] = {
    0: "rates from 8000 to 384000",
    -1: "rates from 8000 to 384000",
    7999: "resample",
    384_001: "resample",
    1e9: "resample",
    10**400: "whole number",
    math.nan: "whole number",
    math.inf: "whole number",
    -math.inf: "whole number",
    44100.5: "whole number",
    "x": "number in Hz",
    "48000": "number in Hz",
    True: "number in Hz",
    None: "give the sampling rate",
    (48000,): "number in Hz",
    Decimal(48000): "number in Hz",
    Fraction(48000): "number in Hz",
    48000j: "number in Hz",
}


@each_call
@pytest.mark.parametrize("rate_hz", RATES, ids=lambda rate_hz: str(rate_hz)[:12])
def test_rates(call: Callable[..., Any], rate_hz: Any) -> None:
    """Whole numbers from 8 to 384 kHz, of array and iterable alike."""
    start = re.escape(f"rate_hz={rate_hz!r}"[:40])
    for source in (STEREO, [STEREO]):
        refused(InvalidArgument, f"{start}.*{RATES[rate_hz]}", lambda: call(source, rate_hz))  # noqa: B023
    refused(InvalidArgument, f"{start}.*{RATES[rate_hz]}", lambda: Meter(rate_hz))


@pytest.mark.parametrize(
    "rate_hz",
    [48000, 48000.0, np.int32(48000), np.uint16(48000), np.float32(48000), np.float64(48000)],
)
def test_rates_of_any_number_type(rate_hz: Any) -> None:
    """A whole number is one in any type."""
    table = loudscope.scan(STEREO, rate_hz)
    assert table == loudscope.scan(STEREO, 48000)
    assert type(table.rate_hz) is int


SECONDS: dict[Any, str] = {
    -0.1: "give seconds from 0 up",
    math.nan: "give seconds from 0 up",
    math.inf: "give seconds from 0 up",
    "1": "give seconds from 0 up",
    True: "give seconds from 0 up",
    (1, 2): "give seconds from 0 up",
    1j: "give seconds from 0 up",
}


@each_call
@pytest.mark.parametrize("name", ["start", "stop"])
@pytest.mark.parametrize("seconds", SECONDS, ids=str)
def test_seconds(call: Callable[..., Any], name: str, seconds: Any) -> None:
    """Start and stop are finite numbers from 0 up."""
    message = f"{name}={re.escape(repr(seconds))}.*{SECONDS[seconds]}"
    refused(InvalidArgument, message, lambda: call(STEREO, 48000, **{name: seconds}))


@each_call
@pytest.mark.parametrize("chunked", [False, True])
@pytest.mark.parametrize(
    "start", [0.5, 0.6, 3, 1e15, 1e200, 1e308, 10**400], ids=lambda s: str(s)[:8]
)
def test_start_at_or_beyond_the_end(call: Callable[..., Any], chunked: bool, start: Any) -> None:
    """Half a second of audio does not start after half a second, however far after."""
    source = [STEREO] if chunked else STEREO
    refused(InvalidArgument, "start=.*the audio ends", lambda: call(source, 48000, start=start))


@each_call
@pytest.mark.parametrize("stop", [0.5, 7, 1e15, 1e200, 1e308, 10**400], ids=lambda s: str(s)[:8])
def test_stop_at_or_beyond_the_end(call: Callable[..., Any], stop: Any) -> None:
    """Is the end; no far-off number overflows or hangs."""
    whole = call(STEREO, 48000)
    assert call(STEREO, 48000, stop=stop) == whole
    assert call([STEREO], 48000, stop=stop) == whole


@each_call
def test_start_after_stop(call: Callable[..., Any]) -> None:
    """And a span that holds no block."""
    refused(
        InvalidArgument,
        r"start=0\.4, stop=0\.2: .*before stop",
        lambda: call(STEREO, 48000, start=0.4, stop=0.2),
    )
    refused(
        InvalidArgument,
        r"start=0\.21, stop=0\.22: .*no block",
        lambda: call(STEREO, 48000, start=0.21, stop=0.22),
    )


@pytest.mark.parametrize(
    "seconds", [np.float32(0.1), np.int64(0), np.float64(0.1), Fraction(1, 10), 0]
)
def test_seconds_of_any_number_type(seconds: Any) -> None:
    """A number of seconds is one in any type."""
    table = loudscope.scan(STEREO, 48000, start=seconds)
    assert table == loudscope.scan(STEREO, 48000, start=float(seconds))


@each_call
@pytest.mark.parametrize("threads", [0, -1, 1.5, "2", True, math.nan], ids=str)
def test_threads(call: Callable[..., Any], threads: Any) -> None:
    """A whole number from 1 up."""
    message = rf"threads={re.escape(repr(threads))}: give 1 or more"
    refused(InvalidArgument, message, lambda: call(STEREO, 48000, threads=threads))


@each_call
@pytest.mark.parametrize("threads", [np.int64(2), 1000, 2**31, 10**400], ids=lambda n: str(n)[:8])
def test_many_threads(call: Callable[..., Any], threads: Any) -> None:
    """More threads than work, or than there are anywhere, do no harm."""
    assert call(STEREO, 48000, threads=threads) == call(STEREO, 48000)


EDGES: dict[str, tuple[Any, str]] = {
    "one": ([1000.0], "2 to 15 ascending"),
    "none": ([], "2 to 15 ascending"),
    "sixteen": ([100.0 * n for n in range(1, 17)], "2 to 15 ascending"),
    "falling": ([200.0, 100.0], "2 to 15 ascending"),
    "equal": ([100.0, 100.0], "2 to 15 ascending"),
    "below 10 Hz": ([9.0, 100.0], "from 10 Hz up"),
    "zero": ([0.0, 100.0], "from 10 Hz up"),
    "negative": ([-20.0, 100.0], "from 10 Hz up"),
    "NaN": ([20.0, math.nan], "2 to 15 ascending"),
    "infinity": ([20.0, math.inf], "finite"),
    "huge": ([20, 10**400], "finite"),
    "number": (1000.0, "frequencies in Hz"),
    "words": (["low", "high"], "frequencies in Hz"),
    "text": ("low", "frequencies in Hz"),
    "complex": ([20j, 30j], "frequencies in Hz"),
}


@pytest.mark.parametrize(("edges", "message"), EDGES.values(), ids=EDGES)
def test_edges(edges: Any, message: str) -> None:
    """Two to fifteen rising frequencies from 10 Hz up."""
    for call in (loudscope.analyze, loudscope.band_profile, loudscope.scan):
        refused(
            InvalidArgument,
            f"(?s)edges=.*{message}",
            lambda: call(STEREO, 48000, edges=edges),  # noqa: B023
        )
    refused(InvalidArgument, f"(?s)edges=.*{message}", lambda: Meter(48000, edges=edges))


LAYOUTS: dict[str, tuple[Any, type[LoudscopeError], str]] = {
    "another count": ("5.1", LayoutError, "5.1 has 6 channels but the audio has 2.*'stereo'"),
    "no such name": (
        "sterio",
        LayoutError,
        "'sterio' is not a layout known here; choose from mono",
    ),
    "empty name": ("", LayoutError, "choose from mono"),
    "too many labels": (["L", "R", "C"], LayoutError, "has 3 channels but the audio has 2"),
    "unknown label": (["L", "Q"], LayoutError, "'Q' is unknown; known labels: M, L"),
    "label twice": (["L", "L"], LayoutError, "twice"),
    "nothing": ([], InvalidArgument, "give a name such as 'stereo'"),
    "number": (2, InvalidArgument, "cannot use 2; give a name"),
    "words as positions": ([("a", "b"), ("c", "d")], InvalidArgument, "cannot use .*give a name"),
    "label and position": (["Ls", (30, 0)], InvalidArgument, "cannot use .*give a name"),
    "three angles": ([(30, 0, 1), (-30, 0, 1)], InvalidArgument, "cannot use .*give a name"),
    "azimuth": ([(200, 0), (-30, 0)], InvalidArgument, "azimuth 200.*-180 to 180"),
    "elevation": ([(30, 91), (-30, 0)], InvalidArgument, "elevation 91.*-90 to 90"),
    "NaN": ([(30, 0), (math.nan, 0)], InvalidArgument, "azimuth nan.*-180 to 180"),
    "huge": ([(10**400, 0), (30, 0)], InvalidArgument, "cannot use .*give a name"),
}


@each_call
@pytest.mark.parametrize(("layout", "kind", "message"), LAYOUTS.values(), ids=LAYOUTS)
def test_layouts(
    call: Callable[..., Any], layout: Any, kind: type[LoudscopeError], message: str
) -> None:
    """A layout that does not fit is an error that lists what does."""
    refused(kind, f"(?s)layout: .*{message}", lambda: call(STEREO, 48000, layout=layout))
    if "the audio has" not in message:
        refused(kind, f"(?s)layout: .*{message}", lambda: Meter(48000, layout))


@each_call
@pytest.mark.parametrize("count", [3, 4, 5, 6, 7, 8, 9, 10, 12, 14, 16, 24, 64])
def test_counts_that_could_mean_several_layouts(call: Callable[..., Any], count: int) -> None:
    """Are never guessed: the message lists every named layout of that count."""
    fitting = [name for name in loudscope.layout_names() if Layout.named(name).count == count]
    samples = np.zeros((4800, count), np.float32)
    if len(fitting) == 1:
        assert loudscope.scan(samples, 48000).layout.name == fitting[0]
        return
    with pytest.raises(LayoutError, match=f"{count} channels do not say which") as caught:
        call(samples, 48000)
    for name in fitting:
        assert f"'{name}'" in str(caught.value)
    assert "one label or one (azimuth, elevation) pair for each channel" in str(caught.value)


@each_call
@pytest.mark.parametrize(
    ("option", "value"),
    [("on_nonfinite", "ignore"), ("on_nonfinite", None), ("partial", "yes"), ("partial", 3),
     ("progress", 5), ("progress", "bar")],
)  # fmt: skip
def test_options(call: Callable[..., Any], option: str, value: Any) -> None:
    """The message names the choices."""
    message = f"{option}={re.escape(repr(value))}: (choose|give)"
    refused(InvalidArgument, message, lambda: call(STEREO, 48000, **{option: value}))


def test_method() -> None:
    """true_peak knows two methods."""
    refused(
        InvalidArgument,
        "method='4x': choose 'oversampled' or 'itu'",
        lambda: loudscope.true_peak(STEREO, 48000, method="4x"),  # type: ignore[arg-type]
    )


@pytest.mark.parametrize("call", [loudscope.analyze, loudscope.lufs])
def test_dual_mono_is_for_one_channel(call: Callable[..., Any]) -> None:
    """Stereo as dual mono makes no sense."""
    message = "dual_mono=True: the audio has 2 channels"
    refused(InvalidArgument, message, lambda: call(STEREO, 48000, dual_mono=True))
    refused(InvalidArgument, "dual_mono=True: stereo", lambda: Meter(48000, dual_mono=True))


def test_rate_of_a_file(tmp_path: Path) -> None:
    """A file knows its rate; another one is refused."""
    import soundfile

    path = tmp_path / "short.wav"
    soundfile.write(path, STEREO, 48000)
    for call in CALLS.values():
        refused(
            InvalidArgument,
            "rate_hz=44100: the file has 48000 Hz",
            lambda: call(path, 44100),  # noqa: B023
        )
        assert call(path, 48000) == call(path)
