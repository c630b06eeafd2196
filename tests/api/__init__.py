"""The public library, call by call."""
