"""A disk without room, for a moment: every library's writing fails in its middle."""

from __future__ import annotations

import resource
import signal
from contextlib import contextmanager


@contextmanager
def small_files(limit: int = 4096):
    """Within it no file of this process grows beyond ``limit`` bytes.

    A context and no fixture: the test runner's own log is a file too, and it writes there as soon as a test's body ends.
    """
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, ignored)
