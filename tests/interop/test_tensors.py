"""Tensors of PyTorch and arrays of JAX, where they lie."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import loudscope
from loudscope import UnsupportedType
from loudscope._audio import as_samples

from .memory import allocated

RATE_HZ = 8000
AUDIO = np.random.default_rng(6).uniform(-0.5, 0.5, (2, 30 * RATE_HZ)).astype(np.float32)
WANTED = loudscope.scan(AUDIO, RATE_HZ, axis=-1)


@pytest.fixture(scope="module")
def torch() -> Any:
    return pytest.importorskip("torch")


@pytest.fixture(scope="module")
def jnp() -> Any:
    return pytest.importorskip("jax.numpy")


def test_a_torch_tensor_is_read_where_it_lies(torch: Any) -> None:
    """(channels, frames), as torchaudio loads it: the tensor's own address, and no allocation."""
    tensor = torch.from_numpy(AUDIO.copy())
    assert as_samples(tensor, axis=-1).ctypes.data == tensor.data_ptr()
    assert loudscope.scan(tensor, RATE_HZ, axis=-1) == WANTED
    assert loudscope.scan(tensor.T, RATE_HZ) == WANTED
    assert allocated(lambda: loudscope.lufs(tensor, RATE_HZ, axis=-1)) < AUDIO.nbytes / 4


@pytest.mark.parametrize("dtype", ["float32", "float64", "int16", "int32"])
def test_torch_dtypes_are_those_of_numpy(torch: Any, dtype: str) -> None:
    scale = {"int16": 2.0**15, "int32": 2.0**31}.get(dtype, 1.0)
    values = (AUDIO[0].astype(np.float64) * scale).astype(dtype)
    tensor = torch.from_numpy(values.copy())
    assert loudscope.scan(tensor, RATE_HZ) == loudscope.scan(values, RATE_HZ)


def test_torch_views_keep_their_strides(torch: Any) -> None:
    """Every second channel of a reversed batch: a view, measured as one."""
    batch = torch.from_numpy(np.stack([AUDIO, AUDIO[::-1] * np.float32(0.5)]))
    view = batch[1, ::2]
    assert as_samples(view, axis=-1).ctypes.data == view.data_ptr()
    assert loudscope.scan(view, RATE_HZ, axis=-1) == loudscope.scan(
        AUDIO[1] * np.float32(0.5), RATE_HZ
    )


def test_torch_batches(torch: Any) -> None:
    """(batch, channels, frames), the shape of a training batch, and a list of clips."""
    batch = torch.from_numpy(np.stack([AUDIO, AUDIO * np.float32(0.25)]))
    wanted = [loudscope.lufs(clip, RATE_HZ, axis=-1) for clip in batch.numpy()]
    assert loudscope.lufs_batch(batch, RATE_HZ, axis=-1) == wanted
    assert loudscope.lufs_batch(list(batch), RATE_HZ, axis=-1) == wanted
    assert allocated(lambda: loudscope.lufs_batch(batch, RATE_HZ, axis=-1)) < AUDIO.nbytes / 2


def test_torch_tensors_that_cannot_be_read(torch: Any) -> None:
    """Each with the remedy: a gradient, bfloat16, float16, a device, another storage."""
    tensor = torch.from_numpy(AUDIO.copy())
    for given, message in (
        (tensor.clone().requires_grad_(), r"source: the torch\.Tensor requires a gradient.*detach"),
        (tensor.bfloat16(), r"source: torch\.Tensor of torch\.bfloat16 cannot be read as float32"),
        (tensor.half(), r"source: dtype float16 cannot be measured.*float32 with full scale"),
        (tensor.to("meta"), r"source: the torch\.Tensor lies on meta; bring it to the CPU"),
        (tensor.to_sparse(), r"source: .*Sparse layout"),
        (tensor.to(torch.complex64).conj().imag, r"source: .*negative bit"),
        (tensor.to(torch.complex64), r"source: dtype complex64.*real part"),
    ):
        with pytest.raises(UnsupportedType, match=message):
            loudscope.lufs(given, RATE_HZ, axis=-1)
    with pytest.raises(UnsupportedType, match=r"clips\[1\]: .*requires a gradient"):
        loudscope.lufs_batch([tensor, tensor.clone().requires_grad_()], RATE_HZ, axis=-1)
    with pytest.raises(UnsupportedType, match=r"chunk: .*bfloat16"):
        loudscope.Meter(RATE_HZ).push(tensor.bfloat16(), axis=-1)


def test_a_jax_array_is_read_where_it_lies(jnp: Any) -> None:
    array = jnp.asarray(AUDIO)
    assert as_samples(array, axis=-1).ctypes.data == array.unsafe_buffer_pointer()
    assert loudscope.scan(array, RATE_HZ, axis=-1) == WANTED
    assert allocated(lambda: loudscope.lufs(array, RATE_HZ, axis=-1)) < AUDIO.nbytes / 4
    batch = jnp.stack([array, array * 0.25])
    wanted = [loudscope.lufs(clip, RATE_HZ, axis=-1) for clip in np.asarray(batch)]
    assert loudscope.lufs_batch(batch, RATE_HZ, axis=-1) == wanted


def test_jax_arrays_that_cannot_be_read(jnp: Any) -> None:
    """bfloat16, and an array that is being traced and has no samples yet."""
    jax = pytest.importorskip("jax")
    array = jnp.asarray(AUDIO)
    with pytest.raises(UnsupportedType, match="source: dtype bfloat16 cannot be measured"):
        loudscope.lufs(array.astype(jnp.bfloat16), RATE_HZ, axis=-1)
    with pytest.raises(UnsupportedType, match=r"source: .*traced array"):
        jax.jit(lambda x: loudscope.lufs(x, RATE_HZ, axis=-1) or 0.0)(array)
