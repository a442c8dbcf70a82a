"""The parts of a network: which group each node is in, and the ties as they were given."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Ints = NDArray[np.int32]
Ends = tuple[Ints, Ints]

UNNAMED_TIE = "TIE"
UNNAMED_KIND = "Node"


@dataclass(frozen=True, eq=False)
class Grouping:
    """Which group each node is in: `codes` int32 by node, -1 where unknown; `names` gives the group of each code."""

    codes: Ints
    names: pd.Index

    def __post_init__(self) -> None:
        freeze(self, "codes")


@dataclass(frozen=True, eq=False)
class Ties:
    """The ties as they were given, one entry each, with direction and type; `office` marks a tie that carries an office.

    `weights` is the strength of each; None where every tie weighs 1.
    """

    source: Ints
    target: Ints
    types: NDArray[np.int8]
    office: NDArray[np.bool_]
    names: tuple[str, ...]
    weights: NDArray[np.float64] | None = None

    def __post_init__(self) -> None:
        freeze(self, "source", "target", "types", "office", *(["weights"] if self.weights is not None else []))

    def __len__(self) -> int:
        return len(self.source)

    def select(self, *names: str) -> Ends:
        """Return the ends of the ties of these types; a type that does not occur selects nothing."""
        kept = np.isin(self.types, [self.names.index(name) for name in names if name in self.names])
        return self.source[kept], self.target[kept]

    def keep(self, kept: NDArray[np.bool_]) -> Ties:
        """Return the ties for which `kept` is true."""
        weights = None if self.weights is None else self.weights[kept]
        return Ties(self.source[kept], self.target[kept], self.types[kept], self.office[kept], self.names, weights)


def freeze(owner: object, *names: str) -> None:
    """Hold arrays as read-only views: whoever gave them may still write to theirs."""
    for name in names:
        view = getattr(owner, name).view()
        view.setflags(write=False)
        object.__setattr__(owner, name, view)
