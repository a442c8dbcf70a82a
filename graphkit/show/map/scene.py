"""What is drawn: the nodes and ties of a district as arrays, each with the village or township it stands in.

Names of people are never read; a member is known by id and office, a household by id.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from graphkit.data.tables import Tables
from graphkit.model.kinds import MODEL
from graphkit.model.types import NodeType, TieType
from graphkit.show.map.layout import Layout, place_nodes

if TYPE_CHECKING:
    from graphkit.questions.finding import Finding

DRAWN = ("Village", "Cooperative", "Branch", "Member", "Household")
_SHIPPED = frozenset(kind.label for kind in MODEL.nodes)
RANK = {"Village": 0, "Branch": 1, "Cooperative": 1, "Member": 2, "Household": 3}
OWN_RANK = 1
BODY_TIES = ("Branch REPORTS_TO Branch", "Branch SERVES Cooperative", "Branch SERVES Village", "Cooperative OPERATES_IN Village")
PEOPLE_TIES = (
    "Member HELPS Household", "Member BELONGS_TO Branch", "Member WORKS_IN Cooperative", "Member MENTORS Member",
    "Member LIAISES Cooperative", "Member HOLDS_POST_IN Village", "Household JOINED Cooperative",
)  # fmt: skip
SHOWN_TIES = (*BODY_TIES, *PEOPLE_TIES)
RARE = ("HelpingUnit",)
RARE_TIES = (
    "Member POSTED_BY HelpingUnit", "HelpingUnit ASSISTS Village", "HelpingUnit ASSISTS Household", "Cooperative MEMBER_OF Cooperative",
    "Member PART_OF Household", "Household NEIGHBOURS Household", "Member VISITED Household",
)  # fmt: skip
"""Drawn as the kinds that a model has of its own, where a district has any: most have none, and their maps do not name them."""

Codes = NDArray[np.int32]
Pairs = tuple[Codes, Codes]


@dataclass(frozen=True, slots=True)
class Scene:
    """Nodes by kind in the order of `drawn`, their cells, their ties by position, and where they stand.

    Cells are the villages in order, then a seat for each township, then one for the district: what
    works in several villages stands at the seat of their township, what works in several townships
    at the district's.
    """

    drawn: tuple[str, ...]  # `DRAWN`, then the rare kinds that are there, and those that a model has of its own
    index: Mapping[str, pd.Index]
    starts: Mapping[str, int]
    kinds: NDArray[np.int8]
    ids: list[str]
    names: list[str]  # empty for people and households
    cells: Codes
    groups: Codes  # township of each cell; the last one is the district
    township_names: list[str]
    ties: Mapping[str, Pairs]
    tie_types: tuple[TieType, ...]  # that the page shows: `SHOWN_TIES`, then those that a model has of its own between kinds that are drawn
    layout: Layout

    def positions(self, kind: str, keys: pd.Series) -> NDArray[np.int64]:
        """Position of each key among the nodes, -1 where no node of this kind has it."""
        found = self.index[kind].get_indexer(keys)
        return np.where(found >= 0, found + self.starts[kind], -1)

    def known_rows(self, finding: Finding) -> tuple[pd.DataFrame, NDArray[np.int64]]:
        """Rows of a finding whose subject is drawn, and the position of each."""
        nodes = np.full(len(finding.rows), -1, np.int64)
        for kind in self.drawn:
            about = (finding.rows["subject_kind"] == kind).to_numpy(bool)
            nodes[about] = self.positions(kind, finding.rows.loc[about, "subject_id"])
        return finding.rows[nodes >= 0], nodes[nodes >= 0]


def build_scene(tables: Tables) -> Scene:
    """Gather what a map draws of `tables`, and place it.

    Examples
    --------
    >>> build_scene(Tables({"Village": pa.table({"code": ["230112104001"], "name": ["一村"]})})).names
    ['一村']
    """
    drawn = (*DRAWN, *(kind.label for kind in tables.model.nodes if kind.label not in _SHIPPED or _is_there(tables, kind, RARE)))
    more = [tie for tie in tables.model.ties if tie.table not in MODEL.tie_names or _is_there(tables, tie, RARE_TIES)]
    own_ties = tuple(tie for tie in more if {tie.source, tie.target} <= set(drawn))
    index = {kind: pd.Index(tables[kind][tables.model.node_type(kind).key].to_pandas()) for kind in (*drawn, "Township")}
    starts = _starts(index, drawn)
    homes = ("Member LIVES_IN Village", "Household LIVES_IN Village")
    ties = {name: _positions(tables, name, index, starts) for name in (*SHOWN_TIES, *homes, *(tie.table for tie in own_ties))}
    townships = _townships(tables, index)
    n_villages, n_townships = len(index["Village"]), len(index["Township"])
    groups = np.concatenate([townships, np.arange(n_townships + 1)]).astype(np.int32)
    cells = _cells(ties, starts, groups + n_villages)
    _place_own(cells, [ties[tie.table] for tie in own_ties], starts["own"], groups + n_villages)
    kinds = np.repeat(np.arange(len(drawn)), [len(index[kind]) for kind in drawn]).astype(np.int8)
    rank = np.array([RANK.get(kind, OWN_RANK) for kind in drawn], np.int32)[kinds]
    keep = np.arange(len(groups)) < n_villages
    layout = place_nodes(cells, rank, _helpers(ties, starts["end"]), groups, keep)
    ids = [str(key) for kind in drawn for key in index[kind]]
    township_names = _texts(tables["Township"], "name", "code")
    shown = tuple(tie for tie in tables.model.ties if tie.table in SHOWN_TIES)
    return Scene(
        drawn,
        index,
        starts,
        kinds,
        ids,
        _names(tables),
        cells,
        groups,
        township_names,
        ties,
        (*sorted(shown, key=lambda tie: SHOWN_TIES.index(tie.table)), *own_ties),
        layout,
    )


def _is_there(tables: Tables, kind: NodeType | TieType, rare: Sequence[str]) -> bool:
    return kind.table in rare and tables[kind.table].num_rows > 0


def _starts(index: Mapping[str, pd.Index], drawn: tuple[str, ...]) -> dict[str, int]:
    """Position of the first node of each kind; ``"own"`` of the first of a kind that only this model has, and ``"end"``."""
    starts, total = {}, 0
    for kind in drawn:
        starts[kind] = total
        total += len(index[kind])
    return {**starts, "own": sum(len(index[kind]) for kind in DRAWN), "end": total}


def _positions(tables: Tables, name: str, index: Mapping[str, pd.Index], starts: Mapping[str, int]) -> Pairs:
    """Both ends of every tie as positions among the nodes; ties to what is not there are left out, the earliest comes first."""
    kind = next(tie for tie in tables.model.ties if tie.table == name)
    table = tables[name]
    if "since" in table.column_names:
        begun = table["since"].cast(pa.int32()).fill_null(-(2**31))  # no date: as far back as known
        keys = [(kind.ends[0].name, "ascending"), ("begun", "ascending"), (kind.ends[1].name, "ascending")]
        table = table.append_column("begun", begun).sort_by(keys)
    source, target = (index[label].get_indexer(table[end.name].to_pandas()) for end, label in zip(kind.ends, (kind.source, kind.target), strict=True))
    found = (source >= 0) & (target >= 0)
    return (source[found] + starts[kind.source]).astype(np.int32), (target[found] + starts[kind.target]).astype(np.int32)


def _townships(tables: Tables, index: Mapping[str, pd.Index]) -> Codes:
    """Township of each village; the district itself (the number of townships) where unknown."""
    table = tables["Village IN Township"]
    of = np.full(len(index["Village"]), len(index["Township"]), np.int32)
    village = index["Village"].get_indexer(table["village_code"].to_pandas())
    township = index["Township"].get_indexer(table["township_code"].to_pandas())
    found = (village >= 0) & (township >= 0)
    of[village[found][::-1]] = township[found][::-1]  # the first row counts
    return of


def _cells(ties: Mapping[str, Pairs], starts: Mapping[str, int], seats: Codes) -> Codes:
    """Cell of each node: its village, else the seat of the one township it works in, else the district's seat."""
    district = len(seats) - 1
    cells = np.full(starts["end"], district, np.int32)
    cells[: starts["Cooperative"]] = np.arange(starts["Cooperative"])
    _settle(cells, *ties["Cooperative OPERATES_IN Village"], seats)
    (bodies, villages), (hosts, served) = ties["Branch SERVES Village"], ties["Branch SERVES Cooperative"]
    _settle(cells, np.concatenate([bodies, hosts]), np.concatenate([villages, cells[served]]), seats)
    for name in ("Member LIVES_IN Village", "Household LIVES_IN Village"):
        source, target = ties[name]
        cells[source[::-1]] = target[::-1]  # the earliest home counts
    _follow(cells, *ties["Member BELONGS_TO Branch"], district)
    _follow(cells, *ties["Household JOINED Cooperative"], district)
    return cells


def _settle(cells: Codes, nodes: Codes, where: Codes, seats: Codes) -> None:
    """Put each node into the one cell all of its ties name, else into the seat of the one township, else into the district's."""
    district = len(seats) - 1
    for value in (where, seats[where]):
        lowest, highest = np.full(len(cells), district + 1), np.full(len(cells), -1)
        np.minimum.at(lowest, nodes, value)
        np.maximum.at(highest, nodes, value)
        settled = (lowest == highest) & (cells == district)
        cells[settled] = lowest[settled]


def _follow(cells: Codes, source: Codes, target: Codes, district: int) -> None:
    """Put people and households without a village where the first body they belong to stands."""
    homeless = cells[source] == district
    cells[source[homeless][::-1]] = cells[target[homeless][::-1]]


def _place_own(cells: Codes, ties: Sequence[Pairs], own: int, seats: Codes) -> None:
    """Put what only this model has where the things stand that it is tied to: in the one village of all, else at the seat."""
    for source, target in [pair for one, other in ties for pair in ((one, other), (other, one))]:
        placed = (source >= own) & (target < own)
        _settle(cells, source[placed], cells[target[placed]], seats)


def _helpers(ties: Mapping[str, Pairs], total: int) -> Codes:
    """First helper of each household, -1 for none."""
    helpers = np.full(total, -1, np.int32)
    source, target = ties["Member HELPS Household"]
    helpers[target[::-1]] = source[::-1]
    return helpers


def _names(tables: Tables) -> list[str]:
    names: list[str] = []
    for kind in DRAWN:
        declared = {column.name: column for column in tables.model.node_type(kind).columns}
        shown = "name" in declared and not declared["name"].personal
        names += _texts(tables[kind], "name", tables.model.node_type(kind).key) if shown else [""] * tables[kind].num_rows
    return names


def _texts(table: pa.Table, column: str, otherwise: str) -> list[str]:
    """Texts of a column, of another where empty."""
    pairs = zip(table[column].to_pylist(), table[otherwise].to_pylist(), strict=True)
    return [str(text or other) for text, other in pairs]
