"""The diagrams of docs/figures.md: what each figure is, drawn from the reference and the example.

python scripts/diagrams.py [folder]             needs matplotlib, scipy; `--png` to look at them

Each is drawn twice, for light and for dark pages.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

import matplotlib as mpl

mpl.use("agg")
import matplotlib.pyplot as plt
import numpy as np
from cycler import cycler
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, NullFormatter
from numpy.typing import NDArray
from scipy.signal import sosfreqz

import loudscope
from loudscope import reference
from loudscope.reference.bands import band_signals

ROOT = Path(__file__).resolve().parents[1]
PICTURES = ROOT / "docs" / "figures"
PIECE = ROOT / "examples" / "audio" / "night_drive.flac"
BLUE, ORANGE, GREY = "C0", "C1", "C2"  # Okabe and Ito's, told apart by any eye
THEMES = {
    "light": ("#ffffff00", "#222222", "#d8d8d8", ["#0072b2", "#d55e00", "#8a8a8a", "#009e73"]),
    "dark": ("#00000000", "#e6e6e6", "#4a4f58", ["#56b4e9", "#e69f00", "#9a9a9a", "#35c69b"]),
}
plain = FuncFormatter(lambda value, _: f"{value:g}")


def style(theme: str) -> dict[Any, Any]:
    """Matplotlib's settings for a theme; the page shows through."""
    behind, ink, grid, colours = THEMES[theme]
    inked = ("text.color", "axes.labelcolor", "axes.edgecolor", "xtick.color", "ytick.color")
    return {
        **dict.fromkeys(inked, ink),
        "figure.facecolor": behind,
        "axes.facecolor": behind,
        "savefig.facecolor": behind,
        "grid.color": grid,
        "axes.prop_cycle": cycler(color=colours),
        "font.family": ["DejaVu Sans"],
        "font.size": 10,
        "svg.hashsalt": "loudscope",
        "svg.fonttype": "none",
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.grid": True,
        "axes.axisbelow": True,
        "legend.frameon": False,
    }


def hertz(axes: Axes, low: float = 10, high: float = 24000) -> None:
    """A logarithmic axis in Hz."""
    axes.set_xscale("log")
    axes.set(xlim=(low, high), xlabel="Hz")
    axes.set_xticks([20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 20000])
    axes.xaxis.set_major_formatter(plain)
    axes.xaxis.set_minor_formatter(NullFormatter())


def k_weighting(axes: Axes) -> None:
    """The two biquads and their product."""
    sections = reference.k_coefficients(48000)
    hz = np.geomspace(10, 23900, 300)
    for label, used, colour in (
        ("K-weighting", sections, GREY),
        ("shelf", sections[:1], BLUE),
        ("high-pass", sections[1:], ORANGE),
    ):
        _, response = sosfreqz(used, worN=hz, fs=48000)
        wide: dict[str, Any] = {"lw": 7, "alpha": 0.4} if colour == GREY else {"lw": 1.5}
        axes.plot(hz, 20 * np.log10(np.abs(response)), color=colour, label=label, **wide)
    hertz(axes)
    axes.set(ylim=(-20, 6), ylabel="dB")
    axes.legend(loc="lower right")


def channel_weights(axes: Axes) -> None:
    """Azimuths round the listener; the sector that counts 1.41."""
    for side in (1, -1):
        sector = np.radians(side * np.linspace(60, 120, 40))
        axes.fill_between(sector, 0, 1, color=ORANGE, alpha=0.25, lw=0)
    places = {"L": 30, "R": -30, "C": 0, "Lss": 90, "Rss": -90, "Ls": 110, "Rs": -110, "Lrs": 135}
    for label, degrees in {**places, "Rrs": -135}.items():
        weight = loudscope.Channel(label, degrees).weight
        colour = ORANGE if weight > 1 else BLUE
        axes.plot(np.radians(degrees), 1, "o", color=colour, ms=9, clip_on=False)
        axes.annotate(label, (np.radians(degrees), 0.84), ha="center", va="center", size=9)
    for side in (90, -90):
        axes.annotate("1.41", (np.radians(side), 0.5), ha="center", va="center", color=ORANGE)
    for side in (0, 180):
        axes.annotate("1.0", (np.radians(side), 0.5), ha="center", va="center", color=BLUE)
    polar: Any = axes
    polar.set_theta_zero_location("N")
    axes.set(ylim=(0, 1), yticks=[])
    axes.set_xticks(np.radians([60, 120, 240, 300]), ["60°", "120°", "-120°", "-60°"])


def gates(axes: Axes) -> None:
    """Gating blocks of the example: those below the relative gate do not count."""
    analysis = loudscope.analyze(PIECE)
    times, values = analysis.momentary.times[::10], analysis.momentary.values[::10]
    gate, integrated = analysis.relative_threshold, analysis.integrated
    assert gate is not None
    assert integrated is not None
    kept = values > gate
    axes.plot(times[kept], values[kept], ".", color=BLUE, label="counts")
    axes.plot(times[~kept], values[~kept], "x", color=ORANGE, ms=5, label="below the relative gate")
    for level, what, colour in ((integrated, "integrated", BLUE), (gate, "relative gate", ORANGE)):
        axes.axhline(level, color=colour, lw=1.2, ls="--", label=f"{what} {level:.1f} LUFS")
    axes.set(xlabel="end of the block, s", ylabel="LUFS", xlim=(0, 24.5), ylim=(-40, -6))
    axes.legend(loc="lower center")


def grid(axes: Axes) -> None:
    """A burst of 400 ms read on two grids (Tech 3341 case 13)."""
    rate_hz = 48000
    tone = 10 ** (-23 / 20) * np.sin(2 * np.pi * 1000 * np.arange(0.4 * rate_hz) / rate_hz)
    audio = np.zeros((round(1.6 * rate_hz), 2))
    begin = round(0.55 * rate_hz)
    audio[begin : begin + len(tone)] = tone[:, np.newaxis]
    series = loudscope.analyze(audio, rate_hz).momentary
    near = (series.times > 0.75) & (series.times < 1.15)
    times, values = series.times[near], series.values[near]
    axes.plot(times, values, ".-", color=BLUE, ms=4, label="every 10 ms")
    coarse = np.isclose(times * 10 % 1, 0, atol=1e-6) | np.isclose(times * 10 % 1, 1, atol=1e-6)
    axes.plot(times[coarse], values[coarse], "s", color=ORANGE, label="every 100 ms")
    axes.axhspan(-23.1, -22.9, color=GREY, alpha=0.3, lw=0, label="wanted")
    axes.set(xlabel="end of the window, s", ylabel="momentary, LUFS", ylim=(-26.5, -22.5))
    axes.legend(loc="lower center")


def loudness_range(axes: Axes) -> None:
    """The short-term values that count, sorted, and the two percentiles."""
    analysis = loudscope.analyze(PIECE)
    found, values = analysis.lra(), np.sort(analysis.short_term.values)
    assert found is not None
    kept = values[values >= 10 * np.log10(np.mean(10 ** (values / 10))) - 20]
    rank = 100 * np.arange(len(kept)) / (len(kept) - 1)
    axes.step(rank, kept, where="mid", color=BLUE)
    for percent, level, at in ((10, found.low, 99), (95, found.high, 60)):
        axes.plot([percent, percent], [-32, level], color=ORANGE, lw=1.2, ls="--")
        axes.axhline(level, color=ORANGE, lw=1.2, ls="--")
        axes.annotate(f"{level:.1f} LUFS", (at, level + 0.4), color=ORANGE, ha="right")
    arrow = {"arrowstyle": "<->", "color": ORANGE}
    axes.annotate("", (80, found.low), (80, found.high), arrowprops=arrow)
    axes.annotate(f"{found.value:.1f} LU", (81, (found.low + found.high) / 2), color=ORANGE)
    axes.set(xlabel="percentile of short-term loudness", ylabel="LUFS")
    axes.set(xlim=(0, 100), ylim=(-32, -8), xticks=[0, 10, 25, 50, 75, 95])


def _wave(at: NDArray[Any]) -> NDArray[Any]:
    return np.asarray(np.sin(np.pi / 2 * at + np.pi / 4))


def true_peak(axes: Axes) -> None:
    """A sine at a quarter of the rate, sampled beside its peaks (Tech 3341 case 15 and on)."""
    rate_hz, shown = 48000, np.arange(9)
    fine = np.linspace(0, 8, 400)
    axes.plot(1e6 * fine / rate_hz, _wave(fine), color=GREY, label="what a converter plays")
    axes.plot(1e6 * shown / rate_hz, _wave(shown), "o", color=BLUE, label="samples")
    axes.axhline(np.sqrt(0.5), color=BLUE, lw=1.2, ls="--")
    axes.axhline(1, color=ORANGE, lw=1.2, ls="--")
    samples = _wave(np.arange(rate_hz)) * np.minimum(1, np.arange(rate_hz, 0, -1) / rate_hz * 4)
    samples *= np.minimum(1, np.arange(rate_hz) / rate_hz * 4)  # faded, as in Tech 3341
    read = loudscope.analyze(samples, rate_hz)
    assert read.true_peak is not None
    axes.annotate(
        f"true peak {abs(read.true_peak):.2f} dBTP", (168, 1.04), color=ORANGE, ha="right"
    )
    axes.annotate(f"sample peak {read.sample_peak:.2f} dBFS", (168, 0.75), color=BLUE, ha="right")
    axes.set(xlabel="µs", ylabel="full scale is 1", xlim=(-2, 170), ylim=(-1.7, 1.3))
    axes.legend(loc="lower center", ncol=2)


def bands(axes: Axes) -> None:
    """The six bands and what lies beside them; their powers add up to 1."""
    rate_hz, frames = 48000, 1 << 18
    impulse = np.zeros(frames)
    impulse[0] = 1.0
    signals = band_signals(impulse, rate_hz, loudscope.DEFAULT_EDGES_HZ)
    hz = np.fft.rfftfreq(frames, 1 / rate_hz)
    wanted = np.searchsorted(hz, np.geomspace(10, 23900, 260))
    names = ["", "Sub", "Bass", "Low-mids", "Mids", "High-mids", "Air", ""]
    for i, (name, signal) in enumerate(zip(names, signals, strict=True)):
        power = np.abs(np.fft.rfft(signal[:, 0]))[wanted] ** 2
        colour = GREY if not name else (BLUE, ORANGE)[i % 2]
        axes.plot(hz[wanted], 10 * np.log10(power + 1e-12), color=colour)
        if name:
            low, high = loudscope.DEFAULT_EDGES_HZ[i - 1 : i + 1]
            axes.annotate(name, ((low * high) ** 0.5, 1.2), ha="center", size=9, color=colour)
    axes.axhline(-3.01, color=GREY, lw=0.8, ls=":")
    hertz(axes)
    axes.set(ylim=(-30, 4), ylabel="dB")


def dynamics(axes: Axes) -> None:
    """PLR from the whole, PSR from every window of 3 s, between peaks and loudness."""
    analysis = loudscope.analyze(PIECE)
    series, table = analysis.short_term, analysis.table
    assert table.true_peak is not None
    assert analysis.integrated is not None
    assert analysis.true_peak is not None
    peaks = 20 * np.log10(table.true_peak.max(axis=1))
    held = np.array([peaks[max(0, end - 30) : end].max() for end in range(1, len(peaks) + 1)])
    axes.plot(np.arange(1, len(held) + 1) / 10, held, color=ORANGE, label="true peak of 3 s")
    axes.plot(series.times, series.values, color=BLUE, label="short-term loudness")
    axes.axhline(analysis.integrated, color=BLUE, lw=1, ls="--")
    at = 19.8
    level = series.values[np.searchsorted(series.times, at)]
    arrow = {"arrowstyle": "<->", "color": mpl.rcParams["text.color"]}
    axes.annotate("", (at, level), (at, held[197]), arrowprops=arrow)
    axes.annotate("PSR", (at - 0.3, (level + held[197]) / 2), ha="right")
    axes.annotate("", (23.6, analysis.integrated), (23.6, analysis.true_peak), arrowprops=arrow)
    axes.annotate("PLR", (23.3, analysis.integrated + 2.4), ha="right")
    axes.set(xlabel="s", ylabel="dBTP, LUFS", xlim=(3, 24.4), ylim=(-30, 1))
    axes.legend(loc="lower right")


DIAGRAMS: dict[str, tuple[Callable[[Axes], None], tuple[float, float]]] = {
    "k-weighting": (k_weighting, (7.2, 3.4)),
    "channel-weights": (channel_weights, (4.2, 4.2)),
    "gates": (gates, (7.2, 3.6)),
    "grid": (grid, (7.2, 3.2)),
    "loudness-range": (loudness_range, (7.2, 3.4)),
    "true-peak": (true_peak, (7.2, 3.4)),
    "bands": (bands, (7.2, 3.4)),
    "dynamics": (dynamics, (7.2, 3.6)),
}


def draw(folder: Path, ending: str) -> list[Path]:
    """Every diagram in both themes."""
    folder.mkdir(parents=True, exist_ok=True)
    made = []
    for name, (diagram, size) in DIAGRAMS.items():
        for theme in THEMES:
            with mpl.rc_context(style(theme)):
                polar = "polar" if name == "channel-weights" else None
                figure, axes = plt.subplots(
                    figsize=size, layout="constrained", subplot_kw={"projection": polar}
                )
                diagram(axes)
                made.append(folder / f"{name}-{theme}.{ending}")
                metadata = {"Date": None, "Creator": None} if ending == "svg" else None
                figure.savefig(made[-1], metadata=metadata, dpi=90)
                plt.close(figure)
    return made


def main() -> None:
    """Writes them to the folder given, or to docs/figures."""
    options = argparse.ArgumentParser(description="diagrams of docs/figures.md")
    options.add_argument("folder", nargs="?", type=Path, default=PICTURES)
    options.add_argument("--png", action="store_true")
    given = options.parse_args()
    for path in draw(given.folder, "png" if given.png else "svg"):
        print(path)


if __name__ == "__main__":
    main()
