"""Looks up every address that pages, notebooks, docstrings and data name.

    python scripts/links.py            needs a network; exits with 1 where one is gone
    python scripts/links.py --list     looks nothing up

A refusal (401, 403, 405, 429, 503) shows that a server is there, and is no fault of the page.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

ROOT = Path(__file__).resolve().parents[1]
WHERE = (
    *("*.md", "mkdocs.yml", "pyproject.toml", "docs/**/*.md"),
    *("examples/*.ipynb", "src/loudscope/**/*.py", "src/loudscope/data/*", "cpp/**/*.?pp"),
)
ADDRESS = re.compile(r"https?://[^\s\"'`<>()\[\]{}\\|^]+")
OWN = re.compile(r"localhost$|127\.|\[?::1|.*\.(?:example|test|invalid)$|example\.(?:com|org|net)$")
REFUSED = {401, 403, 405, 429, 503}
SECONDS = 20.0


def addresses() -> dict[str, list[str]]:
    """Each address of somebody else's, and the files that name it."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for path in sorted({path for pattern in WHERE for path in ROOT.glob(pattern)}):
        if not path.is_file():
            continue
        for address in set(ADDRESS.findall(path.read_text("utf-8"))):
            if not OWN.match(urlsplit(address).hostname or "localhost"):
                found[address.rstrip(".,;:")].append(path.relative_to(ROOT).as_posix())
    return dict(sorted(found.items()))


def look_up(address: str) -> str:
    """Empty if somebody answers, else what is wrong; "no network: …" if nothing was reached."""
    for method in ("HEAD", "GET"):
        asked = Request(address, method=method, headers={"User-Agent": "loudscope links"})
        try:
            with urlopen(asked, timeout=SECONDS):
                return ""
        except HTTPError as error:
            if error.code in REFUSED:
                return ""
            told = f"{error.code} {error.reason}"
        except OSError as error:
            return f"no network: {error}"
    return told


def main() -> int:
    """Prints what is gone; 2 where no address at all could be reached."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--list", action="store_true", help="name them, look nothing up")
    found = addresses()
    if parser.parse_args().list:
        for address, files in found.items():
            print(address, *files)
        return 0
    with ThreadPoolExecutor(8) as pool:
        answers = dict(zip(found, pool.map(look_up, found), strict=True))
    for address, wrong in answers.items():
        print(f"{wrong or 'is there'}: {address} ({', '.join(found[address])})")
    if all(wrong.startswith("no network") for wrong in answers.values()):
        return 2
    return int(any(answers.values()))


if __name__ == "__main__":
    sys.exit(main())
