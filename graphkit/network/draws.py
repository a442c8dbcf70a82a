"""Draws: the same work many times over, each with its own chance; an interrupt leaves what was drawn so far."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Generator
from contextlib import closing
from typing import TypeVar

import numpy as np

from graphkit.errors import ParameterError
from graphkit.kernels.compiled import run_blocks, split_evenly
from graphkit.words import Text

Result = TypeVar("Result")

FEWEST = 19  # with fewer no p falls below .05


def need_draws(draws: object) -> None:
    """Refuse a number of draws that says nothing."""
    if isinstance(draws, bool) or not isinstance(draws, int | np.integer) or draws < FEWEST:
        raise ParameterError(
            Text(f"draws 须是不小于 {FEWEST} 的整数，而不是 {draws!r}", f"draws is a whole number of at least {FEWEST}, not {draws!r}")
        )


def run_draws(work: Callable[[np.random.Generator], Result], seeds: list[np.random.SeedSequence]) -> list[Result]:
    """Do the work once for each seed, from a few threads; the results stand in the order of the seeds.

    If the user interrupts, those made so far are given with a warning, as soon as there is one.
    """
    done: list[Result] = []
    try:
        with closing(_run(work, seeds)) as running:
            for result in running:
                done.append(result)
    except KeyboardInterrupt:
        if not done:
            raise
        made, asked = len(done), len(seeds)
        warnings.warn(f"interrupted: {made} of {asked} draws were made · 已中断：完成 {asked} 次抽样中的 {made} 次", UserWarning, stacklevel=4)
    return done


def _run(work: Callable[[np.random.Generator], Result], seeds: list[np.random.SeedSequence]) -> Generator[Result]:
    yield from run_blocks(lambda turn, _: work(np.random.default_rng(seeds[turn])), split_evenly(len(seeds), 1))
