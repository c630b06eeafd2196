"""Runs the notebooks of examples/ and keeps their outputs.

python scripts/notebooks.py                     needs nbclient, nbformat, ipykernel
"""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

from nbclient import NotebookClient

nbformat: Any = importlib.import_module("nbformat")  # which has no types
EXAMPLES = Path(__file__).resolve().parents[1] / "examples"


def run(path: Path) -> Any:  # noqa: ANN401
    """The notebook as it is after every cell was run in its folder, without times and versions."""
    book: Any = nbformat.read(path, as_version=4)
    NotebookClient(book, timeout=120, resources={"metadata": {"path": path.parent}}).execute()
    for cell in book.cells:
        cell.metadata = {}
    book.metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    return book


def main() -> None:
    """Writes each over itself."""
    for path in sorted(EXAMPLES.glob("*.ipynb")):
        nbformat.write(run(path), path)
        print(path.name, f"{path.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
