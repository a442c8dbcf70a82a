"""Succession in pairing: where a helper ended, did another take the household over, and after how long?"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import pandas as pd

from graphkit.data.tables import Tables
from graphkit.questions.extract import Extract, take
from graphkit.questions.finding import SUBJECT_COLUMNS, Column, Finding
from graphkit.questions.people.frames import (
    NAMED,
    UNREAD,
    count_column,
    count_unread_rows,
    counted,
    day_number,
    days_of,
    finish,
    frame,
    inexact_dates,
    is_among,
    read_day,
)
from graphkit.questions.question import Summary
from graphkit.words import Text, say_number

READ = ("Household", "Member HELPS Household")
_HELPS = "Member HELPS Household"
_NONE = Text("没有人在其后开始", "nobody began since")
OUTCOMES = {
    "taken_over": Text("有人接替", "taken over"),
    "same_again": Text("同一人重新结对", "the same person again"),
    "others": Text("没有人接替，另有人结对", "nobody took over, somebody else helps"),
    "nobody": Text("没有人接替，现在无人结对", "nobody took over, nobody helps now"),
    "left": Text("农户已不在册", "the household has left the books"),
}
"""What became of a household after a helper ended, the first that holds."""
COLUMNS = (
    *SUBJECT_COLUMNS,
    Column("former_member_id", Text("结束的人", "who ended"), Text("结对结束的人", "the helper whose pairing ended"), NAMED),
    Column("ended_on", Text("结束日期", "ended on"), Text("结对结束的日期", "day on which it ended"), NAMED),
    Column("next_member_id", Text("接替的人", "who came next"), Text("其后最先开始的另一人；同日几人各有一行", "the other person who began next; a row for each of several on one day"), _NONE),
    Column("began_on", Text("开始日期", "began on"), Text("接替的人开始的日期", "day on which that one began"), _NONE),
    Column("days_between", Text("间隔", "days between"), Text("结束与接替之间的天数", "days from the end to the beginning"), _NONE, Text("天", "days")),
    count_column("helpers", ("当天结对的人", "helpers"), ("当天与该户结对的人", "people who help the household on the day")),
    Column("outcome", Text("结果", "outcome"), Text("结束以后如何", "what came of it"), NAMED, values=OUTCOMES),
    UNREAD,
)  # fmt: skip
TITLE = Text("接替：结对结束以后，谁接了手", "Succession: where a helper ended, who took over?")
_CAVEATS = (
    Text(
        "任何方式的结对都算接替；没有登记开始日期的不能算作接替",
        "a pairing of any kind takes over; one without a day of beginning on record cannot be said to",
    ),
)


def find_succession(tables: Tables, *, as_of: dt.date | None = None) -> Finding:
    """Where a pairing ended, who took the household over, after how many days, and where did nobody?

    One row a household, former helper and day of the end, for pairings that ended by the day. The next is whoever else began first on that day or
    after it; the same person again is no successor.

    Parameters
    ----------
    tables : Tables
        The district.
    as_of : date, optional
        Day the answer speaks of; today if not given.

    Returns
    -------
    Finding
        Rows by household, former helper, day of the end, then who came next, with the columns of `COLUMNS` and what a missing value means.

    Raises
    ------
    ParameterError
        If `as_of` is no date.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from graphkit.data.tables import arrow_schema
    >>> from graphkit.model.kinds import MODEL
    >>> day = dt.date(2012, 1, 1)
    >>> ties = [{"member_id": "a", "household_id": "h", "until": day}, {"member_id": "b", "household_id": "h", "since": dt.date(2012, 1, 11)}]
    >>> helps = pa.Table.from_pylist(ties, schema=arrow_schema(MODEL.table_type("Member HELPS Household")))
    >>> district = Tables({"Household": pa.table({"id": ["h"]}), "Member": pa.table({"id": ["a", "b"]}), "Member HELPS Household": helps})
    >>> find_succession(district, as_of=dt.date(2012, 4, 30)).rows[["next_member_id", "days_between", "outcome"]].values.tolist()
    [['b', 10, 'taken_over']]
    """
    day = read_day(tables, "find_succession", as_of)
    standing = tables.at(day)
    ties = frame(tables, _HELPS).assign(_since=days_of(tables, _HELPS, "since"), _until=days_of(tables, _HELPS, "until"))
    ended = ties[(ties["_until"] <= day_number(day)).fillna(value=False).astype(bool)].rename(
        columns={"member_id": "former_member_id", "until": "ended_on"}
    )
    ended = ended.drop_duplicates(["household_id", "former_member_id", "ended_on"])[["household_id", "former_member_id", "ended_on", "_until"]]
    begun = ties[(ties["_since"] <= day_number(day)).fillna(value=False).astype(bool)].rename(
        columns={"member_id": "next_member_id", "since": "began_on"}
    )
    rows, again = _next(ended, begun[["household_id", "next_member_id", "began_on", "_since"]])
    helpers = counted(rows["household_id"], frame(standing, _HELPS).groupby("household_id")["member_id"].nunique())
    rows = rows.assign(helpers=helpers, subject_id=rows["household_id"], subject_kind="Household")
    rows["outcome"] = _outcomes(rows, again, is_among(rows["household_id"], standing["Household"]["id"]))
    rows["unread_rows"] = count_unread_rows(standing, "Household", rows["subject_id"], READ)
    rows = rows.sort_values(["subject_id", "former_member_id", "ended_on", "next_member_id"], na_position="last", kind="stable")
    return finish(
        "find_succession", TITLE, rows, COLUMNS, tables, day=day, read=READ, caveats=[*_CAVEATS, *_say_inexact(tables, rows)], mark="outcome"
    )


def _say_inexact(tables: Tables, rows: pd.DataFrame) -> list[Text]:
    """At how many households it hangs on a day that nobody knows who came after whom."""
    inexact = inexact_dates(tables, _HELPS, ("since", "until"), "Household")["subject_id"]
    number = rows.loc[rows["subject_id"].isin(inexact), "subject_id"].nunique()
    return [Text(f"{number:,} 户有结对的起止只登记到年或月：按最早开始、最晚结束算，谁接替、隔几天可能不同",
                 f"households at which a pairing's beginning or end is known to the month or year alone: {number:,}; it counts as begun first and ended last, and who took over, and after how many days, may be otherwise")] if number else []  # fmt: skip


def _next(ended: pd.DataFrame, begun: pd.DataFrame) -> tuple[pd.DataFrame, pd.Series]:
    """Each end with who else began next, if anybody; and whether the same person began again."""
    keys = ["household_id", "former_member_id", "ended_on"]
    pairs = ended.merge(begun, on="household_id")
    pairs = pairs[pairs["_since"] >= pairs["_until"]]
    same = pairs["former_member_id"] == pairs["next_member_id"]
    others = pairs[~same].drop_duplicates([*keys, "next_member_id", "began_on"])
    first = others[others["_since"] == others.groupby(keys)["_since"].transform("min")]
    rows = ended.merge(first[[*keys, "next_member_id", "began_on", "_since"]], on=keys, how="left")
    rows["began_on"] = rows["began_on"].astype(object).where(rows["_since"].notna(), None)
    back = pd.MultiIndex.from_frame(pairs.loc[same, keys])
    return rows.assign(days_between=(rows["_since"] - rows["_until"]).astype("Int64")), pd.Series(
        pd.MultiIndex.from_frame(rows[keys]).isin(back), index=rows.index
    )


def _outcomes(rows: pd.DataFrame, again: pd.Series, there: pd.Series) -> pd.Series:
    outcome = pd.Series("nobody", index=rows.index, dtype="str")
    outcome[rows["helpers"] > 0] = "others"
    outcome[again] = "same_again"
    outcome[~there] = "left"
    outcome[rows["next_member_id"].notna()] = "taken_over"
    return outcome


def summarise(finding: Finding) -> Summary:
    """A line an outcome: ended pairings, households, and the days between."""
    headings = [
        Text("结果", "outcome"),
        Text("结束的结对", "pairings ended"),
        Text("农户", "households"),
        Text("间隔天数中位", "median days between"),
        Text("最长", "most days"),
    ]
    lines = []
    for name, word in OUTCOMES.items():
        rows = finding.rows[finding.rows["outcome"] == name]
        days = rows["days_between"].dropna()
        spans = [say_number(float(days.median())), int(days.max())] if len(days) else ["–", "–"]
        lines.append([word, _ends(rows), rows["subject_id"].nunique(), *spans])
    return Summary(finding.title, headings, lines, finding.caveats)


def _ends(rows: pd.DataFrame) -> int:
    return len(rows.drop_duplicates(["subject_id", "former_member_id", "ended_on"]))


def tell(finding: Finding) -> list[Text]:
    """Say how many pairings ended, and how many were taken over."""
    rows = finding.rows
    whole, taken, nobody = _ends(rows), _ends(rows[rows["outcome"] == "taken_over"]), rows.loc[rows["outcome"] == "nobody", "subject_id"].nunique()
    return [
        Text(f"结束的结对 {whole:,} 次，其后有人接替的 {taken:,} 次；没有人接替、现在无人结对的农户 {nobody:,} 户。",
             f"{whole:,} pairings ended, {taken:,} of them were taken over; {nobody:,} households were taken over by nobody and have no helper now."),
    ]  # fmt: skip


def extract(finding: Finding, names: Mapping[str, Text]) -> list[Extract]:
    """Households that nobody took over and nobody helps, the longest ended first."""
    rows = finding.rows[finding.rows["outcome"] == "nobody"].sort_values(["ended_on", "subject_id"], kind="stable").head(10)
    caption = Text("没有人接替、现在无人结对的，结束最早的在前", "Taken over by nobody and without a helper now, the longest ended first")
    return [take(caption, finding, rows, ("subject", "former_member_id", "ended_on", "helpers"), names)] if len(rows) else []
