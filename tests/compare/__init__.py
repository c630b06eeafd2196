"""Tests of `loudscope.compare`."""
