"""What gain brings audio to a target, what the platform applies, and what the peak allows."""

from __future__ import annotations

from dataclasses import dataclass

from loudscope import Analysis

from ._album import Track, album_loudness, highest
from ._figures import why_absent
from ._model import Playback, Target

__all__ = ["Gains", "gains_of"]


@dataclass(frozen=True, slots=True)
class Gains:
    """All in dB; None where they do not exist."""

    wanted: float | None
    platform: float | None
    platform_limiting: float | None
    headroom: float | None
    safe: float | None
    limiting: float | None
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Level:
    """Loudness in LUFS and true peak in dBTP of what is set as a whole."""

    loudness: float | None
    peak: float | None


def gains_of(
    analysis: Analysis, target: Target, album: tuple[Track | Analysis, ...] | None
) -> Gains:
    """The gains for a track, which may be on an album."""
    whole, notes = _set_as_a_whole(analysis, target, album)
    wanted = _wanted(whole.loudness, target)
    headroom = None if whole.peak is None else target.ceiling_dbtp - whole.peak
    safe = wanted if wanted is None or headroom is None else min(wanted, headroom)
    if whole.loudness is None:
        notes.append(f"no gain: {why_absent(analysis, 'integrated')}")
    elif wanted is None:
        notes.append("no gain: this target has no loudness that can be measured here")
    platform, limiting = _platform(target.playback, whole)
    return Gains(
        wanted=wanted,
        platform=platform,
        platform_limiting=limiting,
        headroom=headroom,
        safe=safe,
        limiting=None if wanted is None or safe is None else wanted - safe,
        notes=tuple(notes),
    )


def _set_as_a_whole(
    analysis: Analysis, target: Target, album: tuple[Track | Analysis, ...] | None
) -> tuple[_Level, list[str]]:
    """The track, or the album where the platform keeps the levels of its tracks apart."""
    alone = _Level(analysis.integrated, analysis.true_peak)
    mode = "none" if target.playback is None else target.playback.album
    if album is None or mode == "none":
        return alone, []
    whole = _Level(album_loudness(album, mode), highest(track.true_peak for track in album))
    how = "all tracks pooled" if mode == "pooled" else "the loudest track"
    return whole, [f"gains are those of the album, by {how}"]


def _wanted(loudness: float | None, target: Target) -> float | None:
    if loudness is None:
        return None
    if target.reference_lufs is not None:
        return target.reference_lufs - loudness
    return _into_range(loudness, target)


def _into_range(loudness: float, target: Target) -> float | None:
    """The smallest gain into a permitted range, for targets without a single value."""
    gains = [
        max(0.0, low - loudness) + min(0.0, high - loudness)
        for rule in target.rules
        if rule.figure == "integrated" and rule.cannot is None
        for low, high in rule.ranges
        if low is not None and high is not None
    ]
    return min(gains, key=abs, default=None)


def _platform(playback: Playback | None, whole: _Level) -> tuple[float | None, float | None]:
    """The gain by the platform's rules, and how far its limiter then works."""
    if playback is None or whole.loudness is None:
        return None, None
    gain = playback.reference_lufs - whole.loudness
    if gain > 0 and playback.up == "none":
        gain = 0.0
    if gain > 0 and playback.up == "headroom":
        room = 0.0 if whole.peak is None else -playback.headroom_db - whole.peak
        gain = min(gain, max(0.0, room))
    if playback.up != "limiter" or whole.peak is None:
        return gain, 0.0
    return gain, max(0.0, whole.peak + gain - playback.limiter_dbfs)
