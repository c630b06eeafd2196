"""What the tags say: gains against the reference of each family, and peaks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from loudscope import Analysis, InvalidArgument
from loudscope.targets import Track, album_loudness

__all__ = ["R128_LUFS", "REPLAYGAIN_LUFS", "AlbumMode", "Peak", "TagValues", "tag_values"]

REPLAYGAIN_LUFS = -18.0
"""What ReplayGain 2.0 brings audio to; the proposal, rsgain and bs1770gain have it so."""

R128_LUFS = -23.0
"""What the R128 tags of Opus bring audio to (RFC 7845, 5.2.1)."""

Peak: TypeAlias = Literal["sample", "true"]
AlbumMode: TypeAlias = Literal["pooled", "loudest"]

_Q7_8 = 256
_LEAST, _MOST = -32768, 32767


@dataclass(frozen=True, slots=True)
class TagValues:
    """What is to be tagged in one file. None: digital silence, or no album was asked for.

    Attributes:
        name: Name of the source, or None.
        loudness_lufs: Integrated loudness of the track.
        sample_peak_dbfs: Sample peak of the track.
        true_peak_dbtp: True peak of the track.
        album: How the album's loudness was found: "pooled", "loudest" (AES77), or None.
        album_loudness_lufs: Loudness of the album.
        album_sample_peak_dbfs: Largest sample peak of its tracks.
        album_true_peak_dbtp: Largest true peak of its tracks.
    """

    name: str | None
    loudness_lufs: float | None
    sample_peak_dbfs: float | None
    true_peak_dbtp: float | None
    album: AlbumMode | None = None
    album_loudness_lufs: float | None = None
    album_sample_peak_dbfs: float | None = None
    album_true_peak_dbtp: float | None = None

    @property
    def track_gain_db(self) -> float:
        """ReplayGain 2.0 of the track, dB; 0 for a track without loudness."""
        return _gain(REPLAYGAIN_LUFS, self.loudness_lufs)

    @property
    def album_gain_db(self) -> float | None:
        """ReplayGain 2.0 of the album, dB; None without an album."""
        return None if self.album is None else _gain(REPLAYGAIN_LUFS, self.album_loudness_lufs)

    @property
    def r128_track_gain(self) -> int:
        """The value of R128_TRACK_GAIN: dB times 256; 0 for a track without loudness."""
        return _q7_8(_gain(R128_LUFS, self.loudness_lufs))

    @property
    def r128_album_gain(self) -> int | None:
        """The value of R128_ALBUM_GAIN; None without an album."""
        return None if self.album is None else _q7_8(_gain(R128_LUFS, self.album_loudness_lufs))

    def replaygain(self, peak: Peak = "sample") -> dict[str, str]:
        """The tags of ReplayGain 2.0, as text.

        Args:
            peak: Which peak to write, as a fraction of full scale: "sample" is what the proposal
                says, "true" is what many write, and safer.

        Raises:
            InvalidArgument: Another peak.
        """
        track = self._peak(peak, "")
        found = {
            "REPLAYGAIN_TRACK_GAIN": f"{self.track_gain_db:z.2f} dB",
            "REPLAYGAIN_TRACK_PEAK": f"{_linear(track):.6f}",
        }
        if self.album_gain_db is not None:
            found["REPLAYGAIN_ALBUM_GAIN"] = f"{self.album_gain_db:z.2f} dB"
            found["REPLAYGAIN_ALBUM_PEAK"] = f"{_linear(self._peak(peak, 'album_')):.6f}"
        return found

    def _peak(self, peak: Peak, whose: str) -> float | None:
        if peak not in ("sample", "true"):
            raise InvalidArgument(f"peak={peak!r}: choose 'sample' or 'true'")
        found: float | None = getattr(
            self, whose + {"sample": "sample_peak_dbfs", "true": "true_peak_dbtp"}[peak]
        )
        return found

    def r128(self) -> dict[str, str]:
        """The R128 tags of Opus, as text (RFC 7845, 5.2.1): gains, and no peaks."""
        found = {"R128_TRACK_GAIN": str(self.r128_track_gain)}
        if self.r128_album_gain is not None:
            found["R128_ALBUM_GAIN"] = str(self.r128_album_gain)
        return found

    def to_dict(self) -> dict[str, Any]:
        """All values as plain ones, for strict JSON; peaks by name."""
        return {
            "name": self.name,
            "loudness_lufs": self.loudness_lufs,
            "sample_peak_dbfs": self.sample_peak_dbfs,
            "true_peak_dbtp": self.true_peak_dbtp,
            "album": self.album,
            "album_loudness_lufs": self.album_loudness_lufs,
            "album_sample_peak_dbfs": self.album_sample_peak_dbfs,
            "album_true_peak_dbtp": self.album_true_peak_dbtp,
            "replaygain_sample_peak": self.replaygain("sample"),
            "replaygain_true_peak": self.replaygain("true"),
            "r128": self.r128(),
        }


def tag_values(
    tracks: Sequence[Track | Analysis], *, album: AlbumMode | None = None
) -> tuple[TagValues, ...]:
    """The tags of some tracks.

    Args:
        tracks: The tracks, in order. For many of them `Track` is the smaller thing to keep.
        album: Take them as an album too. "pooled": its loudness is that of all gating blocks
            together, which is not the mean of the tracks' loudnesses. "loudest": that of its
            loudest track, as AES77 has it. None: tracks only.

    Raises:
        InvalidArgument: There are no tracks, or `album` is something else.
    """
    if album not in (None, "pooled", "loudest"):
        raise InvalidArgument(f"album={album!r}: choose 'pooled', 'loudest' or None")
    if not tracks:
        raise InvalidArgument("tracks: there are none; give one at least")
    parts = [track if isinstance(track, Track) else Track.of(track) for track in tracks]
    whole: dict[str, Any] = {}
    if album is not None:
        whole = {
            "album": album,
            "album_loudness_lufs": album_loudness(parts, album),
            "album_sample_peak_dbfs": _largest([part.sample_peak for part in parts]),
            "album_true_peak_dbtp": _largest([part.true_peak for part in parts]),
        }
    return tuple(
        TagValues(part.name, part.integrated, part.sample_peak, part.true_peak, **whole)
        for part in parts
    )


def _gain(reference: float, loudness: float | None) -> float:
    """Nothing is gained by raising silence; rsgain writes 0 too."""
    return 0.0 if loudness is None else reference - loudness


def _q7_8(gain_db: float) -> int:
    """Q7.8 fixed point, 16 bits (RFC 7845, 5.2.1), rounded half up."""
    return max(_LEAST, min(_MOST, int((gain_db * _Q7_8 + 0.5) // 1)))


def _linear(peak: float | None) -> float:
    return 0.0 if peak is None else float(10 ** (peak / 20))


def _largest(peaks: Sequence[float | None]) -> float | None:
    return max((peak for peak in peaks if peak is not None), default=None)
