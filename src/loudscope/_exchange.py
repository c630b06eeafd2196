"""Arrays of other libraries, seen as NumPy arrays without a copy."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ._errors import UnsupportedType

__all__ = ["is_array", "is_buffer", "to_array"]

_PROTOCOLS = ("__array__", "__array_interface__", "__dlpack__")
_IN_CPU_MEMORY = {1, 3, 11, 13}  # DLPack: CPU, and what CUDA and ROCm pin or manage there
_REFUSALS = (TypeError, ValueError, RuntimeError, BufferError)


def is_array(source: object) -> bool:
    """Whether `source` is an array or hands one over without a copy."""
    return any(hasattr(source, name) for name in _PROTOCOLS) or is_buffer(source)


def is_buffer(source: object) -> bool:
    """Whether `source` has the buffer protocol, and more than bytes without a meaning."""
    if isinstance(source, bytes | bytearray):
        return False
    try:
        memoryview(source).release()  # type: ignore[arg-type]  # which is the question
    except TypeError:
        return False
    return True


def to_array(source: object, name: str) -> NDArray[Any]:
    """`source` as NumPy sees it; shape and dtype are not looked at.

    Raises:
        UnsupportedType: It is no array, or lies where the CPU does not reach, or its library does
            not hand it over.
    """
    if isinstance(source, np.ndarray):
        return source
    _check_device(source, name)
    if getattr(source, "requires_grad", False) is True:
        raise UnsupportedType(
            f"{name}: the {_kind(source)} requires a gradient; pass {name}.detach()"
        )
    try:
        return _handed_over(source, name)
    except _REFUSALS as refusal:
        reason = next(iter(str(refusal).splitlines()), type(refusal).__name__)
        raise UnsupportedType(
            f"{name}: {_kind(source)}{_dtype(source)} cannot be read as float32, float64, int16 or "
            f"int32 ({reason}); convert it first"
        ) from None


def _handed_over(source: object, name: str) -> NDArray[Any]:
    tensor: Any = source
    if hasattr(source, "__array__") or hasattr(source, "__array_interface__"):
        return np.asarray(tensor)
    if hasattr(source, "__dlpack__"):
        return np.asarray(np.from_dlpack(tensor))
    if is_buffer(source):
        return np.asarray(memoryview(tensor))
    raise UnsupportedType(
        f"{name}: cannot measure {type(source).__name__}; give a path, an open binary file, a "
        "NumPy array, or an iterable of arrays"
    )


def _check_device(source: object, name: str) -> None:
    """The engine reads the CPU's memory; a copy out of another is for the caller to ask for."""
    device = getattr(source, "device", None)
    if getattr(device, "type", "cpu") != "cpu":  # PyTorch: cuda, mps, xpu, meta
        raise UnsupportedType(
            f"{name}: the {_kind(source)} lies on {device}; bring it to the CPU, as in {name}.cpu()"
        )
    ask = getattr(source, "__dlpack_device__", None)
    if ask is None:
        return
    try:
        kind, number = ask()
    except _REFUSALS:  # it may yet be an array by another protocol
        return
    if int(kind) not in _IN_CPU_MEMORY:
        raise UnsupportedType(
            f"{name}: the {_kind(source)} lies on DLPack device ({int(kind)}, {number}); bring it "
            "to the CPU first"
        )


def _kind(source: object) -> str:
    """Its type with the library's name: torch.Tensor."""
    kind = type(source)
    return f"{kind.__module__.split('.')[0]}.{kind.__qualname__}"


def _dtype(source: object) -> str:
    dtype = getattr(source, "dtype", None)
    return "" if dtype is None else f" of {dtype}"
