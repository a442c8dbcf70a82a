"""What is recorded, in the unit of each promise, and what the promise comes to: bounds, shortfall, surplus, outcome."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

import numpy as np
import pandas as pd

from graphkit.model.kinds import MODEL
from graphkit.questions.promises.columns import COLUMNS

_PAIRINGS = next(column.values for column in MODEL.table_type("Member HELPS Household").columns if column.name == "kind")
_COUNTED_IN = ("households", "people")


def weigh(rows: pd.DataFrame, day: dt.date, *, doubted: Collection[str]) -> pd.DataFrame:
    """Return the rows of the finding from promises with their counts (`find._beside`); of `doubted` ones nothing is told."""
    begun = pd.Series([start is None or pd.isna(start) or start <= day for start in rows["from_on"]], index=rows.index, dtype=bool)
    made = rows["member_id"].notna()
    speaks = begun & made & rows["kind"].isin(_PAIRINGS) & rows["unit"].isin(_COUNTED_IN)
    low, high = (bound.where(speaks) for bound in _recorded(rows))
    target = rows["target"]
    told = rows.assign(
        subject_kind=np.where(made, "Member", "Promise"), subject_id=rows["member_id"].where(made, rows["promise_id"]),
        households=rows["households"].where(speaks), households_of_unknown_size=rows["households_of_unknown_size"].where(speaks),
        recorded_low=low, recorded_high=high,
        shortfall_low=(target - high).clip(lower=0).where(high.notna(), (target * 0).where(low.notna())), shortfall_high=(target - low).clip(lower=0),
        surplus_low=(low - target).clip(lower=0), surplus_high=(high - target).clip(lower=0),
    )  # fmt: skip
    told["outcome"] = _outcomes(told, day, begun, rows["promise_id"].isin(list(doubted)))
    return told[[column.name for column in COLUMNS]].reset_index(drop=True)


def _recorded(rows: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """The lowest and the highest of what is recorded; no highest where a household of unknown size, or a pairing that was not read, leaves none."""
    people = rows["unit"] == "people"
    less, more, households = rows["less"], rows["more"], rows["households"]
    low = (households - less).clip(lower=0).where(~people, rows["people"].where(less == 0, 0))
    boundless = (rows["households_of_unknown_size"] > 0) | (more > 0)
    return low.astype("Int64"), (households + more).where(~people, rows["people"].where(~boundless)).astype("Int64")


def _outcomes(rows: pd.DataFrame, day: dt.date, begun: pd.Series, doubted: pd.Series) -> pd.Series:
    runs = pd.Series([end is not None and not pd.isna(end) and end > day for end in rows["until_on"]], index=rows.index, dtype=bool)
    met = (rows["recorded_low"] >= rows["target"]).fillna(value=False).astype(bool)
    short = (rows["recorded_high"] < rows["target"]).fillna(value=False).astype(bool)
    outcome = pd.Series("unknown", index=rows.index, dtype=object)
    outcome[met] = "met"
    outcome[short] = "short"
    outcome[short & runs] = "running"
    outcome[~begun] = "not_begun"
    outcome[doubted] = "unknown"
    return outcome
