"""Help and what stands beside it: one's own household is no help given, and a register of visits knows the last of them."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphkit.data.arrays import Rows, codes_of, days_of, mask_of, whole
from graphkit.data.breaches import Breach
from graphkit.data.walk import Walk

HELPS, PART_OF, VISITED = "Member HELPS Household", "Member PART_OF Household", "Member VISITED Household"
_PAIR = ("member_id", "household_id")
_EVER_BEFORE, _EVER_AFTER = -(2**31), 2**31


def check_own_household(walk: Walk) -> None:
    """Set aside pairings with the household that the helper was one of at the time; where a period could not be read nothing is concluded."""
    home = _sure_rows(walk, PART_OF)
    if not len(home):
        return
    helps = _sure_rows(walk, HELPS)
    pairs = pa.concat_tables([walk.tables[name].select(_PAIR).take(pa.array(rows)) for name, rows in ((HELPS, helps), (PART_OF, home))])
    codes = codes_of(pairs, _PAIR, np.arange(pairs.num_rows))
    at_home: dict[int, list[tuple[int, int]]] = {}
    for code, span in zip(codes[len(helps) :].tolist(), _spans(walk, PART_OF, home), strict=True):
        at_home.setdefault(code, []).append(span)
    likely = np.flatnonzero(np.isin(codes[: len(helps)], list(at_home)))
    spans = _spans(walk, HELPS, helps[likely])
    own = [
        any(max(since, begin) < min(until, end) for begin, end in at_home[int(codes[row])]) for row, (since, until) in zip(likely, spans, strict=True)
    ]
    walk.drop(Breach(HELPS, "pairing.own_household", "household_id", helps[likely[np.array(own, bool)]]))


def _sure_rows(walk: Walk, table: str) -> Rows:
    """Rows that stand, and of which it is known from when to when."""
    return np.flatnonzero(walk.standing[table] & ~walk.unread_period(table))


def _spans(walk: Walk, table: str, rows: Rows) -> list[tuple[int, int]]:
    since, until = (days_of(walk.tables[table][name], rows, never) for name, never in (("since", _EVER_BEFORE), ("until", _EVER_AFTER)))
    return list(zip(since.tolist(), until.tolist(), strict=True))


def follow_visits(walk: Walk) -> None:
    """Bring the last visit of each pairing up to the newest one in the register of visits; a visit without a pairing makes none."""
    visits = walk.tables[VISITED].filter(pa.array(walk.standing[VISITED]))
    if not visits.num_rows:
        return
    newest = visits.group_by(_PAIR, use_threads=False).aggregate([("visited_on", "max")])
    helps = walk.tables[HELPS]
    keys = pc.binary_join_element_wise(whole(newest["member_id"]), whole(newest["household_id"]), "\0")
    asked = pc.binary_join_element_wise(whole(helps["member_id"]), whole(helps["household_id"]), "\0")
    visited = whole(newest["visited_on_max"]).take(pc.index_in(asked, value_set=keys))
    recorded = whole(helps["last_visit_on"])
    later = mask_of(pc.is_valid(visited)) & ~mask_of(pc.greater_equal(recorded, visited)) & walk.standing[HELPS]
    if later.any():
        place = helps.column_names.index("last_visit_on")
        walk.tables[HELPS] = helps.set_column(place, helps.schema.field(place), pc.if_else(pa.array(later), visited, recorded))
        walk.drop(Breach(HELPS, "visit.later", "last_visit_on", np.flatnonzero(later & mask_of(pc.is_valid(recorded)))))
