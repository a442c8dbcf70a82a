"""Secretaries: who leads each body, how old and how schooled; whose age or schooling is unknown counts as neither."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import pandas as pd

from graphkit.data.tables import Tables
from graphkit.errors import ParameterError
from graphkit.questions.extract import Extract, take
from graphkit.questions.finding import SUBJECT_COLUMNS, Column, Finding
from graphkit.questions.people.frames import (
    AGES,
    NAMED,
    UNREAD,
    add_ages,
    count_column,
    count_unread_rows,
    counted,
    finish,
    frame,
    is_among,
    property_column,
    read_day,
    say_shares,
    say_span,
    share,
)
from graphkit.questions.question import Summary
from graphkit.words import Text, same

READ = ("Branch", "Member", "Member BELONGS_TO Branch", "Branch SERVES Cooperative")
OFFICE = "书记"
WITHOUT = ("group", "liaison_post")
"""Kinds of bodies that have no secretary of their own; they are listed only where they have one all the same."""
SCHOOLED = ("college", "university")
_NOBODY = Text("没有登记书记，或未知", "no secretary on record, or unknown")
COLUMNS = (
    *SUBJECT_COLUMNS,
    property_column("Branch", "name"),
    property_column("Branch", "kind"),
    Column("serves_cooperative", Text("产业党组织", "industry body"), Text("当天覆盖合作组织", "it serves a co-operative on the day"), NAMED),
    Column("member_id", Text("书记编号", "secretary"), Text("登记为书记的人，几人时各有一行", "id of who holds the office; a row for each of several"), Text("没有登记", "none on record")),
    count_column("bodies_led", ("任书记的组织", "bodies led"), ("此人在几个党组织任书记；没有人时为 0", "bodies in which this person is secretary; 0 where there is nobody"), Text("个", "bodies")),
    property_column("Member", "stage", _NOBODY), property_column("Member", "birth_year", _NOBODY), *AGES, property_column("Member", "education", _NOBODY),
    property_column("Member", "origin", _NOBODY),
    UNREAD,
)  # fmt: skip
TITLE = Text("党组织书记：谁任书记，年龄和文化程度如何", "Secretaries: who leads each body, how old and how schooled?")
_SECONDARY = Text(
    "“大中专”中的中专与高中登记为同一项，无法分开：这里只计大专及以上",
    "secondary vocational school (中专) is recorded with senior secondary and cannot be told apart: college (大专) or more is counted",
)


def find_secretaries(tables: Tables, *, office: str = OFFICE, as_of: dt.date | None = None) -> Finding:
    """Who is secretary of each body, how old and how schooled, and which bodies have none on record?

    A row for each body and secretary; one without for each committee, branch of any kind, or body of unknown kind in which nobody holds the
    office. Groups and liaison posts have none of their own.

    Parameters
    ----------
    tables : Tables
        The district.
    office : str
        The office as it is written on the membership; other ways of writing it are not found.
    as_of : date, optional
        Day the answer speaks of; today if not given.

    Returns
    -------
    Finding
        Rows by body, then person, with the columns of `COLUMNS` and what a missing value means.

    Raises
    ------
    ParameterError
        If `office` is empty, or `as_of` no date.

    Notes
    -----
    Figures of people count whoever leads several bodies once. Of a birth only the year is known: an age lies within a year, and the mean age in an
    interval. Whose year or schooling is not on record is left out of the mean, and widens the share.

    Examples
    --------
    >>> import pyarrow as pa
    >>> leads = {"member_id": ["m", "m"], "branch_id": ["b1", "b2"], "primary": [True, False], "office": ["书记", "书记"]}
    >>> district = Tables({"Branch": pa.table({"id": ["b1", "b2", "b3"], "kind": ["branch", "branch", "branch"]}),
    ...     "Member": pa.table({"id": ["m"], "birth_year": [1970]}), "Member BELONGS_TO Branch": pa.table(leads)})
    >>> rows = find_secretaries(district, as_of=dt.date(2012, 4, 30)).rows
    >>> rows[["subject_id", "member_id", "bodies_led", "age_low", "age_high"]].values.tolist()
    [['b1', 'm', 2, 41, 42], ['b2', 'm', 2, 41, 42], ['b3', <NA>, 0, <NA>, <NA>]]

    References
    ----------
    The article of Acheng's organisation department (2012), sentence 43.
    """
    day = read_day(tables, "find_secretaries", as_of)
    if not office:
        raise ParameterError(Text("office 须写明职务，如“书记”", "office names the office, such as 书记"))
    standing = tables.at(day)
    ties = frame(standing, "Member BELONGS_TO Branch")
    held = ties.loc[ties["office"] == office, ["branch_id", "member_id"]].drop_duplicates()
    bodies = frame(standing, "Branch").rename(columns={"id": "subject_id"})
    bodies = bodies[~bodies["kind"].isin(WITHOUT) | bodies["subject_id"].isin(held["branch_id"])]
    people = frame(standing, "Member").set_index("id")[["stage", "birth_year", "education", "origin"]]
    rows = bodies.merge(held, left_on="subject_id", right_on="branch_id", how="left")
    rows = rows.assign(**{name: rows["member_id"].map(people[name]) for name in people})
    rows["serves_cooperative"] = is_among(rows["subject_id"], standing["Branch SERVES Cooperative"]["branch_id"])
    rows["bodies_led"] = counted(rows["member_id"], held.groupby("member_id")["branch_id"].nunique())
    rows = add_ages(rows, day).assign(subject_kind="Branch", unread_rows=count_unread_rows(standing, "Branch", rows["subject_id"], READ))
    rows = rows.sort_values(["subject_id", "member_id"], na_position="last", kind="stable")
    said = (Text(f"只认登记为“{office}”的职务，写法不同的不计", f"only an office written {office} counts, no other way of writing it"), _SECONDARY)
    return finish("find_secretaries", TITLE, rows, COLUMNS, tables, day=day, read=READ, parameters={"office": office}, caveats=said, mark="education")


def summarise(finding: Finding) -> Summary:
    """A line for industry bodies, for the others, and for all: bodies, vacancies, people, mean age, schooling."""
    headings = [
        Text("党组织", "bodies"), Text("个数", "number"), Text("没有登记书记", "no secretary on record"), Text("书记（人）", "secretaries (people)"), Text("年龄已知", "age known of"),
        Text("平均年龄", "mean age"), Text("文化程度已知", "schooling known of"), Text("大专及以上", "college or more"), Text("占比", "share"),
    ]  # fmt: skip
    industry = finding.rows["serves_cooperative"]
    parts = ((Text("产业党组织", "industry bodies"), finding.rows[industry]), (Text("其他", "others"), finding.rows[~industry]), (Text("合计（一人计一次）", "total, each person once"), finding.rows))  # fmt: skip
    return Summary(finding.title, headings, [_line(word, rows) for word, rows in parts], finding.caveats)


def _line(word: Text, rows: pd.DataFrame) -> list[object]:
    vacant = rows.loc[rows["member_id"].isna() & (rows["unread_rows"] == 0), "subject_id"].nunique()
    people = rows.dropna(subset=["member_id"]).drop_duplicates("member_id")
    aged, unschooled = people.dropna(subset=["age_high"]), int(people["education"].isna().sum())
    schooled = int(people["education"].isin(SCHOOLED).sum())
    mean = say_span(aged["age_low"].mean(), aged["age_high"].mean(), 1) if len(aged) else same("–")
    part = say_shares(share(schooled, len(people)), share(schooled + unschooled, len(people)))
    return [word, rows["subject_id"].nunique(), vacant, len(people), len(aged), mean, len(people) - unschooled, schooled, part]


def tell(finding: Finding) -> list[Text]:
    """Say it of the industry bodies, and of all."""
    said = []
    for word, rows in ((Text("产业党组织", "industry bodies"), finding.rows[finding.rows["serves_cooperative"]]), (Text("全部党组织", "all bodies"), finding.rows)):  # fmt: skip
        _, bodies, vacant, people, aged, mean, known, schooled, part = _line(word, rows)
        if bodies:
            spans = [text if isinstance(text, Text) else same(text) for text in (mean, part)]
            said.append(
                Text(f"{word.zh} {bodies:,} 个：书记 {people:,} 人，没有登记书记的 {vacant:,} 个；{aged:,} 人年龄已知，平均 {spans[0].zh} 岁；{known:,} 人文化程度已知，大专及以上 {schooled:,} 人（{spans[1].zh}）。",
                     f"{bodies:,} {word.en}: {people:,} secretaries, {vacant:,} with none on record; mean age {spans[0].en} of {aged:,} whose year of birth is known; {schooled:,} of {known:,} with known schooling have college or more ({spans[1].en} of all)."),
            )  # fmt: skip
    return said


def extract(finding: Finding, names: Mapping[str, Text]) -> list[Extract]:
    """Bodies without a secretary on record, and otherwise the industry bodies with theirs."""
    vacant = finding.rows[finding.rows["member_id"].isna()].head(10)
    industry = finding.rows[finding.rows["serves_cooperative"] & finding.rows["member_id"].notna()].head(20)
    shown = ((Text("没有登记书记的党组织", "Bodies with no secretary on record"), vacant, ("subject", "kind", "serves_cooperative")),
             (Text("产业党组织的书记", "Secretaries of industry bodies"), industry, ("subject", "member_id", "bodies_led", "age_low", "age_high", "education", "origin")))  # fmt: skip
    return [take(caption, finding, rows, columns, names) for caption, rows, columns in shown if len(rows)]
