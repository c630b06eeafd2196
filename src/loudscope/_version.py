"""The version, in the one place that Python reads."""

__version__ = "0.1.0"
