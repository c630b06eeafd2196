"""The command, run as a command."""
