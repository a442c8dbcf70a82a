"""Pairing reach: which households do members reach, directly and in k steps; which twice, never, or only on paper?"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import TypeAlias

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from graphkit.arguments import need_a, read_date, read_whole
from graphkit.data.arrays import mask_of, whole
from graphkit.data.coding import Coded, code_ids
from graphkit.data.tables import Tables, day_before
from graphkit.data.telling import tell_open, tell_unread, tell_unsound
from graphkit.engines.engine import At, open_engine
from graphkit.questions.finding import Finding, pair_up, put_in_terms
from graphkit.questions.reach.asked import TABLES, ask_parts
from graphkit.questions.reach.columns import ANY, COLUMNS, COUNTS, PAIRING_KINDS
from graphkit.questions.reach.shown import draw_reach
from graphkit.questions.reach.steps import STEP_TABLES, Colleagues
from graphkit.questions.touches import Touches, spread_counts
from graphkit.words import Text

_TITLE = Text(
    "结对帮扶覆盖：谁联系到哪些农户，直接的与若干步内的", "Pairing reach: which households are reached by whom, directly and in a few steps"
)


def find_pairing_reach(
    tables: Tables, *, max_steps: int = 2, as_of: dt.date | None = None, max_body_people: int = 50, stale_days: int = 183, engine: object = "duckdb"
) -> Finding:
    """Which households do members reach, directly and in k steps; which twice, never, or only on paper?

    One row a subject and kind of pairing. Kinds are never added up: the rows of kind ``any`` count
    each household once, under whatever kind.

    - *Member*: households helped, helped by another member too, not visited for long, and
      members of an association in which the helper works.
    - *Village*: its households with one helper, several, none; of the poor among them, those with none.
    - *Household*: its helpers.

    Within k steps (rows of kind ``any``): the households helped by people at most k - 1 colleague
    steps away, the person included. A colleague step leads to a person of the same branch or
    co-operative, or along mentoring in either direction; a body with more than `max_body_people`
    people carries no step. For a village the people who live in it start together, and a household
    counts once.

    Parameters
    ----------
    tables : Tables
        The district.
    max_steps : int, steps, 1 or more
        1 counts what a person helps directly. The work is the sum of the balls, the people within
        ``max_steps - 1`` colleague steps of each person: at 2 that is everyone's own bodies; each
        further step multiplies it, and from about 5 every ball tends to the whole district, so the
        work to the square of its people.
    as_of : date, optional
        Day the answer speaks of; today if not given.
    max_body_people : int, people, 1 or more
        Largest branch or co-operative that carries a colleague step.
    stale_days : int, days, 0 or more
        A pairing is stale if its newest visit is more than so many days before `as_of`.
    engine : {"duckdb", "spark"} or SparkSession, optional
        What counts. DuckDB, in this process; or Spark, in a session that is started for this answer, or in one of yours, which is left as
        it is. Counts within steps are made in this process either way.

    Returns
    -------
    Finding
        Rows in the order of kind (Village, Member, Household), id, kind of pairing (``any`` last),
        with the columns of `COLUMNS` and what a missing value means. A row stands for each kind that
        occurs, and ``any`` for every village, every household, and every member who is full,
        probationary or helps.

    Raises
    ------
    EngineError
        If Spark cannot be had, or gives up.
    ParameterError
        If a number is out of its range, or `as_of` is no date.

    Examples
    --------
    A colleague in the same co-operative helps a household that one does not help oneself:

    >>> tables = Tables({
    ...     "Member": pa.table({"id": ["m1", "m2"], "stage": ["full", "full"]}),
    ...     "Household": pa.table({"id": ["h1", "h2"]}),
    ...     "Cooperative": pa.table({"id": ["c1"]}),
    ...     "Member WORKS_IN Cooperative": pa.table({"member_id": ["m1", "m2"], "cooperative_id": ["c1", "c1"]}),
    ...     "Member HELPS Household": pa.table({"member_id": ["m1", "m2"], "household_id": ["h1", "h2"], "kind": ["one_to_one"] * 2}),
    ... })
    >>> rows = find_pairing_reach(tables, max_steps=2).select("Member")
    >>> rows.loc[rows["pairing_kind"] == "any", ["subject_id", "paired_households", "households_within_steps"]].values.tolist()
    [['m1', 1, 2], ['m2', 1, 2]]

    References
    ----------
    k-step reach: Borgatti 2006, Computational and Mathematical Organization Theory 12, 21–34. The pairings are those of
    the article of Acheng's organisation department (2012), sentences 20, 51 and 57.
    """
    need_a(Tables, tables, "find_pairing_reach")
    max_steps, max_body_people = read_whole(max_steps, "max_steps", least=1), read_whole(max_body_people, "max_body_people", least=1)
    stale_days = read_whole(stale_days, "stale_days", least=0)
    day = dt.date.today() if as_of is None else read_date(as_of)  # noqa: DTZ011  # the reader's own day
    standing = tables.at(day)
    coded = code_ids(standing, dict.fromkeys((*TABLES, *STEP_TABLES)))
    with open_engine(engine) as opened:
        parts = ask_parts(opened, standing, coded, At(tables, day), day_before(day, stale_days))
    colleagues = Colleagues.of(coded, max_body_people)
    rows = _frame(parts, {kind: colleagues.count_households(kind, max_steps - 1) for kind in ("Village", "Member")}, coded, Touches(standing))
    parameters = {"max_steps": max_steps, "max_body_people": max_body_people, "stale_days": stale_days}
    account = (*tell_unsound(tables, TABLES), *tell_unread(standing, TABLES), *tell_open(tables, TABLES, day))
    provenance = {"dataset": tables.dataset, "nodes": tables.node_count, "ties": tables.tie_count, "account": pair_up(account)}
    caveats = (
        *_caveats(standing, stale_days),
        *account,
        *_step_caveats(colleagues, max_steps, max_body_people),
    )
    finding = Finding("find_pairing_reach", _TITLE, rows, COLUMNS, parameters, (), caveats, provenance, day, None, "paired_households", draw_reach)
    return put_in_terms(finding, tables.model.terms)


def _frame(parts: dict[str, pa.Table], within: Mapping[str, NDArray[np.int64]], coded: Coded, touches: Touches) -> pd.DataFrame:
    """The rows as a user receives them, with what is counted here put beside what was asked."""
    lengths = [part.num_rows for part in parts.values()]
    kinds = pa.DictionaryArray.from_arrays(pa.array(np.repeat(np.arange(len(parts), dtype=np.int8), lengths)), list(parts))
    ids = {kind: coded.spell(kind, part["subject_id"]) for kind, part in parts.items()}
    pairing_kinds = pa.chunked_array([chunk for part in parts.values() for chunk in part["pairing_kind"].chunks], pa.string())
    columns = {
        "subject_kind": _words(pa.chunked_array([kinds.cast(pa.string())])),
        "subject_id": _words(pa.chunked_array(list(ids.values()), pa.string())),
    }
    columns |= {
        "pairing_kind": _words(pairing_kinds),
        "households_within_steps": _put([_steps(*part, within, coded) for part in parts.items()], lengths),
    }
    pairs = {kind: _pairs_between(kind, part, ids[kind], touches) for kind, part in parts.items()}
    for name in ("pairs_low", "pairs_high"):
        columns[name] = _put([between.get(name) for between in pairs.values()], lengths)
    for name in COUNTS:
        columns[name] = _put([part[name] if name in part.column_names else None for part in parts.values()], lengths)
    return pd.DataFrame({column.name: columns.pop(column.name) for column in COLUMNS}, copy=False)


def _words(cells: pa.ChunkedArray) -> pd.Series:
    """Words as pandas holds them, without a Python object for each."""
    words: pd.Series = cells.to_pandas(types_mapper={pa.string(): pd.StringDtype(na_value=np.nan)}.get)
    return words


Counts: TypeAlias = "pa.ChunkedArray | pa.Array | None"


def _put(parts: Sequence[Counts], lengths: Sequence[int]) -> pd.Series:
    """One column of the counts of several kinds of subjects, one after the other; a kind that has none has no value there."""
    values, unknown = np.zeros(sum(lengths), np.int64), np.ones(sum(lengths), np.bool_)
    for part, start, length in zip(parts, np.cumsum([0, *lengths]).tolist(), lengths, strict=False):
        if part is not None:
            values[start : start + length] = whole(pc.fill_null(part, 0)).to_numpy()
            unknown[start : start + length] = mask_of(pc.is_null(part))
    return pd.Series(pd.arrays.IntegerArray(values, unknown), copy=False)


def _steps(kind: str, part: pa.Table, within: Mapping[str, NDArray[np.int64]], coded: Coded) -> Counts:
    """The counts within steps, beside the rows of kind ``any``; of tables that no store would take, a helper may be nobody and has none."""
    if kind not in within:
        return None
    codes = whole(part["subject_id"])
    counted = part["pairing_order"].to_numpy() == PAIRING_KINDS.index(ANY)
    if kind in coded.strangers:
        counted &= ~coded.strangers[kind][codes.to_numpy()]
    return pa.array(within[kind][codes.to_numpy()], mask=~counted)


def _pairs_between(kind: str, part: pa.Table, ids: pa.Array, touches: Touches) -> dict[str, Counts]:
    """The lowest and the highest number of pairings of each household and member, as far as what was not read leaves it."""
    if kind == "Village":
        return {}
    end, count = {"Household": ("household_id", "helpers"), "Member": ("member_id", "paired_households")}[kind]
    recorded, pair = part[count].to_numpy(), touches.at("Member HELPS Household", end)
    low, high = recorded - spread_counts(pair.less, ids), recorded + spread_counts(pair.more, ids)
    return {"pairs_low": pa.array(np.maximum(low, 0)), "pairs_high": pa.array(high)}


# caveats


def _caveats(tables: Tables, stale_days: int) -> list[Text]:
    ties = tables.columns("Member HELPS Household", "last_visit_on")
    unvisited = ties["last_visit_on"].null_count
    caveats = [
        Text("各种结对方式不相加；“任一方式”每户只计一次", "kinds of pairing are never added up; in rows of any kind each household counts once"),
        Text("结对关系来自登记，不证明帮扶已经发生", "pairings are what is recorded; they do not show that help was given"),
    ]
    if unvisited:
        zh = f"{ties.num_rows:,}条结对中有{unvisited:,}条无走访记录，不算超过{stale_days}天未走访，也不能证明有走访"
        en = f"{unvisited:,} of {ties.num_rows:,} pairings have no recorded visit: they do not count as stale ({stale_days} days), nor as visited"
        caveats.append(Text(zh, en))
    return caveats


def _step_caveats(colleagues: Colleagues, max_steps: int, max_body_people: int) -> list[Text]:
    branches, cooperatives = colleagues.too_large["Branch"], colleagues.too_large["Cooperative"]
    if max_steps == 1 or not branches + cooperatives:
        return []
    zh = f"超过{max_body_people}人的{branches:,}个党组织和{cooperatives:,}个合作组织不作为同事步，步内农户数因此偏低"
    en = (
        f"bodies with more than {max_body_people} people carry no colleague step (branches: {branches:,}, co-operatives: {cooperatives:,}), "
        "so counts within steps are the lower for it"
    )
    return [Text(zh, en)]
