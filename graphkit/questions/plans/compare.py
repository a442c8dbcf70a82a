"""What if: the district changed on paper, asked again and compared."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from graphkit.data.tables import Tables
from graphkit.questions.coverage.columns import NOT_ASKED, OUTCOMES
from graphkit.questions.coverage.find import find_coverage_gaps
from graphkit.questions.finding import SUBJECT_COLUMNS, Column, Finding, pair_up
from graphkit.questions.plans.apply import today
from graphkit.questions.plans.edits import Edit, edit_tables, name_edits
from graphkit.rules.facts import KINDS
from graphkit.rules.pack import RulePack
from graphkit.words import Text

TITLE = Text("如果这样改，哪些规则的结果会变？", "If this were changed, which outcomes would change?")
GONE = Text("已不存在", "no more there")
_NEVER = Text("不会为空", "never missing")
_STATES = {
    **OUTCOMES,
    "not_asked": NOT_ASKED,
    "gone": GONE,
    "new": Text("原来没有", "not there before"),
    "maybe": Text("是否有要求不确定", "unknown whether it is asked"),
}
COLUMNS = (
    *SUBJECT_COLUMNS,
    Column("name", Text("名称", "name"), Text("名称", "name"), Text("未知；人员与农户不列姓名", "unknown; people and households are not named")),
    Column("rule", Text("规则", "rule"), Text("结果有变的规则", "the rule whose outcome changes"), _NEVER),
    Column("before", Text("原来", "before"), Text("改动之前的结果", "outcome before the change"), _NEVER, values=_STATES),
    Column("after", Text("之后", "after"), Text("改动之后的结果", "outcome after the change"), _NEVER, values=_STATES),
    Column("reason_zh", Text("理由（中文）", "reason (Chinese)"), Text("改动之后的理由", "why it is so after the change"), Text("此后不作要求", "nothing is asked any more")),
    Column("reason_en", Text("理由（英文）", "reason (English)"), Text("改动之后的理由", "why it is so after the change"), Text("此后不作要求", "nothing is asked any more")),
)  # fmt: skip
_KEY = ["subject_kind", "subject_id", "rule"]


def what_if(tables: Tables, edits: Iterable[Edit], *, rules: str | Path | RulePack = "acheng-2010", as_of: dt.date | None = None) -> Finding:
    """If a district were changed, which outcomes of its rules would be other ones?

    Parameters
    ----------
    tables : Tables
        The district; it is not changed.
    edits : iterable of Add, Merge, Move, Lose or Finding
        The changes, one after the other: a row more, a node into another, ties elsewhere, a node less, or a plan carried out.
    rules, as_of
        As for `find_coverage_gaps`.

    Returns
    -------
    Finding
        A row for each subject and rule whose outcome differs: ``before`` and ``after`` are met, open, unknown, maybe (unknown whether it is
        asked), not_asked, new or gone (of a subject that is there after, or before, the change alone). In the order of kind,
        then of the rules in the pack, then id.

    Raises
    ------
    ParameterError
        If a change speaks of what is not there.
    ModelError, SourceError
        As for `find_coverage_gaps`; also if a row to add lacks a column that it needs.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from graphkit.questions.plans.edits import Lose
    >>> tables = Tables({
    ...     "Household": pa.table({"id": ["h1"], "is_poor": [True]}), "Member": pa.table({"id": ["m1"], "stage": ["applicant"]}),
    ...     "Member HELPS Household": pa.table({"member_id": ["m1"], "household_id": ["h1"], "kind": ["one_to_one"]}),
    ... })
    >>> what_if(tables, [Lose("Member", "m1")], as_of=dt.date(2012, 4, 30)).rows[["subject_id", "before", "after"]].values.tolist()
    [['h1', 'met', 'open']]
    """
    day = today() if as_of is None else as_of
    edits = list(edits)
    changed = edit_tables(tables, edits)
    before, after = (find_coverage_gaps(asked, rules=rules, as_of=day) for asked in (tables, changed))
    there = [_keys(asked.at(day), before) for asked in (tables, changed)]
    rows = _compare(before.rows, after.rows, *there)
    order = {rule: (KINDS.index(kind), n) for n, (rule, kind) in enumerate(before.provenance["kinds"].items())}
    rows = rows.iloc[sorted(range(len(rows)), key=lambda n: order[rows["rule"].iloc[n]])].reset_index(drop=True)
    account = tuple(dict.fromkeys((*before.account, *after.account)))
    return Finding(
        "what_if", TITLE, rows, COLUMNS, {**before.parameters, "edits": name_edits(edits)}, before.rules,
        (Text("只比较规则的结果；改动之外，其余都当作不变", "outcomes of rules alone are compared; everything else is taken to stay as it is"), *account),
        {"dataset": tables.dataset, "rows_before": len(before), "rows_after": len(after), "account": pair_up(account)}, day, "name", "after",
    )  # fmt: skip


def _keys(tables: Tables, finding: Finding) -> set[tuple[str, str]]:
    """What is there, of the kinds that rules speak of."""
    kinds = sorted(set(finding.provenance["kinds"].values()))
    return {(kind, key) for kind in kinds for key in tables[kind].column(0).to_pylist()}


def _compare(before: pd.DataFrame, after: pd.DataFrame, was: set[tuple[str, str]], now: set[tuple[str, str]]) -> pd.DataFrame:
    sides = []
    for rows in (before, after):
        state = rows["outcome"].astype(object).where(rows["asked"] == "yes", "maybe")
        told = rows[[*_KEY, "name", "reason_zh", "reason_en"]].astype(object).assign(state=state)
        sides.append(told)
    both = sides[0].merge(sides[1], on=_KEY, how="outer", sort=False, suffixes=("_before", "_after"))
    subjects = list(zip(both["subject_kind"], both["subject_id"], strict=True))
    first = ["new" if subject not in was else "not_asked" for subject in subjects]
    last = ["gone" if subject not in now else "not_asked" for subject in subjects]
    found = pd.DataFrame({
        "subject_kind": both["subject_kind"], "subject_id": both["subject_id"], "name": both["name_after"].where(both["name_after"].notna(), both["name_before"]),
        "rule": both["rule"], "before": both["state_before"].where(both["state_before"].notna(), pd.Series(first, dtype=object)),
        "after": both["state_after"].where(both["state_after"].notna(), pd.Series(last, dtype=object)),
        "reason_zh": both["reason_zh_after"], "reason_en": both["reason_en_after"],
    })  # fmt: skip
    return found[found["before"] != found["after"]]
