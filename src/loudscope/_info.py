"""What is installed and in use."""

from __future__ import annotations

from typing import Any

from . import _core
from ._request import available_cores
from ._version import __version__

__all__ = ["info"]


def info() -> dict[str, Any]:
    """Version, kernels, threads and versions of the packages in use (None: not installed)."""
    from importlib import metadata  # here to keep `import loudscope` fast

    packages: dict[str, str | None] = {}
    for package in ("numpy", "soundfile", "av", "matplotlib", "mutagen", "scipy"):
        try:
            packages[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            packages[package] = None
    if packages["soundfile"] is not None:
        import soundfile  # only here: importing loudscope does not import it

        packages["libsndfile"] = soundfile.__libsndfile_version__
    return {
        "version": __version__,
        "kernel": _core.kernel(),
        "kernels": tuple(_core.kernels()),
        "threads": available_cores(),
        "packages": packages,
    }
