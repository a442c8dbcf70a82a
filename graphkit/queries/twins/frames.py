"""What every list needs: the district on the day, its tables as pandas frames, distinct counts, and rows as a header wants them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import pandas as pd

from graphkit.arguments import need_a
from graphkit.data.tables import Tables
from graphkit.errors import ParameterError
from graphkit.queries import TODAY, load_query
from graphkit.questions.people.frames import counted, frame
from graphkit.words import Text

Day = dt.date | str

__all__ = ["TODAY", "Day", "as_recorded", "choose", "count_distinct", "counted", "frame", "lowest_village", "read_day", "returned", "standing"]


def read_day(as_of: Day) -> dt.date:
    """Return the day that `as_of` names, ``today`` among them; ParameterError if it is no date and no ``YYYY-MM-DD``."""
    if not isinstance(as_of, str):
        return as_of
    if as_of == TODAY:
        return dt.date.today()  # noqa: DTZ011 - the day of the user's calendar
    try:
        return dt.date.fromisoformat(as_of)
    except ValueError:
        shown = repr(as_of[:20])
        raise ParameterError(
            Text(
                f"as_of：不能用 {shown}；请给出形如 YYYY-MM-DD 的日期，或 today",
                f"as_of: {shown} cannot be used; give a date as YYYY-MM-DD, or today",
            )
        ) from None


def choose(tables: Tables, dataset: str | None) -> Tables:
    """Return `tables` if they are the dataset asked for, or none is asked for; ParameterError otherwise."""
    need_a(Tables, tables, "a list")
    if dataset not in (None, tables.dataset):
        raise ParameterError(
            Text(
                f"这里没有数据集“{dataset}”；这些表是“{tables.dataset}”", f"there is no dataset {dataset!r} here; these tables are {tables.dataset!r}"
            ),
        )
    return tables


def as_recorded(tables: Tables) -> Tables:
    """Return the rows alone, without the account of what was not read or may be missing: a query sees no more."""
    return Tables(dict(tables), dataset=tables.dataset)


def standing(tables: Tables, as_of: Day, dataset: str | None) -> Tables:
    """Return what stood on the day, of the dataset asked for."""
    return choose(tables, dataset).at(read_day(as_of))


def count_distinct(rows: pd.DataFrame, by: str, what: str) -> pd.Series:
    """Return how many different values of `what` stand beside each value of `by`."""
    return rows.dropna(subset=[what]).groupby(by, dropna=False)[what].nunique()


def lowest_village(tables: Tables, households: pd.Series) -> pd.Series:
    """Return the lowest code of the villages that each household lives in; missing where none is known."""
    return households.map(frame(tables, "Household LIVES_IN Village").groupby("household_id")["village_code"].min())


def returned(name: str, rows: pd.DataFrame, *, by: Sequence[str], most_first: str | None = None) -> pd.DataFrame:
    """Return `rows` with exactly the columns of the query `name`, in their types, in its order.

    `by` are the columns it is ordered by, missing values last; `most_first` comes before them, the largest first.
    """
    query = load_query(name)
    wanted = [column.name for column in query.returns]
    keys = [most_first, *by] if most_first else list(by)
    ordered = query.conform(rows[wanted]).sort_values(keys, ascending=[key != most_first for key in keys], na_position="last", kind="stable")
    return ordered.reset_index(drop=True)
