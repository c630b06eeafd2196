"""Findings from faults."""

from __future__ import annotations

from collections.abc import Iterator

from ._bits import Bits
from ._codec import Codec
from ._edges import Edges
from ._findings import Finding, FindingCode
from ._hum import Hum
from ._inspection import Inspection
from ._limits import LIMITS
from ._overs import Overs

__all__ = ["fault_findings"]


def fault_findings(inspection: Inspection) -> Iterator[Finding]:
    """The findings from `Inspection.faults`."""
    faults, duration = inspection.faults, inspection.analysis.duration
    yield from _clipping(inspection)
    if faults.overs.count:
        yield _over(FindingCode.OVER_0_DBTP, "overs", faults.overs)
    elif faults.overs_1db.count:
        yield _over(FindingCode.OVER_1_DBTP, "overs_1db", faults.overs_1db)
    yield from _dc(inspection)
    if faults.hum is not None:
        yield _hum(faults.hum)
    yield from _edges(faults.edges, duration)
    if faults.codec is not None and faults.codec.likely_lossy:
        yield _codec(faults.codec)
    if faults.bits is not None and faults.bits.padded_from is not None:
        yield _bits(faults.bits, faults.bits.padded_from)
    if faults.upsampled_from_hz is not None:
        yield Finding(
            FindingCode.UPSAMPLED,
            "faults.upsampled_from_hz",
            f"There is nothing above {faults.upsampled_from_hz / 2000:g} kHz: the audio seems to "
            f"come from {faults.upsampled_from_hz / 1000:g} kHz.",
            float(faults.upsampled_from_hz),
            float(inspection.analysis.rate_hz),
            "Hz",
            (),
        )


def _clipping(inspection: Inspection) -> Iterator[Finding]:
    clipping, limit = inspection.faults.clipping, LIMITS["clipped_runs"]
    if clipping.count < limit:
        return
    yield Finding(
        FindingCode.CLIPPING,
        "faults.clipping.count",
        f"{clipping.count} flat tops at {clipping.level_dbfs:.2f} dBFS, the longest of "
        f"{clipping.longest} samples: the audio was clipped.",
        float(clipping.count),
        limit,
        "runs",
        blocks_at(clipping.at),
    )


def blocks_at(times: tuple[float, ...]) -> tuple[tuple[float, float], ...]:
    """The 100 ms blocks that hold these times, joined where they touch."""
    spans: list[tuple[int, int]] = []
    for block in sorted({int(time * 10.0 + 1e-9) for time in times}):
        if spans and spans[-1][1] == block:
            spans[-1] = spans[-1][0], block + 1
        else:
            spans.append((block, block + 1))
    return tuple((first / 10.0, last / 10.0) for first, last in spans)


def _over(code: FindingCode, name: str, overs: Overs) -> Finding:
    places = "place" if overs.count == 1 else "places"
    return Finding(
        code,
        f"faults.{name}.max_dbtp",
        f"The true peak reaches {overs.max_dbtp:+.2f} dBTP; it exceeds {overs.level_dbtp:g} dBTP "
        f"in {overs.count} {places}.",
        overs.max_dbtp,
        overs.level_dbtp,
        "dBTP",
        tuple((over.start, over.stop) for over in overs.regions),
    )


def _dc(inspection: Inspection) -> Iterator[Finding]:
    largest = max(inspection.faults.dc_per_channel, key=abs, default=0.0)
    if abs(largest) <= LIMITS["dc_offset"]:
        return
    labels = inspection.analysis.layout.labels
    channel = labels[inspection.faults.dc_per_channel.index(largest)]
    yield Finding(
        FindingCode.DC_OFFSET,
        "faults.dc_per_channel",
        f"Channel {channel} has a DC offset of {100 * largest:+.2f} % of full scale.",
        100.0 * abs(largest),
        100.0 * LIMITS["dc_offset"],
        "%",
        (),
    )


def _hum(hum: Hum) -> Finding:
    lines = " and ".join(f"{hz:g}" for hz in hum.harmonics_hz)
    return Finding(
        FindingCode.HUM,
        "faults.hum.above_neighbours_db",
        f"Mains hum: {hum.fundamental_hz:g} Hz with {lines} Hz, at {hum.level_dbfs:.0f} dBFS in "
        "the quietest passages.",
        hum.above_neighbours_db,
        LIMITS["hum_db"],
        "dB",
        (),
    )


def _edges(edges: Edges, duration: float) -> Iterator[Finding]:
    for code, name, seconds, where in (
        (FindingCode.HEAD_SILENCE, "head", edges.head_s, (0.0, edges.head_s or 0.0)),
        (
            FindingCode.TAIL_SILENCE,
            "tail",
            edges.tail_s,
            (duration - (edges.tail_s or 0), duration),
        ),
    ):
        if seconds is not None and seconds > LIMITS[f"{name}_s"]:
            side = "before the first" if name == "head" else "after the last"
            message = f"{seconds:.2f} s pass {side} sound above -60 dBFS."
            figure = f"faults.edges.{name}_s"
            yield Finding(code, figure, message, seconds, LIMITS[f"{name}_s"], "s", (where,))
    for code, name, there, where in (
        (FindingCode.ABRUPT_START, "start", edges.abrupt_start, (0.0, min(0.01, duration))),
        (FindingCode.ABRUPT_END, "end", edges.abrupt_end, (max(0.0, duration - 0.01), duration)),
    ):
        if there:
            message = f"The waveform {name}s with a jump: a fade or a cut may be missing."
            yield Finding(code, f"faults.edges.abrupt_{name}", message, None, None, "", (where,))


def _codec(codec: Codec) -> Finding:
    return Finding(
        FindingCode.LOSSY_SOURCE,
        "faults.codec.cutoff_hz",
        f"The spectrum ends at {codec.cutoff_hz / 1000:.1f} kHz, falling {codec.drop_db:.0f} dB "
        f"within 1 kHz {100 * codec.stability:.0f} % of the time, as MP3 does at {codec.guess}: "
        "the audio has likely been through a lossy codec.",
        codec.cutoff_hz,
        None,
        "Hz",
        (),
    )


def _bits(bits: Bits, depth: int) -> Finding:
    return Finding(
        FindingCode.PADDED_BITS,
        "faults.bits.used",
        f"Only {bits.used} of {bits.container} bits are ever used: this is {depth}-bit audio.",
        float(bits.used),
        float(bits.container),
        "bit",
        (),
    )
