"""Reach of training: how many different people came, and who never did; attendances are told beside, never as people."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from graphkit.data.tables import Tables
from graphkit.kernels.csr import distinct
from graphkit.questions.extract import Extract, lay_out_counts, take
from graphkit.questions.finding import SUBJECT_COLUMNS, Column, Finding
from graphkit.questions.people.frames import (
    ADMITTED,
    NAMED,
    UNREAD,
    count_column,
    count_unread_rows,
    finish,
    property_column,
    read_day,
    say_shares,
    share,
    words_of,
)
from graphkit.questions.question import Summary
from graphkit.words import Text, join, say_number

READ = ("Member", "Household", "Training", "Member ATTENDED Training", "Household ATTENDED Training")
ANY = "any"
FORMS = {ANY: Text("任何形式", "any form"), **words_of("Training", "form"), "unknown": Text("形式未知", "form unknown")}
_GROUPS = {
    "party": Text("党员（预备、正式）", "Party members (probationary, full)"), "others": Text("其他人员", "other people on the list"),
    "unknown": Text("阶段未知的人员", "people of unknown stage"), "Household": Text("农户（户，不是人）", "households (not people)"),
}  # fmt: skip
_PLACE = {form: place for place, form in enumerate(FORMS)}
_NO_DAY = np.iinfo(np.int32).min
COLUMNS = (
    *SUBJECT_COLUMNS,
    Column("form", Text("形式", "form"), Text("培训形式；每人另有一行合计", "form of the sessions; one row for any of them"), NAMED, values=FORMS),
    property_column("Member", "stage", Text("未知，或是农户", "unknown, or a household")),
    Column("on_books", Text("当天在册", "on the books"), Text("当天是否在册；已离开的参加过也算参加过", "whether on the books on the day; who has left attended all the same"), NAMED),
    count_column("sessions", ("参加期数", "sessions"), ("登记参加的不同期数；0 为没有登记", "different sessions with an attendance on record; 0: none on record"), Text("期", "sessions")),
    Column("last_held_on", Text("最近一期", "last one on"), Text("其中有日期的最近一期", "day of the last of them that has one"), Text("没有参加，或日期未登记", "none, or no day on record")),
    UNREAD,
)  # fmt: skip
TITLE = Text("培训：实际多少人参加过，谁没有", "Training: how many different people came, and who never did?")


def find_training_reach(tables: Tables, *, as_of: dt.date | None = None) -> Finding:
    """How many different people and households came to training, and who has no session on record?

    Attendances (人次) count one person as often as that person came; reach counts each once. Every person and household on the books has a row for
    any form, with 0 where no attendance is on record, and one for each form attended. Who has left the books and came before has rows too.

    Parameters
    ----------
    tables : Tables
        The district.
    as_of : date, optional
        Day the answer speaks of; today if not given. A session of unknown date is taken as held.

    Returns
    -------
    Finding
        Rows by kind, id and form, ``any`` first, with the columns of `COLUMNS` and what a missing value means.

    Raises
    ------
    ParameterError
        If `as_of` is no date.

    Examples
    --------
    Two attendances, one person:

    >>> import pyarrow as pa
    >>> came = pa.table({"member_id": ["a", "a"], "training_id": ["t1", "t2"]})
    >>> district = Tables({"Member": pa.table({"id": ["a", "b"]}), "Training": pa.table({"id": ["t1", "t2"]}), "Member ATTENDED Training": came})
    >>> rows = find_training_reach(district).rows
    >>> rows[rows["form"] == "any"].set_index("subject_id")["sessions"].to_dict()
    {'a': 2, 'b': 0}

    References
    ----------
    The article of Acheng's organisation department (2012), sentence 35: 57 sessions, 3,700 and 6,200 attendances.
    """
    day = read_day(tables, "find_training_reach", as_of)
    standing = tables.at(day)
    sessions = standing["Training"].select(["id", "form", "held_on"]).combine_chunks()
    rows = pd.concat([_of_kind(kind, tables, standing, sessions) for kind in ("Member", "Household")], ignore_index=True)
    forms = pc.fill_null(sessions["form"], "unknown").to_pandas().value_counts()
    undated = sessions["held_on"].null_count
    held = {"sessions": {str(form): int(number) for form, number in forms.items()}}
    return finish(
        "find_training_reach", TITLE, rows, COLUMNS, tables, day=day, read=READ, caveats=_caveats(undated), provenance=held, mark="sessions"
    )


def _of_kind(kind: str, tables: Tables, standing: Tables, sessions: pa.Table) -> pd.DataFrame:
    """Rows of everybody of a kind who is on the books or came, by id and form; each person and session once."""
    ids = pc.unique(tables[kind]["id"].drop_null().combine_chunks())
    ids = ids.take(pc.sort_indices(ids))
    who, what = _attendances(tables[f"{kind} ATTENDED Training"], f"{kind.lower()}_id", ids, sessions["id"])
    form = np.array([_PLACE[name] for name in pc.fill_null(sessions["form"], "unknown").to_pylist()], np.int64)[what]
    held = np.asarray(pc.fill_null(sessions["held_on"].cast(pa.int32()).cast(pa.int64()), _NO_DAY))[what]
    here = np.asarray(pc.is_in(ids, value_set=standing[kind]["id"].combine_chunks()))
    everybody = np.flatnonzero(here | (np.bincount(who, minlength=len(ids)) > 0)) * len(FORMS)  # the place of any form is 0
    places, which = np.unique(np.concatenate((everybody, who * len(FORMS), who * len(FORMS) + form)), return_inverse=True)
    came = which[len(everybody) :]
    last = np.full(len(places), _NO_DAY, np.int64)
    np.maximum.at(last, came, np.tile(held, 2))
    person, names = ids.take(pa.array(places // len(FORMS))), np.array(list(FORMS), object)
    keys = person.to_pandas().astype("string")
    return pd.DataFrame({
        "subject_kind": kind, "subject_id": keys, "form": names[places % len(FORMS)], "stage": _stages(kind, standing, person),
        "on_books": here[places // len(FORMS)], "sessions": pd.array(np.bincount(came, minlength=len(places)), "Int64"),
        "last_held_on": pa.array(last, pa.int64(), mask=last == _NO_DAY).cast(pa.int32()).cast(pa.date32()).to_pandas(date_as_object=True),
        "unread_rows": count_unread_rows(standing, kind, keys, READ),
    })  # fmt: skip


def _attendances(ties: pa.Table, key: str, ids: pa.Array, sessions: pa.ChunkedArray) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Person and session of each attendance, by their places; each pair once, of sessions that were held."""
    places = [pc.index_in(ties[column], value_set=found) for column, found in ((key, ids), ("training_id", sessions.combine_chunks()))]
    both = pc.and_(*(pc.is_valid(place) for place in places))
    who, what = (np.asarray(place.filter(both).cast(pa.int64())) for place in places)
    pairs = distinct(who * max(len(sessions), 1) + what)
    return pairs // max(len(sessions), 1), pairs % max(len(sessions), 1)


def _stages(kind: str, standing: Tables, person: pa.Array) -> object:
    """The stage of each person on the books; missing of households."""
    if kind != "Member":
        return pd.array([pd.NA] * len(person), dtype="string")
    place = pc.index_in(person, value_set=standing["Member"]["id"].combine_chunks())
    return standing["Member"]["stage"].combine_chunks().take(place).to_pandas(types_mapper={pa.string(): pd.StringDtype()}.get)


def _caveats(undated: int) -> list[Text]:
    said = [
        Text("人次不是人：一人参加两期是 2 人次、1 人；农户以户计，不是人", "attendances are not people: one who came twice is two attendances and one person; households are counted as households"),
        Text("没有登记参加的，不等于没有参加", "no attendance on record is not the same as never having come"),
    ]  # fmt: skip
    if undated:
        said.append(Text(f"{undated:,} 期没有登记日期，都当作已经举办", f"{undated:,} sessions of unknown date are taken as held"))
    return said


def summarise(finding: Finding) -> Summary:
    """A line a group: on the books, reached, none on record, attendances; and who came and has left."""
    headings = [
        Text("谁", "who"), Text("在册", "on the books"), Text("参加过", "came"), Text("占在册", "of those on the books"), Text("没有登记", "none on record"),
        Text("人次（户次）", "attendances"), Text("参加过的平均期数", "sessions each"),
    ]  # fmt: skip
    lines: list[list[object]] = [_line(_GROUPS[name], rows) for name, rows in _groups(finding.rows) if len(rows)]
    rows = finding.rows[(finding.rows["form"] == ANY) & ~finding.rows["on_books"]]
    if len(rows):
        gone = _line(Text("当天不在册的", "not on the books on the day"), rows)
        lines.append([gone[0], "–", gone[2], "–", "–", *gone[5:]])
    return Summary(finding.title, headings, lines, finding.caveats)


def _groups(rows: pd.DataFrame) -> list[tuple[str, pd.DataFrame]]:
    """Those on the books, one row each, by what they are."""
    here = rows[(rows["form"] == ANY) & rows["on_books"]]
    members = here[here["subject_kind"] == "Member"]
    party, unknown = members["stage"].isin(ADMITTED), members["stage"].isna()
    return [
        ("party", members[party]),
        ("others", members[~party & ~unknown]),
        ("unknown", members[unknown]),
        ("Household", here[here["subject_kind"] == "Household"]),
    ]


def _line(word: Text, rows: pd.DataFrame) -> list[object]:
    came, attendances = int((rows["sessions"] > 0).sum()), int(rows["sessions"].sum())
    silent, unread = rows["sessions"] == 0, rows["unread_rows"] > 0
    none, perhaps = int((silent & ~unread).sum()), int((silent & unread).sum())
    part = say_shares(share(came, len(rows)), share(came + perhaps, len(rows)))
    return [word, len(rows), came, part, none, attendances, say_number(round(share(attendances, came), 1))]


def tell(finding: Finding) -> list[Text]:
    """Say how many came of each group, and by how many attendances."""
    said = []
    for name, rows in _groups(finding.rows):
        word, whole, came, part, none, attendances, _ = _line(_GROUPS[name], rows)
        if whole and isinstance(word, Text) and isinstance(part, Text):
            said.append(Text(f"{word.zh} {whole:,} 中 {came:,} 参加过（{part.zh}），共 {attendances:,} 人次，{none:,} 没有登记", f"of {whole:,} {word.en}, {came:,} came ({part.en}), {attendances:,} attendances in all, {none:,} with none on record"))  # fmt: skip
    sessions = sum(finding.provenance["sessions"].values())
    return [join([Text(f"{sessions:,} 期培训：", f"{sessions:,} sessions: "), join(said, Text("；", "; ")), Text("。", ".")])]


def extract(finding: Finding, names: Mapping[str, Text]) -> list[Extract]:
    """By form: sessions, different people and households, attendances; and the first of the members with none on record."""
    rows = finding.rows
    headings = [Text("形式", "form"), Text("期数", "sessions"), Text("人次", "attendances of people"), Text("人", "people"), Text("户次", "attendances of households"), Text("户", "households")]  # fmt: skip
    lines = []
    for form, sessions in sorted(finding.provenance["sessions"].items(), key=lambda pair: list(FORMS).index(pair[0])):
        parts = [rows[(rows["form"] == form) & (rows["subject_kind"] == kind)] for kind in ("Member", "Household")]
        numbers = [number for part in parts for number in (int(part["sessions"].sum()), len(part))]
        lines.append([FORMS[form], *(Text(say_number(n), say_number(n)) for n in (sessions, *numbers))])
    by_form = lay_out_counts(Text("按形式：一人一户在同一形式里只计一次", "By form: each person and household once in a form"), headings, lines)
    never = dict(_groups(rows))["party"]
    never = never[(never["sessions"] == 0) & (never["unread_rows"] == 0)].head(10)
    found = [by_form] if lines else []
    if len(never):
        found.append(
            take(
                Text(f"没有登记参加的党员，前 {len(never)} 名", f"Party members with no session on record, the first {len(never)}"),
                finding,
                never,
                ("subject", "stage", "sessions"),
                names,
            )
        )
    return found
