"""Tests of `loudscope.genres`."""
