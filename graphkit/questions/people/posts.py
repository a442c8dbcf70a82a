"""The four posts: in which villages is each of them held, by how many, and where by nobody on record?"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import pandas as pd

from graphkit.data.tables import Tables
from graphkit.model.kinds import MODEL
from graphkit.questions.extract import Extract, take
from graphkit.questions.finding import SUBJECT_COLUMNS, Column, Finding
from graphkit.questions.people.frames import NAMED, UNREAD, count_column, count_unread_rows, finish, frame, property_column, read_day
from graphkit.questions.question import Summary
from graphkit.words import Text

READ = ("Village", "Member", "Member HOLDS_POST_IN Village")
POSTS = next(
    {c.value: c.heading for c in column.choices} for column in MODEL.table_type("Member HOLDS_POST_IN Village").columns if column.name == "post"
)
COLUMNS = (
    *SUBJECT_COLUMNS,
    property_column("Village", "name"),
    Column("post", Text("岗位", "post"), Text("四种岗位之一", "one of the four posts"), NAMED, values=POSTS),
    count_column("holders", ("任岗的人", "holders"), ("当天任此岗的人", "people who hold it on the day")),
    Column("holder_ids", Text("任岗的人编号", "ids of the holders"), Text("任岗的人的编号", "ids of the holders"), Text("没有登记", "none on record")),
    UNREAD,
)  # fmt: skip
TITLE = Text("四种岗位：哪些村有人任岗，哪些没有", "The four posts: in which villages are they held, and where not?")
_CAVEATS = (Text("没有规则要求村村四岗俱全：这里只说登记了谁", "no rule asks for all four in every village: this says who is on record"),)


def find_posts(tables: Tables, *, as_of: dt.date | None = None) -> Finding:
    """Who holds which of the four posts in each village, and which has nobody on record?

    Parameters
    ----------
    tables : Tables
        The district.
    as_of : date, optional
        Day the answer speaks of; today if not given.

    Returns
    -------
    Finding
        A row for each village and post, by code and post, with the columns of `COLUMNS` and what a missing value means.

    Raises
    ------
    ParameterError
        If `as_of` is no date.

    Notes
    -----
    Of members without an office the rule S52 asks a post, which `find_coverage_gaps` answers; of villages no rule asks one.

    Examples
    --------
    >>> import pyarrow as pa
    >>> held = pa.table({"member_id": ["m"], "village_code": ["v"], "post": ["help"]})
    >>> district = Tables({"Village": pa.table({"code": ["v"]}), "Member": pa.table({"id": ["m"]}), "Member HOLDS_POST_IN Village": held})
    >>> find_posts(district).rows.set_index("post")["holders"].to_dict()
    {'circulation': 0, 'help': 1, 'information': 0, 'technology': 0}

    References
    ----------
    The article of Acheng's organisation department (2012), sentence 52.
    """
    day = read_day(tables, "find_posts", as_of)
    standing = tables.at(day)
    villages = frame(standing, "Village").rename(columns={"code": "subject_id"})[["subject_id", "name"]]
    held = frame(standing, "Member HOLDS_POST_IN Village")[["village_code", "post", "member_id"]].drop_duplicates().sort_values("member_id")
    groups = held.groupby(["village_code", "post"])["member_id"]
    found = pd.DataFrame({"holders": groups.size(), "holder_ids": groups.agg(";".join)}).reset_index().rename(columns={"village_code": "subject_id"})
    rows = villages.merge(pd.DataFrame({"post": pd.array(sorted(POSTS), dtype="string")}), how="cross")
    rows = rows.merge(found, on=["subject_id", "post"], how="left").sort_values(["subject_id", "post"], kind="stable")
    unread = count_unread_rows(standing, "Village", rows["subject_id"], READ)
    rows = rows.assign(subject_kind="Village", holders=rows["holders"].fillna(0).astype("Int64"), unread_rows=unread)
    return finish("find_posts", TITLE, rows, COLUMNS, tables, day=day, read=READ, caveats=_CAVEATS, mark="post")


def summarise(finding: Finding) -> Summary:
    """A line a post: villages with a holder on record, and without; and different people in any of them."""
    headings = [
        Text("岗位", "post"),
        Text("有人任岗的村", "villages with a holder"),
        Text("没有登记的村", "villages with none on record"),
        Text("任岗的人", "people"),
    ]
    lines: list[list[object]] = []
    for post, word in POSTS.items():
        rows = finding.rows[finding.rows["post"] == post]
        none = int(((rows["holders"] == 0) & (rows["unread_rows"] == 0)).sum())
        lines.append([word, int((rows["holders"] > 0).sum()), none, len(_people(rows))])
    lines.append([Text("任何一种（一人计一次）", "any of them, each person once"), *_villages(finding.rows), len(_people(finding.rows))])
    return Summary(finding.title, headings, lines, finding.caveats)


def _people(rows: pd.DataFrame) -> set[str]:
    return {person for ids in rows["holder_ids"].dropna() for person in ids.split(";")}


def _villages(rows: pd.DataFrame) -> tuple[int, int]:
    """Villages with a holder of any post, and without."""
    most = rows.groupby("subject_id")["holders"].sum()
    return int((most > 0).sum()), int((most == 0).sum())


def tell(finding: Finding) -> list[Text]:
    """Say in how many villages somebody holds a post, and how many people do."""
    (some, none), people = _villages(finding.rows), len(_people(finding.rows))
    return [Text(f"{some:,} 个村登记有人任岗，共 {people:,} 人；{none:,} 个村没有登记。", f"In {some:,} villages somebody holds a post, {people:,} people in all; {none:,} villages have none on record.")]  # fmt: skip


def extract(finding: Finding, names: Mapping[str, Text]) -> list[Extract]:
    """Villages that have some of the four on record and not all."""
    held = finding.rows.groupby("subject_id")["holders"].transform(lambda holders: (holders > 0).sum())
    rows = finding.rows[(held > 0) & (finding.rows["holders"] == 0)].head(10)
    caption = Text("有人任岗而四岗不全的村，缺的岗位", "Villages with some of the four on record: the posts that are not")
    return [take(caption, finding, rows, ("subject", "post", "holders"), names)] if len(rows) else []
