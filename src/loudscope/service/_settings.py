"""What can be set, by a TOML file, the environment or both; the environment wins."""

from __future__ import annotations

from os import PathLike
from pathlib import Path
from typing import Annotated, ClassVar, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

__all__ = ["Limits", "Live", "Settings", "Webhooks"]


def _listed(value: object) -> object:
    """A list in an environment variable: with commas."""
    if isinstance(value, str):
        return [part.strip() for part in value.split(",") if part.strip()]
    return value


Words = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_listed)]
Secrets = Annotated[frozenset[str], NoDecode, BeforeValidator(_listed)]


class Limits(BaseModel):
    """What one upload may ask of the service."""

    model_config: ClassVar[ConfigDict] = ConfigDict(frozen=True, extra="forbid")

    upload_bytes: int = Field(default=100 * 1024 * 1024, gt=0)
    upload_seconds: float = Field(default=300.0, gt=0)  # for the whole body
    upload_grace_seconds: float = Field(default=10.0, gt=0)  # then it has to keep up with the next
    upload_bytes_per_second: float = Field(default=16 * 1024, gt=0)
    uploads: int = Field(default=100, ge=1)  # bodies on their way at once
    sockets: int = Field(default=5000, ge=1)  # that follow a request
    samples: int = Field(default=2 * 48000 * 3600 * 2, gt=0)  # decoded, all channels: 2 h of stereo
    seconds: float = Field(
        default=4 * 3600.0, gt=0
    )  # decoded; figures take memory by time, not by rate
    channels: int = Field(default=24, ge=1)
    rate_hz: int = Field(default=384_000, ge=8000)
    wall_seconds: float = Field(default=300.0, gt=0)
    cpu_seconds: float = Field(default=300.0, gt=0)
    memory_bytes: int = Field(default=2 * 1024**3, gt=0)
    attempts: int = Field(default=3, ge=1)
    queued: int = Field(default=200, ge=1)  # analyses that may wait; more are refused with 503
    requests: int = Field(default=30, ge=1)  # uploads of one address or key in a window
    window_seconds: float = Field(default=60.0, gt=0)


class Live(BaseModel):
    """Live metering."""

    model_config: ClassVar[ConfigDict] = ConfigDict(frozen=True, extra="forbid")

    sessions: int = Field(default=64, ge=0)
    idle_seconds: float = Field(default=15.0, gt=0)
    total_seconds: float = Field(default=4 * 3600.0, gt=0)
    readings_per_second: float = Field(default=10.0, gt=0)


class Webhooks(BaseModel):
    """How the outcome is told to a client's server."""

    model_config: ClassVar[ConfigDict] = ConfigDict(frozen=True, extra="forbid")

    secret: str | None = Field(
        default=None, repr=False
    )  # signs where there is no API key to derive a secret from
    private: bool = False  # also call addresses that are not public
    attempts: int = Field(default=6, ge=1)
    first_seconds: float = Field(default=5.0, gt=0)  # until the second attempt; then twice as long
    timeout_seconds: float = Field(default=10.0, gt=0)


class Settings(BaseSettings):
    """The service's settings; `LOUDSCOPE_LIMITS__QUEUED=50` sets `limits.queued`."""

    model_config: ClassVar[SettingsConfigDict] = SettingsConfigDict(
        env_prefix="LOUDSCOPE_", env_nested_delimiter="__", frozen=True, extra="forbid"
    )

    host: str = "127.0.0.1"
    port: int = Field(default=8765, ge=0, le=65535)
    metrics_port: int | None = Field(default=None, ge=0, le=65535)  # of `loudscope worker`
    folder: Path = Path("loudscope-data")  # SQLite's file, audio, temporary files
    workers: int = Field(default=0, ge=0)  # processes; 0: as many as there are cores
    start_seconds: float = Field(default=20.0, gt=0)  # until such a process is ready
    store: str = Field(default="sqlite", repr=False)  # or mongodb://…/database
    runner: Literal["local", "celery"] = "local"
    redis: str | None = Field(default=None, repr=False)  # redis://…: broker, hub and limiter
    depot: str = "folder"  # or s3://bucket/prefix
    s3_endpoint: str | None = None
    api_keys: Secrets = Field(default=frozenset(), repr=False)
    origins: Words = ()  # CORS: who else may read
    proxies: Words = ()  # whose X-Forwarded-For is believed
    result_seconds: float = Field(default=900.0, gt=0)
    remember_seconds: float = Field(default=86_400.0, ge=0)  # that a result has expired
    lease_seconds: float = Field(default=30.0, gt=0)
    sweep_seconds: float = Field(default=5.0, gt=0)
    grace_seconds: float = Field(
        default=10.0, ge=0
    )  # for work under way when the service is to end
    limits: Limits = Limits()
    live: Live = Live()
    webhooks: Webhooks = Webhooks()

    @field_validator("store")
    @classmethod
    def _store_is_known(cls, value: str) -> str:
        if value == "sqlite" or value.startswith(("mongodb://", "mongodb+srv://")):
            return value
        raise ValueError("give 'sqlite', or mongodb://host/database")

    @field_validator("depot")
    @classmethod
    def _depot_is_known(cls, value: str) -> str:
        if value == "folder" or value.startswith("s3://"):
            return value
        raise ValueError("give 'folder', or s3://bucket/prefix")

    @field_validator("redis")
    @classmethod
    def _redis_is_known(cls, value: str | None) -> str | None:
        if value is None or value.startswith(("redis://", "rediss://", "unix://")):
            return value
        raise ValueError("give redis://host:port/number")

    @model_validator(mode="after")
    def _celery_has_a_broker(self) -> Settings:
        if self.runner == "celery" and self.redis is None:
            raise ValueError("runner 'celery' needs a broker: give redis = 'redis://…'")
        return self

    @classmethod
    def load(cls, path: str | PathLike[str] | None = None) -> Settings:
        """The settings of a TOML file, of the environment, and for the rest the defaults.

        Args:
            path: The file; None: there is none.

        Raises:
            FileError: The file cannot be read.
            InvalidArgument: It is not TOML, or a key is unknown or does not fit; the message names
                file or variable, key and remedy, and quotes no value, which may be a secret.
        """
        from ._load import load

        return load(cls, path)
