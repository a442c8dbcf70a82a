"""``python -m graphkit`` is the command line, also where its scripts are not on the path."""

import sys

from graphkit.cli import main

if __name__ == "__main__":
    sys.exit(main())
