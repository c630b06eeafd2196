"""Clients of the service, for programs that wait and for those that await."""

from ._client import AsyncClient, Client
from ._errors import JobFailed, Refused, ServiceError, StillWorking, Unreachable
from ._job import Job

__all__ = [
    "AsyncClient",
    "Client",
    "Job",
    "JobFailed",
    "Refused",
    "ServiceError",
    "StillWorking",
    "Unreachable",
]
