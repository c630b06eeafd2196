"""Twins: the engine against the reference, and against itself on every path."""
