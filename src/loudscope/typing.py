"""Types for signatures of your own: what the public calls take, by name.

>>> from loudscope.typing import LayoutLike, Source
>>> def loud(source: Source, layout: LayoutLike = None) -> bool: ...
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from typing import Any, BinaryIO, Protocol, TypeAlias

from numpy.typing import NDArray

from ._layouts import Layout

__all__ = [
    "Array",
    "Clips",
    "LayoutLike",
    "Progress",
    "Source",
    "SupportsArray",
    "SupportsArrayInterface",
    "SupportsBuffer",
    "SupportsDLPack",
]


class SupportsArray(Protocol):
    """Gives itself as a NumPy array: tensors of PyTorch, arrays of JAX, columns of frames."""

    def __array__(self) -> NDArray[Any]:
        """The samples, without a copy if they lie in the CPU's memory."""
        ...


class SupportsArrayInterface(Protocol):
    """Describes its memory by NumPy's array interface, version 3."""

    @property
    def __array_interface__(self) -> dict[str, Any]:
        """Address, shape, type and strides."""
        ...


class SupportsDLPack(Protocol):
    """Describes its memory by DLPack."""

    def __dlpack__(self) -> Any:  # noqa: ANN401  # a capsule, which has no type
        """A capsule with address, shape, type, strides and device."""
        ...

    def __dlpack_device__(self) -> tuple[Any, int]:
        """Type and number of the device; type 1 is the CPU."""
        ...


class SupportsBuffer(Protocol):
    """Has Python's buffer protocol: `memoryview`, `array.array`, ctypes arrays."""

    def __buffer__(self, flags: int, /) -> memoryview:
        """The memory."""
        ...


Array: TypeAlias = (
    NDArray[Any] | SupportsArray | SupportsArrayInterface | SupportsDLPack | SupportsBuffer
)
"""Samples in memory: (frames,) or (frames, channels), or as `axis` says."""

Source: TypeAlias = str | os.PathLike[str] | BinaryIO | Array | Iterable[Array]
"""What `loudscope.scan` and all others measure: a path, an open binary file, or samples."""

Clips: TypeAlias = Array | Iterable[Array]
"""What `loudscope.lufs_batch` measures."""

LayoutLike: TypeAlias = str | Layout | Sequence[str] | Sequence[tuple[float, float]] | None
"""Name, `Layout`, labels, or (azimuth, elevation) pairs; None: what the count or the file says."""

Progress: TypeAlias = Callable[[float, float | None], object]
"""Called with (seconds done, seconds in all or None); what it raises cancels the measurement."""
