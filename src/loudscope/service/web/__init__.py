"""The web: uploads, results, jobs, sockets, live metering, health, and the page."""

from ._app import create_app
from ._server import Server, bound, run

__all__ = ["Server", "bound", "create_app", "run"]
