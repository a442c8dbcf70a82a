"""What the answers about people share: tables as frames, days as numbers, words of fixed values, what was not read, and the finding itself."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from graphkit.arguments import need_a, read_date
from graphkit.data.tables import Tables
from graphkit.data.telling import tell_open, tell_unread, tell_unsound
from graphkit.model.kinds import MODEL
from graphkit.questions.finding import Column, Finding, pair_up, put_in_terms
from graphkit.words import Text, same, say_number

if TYPE_CHECKING:
    from collections.abc import Iterable

ADMITTED = ("probationary", "full")
PEOPLE, TIMES = Text("人", "people"), Text("行", "rows")
NAMED = Text("不会为空", "never missing")
UNKNOWN = Text("未知", "unknown")
UNREAD = Column(
    "unread_rows", Text("未读到的行", "rows not read"), Text("提到此对象而没有读到的行或格，可能使各数改变", "rows and cells that name the subject and were not read; each could change a count"),
    NAMED, TIMES,
)  # fmt: skip
_TYPES = {pa.string(): pd.StringDtype(), pa.int64(): pd.Int64Dtype(), pa.bool_(): pd.BooleanDtype()}


def frame(tables: Tables, table: str) -> pd.DataFrame:
    """Return one table as a frame without its provenance: nullable types, dates as objects."""
    held = tables[table]
    columns = [name for name in held.column_names if not name.startswith("source_")]
    return held.select(columns).to_pandas(types_mapper=_TYPES.get, date_as_object=True)


def words_of(label: str, name: str) -> dict[str, Text]:
    """Return the words of the fixed values of a property."""
    return {choice.value: choice.heading for column in MODEL.node_type(label).properties if column.name == name for choice in column.choices}


def property_column(label: str, name: str, missing: Text = UNKNOWN) -> Column:
    """Return the column of a finding that shows a property as it is declared."""
    declared = next(column for column in MODEL.node_type(label).properties if column.name == name)
    return Column(name, declared.heading, declared.meaning, missing, declared.unit, {choice.value: choice.heading for choice in declared.choices})


def count_column(name: str, heading: tuple[str, str], meaning: tuple[str, str], unit: Text = PEOPLE) -> Column:
    """Return a column of counts, which is never missing."""
    return Column(name, Text(*heading), Text(*meaning), NAMED, unit)


def read_day(tables: object, asked: str, as_of: dt.date | None) -> dt.date:
    """Return the day asked about, today if none; ParameterError where `tables` are none, or it is no date."""
    need_a(Tables, tables, asked)
    return dt.date.today() if as_of is None else read_date(as_of)  # noqa: DTZ011  # the reader's own day


def day_number(day: dt.date) -> int:
    """Return the days since 1970."""
    return (day - dt.date(1970, 1, 1)).days


def days_of(tables: Tables, table: str, name: str) -> pd.Series:
    """Return a column of dates as days since 1970, missing where there is none."""
    return tables[table][name].cast(pa.int32()).cast(pa.int64()).to_pandas(types_mapper=_TYPES.get)


def counted(keys: pd.Series, counts: pd.Series) -> pd.Series:
    """Return the count of each key; 0 where there is none."""
    return keys.map(counts).fillna(0).astype("Int64")


def is_among(keys: pd.Series, ids: pa.ChunkedArray) -> pd.Series:
    """Return which keys are among `ids`; pandas asks the same of its own strings one by one."""
    found = pc.is_in(pa.array(keys, pa.string(), from_pandas=True), value_set=ids.combine_chunks())
    return pd.Series(np.asarray(found), index=keys.index)


def count_unread_rows(standing: Tables, kind: str, keys: pd.Series, read: Collection[str]) -> pd.Series:
    """Return how many rows and cells of the tables `read` name each subject and were not read."""
    lines = standing.unread.select(["fault", "table", "subject_kind", "subject_id"]).to_pandas()
    mine = lines[(lines["subject_kind"] == kind) & lines["table"].isin(list(read))].dropna(subset=["subject_id"])
    return counted(keys, mine.groupby("subject_id")["fault"].nunique())


def inexact_dates(tables: Tables, table: str, columns: Collection[str], kind: str) -> pd.DataFrame:
    """Return who of a kind has a date in `columns` that is known to the month or year alone, and the days that may be meant.

    Asked of all days: on the day of an answer such a date may be over, and days counted from it are none that anybody knows.
    """
    lines = tables.unread.select(["table", "column", "subject_kind", "subject_id", "earliest", "latest"]).to_pandas()
    mine = lines[(lines["table"] == table) & lines["column"].isin(list(columns)) & (lines["subject_kind"] == kind)]
    return mine.dropna(subset=["subject_id", "latest"])[["subject_id", "earliest", "latest"]]


def add_ages(rows: pd.DataFrame, day: dt.date) -> pd.DataFrame:
    """Return the rows with the age that each had at least and at most: of a birth only the year is on record."""
    most = day.year - rows["birth_year"].astype("Int64")
    most = most.where(most >= 0)
    return rows.assign(age_low=(most - 1).clip(lower=0), age_high=most)


AGES = (
    Column("age_low", Text("年龄至少", "age, at least"), Text("只登记了出生年：生日未到时的周岁", "of a birth only the year is on record: before the birthday"), UNKNOWN, Text("岁", "years")),
    Column("age_high", Text("年龄至多", "age, at most"), Text("生日已过时的周岁", "after the birthday"), UNKNOWN, Text("岁", "years")),
)  # fmt: skip


def finish(
    function: str, title: Text, rows: pd.DataFrame, columns: Sequence[Column], tables: Tables, *, day: dt.date, read: Sequence[str],
    parameters: Mapping[str, Any] | None = None, caveats: Iterable[Text] = (), provenance: Mapping[str, Any] | None = None, mark: str,
) -> Finding:  # fmt: skip
    """Return the finding: the columns declared, the caveats of the question, and the account of what was not read of the tables `read`."""
    standing = tables.at(day)
    account = (*tell_unsound(tables, read), *tell_unread(standing, read), *tell_open(tables, read, day))
    held = {"dataset": tables.dataset, "nodes": tables.node_count, "ties": tables.tie_count, "account": pair_up(account), **(provenance or {})}
    shown = rows[[column.name for column in columns]].reset_index(drop=True).astype({"subject_kind": "str", "subject_id": "str"})
    finding = Finding(function, title, shown, tuple(columns), dict(parameters or {}), (), (*caveats, *account), held, day, None, mark)
    return put_in_terms(finding, tables.model.terms)


def share(part: float, whole: float) -> float:
    """Return a share, missing of nothing."""
    return part / whole if whole else float("nan")


def say_shares(low: float, high: float) -> Text:
    """Say a share, from its lowest to its highest; a dash of nothing."""
    if low != low:  # noqa: PLR0124  # not a number
        return same("–")
    return same(f"{low:.1%}" if f"{low:.1%}" == f"{high:.1%}" else f"{low:.1%} – {high:.1%}")


def say_span(low: Any, high: Any, digits: int = 0) -> Text:
    """Say a number, from its lowest to its highest; a dash where it is unknown."""
    if pd.isna(low) or pd.isna(high):
        return same("–")
    first, last = round(float(low), digits), round(float(high), digits)
    return same(say_number(first) if first == last else f"{say_number(first)}–{say_number(last)}")
