"""Where everything stands: townships hold villages, villages hold their bodies, people and households.

Nothing is random and nothing moves afterwards: circles are packed, the largest first, and inside a
village things follow a sunflower spiral, households on its rim in the direction of those who help them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

GOLDEN_ANGLE = np.pi * (3 - np.sqrt(5))
STEP = 13.0  # distance between neighbours on the spiral, in units of the map
MARGIN = 12.0  # from the outermost thing to the village's border
LEAST_RADIUS = 34.0  # an empty village still has room for its name
GAP = 7.0  # between villages of one township
TOWNSHIP_GAP = 26.0

Floats = NDArray[np.float64]
Codes = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Layout:
    """Positions of nodes, and circles of cells (villages, township seats) and of the townships that hold them."""

    x: Floats
    y: Floats
    cell_circles: Floats  # one row a cell: x, y, radius; radius 0 where nothing stands
    group_circles: Floats  # one row a township


def place_nodes(cells: Codes, rank: Codes, near: Codes, groups: Codes, keep: NDArray[np.bool_]) -> Layout:
    """Where does every node stand on the map?

    Parameters
    ----------
    cells : int32 array, shape (nodes,)
        Cell (village or seat) of each node.
    rank : int32 array, shape (nodes,)
        Place in the cell from the middle outwards: lower ranks stand nearer to the middle.
    near : int32 array, shape (nodes,)
        Node to stand in the direction of, such as a household's helper; -1 for none.
    groups : int32 array, shape (cells,)
        Township of each cell, from 0.
    keep : bool array, shape (cells,)
        Cells that are drawn even with nothing in them.
    """
    counts = np.bincount(cells, minlength=len(groups))
    radii = np.where((counts > 0) | keep, np.maximum(LEAST_RADIUS, STEP * np.sqrt(counts + 1) + MARGIN), 0.0)
    cell_circles, group_circles = _place_cells(radii, groups)
    distance, angle = _spiral(cells, rank, near)
    x = cell_circles[cells, 0] + distance * np.cos(angle)
    y = cell_circles[cells, 1] + distance * np.sin(angle)
    return Layout(x, y, cell_circles, group_circles)


def pack_circles(radii: Floats) -> Floats:
    """How do circles of these radii stand close together without overlapping?

    The front chain of Wang et al. (2006), as in d3: every circle touches two others, as near to the
    middle as it can. Rows are x, y in the order given; put the largest first for the densest picture.

    Examples
    --------
    >>> pack_circles(np.array([1.0, 1.0])).tolist()
    [[-1.0, 0.0], [1.0, 0.0]]
    """
    placed = np.zeros((len(radii), 2))
    if len(radii) > 1:
        placed[0, 0], placed[1, 0] = -radii[1], radii[0]
    if len(radii) > 2:
        _Front(radii.tolist(), placed.tolist()).pack_rest(placed)
    return placed


class _Front:
    """The ring of circles on the outside of those placed so far; a doubly linked list in two arrays."""

    def __init__(self, radii: list[float], at: list[list[float]]) -> None:
        self.radii, self.at = radii, at
        self.after = [1, 2, 0] + [0] * (len(radii) - 3)
        self.before = [2, 0, 1] + [0] * (len(radii) - 3)
        self.at[2] = self._touching(1, 0, 2)

    def pack_rest(self, placed: Floats) -> None:
        """Place every circle from the fourth on, then write all positions into `placed`."""
        a, b = self._nearest(2), 0
        b = self.after[a]
        for c in range(3, len(self.radii)):
            a, b = self._free_pair(a, b, c)
            self.before[c], self.after[c] = a, b
            self.after[a] = self.before[b] = c
            a = self._nearest(c)
            b = self.after[a]
        placed[:] = self.at

    def _free_pair(self, a: int, b: int, c: int) -> tuple[int, int]:
        """Move along the ring until the circle that touches `a` and `b` overlaps no other."""
        while True:
            self.at[c] = self._touching(a, b, c)
            hit = self._first_hit(a, b, c)
            if hit is None:
                return a, b
            circle, ahead = hit
            a, b = (a, circle) if ahead else (circle, b)
            self.after[a], self.before[b] = b, a

    def _first_hit(self, a: int, b: int, c: int) -> tuple[int, bool] | None:
        ahead, behind = self.after[b], self.before[a]
        length_ahead, length_behind = self.radii[b], self.radii[a]
        while True:
            if length_ahead <= length_behind:
                if self._overlap(ahead, c):
                    return ahead, True
                length_ahead += self.radii[ahead]
                ahead = self.after[ahead]
            else:
                if self._overlap(behind, c):
                    return behind, False
                length_behind += self.radii[behind]
                behind = self.before[behind]
            if ahead == self.after[behind]:
                return None

    def _touching(self, b: int, a: int, c: int) -> list[float]:
        (ax, ay), (bx, by) = self.at[a], self.at[b]
        dx, dy = bx - ax, by - ay
        square = dx * dx + dy * dy
        to_a, to_b = (self.radii[a] + self.radii[c]) ** 2, (self.radii[b] + self.radii[c]) ** 2
        if to_a > to_b:
            along = (square + to_b - to_a) / (2 * square)
            across = max(0.0, to_b / square - along * along) ** 0.5
            return [bx - along * dx - across * dy, by - along * dy + across * dx]
        along = (square + to_a - to_b) / (2 * square)
        across = max(0.0, to_a / square - along * along) ** 0.5
        return [ax + along * dx - across * dy, ay + along * dy + across * dx]

    def _overlap(self, i: int, c: int) -> bool:
        (ix, iy), (cx, cy) = self.at[i], self.at[c]
        reach = self.radii[i] + self.radii[c] - 1e-6
        return bool(reach * reach > (ix - cx) ** 2 + (iy - cy) ** 2)

    def _nearest(self, start: int) -> int:
        """Return the circle of the ring whose touching point with the next one is nearest to the middle."""
        best, least, i = start, self._distance(start), self.after[start]
        while i != start:
            if (distance := self._distance(i)) < least:
                best, least = i, distance
            i = self.after[i]
        return best

    def _distance(self, i: int) -> float:
        j = self.after[i]
        total = self.radii[i] + self.radii[j]
        x = (self.at[i][0] * self.radii[j] + self.at[j][0] * self.radii[i]) / total
        y = (self.at[i][1] * self.radii[j] + self.at[j][1] * self.radii[i]) / total
        return x * x + y * y


def _place_cells(radii: Floats, groups: Codes) -> tuple[Floats, Floats]:
    """Pack the cells of each township, then the townships."""
    n_groups = int(groups.max(initial=-1)) + 1
    cells, outer = np.zeros((len(radii), 3)), np.zeros(n_groups)
    cells[:, 2] = radii
    members = [np.flatnonzero((groups == g) & (radii > 0)) for g in range(n_groups)]
    for g, inside in enumerate(members):
        outer[g] = _pack_one(cells, inside)
    order = np.flatnonzero(outer > 0)
    order = order[np.argsort(-outer[order], kind="stable")]
    around = np.zeros((n_groups, 3))
    around[:, 2] = outer
    around[order, :2] = pack_circles(outer[order] + TOWNSHIP_GAP / 2)
    cells[:, :2] += around[groups, :2]
    return cells, around


def _pack_one(cells: Floats, inside: NDArray[np.int64]) -> float:
    """Pack the cells `inside` around 0, 0, in place; return the radius of the circle that holds them."""
    if not len(inside):
        return 0.0
    radii = cells[inside, 2]
    order = np.argsort(-radii, kind="stable")
    placed = pack_circles(radii[order] + GAP / 2)
    placed -= (placed - radii[order, None]).min(0) / 2 + (placed + radii[order, None]).max(0) / 2
    cells[inside[order], :2] = placed
    return float((np.hypot(placed[:, 0], placed[:, 1]) + radii[order]).max()) + GAP


def _spiral(cells: Codes, rank: Codes, near: Codes) -> tuple[Floats, Floats]:
    """Distance and angle of each node from the middle of its cell."""
    position = _position_in_cell(cells, rank)
    distance, angle = STEP * np.sqrt(position + 0.9 * (position > 0)), (position * GOLDEN_ANGLE) % (2 * np.pi)
    guided = near >= 0
    if guided.any():
        towards = np.where(guided, angle[near], angle)
        towards[guided & (cells[near] != cells)] = 7.0  # helped from elsewhere: after the full circle
        _turn(cells, rank, towards, distance, angle)
    return distance, angle


def _position_in_cell(cells: Codes, rank: Codes) -> NDArray[np.int64]:
    order = np.lexsort((np.arange(len(cells)), rank, cells))
    starts = np.concatenate(([0], np.cumsum(np.bincount(cells, minlength=1))))[cells[order]]
    position = np.empty(len(cells), np.int64)
    position[order] = np.arange(len(cells)) - starts
    return position


def _turn(cells: Codes, rank: Codes, towards: Floats, distance: Floats, angle: Floats) -> None:
    """Hand the places of the outermost rank out again by direction, so that those helped by one person stand together."""
    outer = np.flatnonzero(rank == rank.max())
    places = pd.DataFrame({"cell": cells[outer], "angle": angle[outer], "distance": distance[outer]}).sort_values(["cell", "angle"])
    takers = pd.DataFrame({"node": outer, "cell": cells[outer], "towards": towards[outer]}).sort_values(["cell", "towards", "node"])
    nodes = takers["node"].to_numpy()
    angle[nodes], distance[nodes] = places["angle"].to_numpy(), places["distance"].to_numpy()
