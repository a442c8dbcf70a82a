"""What was not read, subject by subject: how many rows more, and how many fewer, each of its facts may rest on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from graphkit.data.tables import Tables
from graphkit.model.kinds import NODE_TYPES, TIE_TYPES
from graphkit.model.types import TieType
from graphkit.questions.coverage.loose import LOOSE, MANY, Loose

_TIES: Mapping[str, TieType] = {tie.table: tie for tie in TIE_TYPES}
_NOT_JUDGED = ("successor_code", "successor_id")
_OTHERWISE: Mapping[str, tuple[str, ...]] = {"Member": ("admitted_on", "birth_year"), "Cooperative": ("scope",)}
"""Columns of a node of which an unread cell leaves something on record that may be wrong: a stage, an inferred scope."""
_SERVES_HOST, _SERVES_VILLAGE, _REPORTS = "Branch SERVES Cooperative", "Branch SERVES Village", "Branch REPORTS_TO Branch"


@dataclass(frozen=True, slots=True)
class Pair:
    """By key of a subject: rows that may be there more, and rows that may be there no more."""

    less: pd.Series
    more: pd.Series

    @property
    def keys(self) -> set[str]:
        """Whoever is touched at all."""
        return set(self.less.index) | set(self.more.index)


class Touched:
    """What was not read of a district on one day, as far as it touches what coverage counts."""

    def __init__(self, standing: Tables) -> None:
        self.tables = standing
        self.lines = standing.unread.select(["fault", "table", "column", "state", "subject_kind", "subject_id"]).to_pandas()
        self.gone = {node.label: self._nodes(node.label, (node.since_column, node.until_column)) for node in NODE_TYPES}
        self.otherwise = {node.label: self._otherwise(node.label, (node.since_column, node.until_column)) for node in NODE_TYPES}

    def _nodes(self, label: str, columns: Iterable[str]) -> set[str]:
        mine = self.lines[(self.lines["table"] == label) & self.lines["column"].isin([name for name in columns if name])]
        return set(mine.loc[mine["state"] != "set_aside", "subject_id"].dropna())

    def _otherwise(self, label: str, dates: Iterable[str]) -> set[str]:
        """Nodes of which something on record may be wrong: rows that speak against each other, or a date that dates a stage."""
        mine = self.lines[(self.lines["table"] == label) & ~self.lines["column"].isin(_NOT_JUDGED)]
        against = mine["state"].isin(["set_aside", "contradicts"]) & ~((mine["state"] == "contradicts") & mine["column"].isin(list(dates)))
        return set(mine.loc[against | mine["column"].isin(_OTHERWISE.get(label, ())), "subject_id"].dropna())

    def at(self, table: str, column: str, cells: tuple[str, ...] = ()) -> Pair:
        """Rows of a table that may be there, and those there that may not hold, by the end that `column` names."""
        tie = _TIES[table]
        ends = {tie.ends[0].name: tie.source, tie.ends[1].name: tie.target}
        other = next(name for name in ends if name != column)
        mine = self.lines[(self.lines["table"] == table) & (self.lines["subject_kind"] == ends[column])].dropna(subset=["subject_id"])
        lost = mine["state"] == "set_aside"
        unsure = ~lost & (mine["column"].isin(["since", "until"]) | (mine["state"] == "contradicts"))
        gone, otherwise = self.gone[ends[other]], self.otherwise[ends[other]]
        rows = self.tables[table]
        return Pair(
            _sum(_faults(mine[unsure]), _ends(rows, column, other, gone | otherwise)),
            _sum(_faults(mine[lost | mine["column"].isin(cells)]), _ends(rows, column, other, otherwise)),
        )

    def of(self, loose: Loose) -> Pair:
        """What may be more and less of one group of facts, by subject."""
        pairs = [self.at(table, column, loose.cells) for table, column in loose.ties]
        through = self._through(loose)
        return Pair(_sum(*(pair.less for pair in pairs), through), _sum(*(pair.more for pair in pairs), through))

    def _through(self, loose: Loose) -> pd.Series:
        """Rows there that may count as something else, since a row elsewhere is not known."""
        if loose.name == "chain":
            return self._chain()
        if loose.name == "outside":
            return self._outside(loose.ties[0])
        tie = (_SERVES_HOST, "cooperative_id") if loose.name == "superior" else loose.ties[0]
        return self._ends_at(tie, self._others(loose.name))

    def _others(self, group: str) -> set[str]:
        """The other ends, as bodies or zones, that may be something else to a subject than they are taken for."""
        if group == "bodies":
            return self._bodies()
        if group == "superior":
            return self._led()
        if group == "scope":
            return self.at("Village IN Township", "village_code").keys
        return self.at("Member RESPONSIBLE_FOR Zone", "zone_id").keys if group == "answered" else set()

    def _outside(self, tie: tuple[str, str]) -> pd.Series:
        """Households paired of which it is not known whether they are in the association; all of a member whose workplaces are not known."""
        joined = self.at("Household JOINED Cooperative", "household_id", ("kind",)).keys
        every = self.at("Member WORKS_IN Cooperative", "member_id").keys
        return _sum(self._ends_at(tie, joined), pd.Series(MANY, index=sorted(every), dtype=np.int64))

    def _ends_at(self, tie: tuple[str, str], others: set[str]) -> pd.Series:
        table, column = tie
        other = next(end.name for end in _TIES[table].ends if end.name != column)
        return _ends(self.tables[table], column, other, others)

    def _bodies(self) -> set[str]:
        """Bodies of which it is not known what they are to those they serve: what else they serve, or whom they are over, is not."""
        serve = self.at(_SERVES_HOST, "branch_id").keys | self.at(_SERVES_VILLAGE, "branch_id").keys
        return serve | self.at(_REPORTS, "superior_id").keys

    def _led(self) -> set[str]:
        """Bodies of which it is not known whom they report to, or what stands above them."""
        above = self._ends_at((_REPORTS, "branch_id"), self.at(_SERVES_VILLAGE, "branch_id").keys | self.otherwise["Branch"])
        return self._bodies() | self.at(_REPORTS, "branch_id").keys | set(above.index)

    def _chain(self) -> pd.Series:
        """Workplaces of a member whose bodies, or whose ties to the member, are not known."""
        hosts = self.at(_SERVES_HOST, "cooperative_id").keys | set(self._ends_at((_SERVES_HOST, "cooperative_id"), self._bodies()).index)
        every = pd.Series(MANY, index=sorted(self.at("Member BELONGS_TO Branch", "member_id").keys), dtype=np.int64)
        return _sum(self._ends_at(("Member WORKS_IN Cooperative", "member_id"), hosts), every)


def touched_columns(kind: str, keys: pa.ChunkedArray, standing: Tables) -> dict[str, NDArray[np.int64]]:
    """What may be more and less of each group of facts, for the subjects `keys`; and whether the subject itself may be gone, or otherwise.

    Columns ``less_<group>``, ``more_<group>``, ``gone``, ``otherwise``; one that is 0 of everybody is left out.
    """
    if not standing.unread.num_rows:
        return {}
    touched = Touched(standing)
    found: dict[str, NDArray[np.int64]] = {}
    for loose in LOOSE[kind]:
        pair = touched.of(loose)
        found |= {f"less_{loose.name}": _spread(pair.less, keys), f"more_{loose.name}": _spread(pair.more, keys)}
    for name, those in (("gone", touched.gone[kind]), ("otherwise", touched.otherwise[kind])):
        found[name] = _spread(pd.Series(1, index=sorted(those), dtype=np.int64), keys)
    return {name: values for name, values in found.items() if values.any()}


def _faults(lines: pd.DataFrame) -> pd.Series:
    faults: pd.Series = lines.groupby("subject_id")["fault"].nunique()
    return faults


def _ends(rows: pa.Table, column: str, other: str, others: set[str]) -> pd.Series:
    """Rows whose other end is one of `others`, by the key in `column`."""
    if not others or not rows.num_rows:
        return pd.Series(dtype=np.int64)
    chosen = rows.filter(pc.is_in(rows[other], value_set=pa.array(sorted(others), pa.string())))
    counted: pd.Series = chosen[column].to_pandas().value_counts()
    return counted


def _sum(*counts: pd.Series) -> pd.Series:
    there = [count for count in counts if len(count)]
    if not there:
        return pd.Series(dtype=np.int64)
    whole: pd.Series = pd.concat(there).groupby(level=0).sum().clip(upper=MANY)
    return whole


def _spread(counts: pd.Series, keys: pa.ChunkedArray) -> NDArray[np.int64]:
    values = np.zeros(len(keys), np.int64)
    if len(counts):
        index = pa.array(list(counts.index), pa.string())
        position = pc.index_in(keys, value_set=index).to_numpy(zero_copy_only=False)
        there = ~np.isnan(position.astype(float))
        values[there] = counts.to_numpy()[position[there].astype(np.int64)]
    return values
