"""The service: upload a track, watch it measured, read the report.

`loudscope serve` starts all of it on one machine; docs/service.md goes on from there.

>>> from loudscope.service import Client
>>> with Client("http://127.0.0.1:8765") as client:
...     job = client.wait(client.submit("mix.wav", genre="pop", target="spotify"))
"""

from __future__ import annotations

import importlib as _importlib
import typing as _typing

from loudscope import MissingExtra as _MissingExtra

if _typing.TYPE_CHECKING:
    from ._run import run_worker as run_worker
    from ._run import serve as serve
    from ._settings import Settings as Settings
    from ._signature import verify_webhook as verify_webhook
    from ._signature import webhook_secret as webhook_secret
    from .client import AsyncClient as AsyncClient
    from .client import Client as Client
    from .client import Job as Job
    from .client import JobFailed as JobFailed
    from .client import Refused as Refused
    from .client import ServiceError as ServiceError
    from .client import StillWorking as StillWorking
    from .client import Unreachable as Unreachable

__all__ = [
    "AsyncClient",
    "Client",
    "Job",
    "JobFailed",
    "Refused",
    "ServiceError",
    "Settings",
    "StillWorking",
    "Unreachable",
    "run_worker",
    "serve",
    "verify_webhook",
    "webhook_secret",
]

_PLACES = {
    "AsyncClient": ".client",
    "Client": ".client",
    "Job": ".client",
    "JobFailed": ".client",
    "Refused": ".client",
    "ServiceError": ".client",
    "StillWorking": ".client",
    "Unreachable": ".client",
    "verify_webhook": "._signature",
    "webhook_secret": "._signature",
    "Settings": "._settings",
    "serve": "._run",
    "run_worker": "._run",
}


def __getattr__(name: str) -> object:
    """Imported when asked for: measuring processes need nothing of the service's packages."""
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    try:
        return getattr(_importlib.import_module(_PLACES[name], __name__), name)
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("loudscope"):
            raise
        raise _MissingExtra(
            f"the service needs the package {error.name!r}: pip install 'loudscope[service]'"
        ) from error
