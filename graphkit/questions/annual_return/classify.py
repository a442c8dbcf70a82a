"""The classes of the annual return: what stands for each co-operative, as the form counts it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa

from graphkit.data.tables import Tables
from graphkit.data.telling import tell_open, tell_unread
from graphkit.engines.engine import At, open_engine
from graphkit.errors import ParameterError
from graphkit.questions.annual_return.columns import CLASSES, COLUMNS, SPLITS, TITLE, UNKNOWN
from graphkit.questions.annual_return.drawn import draw_return
from graphkit.questions.annual_return.placing import READ, lacking_cooperatives, managements_of, touched_cooperatives, townships_of
from graphkit.questions.coverage.bodies import UNKNOWN_BODIES
from graphkit.questions.coverage.cases import Cases, distinct_cases
from graphkit.questions.coverage.counted import count_kind
from graphkit.questions.finding import Column, Finding, pair_up, put_in_terms
from graphkit.rules.judge import Completion
from graphkit.rules.pack import RulePack
from graphkit.rules.reader import read_rule_pack
from graphkit.words import Text

THRESHOLD = 3
_WANTED = {"own_bodies", "temporary_bodies", "joint_bodies", "full_members", "party_members"}


def classify_annual_return(
    tables: Tables,
    *,
    rules: str | Path | RulePack = "acheng-2010",
    threshold: int = THRESHOLD,
    by: str | None = None,
    as_of: dt.date | None = None,
    engine: object = "duckdb",
) -> Finding:
    """In which class of the annual return does each co-operative stand?

    One class each, the first that holds: a body of its own (regular or temporary); a joint body, apart for those with `threshold` full members
    of their own; due and not formed (`threshold` full members or more); a few Party members only (probationary ones counted); no Party member.
    Whether a liaison was appointed stands beside it.

    Parameters
    ----------
    tables : Tables
        The district.
    rules : str, Path or RulePack
        Pack that says who counts as a member and which kinds of bodies a unit may have of its own or jointly.
    threshold : int, people, 1 or more
        Full members from which a body is due.
    by : {"township", "sector", "kind", "scope", "management"}, optional
        By what the form is split where the answer is printed; the rows hold all of these.
    as_of : date, optional
        Day of the return; today if not given.
    engine : {"duckdb", "spark"} or SparkSession, optional
        What counts: DuckDB, in this process; or Spark, in a session that is started for this answer, or in one of yours, which is left as it is.

    Returns
    -------
    Finding
        A row for each co-operative, by id; ``class`` is ``unknown`` where a stage or kind of body that is not on record decides between two, which
        ``possible`` names; ``certain`` is false there, and where a row that was not read could change the class.

    Raises
    ------
    EngineError
        If Spark cannot be had, or gives up.
    ParameterError
        If `threshold` is below 1, `by` is none of these, or no such pack is shipped.

    Examples
    --------
    >>> tables = Tables({
    ...     "Cooperative": pa.table({"id": ["c1", "c2"]}), "Member": pa.table({"id": ["m1"], "stage": ["full"]}),
    ...     "Member WORKS_IN Cooperative": pa.table({"member_id": ["m1"], "cooperative_id": ["c1"]}),
    ... })
    >>> classify_annual_return(tables).rows["class"].tolist()
    ['few', 'none']

    References
    ----------
    The classes of the statistics on Party organisations in non-public economic and social organisations.
    """
    if threshold < 1:
        raise ParameterError(Text(f"threshold 须不小于 1 人，而不是 {threshold}", f"threshold is 1 or more people, not {threshold}"))
    need_split(by)
    pack = rules if isinstance(rules, RulePack) else read_rule_pack(rules)
    day = dt.date.today() if as_of is None else as_of  # noqa: DTZ011  # the reader's own day
    standing = tables.at(day)
    with open_engine(engine) as opened:
        counted = count_kind("Cooperative", standing, pack, opened, At(tables, day))
        managements = managements_of(standing, pack, opened, At(tables, day))
    rows = _rows(counted, standing, managements, _classes(counted, pack, day, threshold))
    lacking = lacking_cooperatives(tables, day)
    rows["certain"] &= False if lacking is None else ~rows["subject_id"].isin(lacking)
    account = (*tell_unread(standing, READ), *tell_open(tables, READ, day))
    finding = Finding(
        "classify_annual_return", TITLE, rows[[c.name for c in COLUMNS]], _columns(rows), {"rules": pack.id, "threshold": threshold, "by": by}, (),
        (*_caveats(rows), *account), {"dataset": tables.dataset, "account": pair_up(account)}, day, "name", "class", draw_return,
    )  # fmt: skip
    return put_in_terms(finding, tables.model.terms)


def need_split(by: str | None) -> None:
    """Raise ParameterError unless the form can be split by `by`; None splits nothing."""
    if by is not None and by not in SPLITS:
        *first, last = SPLITS
        raise ParameterError(
            Text(f"by 只能是 {'、'.join(first)} 或 {last}，不能是 {str(by)[:20]!r}", f"by is {', '.join(first)} or {last}, not {str(by)[:20]!r}")
        )


def _rows(counted: pa.Table, standing: Tables, management: Mapping[str, str | None], classed: tuple[np.ndarray, list[list[str]]]) -> pd.DataFrame:
    codes, possible = classed
    names = np.array([UNKNOWN if len(found) > 1 else found[0] for found in possible], object)
    ids, touched = _text(counted, "subject_id"), touched_cooperatives(standing)
    return pd.DataFrame(
        {
            "subject_kind": pd.Series("Cooperative", index=ids.index, dtype="str"), "subject_id": ids, "name": _text(counted, "name"),
            "class": pd.Series(names[codes], dtype="str"), "possible": pd.Series([";".join(possible[code]) for code in codes], dtype="str"),
            "certain": (names[codes] != UNKNOWN) & (False if touched is None else ~ids.isin(touched)),
            "has_liaison": _liaisons(counted),
            **{name: _text(counted, name) for name in ("kind", "scope", "sector")},
            "township": ids.map(townships_of(standing)).astype("str"),
            "management": ids.map(lambda key: management.get(key, "no_body")).astype("str"),
            "full_members": counted["full_members"].to_pandas().astype("Int64"),
        }
    )  # fmt: skip


def _liaisons(counted: pa.Table) -> pd.Series:
    """Whether a liaison or a liaison post is there; missing where a body of unknown kind may be one."""
    there = np.asarray(counted["liaisons"]) + np.asarray(counted["posts"]) > 0
    perhaps = sum(np.asarray(counted[name]) for name in UNKNOWN_BODIES) > 0
    return pd.Series(pd.arrays.BooleanArray(there, ~there & perhaps))


def _columns(rows: pd.DataFrame) -> tuple[Column, ...]:
    """The columns, with the words for what those that cannot be classed may be."""
    used = [one.split(";") for one in dict.fromkeys(rows["possible"])]
    words = {";".join(ids): Text("或".join(CLASSES[i].zh for i in ids), " or ".join(CLASSES[i].en for i in ids)) for ids in used}
    return tuple(replace(column, values=words) if column.name == "possible" else column for column in COLUMNS)


def _caveats(rows: pd.DataFrame) -> tuple[Text, ...]:
    unread = int((~rows["certain"] & (rows["class"] != UNKNOWN)).sum())
    unclassed = int((rows["class"] == UNKNOWN).sum())
    said = []
    if unclassed:
        said.append(
            Text(
                f"{unclassed:,} 个不能归类，列出可能的各类，不计入其他任何一类",
                f"{unclassed:,} cannot be classed and are counted in no other class; the classes that they may be in are named",
            )
        )
    if unread:
        said.append(
            Text(
                f"{unread:,} 个按已读到的归类，没有读到的或应有而缺的行可能改变其类别",
                f"{unread:,} are classed by what was read; rows that were not read, or are declared and missing, could change it",
            )
        )
    return (*said, Text("只按登记归类，不证明党组织在开展活动", "classed by record; that a body is there does not show that it is active"))  # fmt: skip


def _classes(counted: pa.Table, pack: RulePack, day: dt.date, threshold: int) -> tuple[np.ndarray, list[list[str]]]:
    """The case of each co-operative, and the classes that each case may be in."""
    names = [name for name in counted.column_names if name.endswith(("_members", "_bodies")) or name.startswith("unknown_")]
    codes, columns = distinct_cases(counted, names)
    cases = Cases("Cooperative", columns, pack, day)
    facts = cases.facts()
    compared = {0, 1, threshold}
    possible = [{_class(one, threshold) for one in cases.complete(facts, case, _WANTED, compared)} for case in range(cases.size)]
    return codes, [[name for name in CLASSES if name in found] for found in possible]


def _class(facts: Completion, threshold: int) -> str:
    count: Mapping[str, int] = {name: int(str(facts[name])) for name in _WANTED}
    if count["own_bodies"] + count["temporary_bodies"]:
        return "own"
    enough = count["full_members"] >= threshold
    if count["joint_bodies"]:
        return "joint_enough" if enough else "joint"
    return "due" if enough else "few" if count["party_members"] else "none"


def _text(counted: pa.Table, name: str) -> pd.Series:
    return counted[name].to_pandas().astype("str")
