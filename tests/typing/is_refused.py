"""Mistakes that a type checker has to find: every line that is marked, and no other. Not run."""

from __future__ import annotations

import numpy as np

import loudscope
from loudscope import Analysis, BlockTable, Meter

samples = np.zeros((48000, 2), np.float32)
analysis = loudscope.analyze(samples, 48000)
table = loudscope.scan(samples, 48000)

loudscope.lufs(3.0)  # refused: a number is no source
loudscope.lufs([1, 2, 3], 48000)  # refused: nor are numbers chunks
loudscope.lufs(samples, "48000")  # refused: a rate is a number
loudscope.lufs(samples, 48000, 0)  # refused: options go by keyword
loudscope.lufs(samples, 48000, axis="frames")  # refused: an axis is an integer
loudscope.lufs(samples, 48000, layout=2)  # refused: a layout is no count
loudscope.lufs(samples, 48000, on_nonfinite="skip")  # refused: "raise" or "zero"
loudscope.lufs(samples, 48000, edges=[20, 200])  # refused: lufs has no bands
loudscope.true_peak(samples, 48000, method="exact")  # refused: "oversampled" or "itu"
loudscope.analyze(samples, 48000, progress=lambda done: None)  # refused: two arguments
loudscope.lufs_batch([3.0], 48000)  # refused: a clip is an array
loudscope.to_rows([table])  # refused: a table has no figures
loudscope.to_rows(analysis)  # refused: one is no iterable

loud: float = loudscope.lufs(samples, 48000)  # refused: it may not exist
louder = analysis.integrated + 1.0  # refused: nor may this
analysis.integrated = -14.0  # refused: figures are read
table.rate_hz = 44100  # refused: tables are values
analysis.loudness  # refused: no such figure
both = table + analysis  # refused: tables add to tables
named: str = analysis.name  # refused: arrays have none
first = table[0]  # refused: a table is cut by spans
meter = Meter(48000, keep_table="no")  # refused: a switch
meter.push("song.wav")  # refused: a meter takes samples
made: Analysis = BlockTable.load("a.npz")  # refused: a table is no analysis
