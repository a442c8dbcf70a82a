"""The order of bridge figures: what is lost without them and what runs through them, in one unit; equals share a rank."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

SAME = 1e-9  # of a value: sums of the same parts in another order differ by less
LOST = ("stranded_people", "stranded_households")
SOLE = ("sole_households",)
BODIES_LOST = ("stranded_cooperatives", "stranded_branches")


def rank_people(table: pd.DataFrame) -> pd.DataFrame:
    """Order rows by pairs joined, then by bodies cut off; add `rank` (equal ones share the first of their places) and `equal_others`, the others there.

    In one part of the network, whoever is no worse than another in each of the counts and better in one stands before them.
    """
    joined, bodies = count_joined(table), count_bodies(table)
    by_id = np.asarray(pc.rank(pa.array(table["subject_id"], pa.large_string()), sort_keys="ascending", tiebreaker="first"))
    step = _number_equals(joined)
    order = np.lexsort((by_id, -bodies, step))
    step, bodies = step[order], bodies[order]
    starts = np.flatnonzero(np.concatenate([[True], (step[1:] != step[:-1]) | (bodies[1:] != bodies[:-1])]))[: len(step)]
    sizes = np.diff(starts, append=len(step))
    rows = table.take(order).reset_index(drop=True)
    return rows.assign(rank=np.repeat(starts + 1, sizes), equal_others=np.repeat(sizes - 1, sizes))


def count_joined(table: pd.DataFrame) -> NDArray[np.float64]:
    """Pairs that each row joins: those between which it is, and for each person or household cut off, the other people of its part.

    Households that hang on the person alone have lost a helper, and the person stands between nobody there: they join no pairs.
    """
    lost = sum_columns(table, LOST) - sum_columns(table, SOLE)
    others = np.maximum(table["part_people"].to_numpy(np.int64) - 1, 0)
    joined: NDArray[np.float64] = table["betweenness"].to_numpy(np.float64) + lost * others
    return joined


def count_bodies(table: pd.DataFrame) -> NDArray[np.int64]:
    """Bodies that each row holds to other people: none where the person is the only one in their part, as they then fall off from nobody."""
    return np.where(table["part_people"].to_numpy(np.int64) > 1, sum_columns(table, BODIES_LOST), 0)


def sum_columns(table: pd.DataFrame, names: tuple[str, ...]) -> NDArray[np.int64]:
    """Sum of columns, nothing for what is missing."""
    total: NDArray[np.int64] = np.sum([table[name].fillna(0).to_numpy(dtype=np.int64) for name in names], axis=0)
    return total


def _number_equals(values: NDArray[np.float64]) -> NDArray[np.int64]:
    """Number values from the largest on; those that differ by rounding alone have one number."""
    order = np.argsort(-values, kind="stable")
    falls = -np.diff(values[order], prepend=values[order[:1]])
    number = np.empty(len(values), np.int64)
    number[order] = np.cumsum(falls > SAME * np.maximum(values[order], 1.0))
    return number


def select_first(rows: pd.DataFrame, most: int) -> pd.DataFrame:
    """Return the rows of the first `most` places that join anything, in the order of `rank`, equal ones all or none: who is shown as a figure.

    Of 20,000 equal people no twenty are figures, and who is between nobody and whose loss cuts nobody off is none, nor is who has nobody else in
    their part of the network. Rows that do not say how many others are equal are taken as they stand.

    Examples
    --------
    >>> rows = pd.DataFrame({"rank": [1, 2, 2], "equal_others": [0, 1, 1], "betweenness": [9.0, 4.0, 4.0]})
    >>> len(select_first(rows, 2)), len(select_first(rows, 3))
    (1, 3)
    """
    rows = rows.dropna(subset=["rank"]).sort_values("rank", kind="stable")
    if "equal_others" not in rows:
        return rows.head(most)
    whole = (rows["rank"] + rows["equal_others"] <= most).to_numpy(np.bool_)
    return rows[whole & _joins_any(rows)]


def _joins_any(rows: pd.DataFrame) -> NDArray[np.bool_]:
    """Whether a row is between anybody, or cuts off anything that does not hang on it alone."""
    there = {name: rows[name].fillna(0) for name in ("betweenness", *LOST, *BODIES_LOST, "sole_households") if name in rows}
    sole = there.pop("sole_households", 0)
    if "stranded_households" in there:
        there["stranded_households"] = there["stranded_households"] - sole
    joins = np.zeros(len(rows), np.bool_)
    for count in there.values():
        joins |= (count > 0).to_numpy(np.bool_)
    return joins & (rows["part_people"] > 1).to_numpy(np.bool_) if "part_people" in rows else joins
