"""Writes the tables of docs/performance.md from the JSON in benchmarks/results.

    python benchmarks/page.py [--check]

A section begins with `<!-- from compare.json: targets -->` and ends with `<!-- end -->`; what lies
between is replaced. `--check` exits with 1 where the page is not up to date.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from pathlib import Path
from typing import Any

import report

HERE = Path(__file__).parent
PAGE = HERE.parent / "docs" / "performance.md"
SECTION = re.compile(r"(<!-- from (\w+)\.json: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)


def targets(found: Any) -> str:
    """Every target, met or not."""
    kept = [{"verdicts": [found["memory"]["verdict"]]}] if found["memory"] else []
    return report.verdicts([*found["races"], *kept])


def machine(found: Any) -> str:
    """When and where."""
    return f"{found['date']}: {report.machine(found['machine'])}"


def races(found: Any) -> str:
    """All races."""
    return "\n".join(report.race(result).strip("\n") + "\n" for result in found["races"])


def memory(found: Any) -> str:
    """Memory by file."""
    if not found["memory"]:
        return "Not measured in this run."
    head = ["", "peak over the import, MB", "of it mapped file pages, MB"]
    lines = found["memory"]["lines"]
    rows = [[each["file"], f"{each['peak_mb']:.0f}", f"{each['mapped_mb']:.0f}"] for each in lines]
    return report.table(head, rows)


def lengths(found: Any) -> str:
    """Time and memory from one minute to ten hours."""
    head = ["minutes, streamed", "CPU time, s", "times real time", "peak, MB", "of it the table"]
    rows = [
        [
            f"{each['at']:g}",
            f"{each['median_s']:.3g}",
            f"{60 * each['at'] / each['median_s']:,.0f}×",
            f"{each['peak_mb']:.0f}",
            f"{each['table_mb']:.1f}",
        ]
        for each in found["lengths"]
    ]
    return report.table(head, rows)


def clips(found: Any) -> str:
    """Short clips."""
    head = ["clip", "analyze, µs", "lufs, µs", "lufs_batch, µs a clip"]
    rows = [
        [
            f"{1e3 * each['at']:g} ms",
            *(f"{1e6 * each[name]:,.1f}" for name in ("median_s", "lufs_s", "batch_s")),
        ]
        for each in found["clips"]
    ]
    return report.table(head, rows)


def curves(found: Any) -> str:
    """Channels, rates, threads."""
    seconds = found["seconds"]
    parts = []
    for name, unit, one in (("channels", "channels", 1.0), ("rates", "Hz", 1.0)):
        rows = [
            [
                f"{each['at']:g}",
                report.milliseconds(each["median_s"]),
                f"{seconds * one / each['median_s']:,.0f}×",
            ]
            for each in found[name]
        ]
        parts.append(report.table([unit, f"CPU for {seconds:g} s, ms", "times real time"], rows))
    first = found["threads"][0]["median_s"]
    rows = [
        [
            f"{each['at']:g}",
            report.milliseconds(each["median_s"]),
            report.times(first / each["median_s"]),
        ]
        for each in found["threads"]
    ]
    head = ["threads", f"wall for {4 * seconds:g} s, ms", "speed-up"]
    return "\n\n".join([*parts, report.table(head, rows)])


def ceilings(found: Any) -> str:
    """What one core can do."""
    limits = found["ceilings"]
    return (
        f"One core reads {limits['memory_gb_s']:.0f} GB/s from memory, "
        f"{limits['l3_gb_s']:.0f} from L3, {limits['l2_gb_s']:.0f} from L2 and "
        f"{limits['l1_gb_s']:.0f} from L1, and does "
        f"{limits['double_gflops']:.0f} · 10⁹ multiplications and additions a second in double, "
        f"{limits['float_gflops']:.0f} in float32 ({8 * limits['vector_bytes']}-bit registers, not "
        "fused, all of them independent)."
    )


def floor(found: Any) -> str:
    """What each call would take if memory or arithmetic were all."""
    limits = found["ceilings"]
    rows = []
    for name, call in found["calls"].items():
        flops = limits["float_gflops" if name == "true_peak" else "double_gflops"]
        bound = max(4 / limits["memory_gb_s"], call["operations"] / flops)
        rows.append(
            [
                f"`{name}`",
                "4",
                str(call["operations"]),
                f"{4 / limits['memory_gb_s']:.3f}",
                f"{call['operations'] / flops:.3f}",
                f"{call['ns_per_sample']:.3f}",
                f"{100 * bound / call['ns_per_sample']:.0f} %",
            ]
        )
    head = [
        "a channel's sample",
        "bytes",
        "operations",
        "memory's floor, ns",
        "arithmetic's, ns",
        "measured, ns",
        "of the floor",
    ]
    return report.table(head, rows)


def folder(found: Any) -> str:
    """A folder to reports: what one thread takes for each part, and what all cores take for all."""
    names = {
        "decoding": "decoding alone",
        "analyze": "`analyze`: the engine, while it is decoded",
        "inspect": "`inspect`: spectra, faults, SHA-256 of the samples",
        "page": "the judgements and the page",
    }
    rows, before = [], 0.0
    for name, words in names.items():
        seconds = found["stages"][name]
        part, before = seconds - before, seconds
        each = 60 * part / found["parted_seconds"]
        share = 100 * part / found["stages"]["page"]
        rows.append([words, report.milliseconds(each), f"{share:.0f} %"])
    head = ["one thread", "CPU for a minute of audio, ms", "of it"]
    walls = [
        f"{it['folder']:.1f} s ({it['cpu']:.1f} s of CPU) beside {it['decoding']:.1f} s"
        for it in found["rounds"]
    ]
    return (
        f"{found['tracks']} tracks, {found['audio_seconds']:,.0f} s of audio, on "
        f"{found['machine']['cores']} cores, beside decoding them one after another on one: "
        f"{'; '.join(walls)}.\n\n{report.table(head, rows)}"
    )


WRITERS = {
    each.__name__: each
    for each in (targets, machine, races, memory, lengths, clips, curves, ceilings, floor, folder)
}


def filled(text: str) -> str:
    """The page with its sections written anew."""

    def section(found: re.Match[str]) -> str:
        content = json.loads((HERE / "results" / f"{found[2]}.json").read_text("utf-8"))
        return f"{found[1]}\n{WRITERS[found[3]](content).strip()}\n\n{found[4]}"

    return SECTION.sub(section, text)


def main() -> int:
    """Writes, or checks."""
    options = argparse.ArgumentParser(description="tables of docs/performance.md")
    options.add_argument("--check", action="store_true")
    check = options.parse_args().check
    text = PAGE.read_text("utf-8")
    fresh = filled(text)
    if not check:
        PAGE.write_text(fresh, "utf-8")
    return 1 if check and fresh != text else 0


if __name__ == "__main__":
    sys.exit(main())
