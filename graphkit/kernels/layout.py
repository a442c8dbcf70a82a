"""Positions for a picture of a small network: ties pull, all nodes push, and a weak pull to the middle keeps the parts together.

Fruchterman and Reingold (1991), over all pairs: the work grows with the square of the nodes, 2 s for 2,000.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
Floats = NDArray[np.float64]

ROUNDS = 50
GRAVITY = 1.2  # a node without ties then stands about as far out as the rest needs room
GOLDEN_ANGLE = np.pi * (3 - np.sqrt(5))


def place_by_forces(offsets: Longs, neighbours: Ints) -> tuple[Floats, Floats]:
    """Where does each node stand? The unit is the length of a single tie; nothing is random."""
    nodes = len(offsets) - 1
    rows = np.repeat(np.arange(nodes), np.diff(offsets))
    order = np.arange(nodes)
    x, y = (np.sqrt(order + 0.5) * turn(order * GOLDEN_ANGLE) for turn in (np.cos, np.sin))
    for longest in np.linspace(max(np.sqrt(nodes) / 5, 1.0), 0.05, ROUNDS):
        push_x, push_y = _push(x.astype(np.float32), y.astype(np.float32))
        along_x, along_y = x[neighbours] - x[rows], y[neighbours] - y[rows]
        length = np.hypot(along_x, along_y)
        pull_x = push_x + np.bincount(rows, along_x * length, nodes) - GRAVITY * x
        pull_y = push_y + np.bincount(rows, along_y * length, nodes) - GRAVITY * y
        force = np.maximum(np.hypot(pull_x, pull_y), 1e-9)
        step = np.minimum(force, longest) / force
        x, y = x + pull_x * step, y + pull_y * step
    return x, y


def _push(x: NDArray[np.float32], y: NDArray[np.float32]) -> tuple[Floats, Floats]:
    """The push of all others on each node: one over the distance."""
    across, down = x[:, None] - x, y[:, None] - y
    weight = across * across
    weight += down * down
    weight += np.float32(0.01)
    np.reciprocal(weight, out=weight)
    return np.einsum("ij,ij->i", across, weight).astype(np.float64), np.einsum("ij,ij->i", down, weight).astype(np.float64)
