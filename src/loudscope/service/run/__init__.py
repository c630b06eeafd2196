"""Runners: who is woken up for a task, in this process or on any machine."""
