"""Band profile: how the energy spreads over the bands.

The split is a tree of power-complementary fourth-order Butterworth pairs, so the energies of
`below`, the bands and `above` add up to the total.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from . import _core
from ._audio import as_float
from ._errors import InvalidArgument
from ._levels import power_decibels
from ._loudness import Series
from ._notes import present
from ._stereo import PairSums
from ._table import BlockTable

__all__ = [
    "DEFAULT_EDGES_HZ",
    "Band",
    "BandProfile",
    "check_edges",
    "column_names",
    "pair_sums",
    "profile_of",
]

DEFAULT_EDGES_HZ = (20.0, 60.0, 250.0, 500.0, 2000.0, 6000.0, 20000.0)
DEFAULT_NAMES = ("Sub", "Bass", "Low-mids", "Mids", "High-mids", "Air")
LOWEST_EDGE_HZ = 10.0
MOST_EDGES = 15


@dataclass(frozen=True, slots=True)
class Band:
    """One band of a profile. A figure of an empty or missing band is None.

    Attributes:
        name: For example ``"Low-mids"``.
        low_hz: Lower edge (-3 dB); 0 for `below`.
        high_hz: Upper edge (-3 dB) that was used; half the rate for `above`.
        level: dBFS, 10 log10 of the mean square averaged over the channels but LFE.
        relative: Level minus the total's, dB.
        share: Part of the total energy, 0 to 1.
        per_octave: Level per octave of width, dBFS: pink noise is flat. None for `below`.
        level_per_channel: dBFS of each channel.
        correlation: Of front left and right, -1 to 1.
        mid_side_ratio: Of front left and right, dB.
    """

    name: str
    low_hz: float
    high_hz: float
    level: float | None
    relative: float | None
    share: float | None
    per_octave: float | None
    level_per_channel: tuple[float | None, ...]
    correlation: float | None
    mid_side_ratio: float | None


@dataclass(frozen=True)
class BandProfile:
    """Energy by band. `below`, `bands` and `above` together are the total.

    Attributes:
        bands: From low to high, one for each pair of neighbouring edges.
        below: What lies under the lowest edge.
        above: What lies over the highest.
        total: Level of all of it, dBFS; None for digital silence.
        table: What it was read from.
    """

    bands: tuple[Band, ...]
    below: Band
    above: Band
    total: float | None
    table: BlockTable

    @property
    def names(self) -> tuple[str, ...]:
        """The bands' names."""
        return tuple(band.name for band in self.bands)

    @cached_property
    def over_time(self) -> Series:
        """Levels every 100 ms: times (B,) at the blocks' ends, values (B, bands) in dBFS.

        -inf where a band is silent or does not exist at this rate.
        """
        table = self.table
        energy = _heard(table).sum(axis=2)
        frames = np.maximum(table.frames, 1)[:, None] * _heard_count(table)
        with np.errstate(divide="ignore"):
            levels = 10.0 * np.log10(energy / frames)
        used = _core.band_edges(list(table.edges_hz), table.rate_hz)
        values = np.full((table.blocks, len(self.bands)), -np.inf)
        existing = len(used) - 1
        values[:, :existing] = levels[:, 1 : 1 + existing]
        return Series(table.starts[1:] / table.rate_hz, values)

    def __getitem__(self, name: str) -> Band:
        """The band of that name.

        Raises:
            InvalidArgument: There is none.
        """
        for band in self.bands:
            if band.name == name:
                return band
        raise InvalidArgument(f"band {name!r}: there are {', '.join(self.names)}")


def check_edges(edges: Sequence[float] | None) -> tuple[float, ...]:
    """The edges as floats, or the default ones.

    Raises:
        InvalidArgument: Fewer than two or more than fifteen, not ascending, or below 10 Hz.
    """
    if edges is None:
        return DEFAULT_EDGES_HZ
    try:
        found = tuple(as_float(edge) for edge in edges)
    except (TypeError, ValueError) as error:
        raise InvalidArgument(f"edges={edges!r}: give frequencies in Hz") from error
    ascending = all(low < high for low, high in pairwise(found))
    if not (2 <= len(found) <= MOST_EDGES and ascending and found[0] >= LOWEST_EDGE_HZ):
        raise InvalidArgument(
            f"edges={found}: give 2 to {MOST_EDGES} ascending frequencies from "
            f"{LOWEST_EDGE_HZ:g} Hz up"
        )
    if not math.isfinite(found[-1]):
        raise InvalidArgument(f"edges={found}: every edge must be finite")
    return found


def profile_of(table: BlockTable) -> BandProfile | None:
    """The profile of a table, or None if bands were not measured in it."""
    if table.band_energy is None or not table.edges_hz:
        return None
    edges = table.edges_hz
    used = _core.band_edges(list(edges), table.rate_hz)
    energy = table.band_energy.sum(axis=0)
    heard = [i for i, channel in enumerate(table.layout.channels) if not channel.lfe]
    total = float(energy[:, heard].sum())
    names = _names(edges)
    maker = _BandMaker(table, energy, heard, total)
    bands = [
        maker.band(name, low, used[i + 1] if i + 1 < len(used) else high, i + 1)
        if i + 1 < len(used)
        else maker.missing(name, low, high)
        for i, (name, low, high) in enumerate(zip(names, edges, edges[1:], strict=False))
    ]
    return BandProfile(
        bands=tuple(bands),
        below=maker.band("below", 0.0, used[0], 0),
        above=maker.band("above", used[-1], table.rate_hz / 2, len(used)),
        total=maker.level(total, len(heard)),
        table=table,
    )


@dataclass(frozen=True, slots=True)
class _BandMaker:
    table: BlockTable
    energy: NDArray[np.float64]  # (E, C)
    heard: list[int]
    total: float

    def level(self, energy: float, channels: int) -> float | None:
        power = energy / max(1, self.table.frame_count * channels)
        return power_decibels(power) if power > 0.0 else None

    def band(self, name: str, low_hz: float, high_hz: float, row: int) -> Band:
        energy = float(self.energy[row, self.heard].sum())
        level, whole = self.level(energy, len(self.heard)), self.level(self.total, len(self.heard))
        octaves = math.log2(high_hz / low_hz) if low_hz > 0.0 else None
        pair = pair_sums(self.table, row)
        return Band(
            name=name,
            low_hz=low_hz,
            high_hz=high_hz,
            level=level,
            relative=None if level is None or whole is None else level - whole,
            share=energy / self.total if self.total > 0.0 else None,
            per_octave=None
            if level is None or octaves is None
            else level - power_decibels(octaves),
            level_per_channel=tuple(self.level(e, 1) for e in self.energy[row].tolist()),
            correlation=present(pair.correlation) if pair else None,
            mid_side_ratio=present(pair.mid_side_ratio) if pair else None,
        )

    def missing(self, name: str, low_hz: float, high_hz: float) -> Band:
        nothing = (None,) * self.table.layout.count
        return Band(name, low_hz, high_hz, None, None, None, None, nothing, None, None)


def pair_sums(table: BlockTable, row: int) -> PairSums | None:
    """Of front left and right in a row of the table's bands: below, the bands, above."""
    pair, energy, cross = table.layout.front_pair, table.band_energy, table.band_cross
    if pair is None or energy is None or cross is None:
        return None
    left, right = (energy[:, row, channel] for channel in pair)
    return PairSums.over(left, right, cross[:, row])


def _heard_count(table: BlockTable) -> int:
    return max(1, sum(not channel.lfe for channel in table.layout.channels))


def _heard(table: BlockTable) -> NDArray[np.float64]:
    assert table.band_energy is not None
    heard = [i for i, channel in enumerate(table.layout.channels) if not channel.lfe]
    return table.band_energy[:, :, heard]


def column_names(table: BlockTable) -> tuple[str, ...]:
    """What the columns of `band_energy` are; bands that do not exist at this rate have none."""
    if table.band_energy is None:
        return ()
    return "below", *_names(table.edges_hz)[: table.band_energy.shape[1] - 2], "above"


def _names(edges: tuple[float, ...]) -> tuple[str, ...]:
    if edges == DEFAULT_EDGES_HZ:
        return DEFAULT_NAMES
    return tuple(f"{low:g}-{high:g} Hz" for low, high in pairwise(edges))
