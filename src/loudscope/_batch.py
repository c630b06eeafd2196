"""Many clips in one call: lanes run over clips, and only the figure is kept."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import Literal, TypeVar

import numpy as np
from numpy.typing import NDArray

from . import _core
from ._audio import Samples, as_samples, check_axis, check_rate, is_array, without_nonfinite
from ._engine import bad_sample_error
from ._errors import InvalidArgument, InvalidAudio, UnsupportedType
from ._exchange import to_array
from ._layouts import resolve_layout
from ._levels import decibels
from ._request import Request
from .typing import Clips, LayoutLike

__all__ = ["lufs_batch", "true_peak_batch"]

Figures = tuple[NDArray[np.float64], NDArray[np.float32]]  # integrated, true peak
Figure = TypeVar("Figure")


def lufs_batch(
    clips: Clips,
    rate_hz: float,
    *,
    axis: int = 0,
    layout: LayoutLike = None,
    dual_mono: bool = False,
    threads: int | None = None,
    on_nonfinite: Literal["raise", "zero"] = "raise",
) -> list[float | None]:
    """Integrated loudness of every clip, in one pass over all of them.

    The figures are those of `lufs` called for each clip, to the last bit. In `lufs` a
    two-dimensional array is (frames, channels) and an iterable is one programme in chunks; here
    the first axis, or the iterable, is always the batch.

    Args:
        clips: An array of shape (batch, frames) or (batch, frames, channels), or an iterable of
            arrays of any lengths, each (frames,) or (frames, channels). Channels and dtypes may
            differ from clip to clip; dtypes and scaling as in `scan`.
        rate_hz: Sampling rate of all clips, 8000 to 384000.
        axis: Axis of the frames in each clip, as in `scan`: -1 for an array of shape (batch,
            channels, frames), or clips of shape (channels, frames).
        layout: As in `scan`, for all clips.
        dual_mono: As in `analyze`.
        threads: As in `scan`.
        on_nonfinite: As in `scan`.

    Returns:
        LUFS of each clip, in their order; None where `lufs` gives None, which includes clips
        shorter than 400 ms.

    Raises:
        LoudscopeError: As in `lufs`; the message names the clip, as in ``clips[3]``.
    """
    request = Request(
        axis=axis,
        threads=threads,
        on_nonfinite=on_nonfinite,
        peaks=False,
        levels=False,
    )

    def gated(figures: Figures) -> list[float | None]:
        return [None if lufs == -math.inf else lufs for lufs in figures[0].tolist()]

    return _measure(clips, rate_hz, layout, dual_mono, request, gated)


def true_peak_batch(
    clips: Clips,
    rate_hz: float,
    *,
    axis: int = 0,
    layout: LayoutLike = None,
    threads: int | None = None,
    on_nonfinite: Literal["raise", "zero"] = "raise",
) -> list[float | None]:
    """True peak of every clip, the largest of its channels, in one pass over all of them.

    The figures are those of `true_peak` called for each clip, to the last bit.

    Args:
        clips: As in `lufs_batch`.
        rate_hz: As in `lufs_batch`.
        axis: As in `lufs_batch`.
        layout: As in `scan`, for all clips.
        threads: As in `scan`.
        on_nonfinite: As in `scan`.

    Returns:
        dBTP of each clip, in their order; None for digital silence.

    Raises:
        LoudscopeError: As in `true_peak`; the message names the clip, as in ``clips[3]``.
    """
    request = Request(
        axis=axis,
        threads=threads,
        on_nonfinite=on_nonfinite,
        weighting=False,
        largest_only=True,
    )

    def levels(figures: Figures) -> list[float | None]:
        return [decibels(peak) if peak > 0 else None for peak in figures[1].tolist()]

    return _measure(clips, rate_hz, layout, False, request, levels)


def _measure(
    clips: Clips,
    rate_hz: object,
    layout: LayoutLike,
    dual_mono: bool,
    request: Request,
    read: Callable[[Figures], list[Figure]],
) -> list[Figure]:
    request.check()
    rate, samples = check_rate(rate_hz), _samples_of(clips, request.axis)
    if request.on_nonfinite == "zero":
        samples = [without_nonfinite(clip)[0] for clip in samples]
    groups: dict[tuple[int, str], list[int]] = {}  # one plan, and one sample type, at a time
    for i, clip in enumerate(samples):
        groups.setdefault((clip.shape[1], clip.dtype.char), []).append(i)
    found: dict[int, Figure] = {}
    for (channels, _), members in groups.items():
        if dual_mono and channels != 1:
            raise InvalidArgument(
                f"dual_mono=True: clips[{members[0]}] has {channels} channels; it is for one "
                "channel"
            )
        chosen = resolve_layout(layout, channels)
        weights = [weight * (2.0 if dual_mono else 1.0) for weight in chosen.weights]
        options = request.options(rate, chosen)
        group = [samples[i] for i in members]
        try:
            figures = _core.measure_clips(options, group, weights, request.thread_count)
        except _core.BadSample as bad:
            raise bad_sample_error(bad, f"clips[{members[bad.args[3]]}]") from None
        found.update(zip(members, read(figures), strict=True))
    return [found[i] for i in range(len(samples))]


def _samples_of(clips: object, axis: int) -> list[Samples]:
    """Every clip as (frames, channels)."""
    if is_array(clips):
        return _rows_of(clips, axis)
    if not isinstance(clips, Iterable) or isinstance(clips, str | bytes | bytearray | dict):
        raise UnsupportedType(
            f"clips: cannot measure {type(clips).__name__}; give an array of shape (batch, frames) "
            "or (batch, frames, channels), or an iterable of arrays"
        )
    return [_clip(clip, f"clips[{i}]", axis) for i, clip in enumerate(clips)]


def _clip(clip: object, name: str, axis: int) -> Samples:
    if not is_array(clip):
        raise UnsupportedType(
            f"{name}: cannot measure {type(clip).__name__}; give an array of shape (frames,) or "
            "(frames, channels); files are measured one by one, by lufs or true_peak"
        )
    samples = as_samples(clip, name, axis)
    if len(samples) == 0:
        raise InvalidAudio(f"{name}: the array is empty; give at least one frame")
    return samples


def _rows_of(array: object, axis: int) -> list[Samples]:
    found = to_array(array, "clips")
    if found.ndim not in (2, 3):
        raise InvalidAudio(
            f"clips: shape {found.shape} is not (batch, frames) or (batch, frames, channels)"
        )
    if len(found) == 0:
        return []
    first = _clip(found[0], "clips[0]", axis)  # what holds for one row holds for all
    if first.base is None or first.dtype != found.dtype or isinstance(found, np.ma.MaskedArray):
        return [_clip(row, f"clips[{i}]", axis) for i, row in enumerate(found)]
    if found.ndim == 2:
        return list(found[:, :, np.newaxis])
    return list(found.transpose(0, 2, 1) if check_axis(axis) else found)
