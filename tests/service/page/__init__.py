"""Tests of the service's page, in a real browser before a real server."""
