"""The clients, against a real service."""
