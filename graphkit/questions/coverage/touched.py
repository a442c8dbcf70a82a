"""What was not read, subject by subject: how many rows more, and how many fewer, each of its facts may rest on."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from graphkit.model.kinds import MODEL
from graphkit.model.types import TieType
from graphkit.questions.coverage.loose import LOOSE, MANY, Loose
from graphkit.questions.touches import Pair, Touches, add_counts, count_ends, spread_counts

_VISITS = ("last_visit_on", "visited_on")
_SERVES_HOST, _SERVES_VILLAGE, _REPORTS = "Branch SERVES Cooperative", "Branch SERVES Village", "Branch REPORTS_TO Branch"


class Touched(Touches):
    """What was not read of a district on one day, by the groups of facts that coverage counts."""

    def of(self, loose: Loose) -> Pair:
        """What may be more and less of one group of facts, by subject."""
        pairs = [self.at(table, column, loose.cells) for table, column in loose.ties]
        through = self._through(loose)
        return Pair(add_counts(*(pair.less for pair in pairs), through), add_counts(*(pair.more for pair in pairs), through))

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
        return add_counts(self._ends_at(tie, joined), pd.Series(MANY, index=sorted(every), dtype=np.int64))

    def _ends_at(self, tie: tuple[str, str], others: set[str]) -> pd.Series:
        table, column = tie
        kind = MODEL.table_type(table)
        assert isinstance(kind, TieType)  # noqa: S101
        other = next(end.name for end in kind.ends if end.name != column)
        return count_ends(self.tables, table, column, other, others)

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
        return add_counts(self._ends_at(("Member WORKS_IN Cooperative", "member_id"), hosts), every)


def touched_columns(kind: str, keys: pa.ChunkedArray, touched: Touched) -> dict[str, NDArray[np.int64]]:
    """What may be more and less of each group of facts, for the subjects `keys`; and whether the subject itself may be gone, or otherwise.

    Columns ``less_<group>``, ``more_<group>``, ``gone``, ``otherwise``; one that is 0 of everybody is left out.
    """
    if touched.lines.empty:
        return {}
    found: dict[str, NDArray[np.int64]] = {}
    for loose in LOOSE[kind]:
        pair = touched.of(loose)
        found |= {f"less_{loose.name}": spread_counts(pair.less, keys), f"more_{loose.name}": spread_counts(pair.more, keys)}
    for name, those in (("gone", touched.gone[kind]), ("otherwise", touched.otherwise[kind])):
        found[name] = spread_counts(pd.Series(1, index=sorted(those), dtype=np.int64), keys)
    return {name: values for name, values in found.items() if values.any()}


def visit_spans(counted: pa.Table, touched: Touched) -> dict[str, NDArray[np.int64]]:
    """Days by which the last visit of each household may be longer ago than it counts, where it is known to the month or year alone.

    Column ``visit_span``; left out where it is 0 of everybody.
    """
    lines = touched.lines[touched.lines["column"].isin(_VISITS) & (touched.lines["subject_kind"] == "Household")]
    lines = lines.dropna(subset=["subject_id", "latest"])
    if lines.empty:
        return {}
    newest = lines.groupby("subject_id")[["earliest", "latest"]].max()
    place = pc.index_in(pa.array(newest.index, pa.string()), value_set=counted["subject_id"].combine_chunks())
    spans = np.zeros(counted.num_rows, np.int64)
    for row, earliest, latest in zip(place.to_pylist(), newest["earliest"], newest["latest"], strict=True):
        if row is not None and counted["last_visit_on"][row].as_py() == latest:  # else a later one is known to the day
            spans[row] = (latest - earliest).days
    return {"visit_span": spans} if spans.any() else {}
