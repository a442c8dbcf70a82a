"""What was not read, by end of a tie: how many rows more, and how many fewer, there may be of each thing than stand in a table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from graphkit.data.tables import Tables
from graphkit.model.kinds import MEMBER, MODEL
from graphkit.model.types import TieType

MOST = 10**6
"""More rows than anything tells apart."""
_TIES: Mapping[str, TieType] = {tie.table: tie for tie in MODEL.ties}
_NO_MATTER = ("successor_code", "successor_id")
_OTHERWISE: Mapping[str, tuple[str, ...]] = {"Member": (*MEMBER.dating, "birth_year"), "Cooperative": ("scope",)}
"""Columns of a node of which an unread cell leaves something on record that may be wrong: a stage, an inferred scope."""


@dataclass(frozen=True, slots=True)
class Pair:
    """By key of a subject: rows that may be there more, and rows that may be there no more."""

    less: pd.Series
    more: pd.Series

    @property
    def keys(self) -> set[str]:
        """Whoever is touched at all."""
        return set(self.less.index) | set(self.more.index)


class Touches:
    """What was not read of a district on one day, as far as it touches what is counted."""

    def __init__(self, standing: Tables) -> None:
        self.tables = standing
        self._pairs: dict[tuple[str, str, tuple[str, ...]], Pair] = {}
        self.lines = standing.unread.select(["fault", "table", "column", "state", "subject_kind", "subject_id", "earliest", "latest"]).to_pandas()
        self.gone = {node.label: self._nodes(node.label, (node.since_column, node.until_column)) for node in MODEL.nodes}
        self.otherwise = {node.label: self._otherwise(node.label, (node.since_column, node.until_column)) for node in MODEL.nodes}

    def _nodes(self, label: str, columns: Iterable[str]) -> set[str]:
        mine = self.lines[(self.lines["table"] == label) & self.lines["column"].isin([name for name in columns if name])]
        return set(mine.loc[mine["state"] != "set_aside", "subject_id"].dropna())

    def _otherwise(self, label: str, dates: Iterable[str]) -> set[str]:
        """Nodes of which something on record may be wrong: rows that speak against each other, or a date that dates a stage."""
        mine = self.lines[(self.lines["table"] == label) & ~self.lines["column"].isin(_NO_MATTER)]
        against = mine["state"].isin(["set_aside", "contradicts"]) & ~((mine["state"] == "contradicts") & mine["column"].isin(list(dates)))
        return set(mine.loc[against | mine["column"].isin(_OTHERWISE.get(label, ())), "subject_id"].dropna())

    def at(self, table: str, column: str, cells: tuple[str, ...] = ()) -> Pair:
        """Rows of a table that may be there, and those there that may not hold, by the end that `column` names."""
        place = table, column, cells
        if place not in self._pairs:
            self._pairs[place] = self._at(table, column, cells)
        return self._pairs[place]

    def _at(self, table: str, column: str, cells: tuple[str, ...]) -> Pair:
        tie = _TIES[table]
        ends = {tie.ends[0].name: tie.source, tie.ends[1].name: tie.target}
        other = next(name for name in ends if name != column)
        mine = self.lines[(self.lines["table"] == table) & (self.lines["subject_kind"] == ends[column])].dropna(subset=["subject_id"])
        lost = mine["state"] == "set_aside"
        unsure = ~lost & (mine["column"].isin(["since", "until"]) | (mine["state"] == "contradicts"))
        gone, otherwise = self.gone[ends[other]], self.otherwise[ends[other]]
        return Pair(
            add_counts(_faults(mine[unsure]), count_ends(self.tables, table, column, other, gone | otherwise)),
            add_counts(_faults(mine[lost | mine["column"].isin(cells)]), count_ends(self.tables, table, column, other, otherwise)),
        )


def _faults(lines: pd.DataFrame) -> pd.Series:
    faults: pd.Series = lines.groupby("subject_id")["fault"].nunique()
    return faults


def count_ends(tables: Tables, table: str, column: str, other: str, others: set[str]) -> pd.Series:
    """Rows of a table whose other end is one of `others`, by the key in `column`."""
    if not others or not tables.count(table):
        return pd.Series(dtype=np.int64)
    rows = tables.columns(table, column, other)
    chosen = rows.filter(pc.is_in(rows[other], value_set=pa.array(sorted(others), pa.string())))
    counted: pd.Series = chosen[column].to_pandas().value_counts()
    return counted


def add_counts(*counts: pd.Series) -> pd.Series:
    """Counts by key, added up."""
    there = [count for count in counts if len(count)]
    if not there:
        return pd.Series(dtype=np.int64)
    whole: pd.Series = pd.concat(there).groupby(level=0).sum().clip(upper=MOST)
    return whole


def spread_counts(counts: pd.Series, keys: pa.ChunkedArray) -> NDArray[np.int64]:
    """The count of each key, 0 where there is none."""
    values = np.zeros(len(keys), np.int64)
    if len(counts):
        index = pa.array(list(counts.index), pa.string())
        position = pc.index_in(keys, value_set=index).to_numpy(zero_copy_only=False)
        there = ~np.isnan(position.astype(float))
        values[there] = counts.to_numpy()[position[there].astype(np.int64)]
    return values
