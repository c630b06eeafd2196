"""Writes the files that libsndfile cannot write, with PyAV."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import pytest
from numpy.typing import NDArray

av = pytest.importorskip("av")
if TYPE_CHECKING:
    import av
    from av.audio.stream import AudioStream
    from av.container import OutputContainer
    from av.video.stream import VideoStream


def add_video(container: OutputContainer) -> VideoStream:
    codec = "libvpx" if container.format.name == "webm" else "mpeg4"
    video = cast("VideoStream", container.add_stream(codec, rate=25))
    video.width = video.height = 64
    video.pix_fmt = "yuv420p"
    return video


def mux_video(container: OutputContainer, video: VideoStream, frames: int) -> None:
    for index in range(frames):
        frame = av.VideoFrame(64, 64, "yuv420p")
        frame.pts = index
        for plane in frame.planes:
            plane.update(bytes(plane.buffer_size))
        container.mux(video.encode(frame))
    container.mux(video.encode(None))


def mux_audio(
    container: OutputContainer, stream: AudioStream, samples: NDArray[Any], format: str
) -> None:
    """Hand the encoder its own frame size, in its own sample format."""
    layout, rate_hz = stream.layout.name, stream.rate
    planar = format.endswith("p")
    array = samples.T if planar else samples.reshape(1, -1)
    frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(array), format=format, layout=layout)
    frame.sample_rate, frame.pts = rate_hz, 0
    size = stream.codec_context.frame_size or 1024
    resampler = av.AudioResampler(stream.format.name, layout, rate_hz, frame_size=size)
    for piece in [*resampler.resample(frame), *resampler.resample(None)]:
        container.mux(stream.encode(piece))
    container.mux(stream.encode(None))


def write(
    path: Path, codec: str, samples: NDArray[Any], *, rate_hz: int = 48000, layout: str = "stereo",
    format: str = "fltp", coded: str | None = None, video: bool = False, streams: int = 1,
) -> bytes:  # fmt: skip
    """Encode `samples`, shape (frames, channels) in sample format `format`."""
    with av.open(str(path), "w") as container:
        picture = add_video(container) if video else None
        sounds = [
            cast("AudioStream", container.add_stream(codec, rate=rate_hz, layout=layout))
            for _ in range(streams)
        ]
        for stream in sounds:
            stream.bit_rate = 64_000 * samples.shape[1] * (2 if rate_hz > 24000 else 1)
            if coded is not None:
                stream.codec_context.format = av.AudioFormat(coded)
        if picture is not None:
            mux_video(container, picture, 25)
        for stream in sounds:
            mux_audio(container, stream, samples, format)
    return path.read_bytes()
