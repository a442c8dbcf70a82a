"""The classes of the annual return: what stands for each co-operative, as the form counts it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa

from graphkit.data.tables import Tables
from graphkit.errors import ParameterError
from graphkit.model.kinds import MODEL
from graphkit.questions.coverage.cases import Cases, distinct_cases
from graphkit.questions.coverage.find import count_kind
from graphkit.questions.finding import SUBJECT_COLUMNS, Column, Finding
from graphkit.rules.judge import Completion
from graphkit.rules.pack import RulePack
from graphkit.rules.reader import read_rule_pack
from graphkit.words import Text

CLASSES = {
    "own": Text("单独建立党组织", "a body of its own"),
    "joint_enough": Text("联合党支部，本单位正式党员已达条件", "joint body, with enough full members of its own"),
    "joint": Text("联合党支部，本单位正式党员不足", "joint body, with fewer full members"),
    "due": Text("应建尚未建", "due and not formed"),
    "few": Text("仅有个别党员", "a few Party members only"),
    "none": Text("没有党员", "no Party member"),
    "unknown": Text("不能归类", "cannot be classed"),
}
"""The classes, in the order of the form; a co-operative stands in one."""

_WANTED = {"own_bodies", "temporary_bodies", "joint_bodies", "full_members", "party_members"}
_NAMED = Text("不会为空", "never missing")
COLUMNS = (
    *SUBJECT_COLUMNS,
    Column("name", Text("名称", "name"), Text("合作组织的名称", "name of the co-operative"), Text("未知", "unknown")),
    Column("class", Text("类别", "class"), Text("年报中的类别", "class of the annual return"), _NAMED, values=CLASSES),
    Column("possible", Text("可能的类别", "possible classes"), Text("资料不全时可能的各类", "the classes that it may be in, where data are missing"), _NAMED),
    Column("has_liaison", Text("已派指导员", "has a liaison"), Text("已派党建联络指导员或设联络岗", "a liaison or a liaison post is there"), _NAMED),
    Column("kind", Text("依托", "kind of host"), Text("依托的类别", "kind of host"), Text("未知", "unknown"),
           values={c.value: c.heading for p in MODEL.node_type("Cooperative").properties if p.name == "kind" for c in p.choices}),
    Column("scope", Text("范围", "scope"), Text("登记的范围，未登记时由经营村推断", "declared scope, or inferred from the villages"), Text("未知", "unknown"),
           values={c.value: c.heading for p in MODEL.node_type("Cooperative").properties if p.name == "scope" for c in p.choices}),
    Column("sector", Text("门类", "sector"), Text("产业门类", "line of business"), Text("未知", "unknown")),
    Column("township", Text("乡镇", "township"), Text("经营村所在的乡镇", "township of the villages that it operates in"), Text("未知，或跨几个乡镇", "unknown, or several")),
    Column("full_members", Text("正式党员", "full members"), Text("从业的正式党员", "full members who work there"), _NAMED, Text("人", "people")),
)  # fmt: skip
_TITLE = Text("年报：合作组织党组织组建情况", "Annual return: how co-operatives stand with Party bodies")


def classify_annual_return(
    tables: Tables, *, rules: str | Path | RulePack = "acheng-2010", threshold: int = 3, as_of: dt.date | None = None
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
    as_of : date, optional
        Day of the return; today if not given.

    Returns
    -------
    Finding
        A row for each co-operative, by id; ``class`` is ``unknown`` where a stage or kind of body that is not on record decides between two, which
        ``possible`` names.

    Raises
    ------
    ParameterError
        If `threshold` is below 1, or no such pack is shipped.

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
    pack = rules if isinstance(rules, RulePack) else read_rule_pack(rules)
    day = dt.date.today() if as_of is None else as_of  # noqa: DTZ011  # the reader's own day
    standing = tables.at(day)
    counted = count_kind("Cooperative", standing, pack)
    codes, possible = _classes(counted, pack, day, threshold)
    names = ["unknown" if len(found) > 1 else found[0] for found in possible]
    rows = pd.DataFrame(
        {
            "subject_kind": pd.Series("Cooperative", index=range(counted.num_rows), dtype="str"), "subject_id": _text(counted, "subject_id"),
            "name": _text(counted, "name"), "class": pd.Series([names[code] for code in codes], dtype="str"),
            "possible": pd.Series([";".join(possible[code]) for code in codes], dtype="str"),
            "has_liaison": np.asarray(counted["liaisons"]) + np.asarray(counted["posts"]) > 0,
            **{name: _text(counted, name) for name in ("kind", "scope", "sector")},
            "township": _text(counted, "subject_id").map(_townships(standing)).astype("str"),
            "full_members": counted["full_members"].to_pandas().astype("Int64"),
        }
    )  # fmt: skip
    caveats = (
        Text("不能归类的，列出可能的各类；未计入任何一类", "what cannot be classed is counted in no class; the classes that it may be in are named"),
    )
    return Finding(
        "classify_annual_return", _TITLE, rows[[c.name for c in COLUMNS]], COLUMNS, {"rules": pack.id, "threshold": threshold}, (), caveats,
        {"dataset": tables.dataset}, day, "name", "class",
    )  # fmt: skip


def tabulate_annual_return(finding: Finding, *, by: str | None = None) -> pd.DataFrame:
    """Fill in the form: how many stand in each class, and in how many of those a liaison was appointed.

    Parameters
    ----------
    finding : Finding
        Of `classify_annual_return`.
    by : {"township", "sector", "kind", "scope"}, optional
        A column for each of these besides the total; ``unknown`` where it is not on record.

    Returns
    -------
    DataFrame
        A row a class in the order of the form, then ``total``; columns ``total``, ``has_liaison``, and one a value of `by`.

    Raises
    ------
    ParameterError
        If `by` is none of these.

    Examples
    --------
    >>> tables = Tables({"Cooperative": pa.table({"id": ["c1", "c2"], "kind": ["park", "base"]})})
    >>> tabulate_annual_return(classify_annual_return(tables), by="kind").loc["none"].to_dict()
    {'total': 2, 'has_liaison': 0, 'base': 1, 'park': 1}
    """
    if by not in (None, "township", "sector", "kind", "scope"):
        raise ParameterError(Text(f"by 只能是 township、sector、kind 或 scope，不能是 {by!r}", f"by is township, sector, kind or scope, not {by!r}"))
    rows = finding.rows
    table = pd.DataFrame(index=list(CLASSES))
    table["total"] = rows["class"].value_counts().reindex(table.index, fill_value=0)
    table["has_liaison"] = rows[rows["has_liaison"]]["class"].value_counts().reindex(table.index, fill_value=0)
    if by is not None:
        table = table.join(pd.crosstab(rows["class"], rows[by].fillna("unknown")).reindex(table.index, fill_value=0))
    table.loc["total"] = table.sum()
    return table.astype(int)


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


def _townships(tables: Tables) -> dict[str, str]:
    """The township of each co-operative that operates in one alone, by name, or code where it has none."""
    places = tables["Cooperative OPERATES_IN Village"].select(["cooperative_id", "village_code"]).to_pandas()
    both = places.merge(tables["Village IN Township"].select(["village_code", "township_code"]).to_pandas(), on="village_code")
    found = both.drop_duplicates(["cooperative_id", "township_code"])
    single = found[~found["cooperative_id"].duplicated(keep=False)]
    names = {code: name or code for code, name in zip(tables["Township"]["code"].to_pylist(), tables["Township"]["name"].to_pylist(), strict=True)}
    return {key: names.get(code, code) for key, code in zip(single["cooperative_id"], single["township_code"], strict=True)}
