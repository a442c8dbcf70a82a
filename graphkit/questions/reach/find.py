"""Pairing reach: which households do members reach, directly and in k steps; which twice, never, or only on paper?"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import narwhals.stable.v2 as nw
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from graphkit.arguments import need_a, read_date, read_whole
from graphkit.data.tables import Tables, day_before
from graphkit.data.telling import tell_open, tell_unread, tell_unsound
from graphkit.engines.engine import Asked, At, open_engine, run_on
from graphkit.engines.frames import Frame, Frames, count_distinct, count_rows, count_where, join_frames, stack_frames
from graphkit.model.kinds import MODEL
from graphkit.questions.finding import SUBJECT_COLUMNS, Column, Finding, pair_up, put_in_terms
from graphkit.questions.reach.shown import draw_reach
from graphkit.questions.touches import Touches, spread_counts
from graphkit.words import Text

ANY = "any"
_KIND_PROPERTY = next(p for p in MODEL.table_type("Member HELPS Household").columns if p.name == "kind")
PAIRING_KINDS = (*_KIND_PROPERTY.values, ANY)

_KIND_WORDS = {
    **{choice.value: choice.heading for choice in _KIND_PROPERTY.choices},
    ANY: Text("任一方式（不是各方式之和）", "any kind (not their sum)"),
}
_HOUSEHOLDS, _PEOPLE = Text("户", "households"), Text("人", "people")
_OF_A_VILLAGE = Text("只在村的“任一方式”行计数", "counted in the rows of any kind of villages only")
_NOT_COUNTED = Text("此类对象不计此数", "not counted for this kind of subject")

COLUMNS = (
    *SUBJECT_COLUMNS,
    Column("pairing_kind", Text("结对方式", "kind of pairing"), Text("哪一种结对；各方式不相加", "which kind of pairing; kinds are never added up"), Text("不会为空", "never missing"), values=_KIND_WORDS),
    Column("households", Text("村内农户", "households of the village"), Text("居住在村里的农户", "households that live in the village"), _NOT_COUNTED, _HOUSEHOLDS),
    Column("paired_households", Text("结对农户", "paired households"), Text("直接结对的农户，每户计一次；村：村内有人结对的农户", "households paired directly, each counted once; of a village: its households that have a helper"), _NOT_COUNTED, _HOUSEHOLDS),
    Column("reached_by_one", Text("一人结对", "reached by one"), Text("村内恰有一名党员结对的农户", "households of the village with exactly one helper"), _NOT_COUNTED, _HOUSEHOLDS),
    Column("reached_by_several", Text("多人结对", "reached by several"), Text("村内有两名以上党员结对的农户", "households of the village with two helpers or more"), _NOT_COUNTED, _HOUSEHOLDS),
    Column("reached_by_none", Text("无人结对", "reached by none"), Text("村内没有党员结对的农户", "households of the village without a helper"), _NOT_COUNTED, _HOUSEHOLDS),
    Column("poor_households", Text("困难户", "poor households"), Text("村内登记为困难户的农户", "households of the village recorded as poor"), _OF_A_VILLAGE, _HOUSEHOLDS),
    Column("poor_reached_by_none", Text("困难户无人结对", "poor, reached by none"), Text("登记为困难户而没有党员结对的农户：规则要求帮扶的只有困难户", "households recorded as poor without a helper: of the poor alone a rule asks one"), _OF_A_VILLAGE, _HOUSEHOLDS),
    Column("poverty_unknown", Text("是否困难未知", "poverty unknown"), Text("村内没有登记是否困难的农户", "households of the village of which it is not recorded whether they are poor"), _OF_A_VILLAGE, _HOUSEHOLDS),
    Column("households_within_steps", Text("若干步内农户", "households within steps"),
           Text("本人及同事步内的人结对的农户；村：村内居民合计，不重复", "households of the person and of colleagues within the steps; of a village: of all its residents, each counted once"),
           Text("只在“任一方式”的行计数；农户不计", "counted in rows of any kind only; not for households"), _HOUSEHOLDS),
    Column("shared_households", Text("重复结对农户", "shared households"), Text("同时有别人以同一方式结对的农户", "households that another member helps too, in the same kind"), _NOT_COUNTED, _HOUSEHOLDS),
    Column("stale_households", Text("久未走访农户", "stale households"), Text("最近一次走访已久的农户；无走访记录的不在内", "households whose last visit is long ago; those without a recorded visit are not among them"), _NOT_COUNTED, _HOUSEHOLDS),
    Column("own_association_households", Text("本组织内农户", "households of the own association"), Text("是该党员所在合作组织会员的农户", "households that are members of a co-operative in which the helper works"), _NOT_COUNTED, _HOUSEHOLDS),
    Column("pairs_low", Text("结对至少", "pairs, lowest"), Text("农户：结对党员至少多少；党员：结对农户至少多少。起止日期未读出的结对可能已不存在", "of a household: its helpers at least; of a member: the paired households at least; a pairing whose period could not be read may hold no more"), _NOT_COUNTED),
    Column("pairs_high", Text("结对至多", "pairs, highest"), Text("同上，至多多少：搁置的结对中有提到它的，可能再多", "the same at most: pairings set aside that name it may come on top"), _NOT_COUNTED),
    Column("helpers", Text("结对党员", "helpers"), Text("农户：结对的党员；村：与村内农户结对的党员", "of a household: members who help it; of a village: members who help one of its households"), _NOT_COUNTED, _PEOPLE),
)  # fmt: skip

_TITLE = Text(
    "结对帮扶覆盖：谁联系到哪些农户，直接的与若干步内的", "Pairing reach: which households are reached by whom, directly and in a few steps"
)

_STRING, _COUNT = pa.string(), pa.int64()
_PANDAS = {_COUNT: pd.Int64Dtype(), pa.string(): pd.StringDtype(na_value=np.nan)}  # what is left out goes by way of Python objects
_KINDS = ("Village", "Member", "Household")  # in the order of the schema
_ADDED = ("households_within_steps", "pairs_low", "pairs_high")
_COUNTS = tuple(column.name for column in COLUMNS[3:] if column.name not in _ADDED)
_ANSWER = pa.schema(
    [("kind_order", _COUNT), ("pairing_order", _COUNT), ("subject_kind", _STRING), ("subject_id", _STRING), ("pairing_kind", _STRING)]
    + [(name, _COUNT) for name in _COUNTS]
)
_TABLES = (
    "Village", "Member", "Household", "Household LIVES_IN Village", "Member HELPS Household", "Member WORKS_IN Cooperative",
    "Household JOINED Cooperative",
)  # fmt: skip


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
    asked = Asked(_Question(day_before(day, stale_days)), _ANSWER, ["kind_order", "subject_id", "pairing_order"])
    with open_engine(engine) as opened:
        answer = run_on(opened, asked, {name: standing[name] for name in _TABLES}, At(tables, day))
    colleagues = _Colleagues.of(standing, max_body_people)
    rows = _frame(answer, {kind: colleagues.count_households(kind, max_steps - 1) for kind in ("Village", "Member")}, Touches(standing))
    parameters = {"max_steps": max_steps, "max_body_people": max_body_people, "stale_days": stale_days}
    account = (*tell_unsound(tables, _TABLES), *tell_unread(standing, _TABLES), *tell_open(tables, _TABLES, day))
    provenance = {"dataset": tables.dataset, "nodes": tables.node_count, "ties": tables.tie_count, "account": pair_up(account)}
    caveats = (
        *_caveats(standing, stale_days),
        *account,
        *_step_caveats(colleagues, max_steps, max_body_people),
    )
    finding = Finding("find_pairing_reach", _TITLE, rows, COLUMNS, parameters, (), caveats, provenance, day, None, "paired_households", draw_reach)
    return put_in_terms(finding, tables.model.terms)


# the question: lazy frames in, one lazy frame out


@dataclass(frozen=True, slots=True)
class _Question:
    """The relational part: direct counts by subject and kind of pairing; a visit before `cutoff` is stale."""

    cutoff: dt.date

    def __call__(self, frames: Frames) -> Frame:
        pairs = _pairs(frames["Member HELPS Household"])
        helpers = pairs.group_by("household_id", "pairing_kind").agg(count_rows().alias("helpers"))
        parts = (_villages(frames, pairs, helpers), self._members(frames, pairs, helpers), _households(frames, helpers))
        return stack_frames([_complete(part, kind) for kind, part in zip(_KINDS, parts, strict=True)], _ANSWER.names)

    def _members(self, frames: Frames, pairs: Frame, helpers: Frame) -> Frame:
        shared = join_frames(pairs, helpers, on=["household_id", "pairing_kind"])
        known = join_frames(shared, _own_association(frames, pairs), on=["member_id", "household_id"], how="left")
        counted = known.group_by("member_id", "pairing_kind").agg(
            count_rows().alias("paired_households"),
            count_where(nw.col("helpers") > 1).alias("shared_households"),
            count_where(nw.col("last_visit_on") < nw.lit(self.cutoff)).alias("stale_households"),
            count_where(nw.col("is_own") == 1).alias("own_association_households"),
        )
        expected = frames["Member"].filter(nw.col("stage").is_in(("full", "probationary"))).select(nw.col("id").alias("member_id"))
        zero = dict.fromkeys(("paired_households", "shared_households", "stale_households", "own_association_households"), 0)
        return _with_any(counted, expected, "member_id", zero)


def _pairs(ties: Frame) -> Frame:
    """Distinct pairs of member and household, once for each kind and once under ``any``, with the newest visit."""
    visit = nw.col("last_visit_on").max().alias("last_visit_on")
    by_kind = ties.filter(~nw.col("kind").is_null()).group_by("member_id", "household_id", "kind").agg(visit)
    under_any = ties.group_by("member_id", "household_id").agg(visit)
    names = ["member_id", "household_id", "pairing_kind", "last_visit_on"]
    named = by_kind.with_columns(nw.col("kind").alias("pairing_kind"))
    return stack_frames([named, under_any.with_columns(nw.lit(ANY).alias("pairing_kind"))], names)


def _own_association(frames: Frames, pairs: Frame) -> Frame:
    """Pairs whose household is a member of a co-operative in which the helper works; those merely served by it are not."""
    joined = frames["Household JOINED Cooperative"].filter(nw.col("kind").is_null() | (nw.col("kind") == "member"))
    distinct = pairs.filter(nw.col("pairing_kind") == ANY).select("member_id", "household_id")
    through = join_frames(distinct, joined.select("household_id", "cooperative_id"), on=["household_id"])
    own = join_frames(
        through, frames["Member WORKS_IN Cooperative"].select("member_id", "cooperative_id"), on=["member_id", "cooperative_id"], how="semi"
    )
    return own.select("member_id", "household_id").unique().with_columns(nw.lit(1).alias("is_own"))


def _villages(frames: Frames, pairs: Frame, helpers: Frame) -> Frame:
    residents = frames["Household LIVES_IN Village"].select("household_id", "village_code").unique()
    keys = ["village_code", "pairing_kind"]
    reached = join_frames(residents, helpers, on=["household_id"]).group_by(*keys).agg(
        count_where(nw.col("helpers") == 1).alias("reached_by_one"), count_where(nw.col("helpers") > 1).alias("reached_by_several")
    )  # fmt: skip
    people = join_frames(residents, pairs, on=["household_id"]).group_by(*keys).agg(count_distinct("member_id").alias("helpers"))
    zero = dict.fromkeys(("reached_by_one", "reached_by_several", "helpers"), 0)
    whole = _with_any(join_frames(reached, people, on=keys), frames["Village"].select(nw.col("code").alias("village_code")), "village_code", zero)
    totals = residents.group_by("village_code").agg(count_rows().alias("households")).with_columns(nw.col("village_code").alias("subject_id"))
    known = join_frames(whole, totals.drop("village_code"), on=["subject_id"], how="left").with_columns(nw.col("households").fill_null(0))
    paired = nw.col("reached_by_one") + nw.col("reached_by_several")
    reach = known.with_columns(paired.alias("paired_households"), (nw.col("households") - paired).alias("reached_by_none"))
    return _with_poor(reach, _poor(frames, residents, helpers))


def _poor(frames: Frames, residents: Frame, helpers: Frame) -> Frame:
    """Count the poor households of each village, those of them that nobody helps, and those of which it is not known."""
    homes = join_frames(residents, frames["Household"].select(nw.col("id").alias("household_id"), "is_poor"), on=["household_id"])
    helped = helpers.filter(nw.col("pairing_kind") == ANY).select("household_id", nw.lit(1).alias("helped"))
    return join_frames(homes, helped, on=["household_id"], how="left").group_by("village_code").agg(
        count_where(nw.col("is_poor")).alias("poor_households"),
        count_where(nw.col("is_poor") & nw.col("helped").is_null()).alias("poor_reached_by_none"),
        count_where(nw.col("is_poor").is_null()).alias("poverty_unknown"),
    )  # fmt: skip


def _with_poor(villages: Frame, poor: Frame) -> Frame:
    """Put the counts of poor households beside the rows of any kind, zero where a village has no household."""
    keyed = poor.with_columns(nw.col("village_code").alias("subject_id"), nw.lit(ANY).alias("pairing_kind")).drop("village_code")
    joined = join_frames(villages, keyed, on=["subject_id", "pairing_kind"], how="left")
    names = ("poor_households", "poor_reached_by_none", "poverty_unknown")
    return joined.with_columns(
        nw.when(nw.col("pairing_kind") == ANY).then(nw.col(name).fill_null(0)).otherwise(nw.lit(None)).alias(name) for name in names
    )


def _households(frames: Frames, helpers: Frame) -> Frame:
    return _with_any(helpers, frames["Household"].select(nw.col("id").alias("household_id")), "household_id", {"helpers": 0})


def _with_any(counted: Frame, expected: Frame, key: str, zero: Mapping[str, int]) -> Frame:
    """Add a row of kind ``any`` with zeros for each expected subject that has none; the key becomes subject_id."""
    there = counted.filter(nw.col("pairing_kind") == ANY)
    absent = join_frames(expected, there.select(key), on=[key], how="anti")
    zeros = absent.with_columns(nw.lit(ANY).alias("pairing_kind"), *(nw.lit(value).cast(nw.Int64).alias(name) for name, value in zero.items()))
    rest = [name for name in counted.collect_schema().names() if name not in {key, "pairing_kind", *zero}]
    filled = zeros.with_columns(nw.lit(None).cast(nw.Int64).alias(name) for name in rest)
    whole = stack_frames([counted, filled], counted.collect_schema().names())
    return whole.with_columns(nw.col(key).alias("subject_id")).drop(key)


def _complete(frame: Frame, kind: str) -> Frame:
    """Add kind, order, and the counts that this kind of subject does not have, as nulls."""
    order = nw.lit(len(PAIRING_KINDS))
    for position, name in enumerate(PAIRING_KINDS):
        order = nw.when(nw.col("pairing_kind") == name).then(nw.lit(position)).otherwise(order)
    there = frame.collect_schema().names()
    return frame.select(
        nw.lit(_KINDS.index(kind)).cast(nw.Int64).alias("kind_order"),
        order.cast(nw.Int64).alias("pairing_order"),
        nw.lit(kind).alias("subject_kind"),
        "subject_id",
        "pairing_kind",
        *((nw.col(name) if name in there else nw.lit(None)).cast(nw.Int64).alias(name) for name in _COUNTS),
    )


# steps


@dataclass(frozen=True, eq=False)
class _Colleagues:
    """People, the bodies that carry steps between them, and the households they help, as positions."""

    tables: Tables
    people: tuple[NDArray[np.int32], NDArray[np.int32]]  # person, body
    bodies: int
    too_large: Mapping[str, int]

    @classmethod
    def of(cls, tables: Tables, max_body_people: int) -> _Colleagues:
        """Positions of the people in each body; bodies with more than `max_body_people` people are left out and counted."""
        from graphkit.kernels.csr import distinct_pairs

        persons, bodies, too_large, first = [], [], {}, 0
        for table, label, key in (
            ("Member BELONGS_TO Branch", "Branch", "branch_id"),
            ("Member WORKS_IN Cooperative", "Cooperative", "cooperative_id"),
        ):
            count = tables[label].num_rows
            ends = _positions(tables, table, (key, label), ("member_id", "Member"))
            body, person = distinct_pairs(ends[0], ends[1], max(tables["Member"].num_rows, 1))
            sizes = np.bincount(body, minlength=count)
            small = sizes[body] <= max_body_people
            persons.append(person[small])
            bodies.append(body[small] + np.int32(first))
            too_large[label] = int((sizes > max_body_people).sum())
            first += count
        return cls(tables, (np.concatenate(persons), np.concatenate(bodies)), first, too_large)

    def count_households(self, kind: str, steps: int) -> pa.Table:
        """Households within `steps` colleague steps of each Village or Member: columns subject_id, households."""
        from graphkit.kernels.reach import Lists, count_reach, lay_out

        tables, members = self.tables, self.tables["Member"].num_rows
        person, body = self.people
        mentor, mentee = _positions(tables, "Member MENTORS Member", ("mentor_id", "Member"), ("mentee_id", "Member"))
        helper, household = _positions(tables, "Member HELPS Household", ("member_id", "Member"), ("household_id", "Household"))
        if kind == "Village":
            village, resident = _positions(tables, "Member LIVES_IN Village", ("village_code", "Village"), ("member_id", "Member"))
            sources = lay_out(village, resident, height=tables["Village"].num_rows, width=members)
        else:
            sources = Lists(np.arange(members + 1, dtype=np.int64), np.arange(members, dtype=np.int32), members)
        counts = count_reach(
            sources,
            lay_out(person, body, height=members, width=self.bodies),
            lay_out(body, person, height=self.bodies, width=members),
            lay_out(np.concatenate([mentor, mentee]), np.concatenate([mentee, mentor]), height=members, width=members),
            lay_out(helper, household, height=members, width=tables["Household"].num_rows),
            steps=steps,
        )
        return pa.table({"subject_id": _keys(tables, kind), "households": counts})


def _keys(tables: Tables, label: str) -> pa.Array:
    return tables[label]["code" if label == "Village" else "id"].combine_chunks()


def _positions(tables: Tables, table: str, *ends: tuple[str, str]) -> tuple[NDArray[np.int32], ...]:
    """Positions of the ends of each tie in the tables of their kinds; ties to what is not there are left out."""
    found = [pc.index_in(tables[table][column], value_set=_keys(tables, label)) for column, label in ends]
    known = np.logical_and.reduce([position.is_valid().to_numpy() for position in found])
    return tuple(position.fill_null(0).to_numpy().astype(np.int32)[known] for position in found)


def _frame(answer: pa.Table, within: Mapping[str, pa.Table], touches: Touches) -> pd.DataFrame:
    """The rows as a user receives them, with the counts within steps put beside the rows of kind ``any``."""
    steps = pd.array(np.zeros(answer.num_rows, np.int64), "Int64")
    steps[:] = pd.NA
    subject_kind, any_kind = answer["subject_kind"].to_numpy(), answer["pairing_kind"].to_numpy() == ANY
    for kind, table in within.items():
        rows = np.flatnonzero((subject_kind == kind) & any_kind)
        position = pc.index_in(answer["subject_id"].take(pa.array(rows)), value_set=table["subject_id"].combine_chunks())
        there = position.is_valid().to_numpy(zero_copy_only=False)  # of tables that no store would take, a helper may be nobody
        steps[rows[there]] = table["households"].to_numpy()[position.drop_null().to_numpy()]
    columns = {name: answer[name].to_pandas(types_mapper=_PANDAS.get) for name in answer.column_names}
    columns |= {"households_within_steps": steps} | _pairs_between(answer, touches)
    return pd.DataFrame({column.name: columns[column.name] for column in COLUMNS})


def _pairs_between(answer: pa.Table, touches: Touches) -> dict[str, pd.Series]:
    """The lowest and the highest number of pairings of each household and member, as far as what was not read leaves it."""
    kinds, ids = answer["subject_kind"].to_numpy(), answer["subject_id"]
    low, high = (pd.array(np.zeros(answer.num_rows, np.int64), "Int64") for _ in range(2))
    low[:], high[:] = pd.NA, pd.NA
    for kind, end, count in (("Household", "household_id", "helpers"), ("Member", "member_id", "paired_households")):
        rows = np.flatnonzero(kinds == kind)
        recorded, pair = answer[count].to_numpy()[rows].astype(np.int64), touches.at("Member HELPS Household", end)
        keys = ids.take(pa.array(rows))
        low[rows] = np.maximum(recorded - spread_counts(pair.less, keys), 0)
        high[rows] = recorded + spread_counts(pair.more, keys)
    return {"pairs_low": pd.Series(low), "pairs_high": pd.Series(high)}


# caveats


def _caveats(tables: Tables, stale_days: int) -> list[Text]:
    ties = tables["Member HELPS Household"]
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


def _step_caveats(colleagues: _Colleagues, max_steps: int, max_body_people: int) -> list[Text]:
    branches, cooperatives = colleagues.too_large["Branch"], colleagues.too_large["Cooperative"]
    if max_steps == 1 or not branches + cooperatives:
        return []
    zh = f"超过{max_body_people}人的{branches:,}个党组织和{cooperatives:,}个合作组织不作为同事步，步内农户数因此偏低"
    en = (
        f"bodies with more than {max_body_people} people carry no colleague step (branches: {branches:,}, co-operatives: {cooperatives:,}), "
        "so counts within steps are the lower for it"
    )
    return [Text(zh, en)]
