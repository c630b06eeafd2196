"""Designs the true-peak interpolator and writes cpp/kernel/true_peak_table.hpp.

Each of the 32 phases is the 36-tap filter whose largest error against the ideal delay, over all
frequencies up to 0.45 of the rate, is smallest (Lawson's iteration). The table also carries the
bounds that let the search skip: the smallest l1 norm with which every finer phase is a combination
of coarser ones, found by linear programming.

Usage: python scripts/design_true_peak.py [--check]
"""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog

Array = NDArray[np.float64]

PHASES, TAPS, PASS_BAND = 32, 36, 0.45
OFFSETS = np.arange(TAPS) - (TAPS // 2 - 1)
HEADER = Path(__file__).parents[1] / "cpp" / "kernel" / "true_peak_table.hpp"
ITU_PHASES = (
    "0.0017089843750, 0.0109863281250, -0.0196533203125, 0.0332031250000, -0.0594482421875, "
    "0.1373291015625, 0.9721679687500, -0.1022949218750, 0.0476074218750, -0.0266113281250, "
    "0.0148925781250, -0.0083007812500",
    "-0.0291748046875, 0.0292968750000, -0.0517578125000, 0.0891113281250, -0.1665039062500, "
    "0.4650878906250, 0.7797851562500, -0.2003173828125, 0.1015625000000, -0.0582275390625, "
    "0.0330810546875, -0.0189208984375",
)


def minimax_phase(delay: float) -> Array:
    """Taps whose response is closest to exp(j w delay) up to PASS_BAND, in the minimax sense."""
    frequency = np.linspace(0.0, PASS_BAND, 400)
    outside = np.linspace(PASS_BAND, 0.5, 60)
    basis = np.exp(2j * np.pi * np.outer(frequency, OFFSETS))
    basis_outside = np.exp(2j * np.pi * np.outer(outside, OFFSETS))
    ideal = np.exp(2j * np.pi * frequency * delay)
    # A trace of weight beyond the pass band keeps the gain there from growing.
    damping = 1e-5 * (basis_outside.conj().T @ basis_outside)
    pull = 1e-5 * (basis_outside.conj().T @ np.exp(2j * np.pi * outside * delay))
    weight = np.ones_like(frequency)
    for _ in range(60):
        normal = (basis.conj().T * weight) @ basis + damping
        taps = np.linalg.solve(normal.real, ((basis.conj().T * weight) @ ideal + pull).real)
        weight *= np.abs(basis @ taps - ideal)
        weight /= weight.mean()
    return taps


def design() -> Array:
    """The table, (PHASES, TAPS); phase 0 is the sample itself, phase 32 - p mirrors phase p."""
    table = np.zeros((PHASES, TAPS))
    table[0, TAPS // 2 - 1] = 1.0
    for phase in range(1, PHASES // 2 + 1):
        table[phase] = minimax_phase(phase / PHASES)
        table[PHASES - phase] = table[phase][::-1]
    half = table[PHASES // 2]
    table[PHASES // 2] = (half + half[::-1]) / 2
    return np.asarray(table.astype(np.float32), dtype=np.float64)


REACH, SHIFTS, NEAR = 36, 16, 8
MIDDLE = REACH + TAPS // 2
Atoms = tuple[Array, Array, NDArray[np.int_]]  # rows, what each costs, 0 near 1 far 2 curve


def value(table: Array, phase: int, shift: int) -> Array:
    """The taps of a phase, `shift` samples on, in a common span."""
    atom = np.zeros(2 * MIDDLE + 1)
    atom[OFFSETS + shift + MIDDLE] = table[phase]
    return atom


def dictionary(table: Array, coarse: list[int], curvature: float | None) -> Atoms:
    """Samples, coarse phases and, at the cost `curvature`, second differences of all of these."""
    atoms = [(value(table, 0, m), 1.0, int(abs(m) > NEAR)) for m in range(-REACH, REACH + 1)]
    for phase in coarse:
        for s in range(-SHIFTS, SHIFTS + 1):
            atoms.append((value(table, phase, s), 1.0, int(max(abs(s), abs(s + 1)) > NEAR)))
    grid = [(s, phase) for s in range(-NEAR, NEAR) for phase in [0, *coarse]] + [(NEAR, 0)]
    points = [value(table, phase, s) for s, phase in grid]
    for before, here, after in zip(points, points[1:], points[2:], strict=False):
        if curvature is not None:
            atoms.append((before - 2 * here + after, curvature, 2))
    rows, costs, kinds = zip(*atoms, strict=True)
    return np.array(rows), np.array(costs), np.array(kinds)


def bound(
    table: Array, coarse: list[int], curvature: float | None = None
) -> tuple[float, float, float]:
    """How far `coarse` phases bound the others: |y| <= a * near + b * far + c * curve.

    Each other phase is an exact combination of the dictionary's atoms. a, b and c are the l1 norms
    of its parts: values within 8 samples, values beyond (up to 36), second differences within 8.
    """
    rows, costs, kinds = dictionary(table, coarse, curvature)
    norms = np.zeros(3)
    for phase in sorted(set(range(1, PHASES // 2)) - set(coarse)):
        solved = linprog(
            np.concatenate([costs, costs]),
            A_eq=np.hstack([rows.T, -rows.T]),
            b_eq=value(table, phase, 0),
            method="highs",
        )
        parts = np.abs(solved.x[: len(costs)] - solved.x[len(costs) :])
        norms = np.maximum(norms, [parts[kinds == k].sum() for k in range(3)])
    return float(norms[0]), float(norms[1]), float(norms[2])


def bound_from_samples(table: Array) -> tuple[float, float, float]:
    """How far samples and their second differences bound the phases, without a solver.

    A phase less the straight line between its two middle samples that has the same sum and first
    moment is a combination of second differences: sum it twice. Returned: the line's norm, that of
    the differences more than 8 samples away, that of the nearer ones.
    """
    norms = np.zeros(3)
    far = np.abs(OFFSETS + 1) > NEAR
    for taps in table[1:]:
        rest = taps.copy()
        end = (taps * OFFSETS).sum()
        start = taps.sum() - end
        rest[TAPS // 2 - 1] -= start
        rest[TAPS // 2] -= end
        bends = np.abs(np.cumsum(np.cumsum(rest)))
        norms = np.maximum(norms, [abs(start) + abs(end), bends[far].sum(), bends[~far].sum()])
    return float(norms[0]), float(norms[1]), float(norms[2])


def render_row(taps: Array) -> str:
    """One phase as a C++ initialiser."""
    numbers = [f"{np.float32(tap):.9g}" for tap in taps]
    numbers = [n if re.search(r"[.e]", n) else n + ".0" for n in numbers]
    lines = [", ".join(f"{n}F" for n in numbers[i : i + 6]) for i in range(0, TAPS, 6)]
    return "    {" + ",\n     ".join(lines) + "},"


TEMPLATE = """// Written by scripts/design_true_peak.py; not to be edited by hand.
// clang-format off
#pragma once

namespace {{

// Phase p at sample n is the value at n + p/32, from samples n-17 .. n+18. Largest error against
// the ideal delay up to 0.45 of the rate: 0.011 dB. Phase 0 is the sample itself.
constexpr int kPeakPhases = {phases};
constexpr float kPeakTable[kPeakPhases][{taps}] = {{
{body}
}};

// What coarser values say of the phases between them: |y| <= near * (their largest within 8
// samples) + far * (their largest within 36) + curve * (the largest second difference of samples
// and half-sample values within 8). Exact, float32 rounding included; l1 norms found by linear
// programming.
struct PeakBound {{
  float near, far, curve;
}};
constexpr PeakBound kBoundFromHalves = {limits[0]};
constexpr PeakBound kBoundFromCurve = {limits[1]};
constexpr PeakBound kBoundFromQuarters = {limits[2]};
constexpr PeakBound kBoundFromEighths = {limits[3]};
// Of samples alone: near * (the larger of the two beside) + curve * (the largest second difference
// of samples within 8) + far * (the largest within 18).
constexpr PeakBound kBoundFromSamples = {limits[4]};

// ITU-R BS.1770-5 Annex 2, order 48, four phases: phases 0 and 1; 2 and 3 are 1 and 0 reversed.
constexpr double kItuPhases[2][12] = {{
{itu}
}};

}}  // namespace
"""


def render(table: Array, bounds: list[tuple[float, float, float]]) -> str:
    """The header's text."""
    body = "\n".join(render_row(taps) for taps in table)
    limits = [
        f"{{{a * 1.00003:.6f}F, {b + 0.0001:.6f}F, {c * 1.00003:.6f}F}}" for a, b, c in bounds
    ]
    itu = "\n".join("    {" + ", ".join(p.split(", ")) + "}," for p in ITU_PHASES)
    return TEMPLATE.format(phases=PHASES, taps=TAPS, body=body, limits=limits, itu=itu)


def main() -> int:
    """Writes the header, or with --check says whether it is current."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare instead of writing")
    check = parser.parse_args().check
    table = design()
    quarters, eighths = [8, 16, 24], [4, 8, 12, 16, 20, 24, 28]
    bounds = [
        bound(table, [16]),
        bound(table, [16], curvature=0.05),
        bound(table, quarters, curvature=0.05),
        bound(table, eighths),
        bound_from_samples(table),
    ]
    text = render(table, bounds)
    if not check:
        HEADER.write_text(text, encoding="utf-8")
        return 0
    numbers = [
        [float(n) for n in re.findall(r"-?\d+\.?\d*(?:e-?\d+)?(?=F)", part)]
        for part in (text, HEADER.read_text(encoding="utf-8"))
    ]
    return 0 if np.allclose(numbers[0], numbers[1], rtol=0, atol=1e-6) else 1


if __name__ == "__main__":
    sys.exit(main())
