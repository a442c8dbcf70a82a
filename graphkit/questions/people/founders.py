"""Founders: which co-operatives did cadres or Party members found, and are the founders still there? A founder is not a head."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import pandas as pd

from graphkit.data.tables import Tables
from graphkit.questions.extract import Extract, take
from graphkit.questions.finding import SUBJECT_COLUMNS, Column, Finding
from graphkit.questions.people.frames import (
    ADMITTED,
    UNKNOWN,
    UNREAD,
    count_column,
    count_unread_rows,
    counted,
    day_number,
    days_of,
    finish,
    frame,
    is_among,
    property_column,
    read_day,
    say_shares,
    share,
    words_of,
)
from graphkit.questions.question import Summary
from graphkit.words import Text

READ = ("Cooperative", "Member", "Member WORKS_IN Cooperative")
_WORKS = "Member WORKS_IN Cooperative"
COLUMNS = (
    *SUBJECT_COLUMNS,
    property_column("Cooperative", "name"),
    property_column("Cooperative", "kind"),
    count_column("founders", ("创建人", "founders"), ("登记的创建人，已离开的也算", "founders on record, those who left included")),
    count_column("cadre_founders", ("其中干部", "of these, cadres"), ("创建人中的干部", "founders who are cadres")),
    count_column("member_founders", ("其中党员", "of these, Party members"), ("创建人中当天的预备、正式党员", "founders who are probationary or full members on the day")),
    count_column("unsure_people", ("可能是", "may be one"), ("可能是干部或党员创建人的：是否创建人、是否干部或阶段没有登记", "people who may be a founder and a cadre or member: one of these three is not on record")),
    Column("is_led", Text("干部或党员创建", "founded by a cadre or member"), Text("创建人中有干部或党员", "a cadre or Party member is among the founders"),
           Text("无从判断：没有登记创建人，或可能还有", "cannot be told: no founder is on record, or there may be such a one")),
    count_column("founders_there", ("创建人仍在", "founders still there"), ("当天仍在此从业的创建人", "founders who work there on the day")),
    count_column("founders_in_office", ("创建人任职", "founders in office"), ("当天在此任职的创建人", "founders who hold an office there on the day")),
    count_column("heads", ("任职的人", "in office"), ("当天在此任职的人，是不是创建人都算", "people who hold an office there on the day, founders or not")),
    Column("founder_ids", Text("创建人编号", "ids of the founders"), Text("创建人的编号", "ids of the founders on record"), Text("没有登记", "none on record")),
    UNREAD,
)  # fmt: skip
TITLE = Text(
    "创建人：哪些合作组织由干部或党员创建，创建人还在吗",
    "Founders: which co-operatives did cadres or members found, and are the founders still there?",
)


def find_founders(tables: Tables, *, as_of: dt.date | None = None) -> Finding:
    """Which co-operatives did cadres or Party members found, and are their founders still there and in office?

    Parameters
    ----------
    tables : Tables
        The district.
    as_of : date, optional
        Day the answer speaks of; today if not given.

    Returns
    -------
    Finding
        A row for each co-operative, by id, with the columns of `COLUMNS` and what a missing value means. Whoever is a founder and both a cadre and a
        member counts in both columns, and once among the founders.

    Raises
    ------
    ParameterError
        If `as_of` is no date.

    Notes
    -----
    Whether a founder is a cadre or a member is asked of the day, not of the day of founding, of which no register speaks. `is_led` is false only where
    founders are on record, all of them neither, and nobody there may be another who is.

    Examples
    --------
    A chair who founded nothing does not make a founder:

    >>> import pyarrow as pa
    >>> works = {"member_id": ["a", "b"], "cooperative_id": ["c", "c"], "office": [None, "理事长"], "is_founder": [True, False]}
    >>> district = Tables({
    ...     "Cooperative": pa.table({"id": ["c"]}), "Member WORKS_IN Cooperative": pa.table(works),
    ...     "Member": pa.table({"id": ["a", "b"], "stage": ["not_applied", "full"], "is_cadre": [False, True]}),
    ... })
    >>> row = find_founders(district).rows.iloc[0]
    >>> int(row["founders"]), bool(row["is_led"]), int(row["founders_in_office"]), int(row["heads"])
    (1, False, 0, 1)

    References
    ----------
    The article of Acheng's organisation department (2012), sentence 60: 56 of 69.
    """
    day = read_day(tables, "find_founders", as_of)
    standing = tables.at(day)
    rows = frame(standing, "Cooperative").rename(columns={"id": "subject_id"})
    people = _people(tables, standing, day)
    founders = people[people["founder"]]
    groups = {
        "founders": founders, "cadre_founders": founders[founders["cadre"]], "member_founders": founders[founders["member"]],
        "unsure_people": people[people["unsure"]], "founders_there": founders[founders["there"]], "founders_in_office": founders[founders["head"]],
        "heads": people[people["head"]],
    }  # fmt: skip
    counts = {name: counted(rows["subject_id"], group.groupby("cooperative_id").size()) for name, group in groups.items()}
    ids = founders.sort_values("member_id").groupby("cooperative_id")["member_id"].agg(";".join)
    unread = count_unread_rows(standing, "Cooperative", rows["subject_id"], READ)
    rows = rows.assign(**counts, founder_ids=rows["subject_id"].map(ids), unread_rows=unread, subject_kind="Cooperative")
    led = rows["cadre_founders"] + rows["member_founders"] > 0
    rows["is_led"] = led.astype("boolean").mask(~led & ((rows["founders"] == 0) | (rows["unsure_people"] > 0) | (unread > 0)))
    return finish("find_founders", TITLE, rows.sort_values("subject_id"), COLUMNS, tables, day=day, read=READ, caveats=_CAVEATS, mark="is_led")


_CAVEATS = (
    Text("创建人不等于现任负责人；已离开的创建人仍是创建人", "a founder is not the head of today, and who left is a founder still"),
    Text("是否干部、党员按当天登记，不是创建那天的", "cadres and members are those of the day, not of the day of founding"),
)


def _people(tables: Tables, standing: Tables, day: dt.date) -> pd.DataFrame:
    """Each person and co-operative once: whether a founder, a cadre, a member, still there, in office, or perhaps a founder who is one."""
    ties = frame(tables, _WORKS)
    since, until = (days_of(tables, _WORKS, name) for name in ("since", "until"))
    begun, runs = (since <= day_number(day)).fillna(value=True).astype(bool), (until > day_number(day)).fillna(value=True).astype(bool)
    here = runs & is_among(ties["member_id"], standing["Member"]["id"])
    ties = ties.assign(
        founder=ties["is_founder"].fillna(value=False).astype(bool), perhaps=ties["is_founder"].isna(), there=here, head=here & ties["office"].notna()
    )[begun]
    people = ties.groupby(["cooperative_id", "member_id"], as_index=False)[["founder", "perhaps", "there", "head"]].max()
    known = frame(tables.known_on(day), "Member").set_index("id")
    people = people[people["member_id"].isin(known.index)]
    stage, cadre = people["member_id"].map(known["stage"]), people["member_id"].map(known["is_cadre"])
    people = people.assign(cadre=cadre.fillna(value=False).astype(bool), member=stage.isin(ADMITTED))
    counts_as = people["cadre"] | people["member"]
    neither = (~cadre.fillna(value=True).astype(bool)) & stage.notna() & ~people["member"]
    return people.assign(unsure=(people["founder"] | people["perhaps"]) & ~neither & ~(people["founder"] & counts_as))


def summarise(finding: Finding) -> Summary:
    """A line a kind of host and one of all: founded by a cadre or member, not, cannot be told; and who is still there."""
    headings = [
        Text("依托", "kind of host"), Text("合作组织", "co-operatives"), Text("干部或党员创建", "founded by a cadre or member"), Text("不是", "not"),
        Text("无从判断", "cannot be told"), Text("占比", "share"), Text("创建人", "founders"), Text("仍在", "still there"), Text("任职", "in office"),
    ]  # fmt: skip
    words = words_of("Cooperative", "kind")
    parts = [(words.get(str(kind), UNKNOWN), rows) for kind in (*words, None) if len(rows := finding.rows[_is(finding.rows["kind"], kind)])]
    lines = [_line(word, rows) for word, rows in [*parts, (Text("合计", "total"), finding.rows)]]
    return Summary(finding.title, headings, lines, finding.caveats)


def _is(values: pd.Series, value: str | None) -> pd.Series:
    return values.isna() if value is None else (values == value).fillna(value=False)


def _line(word: Text, rows: pd.DataFrame) -> list[object]:
    led, unsure = int((rows["is_led"].fillna(value=False)).sum()), int(rows["is_led"].isna().sum())
    return [word, len(rows), led, len(rows) - led - unsure, unsure, say_shares(share(led, len(rows)), share(led + unsure, len(rows))),
            *(int(rows[name].sum()) for name in ("founders", "founders_there", "founders_in_office"))]  # fmt: skip


def tell(finding: Finding) -> list[Text]:
    """Say how many cadres or members founded, of how many it cannot be told, and whether founders are still there."""
    _, whole, led, others, unsure, part, founders, there, office = _line(UNKNOWN, finding.rows)
    span = part if isinstance(part, Text) else UNKNOWN
    return [
        Text(f"{whole:,} 个合作组织中，登记有干部或党员创建人的 {led:,} 个，不是的 {others:,} 个，无从判断的 {unsure:,} 个（{span.zh}）。",
             f"Of {whole:,} co-operatives, {led:,} have a cadre or Party member among their founders on record, {others:,} do not, and of {unsure:,} it cannot be told ({span.en})."),
        Text(f"登记的创建人 {founders:,} 人次（一人在几个组织的各计一次），当天仍在的 {there:,}，任职的 {office:,}。",
             f"Founders on record: {founders:,}, one of several co-operatives counted in each; {there:,} are still there on the day and {office:,} hold an office there."),
    ]  # fmt: skip


def extract(finding: Finding, names: Mapping[str, Text]) -> list[Extract]:
    """Those of which it cannot be told, and then those founded by neither: the registers to ask for."""
    rows = finding.rows[~finding.rows["is_led"].fillna(value=False).astype(bool)].head(10)
    caption = Text("没有登记干部或党员创建人的", "Without a cadre or member among the founders on record")
    return [take(caption, finding, rows, ("subject", "kind", "founders", "unsure_people", "is_led", "heads"), names)] if len(rows) else []
