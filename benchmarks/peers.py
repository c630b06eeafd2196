"""The peers that are importable here, each behind the same small calls; nothing is installed.

Samples are float32 of shape (frames, 2). Answers are (LUFS,), (dBTP,) or (LUFS, LU, dBTP).
"""

from __future__ import annotations

import functools
import importlib.util
import math
import re
import resource
import shutil
import subprocess
from collections.abc import Callable
from fractions import Fraction
from importlib import metadata
from typing import Any

import numpy as np
from signals import Signal
from timing import Answer

Call = Callable[[], Answer]
CHUNK = 48000  # frames at a time for peers that want pieces


def importable(name: str) -> bool:
    """Whether a package is there."""
    return importlib.util.find_spec(name) is not None


def versions() -> dict[str, str]:
    """What is there, by package or command."""
    found = {}
    names = ("pyebur128", "pyloudnorm", "loudness", "soxr", "scipy", "av", "essentia", "soundfile")
    for name in ("numpy", *names):
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    if importable("av"):
        import av

        found["FFmpeg in av"] = str(av.ffmpeg_version_info)
    if ffmpeg := shutil.which("ffmpeg"):
        first = subprocess.run([ffmpeg, "-version"], capture_output=True, text=True, check=True)
        found["ffmpeg"] = first.stdout.split()[2]
    return found


def decibels(amplitude: float) -> float:
    """20 log10."""
    return 20 * math.log10(amplitude) if amplitude > 0 else -math.inf


def ebur128(x: Signal, rate_hz: int, *, full: bool, peak: bool, integrated: bool = True) -> Answer:
    """libebur128 through pyebur128, all samples at once."""
    from pyebur128 import (
        MeasurementMode,
        R128State,
        get_loudness_global,
        get_loudness_range,
        get_true_peak,
    )

    mode = MeasurementMode.MODE_I if integrated else MeasurementMode.MODE_M
    if full:
        mode |= MeasurementMode.MODE_LRA
    if peak:
        mode |= MeasurementMode.MODE_TRUE_PEAK
    state = R128State(x.shape[1], rate_hz, mode)
    state.add_frames(x.reshape(-1), len(x))
    peaks = [get_true_peak(state, c) for c in range(x.shape[1])] if peak else []
    answer = [get_loudness_global(state)] if integrated else []
    answer += [get_loudness_range(state)] if full else []
    return (*answer, *([decibels(max(peaks))] if peak else []))


def ffmpeg_filter(x: Signal, rate_hz: int, *, peak: bool) -> Answer:
    """FFmpeg's ebur128 filter through PyAV, a second at a time."""
    import av

    options = f"framelog=quiet:metadata=1:peak={'true' if peak else 'none'}"
    graph = av.filter.Graph()
    source = graph.add_abuffer(
        sample_rate=rate_hz, format="flt", layout="stereo", time_base=Fraction(1, rate_hz)
    )
    meter, sink = graph.add("ebur128", options), graph.add("abuffersink")
    source.link_to(meter)
    meter.link_to(sink)
    graph.configure()
    last: Any = None

    def pull() -> None:
        nonlocal last
        while True:
            try:
                last = sink.pull()
            except (av.BlockingIOError, av.EOFError):
                return

    for start in range(0, len(x), CHUNK):
        chunk = x[start : start + CHUNK].reshape(1, -1)
        frame = av.AudioFrame.from_ndarray(chunk, format="flt", layout="stereo")
        frame.sample_rate, frame.pts = rate_hz, start
        source.push(frame)
        pull()
    source.push(None)
    pull()
    figures = {name: float(value) for name, value in last.metadata.items()}
    true_peak = figures["lavfi.r128.true_peak"] if peak else math.nan
    # The metadata hold the true peak as an amplitude.
    return figures["lavfi.r128.I"], figures["lavfi.r128.LRA"], decibels(true_peak)


def essentia_all(x: Signal, rate_hz: int) -> Answer:
    """Essentia's LoudnessEBUR128 and TruePeakDetector."""
    import essentia.standard as es

    integrated, spread = es.LoudnessEBUR128(sampleRate=rate_hz, hopSize=0.1)(x)[2:4]
    peaks = [
        np.abs(es.TruePeakDetector(sampleRate=rate_hz)(np.ascontiguousarray(channel))[1]).max()
        for channel in x.T
    ]
    return float(integrated), float(spread), decibels(float(max(peaks)))


def lufs(x: Signal, rate_hz: int) -> dict[str, Call]:
    """Integrated loudness."""
    calls: dict[str, Call] = {}
    if importable("loudness"):
        import loudness

        calls["loudness"] = lambda: (float(loudness.integrated_loudness(x, rate_hz)),)
    if importable("pyebur128"):
        calls["pyebur128"] = functools.partial(ebur128, x, rate_hz, full=False, peak=False)
    if importable("pyloudnorm"):
        import pyloudnorm

        calls["pyloudnorm"] = lambda: (float(pyloudnorm.Meter(rate_hz).integrated_loudness(x)),)
    if importable("av"):
        calls["FFmpeg (PyAV)"] = lambda: ffmpeg_filter(x, rate_hz, peak=False)[:1]
    return calls


def true_peak(x: Signal, rate_hz: int) -> dict[str, Call]:
    """True peak."""
    calls: dict[str, Call] = {}
    if importable("pyebur128"):
        calls["pyebur128"] = functools.partial(
            ebur128, x, rate_hz, full=False, peak=True, integrated=False
        )
    if importable("soxr"):
        import soxr

        def by_soxr() -> Answer:
            return (decibels(float(np.abs(soxr.resample(x, rate_hz, 4 * rate_hz)).max())),)

        calls["soxr 4×"] = by_soxr
    if importable("scipy"):
        from scipy.signal import resample_poly

        def by_scipy() -> Answer:
            return (decibels(float(np.abs(resample_poly(x, 4, 1, axis=0)).max())),)

        calls["scipy resample_poly 4×"] = by_scipy
    return calls


def everything(x: Signal, rate_hz: int) -> dict[str, Call]:
    """Integrated loudness, loudness range and true peak."""
    calls: dict[str, Call] = {}
    if importable("pyebur128"):
        calls["pyebur128"] = functools.partial(ebur128, x, rate_hz, full=True, peak=True)
    if importable("av"):
        calls["FFmpeg (PyAV)"] = functools.partial(ffmpeg_filter, x, rate_hz, peak=True)
    if importable("essentia"):
        calls["essentia"] = functools.partial(essentia_all, x, rate_hz)
    return calls


def ffmpeg_command(path: str) -> tuple[float, Answer]:
    """CPU seconds and answer of `ffmpeg -af ebur128=peak=true` on a file."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    filters = ["-af", "ebur128=peak=true:framelog=verbose", "-f", "null", "-"]
    command = ["ffmpeg", "-hide_banner", "-nostats", "-threads", "1", "-i", path, *filters]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stderr
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    summary = text[text.rindex("Summary:") :]
    found = [float(re.findall(rf"{name}:\s+(\S+)", summary)[0]) for name in ("I", "LRA", "Peak")]
    return seconds, tuple(found)
