"""Doing the work: claims, the process that decodes and judges, and the sweep that heals.

Nothing is imported here: a measuring process comes by, and shall have nothing of the service.
"""
