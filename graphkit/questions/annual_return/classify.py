"""The classes of the annual return: what stands for each co-operative, as the form counts it."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa

from graphkit.data.tables import Tables
from graphkit.data.telling import tell_open, tell_unread
from graphkit.engines.engine import At, open_engine
from graphkit.errors import ParameterError
from graphkit.questions.annual_return.columns import COLUMNS, TITLE, UNKNOWN, need_split
from graphkit.questions.annual_return.drawn import draw_return
from graphkit.questions.annual_return.placing import READ, lacking_cooperatives, managements_of, touched_cooperatives, townships_of
from graphkit.questions.coverage.bodies import UNKNOWN_BODIES
from graphkit.questions.coverage.cases import Cases, distinct_cases, facts_of, needed_columns
from graphkit.questions.coverage.counted import count_kind
from graphkit.questions.finding import Column, Finding, pair_up, put_in_terms
from graphkit.rules.conditions import cuts
from graphkit.rules.judge import facts_known
from graphkit.rules.pack import RulePack
from graphkit.rules.reader import read_rule_pack
from graphkit.rules.returns import ReturnForm, read_return_form
from graphkit.words import Text


def classify_annual_return(
    tables: Tables,
    *,
    rules: str | Path | RulePack = "acheng-2010",
    form: str | Path = "statistics-classes",
    threshold: int | None = None,
    by: str | None = None,
    as_of: dt.date | None = None,
    engine: object = "duckdb",
) -> Finding:
    """In which class of the annual return does each co-operative stand?

    One class each, the first of the form that holds. Of the shipped form: a body of its own (regular or temporary); a joint body, apart for those with
    `threshold` full members of their own; due and not formed (`threshold` full members or more); a few Party members only (probationary ones
    counted); no Party member. Whether a liaison was appointed stands beside it.

    Parameters
    ----------
    tables : Tables
        The district.
    rules : str, Path or RulePack
        Pack that says who counts as a member and which kinds of bodies a unit may have of its own or jointly.
    form : str or Path
        The form: one that is shipped, or a TOML file of your own.
    threshold : int, people, 1 or more, optional
        Full members from which a body is due, in the place of the number of that name in the form (3 in the shipped one).
    by : {"township", "sector", "kind", "scope", "management"}, optional
        By what the form is split where the answer is printed; the rows hold all of these.
    as_of : date, optional
        Day of the return; today if not given.
    engine : {"duckdb", "spark"} or SparkSession, optional
        What counts: DuckDB, in this process; or Spark, in a session that is started for this answer, or in one of yours, which is left as it is.

    Returns
    -------
    Finding
        A row for each co-operative, by id; ``class`` is one of the form, or ``unknown`` where a stage or kind of body that is not on record decides between two, which
        ``possible`` names; ``certain`` is false there, and where a row that was not read could change the class.

    Raises
    ------
    EngineError
        If Spark cannot be had, or gives up.
    ParameterError
        If `threshold` is below 1 or no number of the form, `by` is none of these, or no such pack or form is shipped.
    ModelError, SourceError
        If the form, or the pack, contradicts itself or cannot be read.

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
    if threshold is not None and threshold < 1:
        raise ParameterError(Text(f"threshold 须不小于 1 人，而不是 {threshold}", f"threshold is 1 or more people, not {threshold}"))
    need_split(by)
    pack = rules if isinstance(rules, RulePack) else read_rule_pack(rules)
    asked = read_return_form(form)
    asked = asked if threshold is None else asked.with_numbers(threshold=threshold)
    day = dt.date.today() if as_of is None else as_of  # noqa: DTZ011  # the reader's own day
    standing = tables.at(day)
    with open_engine(engine) as opened:
        counted = count_kind("Cooperative", standing, pack, opened, At(tables, day))
        managements = managements_of(standing, pack, opened, At(tables, day))
    rows = _rows(counted, standing, managements, _classes(counted, pack, day, asked))
    lacking = lacking_cooperatives(tables, day)
    rows["certain"] &= False if lacking is None else ~rows["subject_id"].isin(lacking)
    account = (*tell_unread(standing, READ), *tell_open(tables, READ, day))
    finding = Finding(
        "classify_annual_return", TITLE, rows[[c.name for c in COLUMNS]], _columns(rows, asked),
        {"rules": pack.id, "form": asked.id, **asked.numbers, "by": by}, (), (*_caveats(rows), *account),
        {"dataset": tables.dataset, "account": pair_up(account), "lines": _lines(asked)}, day, "name", "class", draw_return,
    )  # fmt: skip
    return put_in_terms(finding, tables.model.terms, keep=[*asked.words.values()])


def _lines(form: ReturnForm) -> list[list[object]]:
    """The lines of the form in plain values, so that they go with the answer wherever it is sent."""
    return [[line.heading.zh, line.heading.en, list(line.classes), line.part] for line in form.lay_out()]


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


def _columns(rows: pd.DataFrame, form: ReturnForm) -> tuple[Column, ...]:
    """The columns, with the words of the classes, and of what those that cannot be classed may be."""
    classes = form.words
    used = [one.split(";") for one in dict.fromkeys(rows["possible"])]
    possible = {";".join(ids): Text("或".join(classes[i].zh for i in ids), " or ".join(classes[i].en for i in ids)) for ids in used}
    words = {"class": classes, "possible": possible}
    return tuple(replace(column, values=words.get(column.name, column.values)) for column in COLUMNS)


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


def _classes(counted: pa.Table, pack: RulePack, day: dt.date, form: ReturnForm) -> tuple[np.ndarray, list[list[str]]]:
    """The case of each co-operative, and the classes that each case may be in, in the order of the form."""
    rule = form.rule
    codes, columns = distinct_cases(counted, needed_columns(rule, counted.column_names))
    cases, numbers = Cases("Cooperative", columns, pack, day), rule.numbers_on(day)
    facts, wanted, compared = cases.facts(), facts_of(rule, words=False), cuts(rule.met, numbers)
    completions = [list(cases.complete(facts, case, wanted, compared)) for case in range(cases.size)]
    found = form.classify(facts_known([one for these in completions for one in these], wanted))
    return codes, _by_case(found, [len(these) for these in completions], [one.id for one in form.classes])


def _by_case(found: Sequence[int], sizes: Sequence[int], names: Sequence[str]) -> list[list[str]]:
    ends = np.cumsum([0, *sizes])
    return [[names[place] for place in sorted({*found[start:end]})] for start, end in itertools.pairwise(ends)]


def _text(counted: pa.Table, name: str) -> pd.Series:
    return counted[name].to_pandas().astype("str")
