"""Values of other libraries go in, and frames come out. Read where these are installed; not run."""

from __future__ import annotations

from typing import assert_type

import jax
import numpy as np
import polars
import pyarrow
import torch
import xarray

import loudscope
from loudscope.typing import Array, Source


def tensors(tensor: torch.Tensor, array: jax.Array, series: polars.Series) -> None:
    for source in (tensor, array, series):
        assert_type(loudscope.lufs(source, 48000, axis=-1), float | None)
    assert_type(loudscope.lufs_batch([tensor, tensor], 48000), list[float | None])
    loudscope.Meter(48000).push(tensor)
    chunk: Array = tensor
    chunks: Source = [array, chunk]
    loudscope.scan(chunks, 48000)


def frames(analyses: list[loudscope.Analysis], table: loudscope.BlockTable) -> None:
    assert_type(loudscope.to_frame(analyses, "polars"), polars.DataFrame)
    assert_type(loudscope.to_frame(analyses, "pyarrow"), pyarrow.Table)
    assert_type(loudscope.to_frame(analyses, library="polars")["plr_db"], polars.Series)
    assert_type(loudscope.to_xarray(table), xarray.Dataset)


loudscope.lufs(np.zeros(48000), 48000)
