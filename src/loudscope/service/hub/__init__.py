"""Hubs: nudges from whoever works to whoever watches."""
