"""An interrupt (Ctrl-C) stays an interrupt: what a library raises in front of it, or in its place, is not what the user did."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


def pass_interrupt(error: BaseException, handled: BaseException | None) -> None:
    """Raise the interrupt that `error` stands in front of, if there is one: broken off in mid-message, a driver tells of the message.

    What was being `handled` before the work began is no part of it.
    """
    behind = error.__context__
    while behind is not None and behind is not handled:
        if isinstance(behind, KeyboardInterrupt):
            raise behind from None
        behind = behind.__context__


@contextmanager
def interrupts_pass() -> Iterator[None]:
    """Let an interrupt end the work within as KeyboardInterrupt, also where a library in C++ loses it and raises something of its own.

    DuckDB looks for signals while it works, clears the interrupt that it finds, and raises RuntimeError
    or InvalidInputException with nothing behind it; in what is called back from C, the interpreter itself prints
    the interrupt and goes on. So the interrupt is noted where it is raised, in the handler of the signal,
    which is put back afterwards. Only the main thread is ever interrupted.

    Examples
    --------
    >>> with interrupts_pass():
    ...     sum(range(10))
    45
    """
    before = signal.getsignal(signal.SIGINT)
    if threading.current_thread() is not threading.main_thread() or not callable(before):
        yield
        return
    noted: list[KeyboardInterrupt] = []

    def note(number: int, frame: FrameType | None) -> None:
        try:
            before(number, frame)
        except KeyboardInterrupt as interrupt:
            noted.append(interrupt)
            raise

    signal.signal(signal.SIGINT, note)
    try:
        yield
    except Exception:
        if not noted:
            raise
    finally:
        signal.signal(signal.SIGINT, before)
    if noted:
        raise noted[0] from None


@contextmanager
def interrupts_wait() -> Iterator[None]:
    """Let an interrupt wait until the work within is done: the import of a large package, which cannot be broken off.

    A package whose import was interrupted can never be imported again in this process: its parts stay behind, and
    are not bound to it a second time.

    Examples
    --------
    >>> with interrupts_wait():
    ...     import decimal
    """
    before = signal.getsignal(signal.SIGINT)
    if threading.current_thread() is not threading.main_thread() or not callable(before):
        yield
        return
    asked: list[int] = []
    signal.signal(signal.SIGINT, lambda number, _frame: asked.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
        if asked:
            signal.raise_signal(signal.SIGINT)


@contextmanager
def interrupts_kept() -> Iterator[None]:
    """Give Ctrl-C back at the end to whom it was before: Spark's own answer to it stays when its session has gone, and then fails."""
    before = signal.getsignal(signal.SIGINT)
    try:
        yield
    finally:
        if before is not None and threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGINT, before)
