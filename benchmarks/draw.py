"""The pictures of docs/performance.md, as SVG, from the JSON in benchmarks/results.

python benchmarks/draw.py [folder]              needs matplotlib; `--png` to look at them
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import matplotlib as mpl

mpl.use("agg")
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, NullFormatter

HERE = Path(__file__).parent
PICTURES = HERE.parent / "docs" / "performance"
OURS, THEIRS, WEAK = "#00796b", "#9e9e9e", "#c9c9c9"
STYLE: dict[Any, Any] = {
    "font.family": "DejaVu Sans",
    "font.size": 10,
    "svg.hashsalt": "loudscope",
    "svg.fonttype": "path",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "grid.color": "#e4e4e4",
    "axes.axisbelow": True,
    "legend.frameon": False,
}
plain = FuncFormatter(lambda value, _: f"{value:g}")


def results(name: str) -> Any:
    """One JSON of benchmarks/results."""
    return json.loads((HERE / "results" / f"{name}.json").read_text("utf-8"))


def columns(points: list[dict[str, float]], *names: str) -> list[np.ndarray[Any, Any]]:
    """Columns of a curve."""
    return [np.array([point[name] for point in points]) for name in names]


def both_log(axes: Axes, x: str, y: str) -> None:
    """Two logarithmic axes with plain numbers."""
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set(xlabel=x, ylabel=y)
    axes.xaxis.set_major_formatter(plain)
    axes.yaxis.set_major_formatter(plain)
    axes.xaxis.set_minor_formatter(NullFormatter())


def roofline(axes: Axes) -> None:
    """Operations a second over operations a byte, under what one core can do."""
    found = results("roofline")
    limits = found["ceilings"]
    for name, gb_s in (("memory", limits["memory_gb_s"]), ("L2", limits["l2_gb_s"])):
        corner = limits["float_gflops"] / gb_s
        axes.plot([0.1, corner], [0.1 * gb_s, corner * gb_s], color="#333333", lw=1.5)
        axes.annotate(
            f"{name}, {gb_s:.0f} GB/s",
            (0.7 * corner, 0.7 * corner * gb_s),
            size=8,
            xytext=(8, -8),
            textcoords="offset points",
        )
    for name, value in (("float32", limits["float_gflops"]), ("double", limits["double_gflops"])):
        axes.axhline(value, color="#333333", lw=1, ls="--")
        label = f"multiply and add, {name}: {value:.0f} G/s"
        axes.annotate(label, (256, value * 1.06), size=8, ha="right")
    for name, call in found["calls"].items():
        x = call["operations"] / 4
        axes.plot(x, call["gflops"], "o", color=OURS)
        below = name == "band_profile"
        place = (-6, -4) if below else (6, -12)
        axes.annotate(
            name,
            (x, call["gflops"]),
            xytext=place,
            textcoords="offset points",
            ha="right" if below else "left",
            color=OURS,
        )
    both_log(axes, "operations for each byte of audio", "10⁹ operations a second")
    axes.set(xlim=(0.4, 256), ylim=(4, 1.6 * limits["float_gflops"]))


def lengths(axes: Axes) -> None:
    """CPU time, and memory beside it."""
    minutes, seconds, peak, table = columns(
        results("scaling")["lengths"], "at", "median_s", "peak_mb", "table_mb"
    )
    axes.plot(minutes, seconds, "o-", color=OURS)
    axes.annotate(
        "CPU time, s",
        (minutes[-1], seconds[-1]),
        xytext=(-8, 8),
        ha="right",
        textcoords="offset points",
        color=OURS,
    )
    axes.plot(minutes, peak, "s-", color="#b26a00")
    axes.annotate(
        "peak memory, MB",
        (minutes[0], peak[0]),
        xytext=(8, -14),
        color="#b26a00",
        textcoords="offset points",
    )
    axes.plot(minutes, table, ":", color="#b26a00")
    axes.annotate(
        "of it the table",
        (minutes[0], table[0]),
        xytext=(12, -2),
        color="#b26a00",
        textcoords="offset points",
    )
    both_log(axes, "minutes of stereo, streamed", "")


def channels(axes: Axes) -> None:
    """Time for each channel's second."""
    found = results("scaling")
    count, seconds = columns(found["channels"], "at", "median_s")
    axes.plot(count, 1e6 * seconds / found["seconds"] / count, "o-", color=OURS)
    axes.set(xlabel="channels", ylabel="µs of CPU for a channel's second", ylim=(0, None))


def rates(axes: Axes) -> None:
    """Time for a sample."""
    found = results("scaling")
    rate, seconds = columns(found["rates"], "at", "median_s")
    axes.plot(rate / 1000, 1e9 * seconds / found["seconds"] / rate / 2, "o-", color=OURS)
    axes.set_xscale("log")
    axes.set_xticks([8, 16, 48, 96, 192, 384], minor=False)
    axes.minorticks_off()
    axes.xaxis.set_major_formatter(plain)
    axes.set(xlabel="sampling rate, kHz", ylabel="ns of CPU for a sample", ylim=(0, None))


def threads(axes: Axes) -> None:
    """Speed against one thread's."""
    count, seconds = columns(results("scaling")["threads"], "at", "median_s")
    axes.plot(count, seconds[0] / seconds, "o-", color=OURS)
    cores = results("scaling")["machine"]["cores"]
    axes.plot([1, cores, count.max()], [1, cores, cores], "--", color=THEIRS)
    axes.annotate(
        f"ideal, {cores} cores",
        (count.max(), cores),
        xytext=(0, 5),
        ha="right",
        textcoords="offset points",
        color=THEIRS,
    )
    axes.set_xticks(count)
    axes.set(xlabel="threads", ylabel="times as fast, by the wall", ylim=(0, 1.15 * cores))


def clips(axes: Axes) -> None:
    """Time for one clip."""
    seconds, whole, single, batch = columns(
        results("scaling")["clips"], "at", "median_s", "lufs_s", "batch_s"
    )
    for name, taken, colour in (
        ("analyze", whole, OURS),
        ("lufs", single, "#b26a00"),
        ("lufs_batch", batch, "#5e35b1"),
    ):
        axes.plot(seconds, 1e3 * taken, "o-", color=colour, label=name)
    axes.legend()
    both_log(axes, "length of a clip, s", "ms of CPU for a clip")


PLOTS: dict[str, tuple[Callable[[Axes], None], ...]] = {
    "roofline": (roofline,),
    "scaling-length": (lengths, clips),
    "scaling-shape": (channels, rates, threads),
}


def draw(folder: Path, ending: str) -> list[Path]:
    """Writes every picture."""
    folder.mkdir(parents=True, exist_ok=True)
    made = []
    with plt.rc_context(STYLE):
        for name, plots in PLOTS.items():
            width = 7.0 if len(plots) == 1 else 5.2 * len(plots) if len(plots) == 2 else 12.0
            figure, places = plt.subplots(
                1, len(plots), figsize=(width, 4.0), squeeze=False, layout="constrained"
            )
            for axes, plot in zip(places[0], plots, strict=True):
                plot(axes)
            made.append(folder / f"{name}.{ending}")
            figure.savefig(made[-1], metadata={"Date": None} if ending == "svg" else None, dpi=110)
            plt.close(figure)
    return made


def main() -> None:
    """Writes them to the folder given, or to docs/performance."""
    options = argparse.ArgumentParser(description="pictures of docs/performance.md")
    options.add_argument("folder", nargs="?", type=Path, default=PICTURES)
    options.add_argument("--png", action="store_true")
    given = options.parse_args()
    for path in draw(given.folder, "png" if given.png else "svg"):
        print(path)


if __name__ == "__main__":
    main()
