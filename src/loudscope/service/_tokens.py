"""Private tokens, and what is kept of them and of API keys."""

from __future__ import annotations

import hashlib
import secrets

__all__ = ["digest", "new_token"]


def new_token() -> str:
    """192 random bits, as text for addresses."""
    return secrets.token_urlsafe(24)


def digest(secret: str) -> str:
    """SHA-256 in hexadecimal. Tokens and keys are random: they need neither salt nor stretching."""
    return hashlib.sha256(secret.encode()).hexdigest()
