"""What every answer says of what it did not read: how much by kind, and which tables may miss rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import pyarrow.compute as pc

from graphkit.data.tables import Tables
from graphkit.data.unread import count_unread, open_tables, touched_subjects
from graphkit.data.unsound import count_unsound
from graphkit.words import Text

STATES: Mapping[str, Text] = {
    "set_aside": Text("搁置的行", "rows set aside"), "unreadable": Text("读不懂的格", "unreadable cells"), "error": Text("公式出错的格", "cells with an error"),
    "not_computed": Text("未算出的格", "cells never computed"), "contradicts": Text("互相矛盾之处", "contradictions"),
}  # fmt: skip
INEXACT: Mapping[str, Text] = {"month": Text("只知道年月的", "to the month"), "year": Text("只知道年份的", "to the year")}
_SHOWN = 4


def tell_unread(tables: Tables, read: Collection[str]) -> list[Text]:
    """Say how much was not read of the district, by kind, and whom that touches of what the tables `read` speak of; nothing if all was read.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from graphkit.data.checks import quarantine_problems
    >>> given = quarantine_problems(Tables({"Household": pa.table({"id": ["h1", None]})}))
    >>> tell_unread(given, ["Household"])[0].en
    'not read: rows set aside: 1'
    """
    if not (counted := count_unread(tables)):
        return []
    said = _say_unread(counted)
    touched = touched_subjects(tables, columns={table: [c.name for c in tables.model.table_type(table).columns if c.empty_says] for table in read})
    standing = {
        kind: int(pc.sum(pc.is_in(tables[kind][tables.model.node_type(kind).key], value_set=keys)).as_py() or 0) for kind, keys in touched.items()
    }
    if standing := {kind: number for kind, number in standing.items() if number}:
        zh = "，".join(f"{tables.model.node_type(kind).heading.zh} {number:,}" for kind, number in standing.items())
        en = ", ".join(f"{tables.model.node_type(kind).heading.en}: {number:,}" for kind, number in standing.items())
        said.append(Text(f"其中涉及：{zh}；关于它们的不算确定", f"it touches {en}; nothing about these is certain for that"))
    return said


def tell_open(tables: Tables, read: Sequence[str], day: dt.date | None = None) -> list[Text]:
    """Say once that what is counted is what was recorded, where no source says that the tables `read` are complete (on the `day`).

    Examples
    --------
    >>> tell_open(Tables({}), ["Village"])[0].en
    'of those recorded: nobody says that every row is there of village'
    """
    headings = [kind.heading for kind in tables.model.kinds if kind.table in set(read) & set(open_tables(tables, day))]
    if not headings:
        return []
    rest = len(headings) - _SHOWN
    zh = "、".join(heading.zh for heading in headings[:_SHOWN]) + (f"等 {len(headings)} 张表" if rest > 0 else "")
    en = ", ".join(heading.en for heading in headings[:_SHOWN]) + (f" and {rest} more tables" if rest > 0 else "")
    return [Text(f"各数均为已登记的：没有说明{zh}是否齐全", f"of those recorded: nobody says that every row is there of {en}")]


def take_account(unread: Mapping[str, int], declared: int) -> dict[str, object]:
    """What is put beside the rows of a query: how much was not read, by state, and how many lines say what is complete."""
    return {"unread": dict(unread), "declared": declared}


def tell_account(account: Mapping[str, Any]) -> list[Text]:
    """Say beside the rows of a query what they do not hold: what was not read, and what nobody says is complete.

    Parameters
    ----------
    account : mapping
        As `take_account` gives it; empty where the store says nothing, and then nothing is said.

    Examples
    --------
    >>> [said.en for said in tell_account(take_account({"set_aside": 2}, 0))][0]
    'not read: rows set aside: 2; no row below counts them, and each could add a row or change one'
    """
    if not account:
        return []
    said = []
    if counted := account["unread"]:
        could = Text("；下面各行都没有计入，每一处都可能使行增减或改变", "; no row below counts them, and each could add a row or change one")
        said += _say_unread(counted, could)
    if account["declared"]:
        said.append(
            Text("各行均为已登记的；查询不看哪些表已说明齐全", "of those recorded; a query does not look at which tables are declared complete")
        )
    else:
        said.append(Text("各行均为已登记的：没有说明哪张表齐全", "of those recorded: no table is declared complete"))
    return said


def _say_unread(counted: Mapping[str, int], could: Text = Text("", "")) -> list[Text]:  # noqa: B008 - a constant
    """How much was not read, what that `could` do, and how many dates are not known to the day."""
    said = []
    if lost := {state: n for state, n in counted.items() if state not in INEXACT}:
        zh, en = _say_states(lost, STATES)
        said.append(Text(f"没有读到：{zh}{could.zh}", f"not read: {en}{could.en}"))
    if inexact := {state: n for state, n in counted.items() if state in INEXACT}:
        zh, en = _say_states(inexact, INEXACT)
        said.append(
            Text(
                f"不知道是哪一天的日期：{zh}；开始按最早的一天、结束和走访按最晚的一天计",
                f"dates not known to the day: {en}; a beginning counts from the first day that may be meant, an end and a visit from the last",
            )
        )
    return said


def _say_states(counted: Mapping[str, int], words: Mapping[str, Text]) -> tuple[str, str]:
    return "，".join(f"{words[s].zh} {n:,}" for s, n in counted.items()), ", ".join(f"{words[s].en}: {n:,}" for s, n in counted.items())


def tell_unsound(tables: Tables, read: Collection[str]) -> list[Text]:
    """Say that rows were counted which no store would take, for tables made in Python and never checked; nothing of sound ones.

    Examples
    --------
    >>> import pyarrow as pa
    >>> tell_unsound(Tables({"Household": pa.table({"id": ["h1", "h1"]})}), ["Household"])[0].en
    'not to be relied on: keys are missing or doubled, or ties lead nowhere (household: 1); take what quarantine_problems returns'
    """
    if not (wrong := count_unsound(tables, read)):
        return []
    zh = "，".join(f"{tables.model.table_type(table).heading.zh} {count:,}" for table, count in wrong.items())
    en = ", ".join(f"{tables.model.table_type(table).heading.en}: {count:,}" for table, count in wrong.items())
    return [Text(f"不足为凭：主键缺失或重复，或关系的一端不存在（{zh}）；请先用 quarantine_problems",
                 f"not to be relied on: keys are missing or doubled, or ties lead nowhere ({en}); take what quarantine_problems returns")]  # fmt: skip
