"""Reports: one page about a track that needs neither a network nor another program.

>>> from loudscope.report import report
>>> report("examples/audio/night_drive.flac", genre="pop", target="spotify").write("report.html")
"""

from ._folder import Written, write_folder
from ._make import report
from ._page import page_parts
from ._report import FORMATS, Format, Report

__all__ = ["FORMATS", "Format", "Report", "Written", "page_parts", "report", "write_folder"]
