"""`python -m loudscope` is the `loudscope` command."""

import sys

from loudscope._cli import main

if __name__ == "__main__":
    sys.exit(main())
