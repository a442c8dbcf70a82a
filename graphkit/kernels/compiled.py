"""How kernels run: plain while they have little to do, compiled beyond; then over fixed blocks, from a few threads."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from graphkit.interrupts import interrupts_wait

Result = TypeVar("Result")

OPTIONS: dict[str, Any] = {"nogil": True, "boundscheck": False, "error_model": "numpy"}
MOST_WORKERS = 8  # each worker holds arrays as long as the network
PLAIN_STEPS = 1_000_000  # of an inner loop: less than half a second, and compiling one kernel takes more


class Kernel:
    """A loop over arrays: plain Python until it has done `PLAIN_STEPS` in this process, compiled from then on.

    It is one function, which does the same operations in the same order either way, so the results are the same bits.
    Compiling six kernels takes about 5 s of processor time, importing the compiler half a second: a district of some thousand
    people is answered sooner without.
    """

    def __init__(self, function: Callable[..., None]) -> None:
        self.function = function
        self._machine: Callable[..., None] | None = None
        self._steps = 0

    def prepare(self, steps: int) -> Callable[..., None]:
        """Return what runs the kernel for a task of about so many steps; call it once a task, then from any thread."""
        self._steps += steps
        if self._machine is None and self._steps > PLAIN_STEPS:
            self._machine = compiled(self.function)
        return self._machine or self.run_plain

    def run_plain(self, *arguments: Any) -> None:
        """Run it as Python; a view of an array's memory hands out plain numbers, five times as fast as the array does."""
        self.function(*(argument.data if isinstance(argument, np.ndarray) else argument for argument in arguments))


def compiled(function: Callable[..., Any]) -> Any:
    """Compile a loop at its first call, to release the interpreter, and keep the result on disk where there is a place to keep it."""
    with interrupts_wait():
        import numba

    try:
        machine = numba.njit(cache=True, **OPTIONS)(function)
    except RuntimeError:  # neither the package's folder nor the user's cache can be written
        machine = numba.njit(**OPTIONS)(function)
    known: set[tuple[Any, ...]] = set()

    def run(*arguments: Any) -> Any:
        sorts = tuple([_sort_of(argument) for argument in arguments])
        if sorts not in known:
            with interrupts_wait():  # the compiler calls back into Python, where an interrupt would be printed and lost
                machine.compile(tuple(map(numba.typeof, arguments)))
            known.add(sorts)
        return machine(*arguments)

    return run


def _sort_of(argument: Any) -> Any:
    """What decides the type of an argument for the compiler, found in a tenth of the time that the compiler takes to name it."""
    if isinstance(argument, np.ndarray):
        return argument.dtype, argument.ndim, argument.flags.num
    return type(argument)


def count_cores() -> int:
    """Cores this process may use: more threads than that make it slower."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    quota = Path("/sys/fs/cgroup/cpu.max")
    if quota.is_file():
        allowed, _, period = quota.read_text().partition(" ")
        if allowed.isdigit() and period.strip().isdigit():
            cores = min(cores, max(int(allowed) // int(period), 1))
    return max(1, min(cores, MOST_WORKERS))


def run_blocks(work: Callable[[int, int], Result], blocks: Sequence[tuple[int, int]], *, workers: int | None = None) -> Iterator[Result]:
    """Call ``work(first, last)`` for each block and give the results in the order of the blocks, whoever finishes first."""
    workers = min(workers or count_cores(), len(blocks))
    if workers <= 1:
        yield from (work(first, last) for first, last in blocks)
        return
    with ThreadPoolExecutor(workers) as pool:
        yield from pool.map(lambda block: work(*block), blocks)


def split_rows(offsets: NDArray[np.int64], entries: int) -> list[tuple[int, int]]:
    """Cut the rows of a CSR into blocks of about `entries` neighbours; the cut depends on the network alone."""
    nodes = len(offsets) - 1
    cuts = np.searchsorted(offsets, np.arange(entries, offsets[-1], entries))
    edges = np.unique(np.concatenate([[0], cuts, [nodes]]))
    return [(int(a), int(b)) for a, b in pairwise(edges)]


def split_evenly(count: int, size: int) -> list[tuple[int, int]]:
    """Cut ``range(count)`` into blocks of `size`."""
    return [(first, min(first + size, count)) for first in range(0, count, size)]
