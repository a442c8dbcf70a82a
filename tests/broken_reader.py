"""A reader of files for another process that breaks down as its argument says: readers in C do so at files that are damaged."""

import os
import signal
import sys

from loaders.apart import Refused, run_child


def read(data, arguments):
    os.write(1, b"what a reader prints\n")
    if arguments[0] == "refused":
        raise Refused("refused, in our words")
    os.kill(os.getpid(), getattr(signal, arguments[0]))


if __name__ == "__main__":
    sys.exit(run_child(read))
