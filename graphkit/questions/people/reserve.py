"""The reserve pool: who is listed, from where, and who of them holds an office already."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping

import pandas as pd

from graphkit.data.tables import Tables
from graphkit.questions.extract import Extract, take
from graphkit.questions.finding import SUBJECT_COLUMNS, Column, Finding
from graphkit.questions.people.frames import (
    AGES,
    UNKNOWN,
    UNREAD,
    add_ages,
    count_column,
    count_unread_rows,
    counted,
    finish,
    frame,
    property_column,
    read_day,
    say_span,
)
from graphkit.questions.question import Summary
from graphkit.words import Text, same

READ = ("Member", "Member LIVES_IN Village", "Village", "Village IN Township", "Member BELONGS_TO Branch", "Member WORKS_IN Cooperative")
_COUNTY = 6  # digits of a division code that name the county
_CODE = 12
COLUMNS = (
    *SUBJECT_COLUMNS,
    property_column("Member", "stage"), property_column("Member", "birth_year"), *AGES, property_column("Member", "education"), property_column("Member", "origin"),
    property_column("Member", "is_cadre"),
    Column("village_code", Text("居住村", "village"), Text("所住村的代码", "code of the village lived in"), Text("没有登记，或不止一个", "none on record, or several")),
    Column("township_code", Text("乡镇", "township"), Text("该村所属乡镇的代码", "code of the township of that village"), Text("没有登记，或不止一个村", "none on record, or several villages")),
    count_column("offices", ("已任职", "offices"), ("当天任职的党组织和合作组织", "branches and co-operatives in which an office is held on the day"), Text("个", "bodies")),
    UNREAD,
)  # fmt: skip
TITLE = Text("后备干部：谁在库中，来自哪里，谁已任职", "Reserve pool: who is listed, from where, and who holds an office already?")


def find_reserve_pool(tables: Tables, *, as_of: dt.date | None = None) -> Finding:
    """Who is listed in the pool of reserve cadres, where do they live, and who of them holds an office already?

    Parameters
    ----------
    tables : Tables
        The district.
    as_of : date, optional
        Day the answer speaks of; today if not given. Being listed has no date: it is what the register says now.

    Returns
    -------
    Finding
        A row for each person on the books who is listed, by id, with the columns of `COLUMNS` and what a missing value means. People of whom it is
        not on record are no rows; the caveats say how many they are.

    Raises
    ------
    ParameterError
        If `as_of` is no date.

    Notes
    -----
    A person counts in the township where that person lives, not where the co-operative is. Who lives in a village of another county than most
    villages of the register (first six digits of a code of twelve) is told.

    Examples
    --------
    >>> import pyarrow as pa
    >>> find_reserve_pool(Tables({"Member": pa.table({"id": ["a", "b", "c"], "in_reserve_pool": [True, False, None]})})).rows["subject_id"].tolist()
    ['a']

    References
    ----------
    The article of Acheng's organisation department (2012), sentence 47.
    """
    day = read_day(tables, "find_reserve_pool", as_of)
    standing = tables.at(day)
    people = frame(standing, "Member").rename(columns={"id": "subject_id"})
    rows = people[people["in_reserve_pool"].fillna(value=False).astype(bool)].sort_values("subject_id")
    rows = add_ages(_housed(standing, rows), day)
    rows["offices"] = counted(rows["subject_id"], _offices(standing))
    rows = rows.assign(subject_kind="Member", unread_rows=count_unread_rows(standing, "Member", rows["subject_id"], READ))
    towns = {
        "townships": {
            str(code): None if pd.isna(name) else str(name) for code, name in frame(standing, "Township")[["code", "name"]].itertuples(index=False)
        }
    }
    caveats = _caveats(int(people["in_reserve_pool"].isna().sum()), rows, standing)
    return finish("find_reserve_pool", TITLE, rows, COLUMNS, tables, day=day, read=READ, caveats=caveats, provenance=towns, mark="stage")


def _housed(standing: Tables, rows: pd.DataFrame) -> pd.DataFrame:
    """The village and township in which each lives; neither where that is several or none."""
    homes = frame(standing, "Member LIVES_IN Village")[["member_id", "village_code"]].drop_duplicates()
    homes = homes[~homes["member_id"].duplicated(keep=False)].set_index("member_id")["village_code"]
    towns = frame(standing, "Village IN Township")[["village_code", "township_code"]].drop_duplicates()
    towns = towns[~towns["village_code"].duplicated(keep=False)].set_index("village_code")["township_code"]
    village = rows["subject_id"].map(homes)
    return rows.assign(village_code=village, township_code=village.map(towns))


def _offices(standing: Tables) -> pd.Series:
    """Bodies in which each holds an office; two offices in one body are one."""
    ties = [frame(standing, f"Member {tie}")[["member_id", end, "office"]].dropna(subset=["office"]).rename(columns={end: "body"}).assign(tie=tie)
            for tie, end in (("BELONGS_TO Branch", "branch_id"), ("WORKS_IN Cooperative", "cooperative_id"))]  # fmt: skip
    return pd.concat(ties).drop_duplicates(["member_id", "tie", "body"]).groupby("member_id").size()


def _caveats(unknown: int, rows: pd.DataFrame, standing: Tables) -> list[Text]:
    said = [
        Text(
            "入库没有日期：按现在的登记；按居住地计，不按合作组织所在地",
            "being listed has no date: it is as registered now; people count where they live, not where they work",
        )
    ]
    if unknown:
        said.append(
            Text(
                f"{unknown:,} 人没有登记是否后备干部，没有计入",
                f"of {unknown:,} people it is not on record whether they are listed; they are not counted",
            )
        )
    said += [
        Text(f"{number:,} 人住在外县（代码 {county}）的村", f"{number:,} live in a village of another county (code {county})")
        for county, number in _elsewhere(rows, standing)
    ]
    return said


def _elsewhere(rows: pd.DataFrame, standing: Tables) -> list[tuple[str, int]]:
    """Counties other than that of most villages in which somebody listed lives, with how many; none where codes are not those of divisions."""
    codes = [code for code in standing["Village"]["code"].to_pylist() if code and len(code) == _CODE and code.isdigit()]
    if not codes:
        return []
    (own, _), *_ = sorted(Counter(code[:_COUNTY] for code in codes).items(), key=lambda pair: (-pair[1], pair[0]))
    lived = Counter(code[:_COUNTY] for code in rows["village_code"].dropna() if len(code) == _CODE and code.isdigit())
    return sorted((county, number) for county, number in lived.items() if county != own)


def summarise(finding: Finding) -> Summary:
    """A line a township and one of all: listed, Party members, age, and already in office."""
    headings = [
        Text("居住乡镇", "township lived in"), Text("后备干部", "in the pool"), Text("党员", "Party members"), Text("阶段未知", "stage unknown"), Text("平均年龄", "mean age"),
        Text("年龄已知", "age known of"), Text("已任职", "in office already"), Text("未任职", "without office"),
    ]  # fmt: skip
    named: Mapping[str, str | None] = finding.provenance["townships"]
    groups = [(same(named.get(str(code)) or code), rows) for code, rows in finding.rows.groupby("township_code")]
    rest = finding.rows[finding.rows["township_code"].isna()]
    parts = [
        *groups,
        *([(Text("未知或不止一个村", "unknown, or several villages"), rest)] if len(rest) else []),
        (Text("合计", "total"), finding.rows),
    ]
    return Summary(finding.title, headings, [_line(word, rows) for word, rows in parts], finding.caveats)


def _line(word: Text, rows: pd.DataFrame) -> list[object]:
    party, unknown = int(rows["stage"].isin(["probationary", "full"]).sum()), int(rows["stage"].isna().sum())
    aged = rows.dropna(subset=["age_high"])
    mean = say_span(aged["age_low"].mean(), aged["age_high"].mean(), 1) if len(aged) else UNKNOWN
    office = int((rows["offices"] > 0).sum())
    return [word, len(rows), party, unknown, mean, len(aged), office, len(rows) - office]


def tell(finding: Finding) -> list[Text]:
    """Say how many are listed, where from, and how many hold an office already."""
    _, whole, party, *_, office, free = _line(UNKNOWN, finding.rows)
    towns, unplaced = finding.rows["township_code"].nunique(), int(finding.rows["township_code"].isna().sum())
    return [
        Text(f"库中后备干部 {whole:,} 人，其中党员 {party:,} 人，住在 {towns:,} 个乡镇（{unplaced:,} 人无从判断）；{office:,} 人已任职，{free:,} 人没有登记职务。",
             f"{whole:,} people are in the reserve pool, {party:,} of them Party members, from {towns:,} townships ({unplaced:,} cannot be placed); {office:,} hold an office already, {free:,} have none on record."),
    ]  # fmt: skip


def extract(finding: Finding, names: Mapping[str, Text]) -> list[Extract]:
    """The first of those without an office."""
    free = finding.rows[finding.rows["offices"] == 0].head(10)
    named: Mapping[str, str | None] = finding.provenance["townships"]
    free = free.assign(township_code=[code if pd.isna(code) else named.get(code) or code for code in free["township_code"]])
    caption = Text(f"没有登记职务的后备干部，前 {len(free)} 名", f"Of the pool, without an office on record: the first {len(free)}")
    return (
        [take(caption, finding, free, ("subject", "stage", "age_low", "age_high", "education", "origin", "township_code"), names)]
        if len(free)
        else []
    )
