"""What is asked of the tables: direct counts of each kind of subject by kind of pairing, as pure functions from lazy frames to one lazy frame."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import narwhals.stable.v2 as nw
import pyarrow as pa

from graphkit.data.chosen import Chosen
from graphkit.data.coding import CODE, Coded, coded_schema
from graphkit.data.tables import Tables
from graphkit.engines.engine import At, run_all
from graphkit.engines.frames import Asked, Frame, Frames, count_rows, count_where, distinct_rows, join_frames, stack_frames
from graphkit.engines.spark import SparkEngine
from graphkit.questions.reach.columns import ANY, COUNTS, PAIRING_KINDS

KINDS = ("Village", "Member", "Household")
"""Of what subjects, in the order of the schema."""
TABLES = (
    "Village", "Member", "Household", "Household LIVES_IN Village", "Member HELPS Household", "Member WORKS_IN Cooperative",
    "Household JOINED Cooperative",
)  # fmt: skip
_COUNTED: Mapping[str, tuple[str, ...]] = {
    "Village": tuple(name for name in COUNTS if name not in ("shared_households", "stale_households", "own_association_households")),
    "Member": ("paired_households", "shared_households", "stale_households", "own_association_households"),
    "Household": ("helpers",),
}
_STRING, _COUNT = pa.string(), pa.int64()
_ID_COLUMNS = ("subject_id", "member_id", "household_id", "village_code")


def ask_parts(engine: SparkEngine | None, standing: Tables, coded: Coded, at: At, cutoff: dt.date) -> dict[str, pa.Table]:
    """Count, a table a kind: numbers for ids in subject_id, and rows in their order, then in that of kinds of pairing.

    `standing` are the tables on the day of `at`, and `coded` are they with numbers for ids; DuckDB reads the second, Spark the first.
    """
    questions: dict[str, Callable[[Frames], Frame]] = {"Village": _villages, "Member": _Members(cutoff), "Household": _households}
    asked = {kind: Asked(question, _schema(kind), ("subject_id", "pairing_order")) for kind, question in questions.items()}
    first = {name: Asked(step, schema) for name, (step, schema) in _FIRST.items()}
    if engine is None:
        tables = {name: coded.tables[name] for name in TABLES}
        return run_all(None, _by_code(asked), tables, at, first=_by_code(first))
    spelt = run_all(engine, asked, Chosen(standing, TABLES), at, first=first)
    return {kind: part.set_column(0, pa.field("subject_id", CODE), coded.number(kind, part["subject_id"])) for kind, part in spelt.items()}


def _by_code(asked: Mapping[str, Asked]) -> dict[str, Asked]:
    """The same questions of tables with numbers for ids."""
    return {name: Asked(one.question, coded_schema(one.schema, _ID_COLUMNS), one.order) for name, one in asked.items()}


def _schema(kind: str) -> pa.Schema:
    counts = [(name, _COUNT) for name in _COUNTED[kind]]
    return pa.schema([("subject_id", _STRING), ("pairing_order", _COUNT), ("pairing_kind", _STRING), *counts])


@dataclass(frozen=True, slots=True)
class _Members:
    """Direct counts of each member by kind of pairing; a visit before `cutoff` is stale."""

    cutoff: dt.date

    def __call__(self, frames: Frames) -> Frame:
        pairs = frames["pairs"]
        shared = join_frames(pairs, frames["helpers"], on=["household_id", "pairing_kind"])
        known = join_frames(shared, _own_association(frames, pairs), on=["member_id", "household_id"], how="left")
        counted = known.group_by("member_id", "pairing_kind").agg(
            count_rows().alias("paired_households"),
            count_where(nw.col("helpers") > 1).alias("shared_households"),
            count_where(nw.col("last_visit_on") < nw.lit(self.cutoff)).alias("stale_households"),
            count_where(nw.col("is_own") == 1).alias("own_association_households"),
        )
        expected = frames["Member"].filter(nw.col("stage").is_in(("full", "probationary"))).select(nw.col("id").alias("member_id"))
        return _finish(_with_any(counted, expected, "member_id", dict.fromkeys(_COUNTED["Member"], 0)), "Member")


def _pairs(frames: Frames) -> Frame:
    """Distinct pairs of member and household, once for each kind and once under ``any``, with the newest visit."""
    ties = frames["Member HELPS Household"]
    visit = nw.col("last_visit_on").max().alias("last_visit_on")
    by_kind = ties.filter(~nw.col("kind").is_null()).group_by("member_id", "household_id", "kind").agg(visit)
    under_any = ties.group_by("member_id", "household_id").agg(visit)
    names = ["member_id", "household_id", "pairing_kind", "last_visit_on"]
    named = by_kind.with_columns(nw.col("kind").alias("pairing_kind"))
    return stack_frames([named, under_any.with_columns(nw.lit(ANY).alias("pairing_kind"))], names)


def _helpers(frames: Frames) -> Frame:
    """Helpers of each household, by kind of pairing."""
    return frames["pairs"].group_by("household_id", "pairing_kind").agg(count_rows().alias("helpers"))


def _residents(frames: Frames) -> Frame:
    """Distinct pairs of a household and a village where it lives."""
    return distinct_rows(frames["Household LIVES_IN Village"].select("household_id", "village_code"))


def _own_association(frames: Frames, pairs: Frame) -> Frame:
    """Pairs whose household is a member of a co-operative in which the helper works; those merely served by it are not."""
    joined = frames["Household JOINED Cooperative"].filter(nw.col("kind").is_null() | (nw.col("kind") == "member"))
    distinct = pairs.filter(nw.col("pairing_kind") == ANY).select("member_id", "household_id")
    through = join_frames(distinct, joined.select("household_id", "cooperative_id"), on=["household_id"])
    own = join_frames(
        through, frames["Member WORKS_IN Cooperative"].select("member_id", "cooperative_id"), on=["member_id", "cooperative_id"], how="semi"
    )
    return distinct_rows(own.select("member_id", "household_id")).with_columns(nw.lit(1).alias("is_own"))


def _villages(frames: Frames) -> Frame:
    residents, pairs, helpers = (frames[name] for name in ("residents", "pairs", "helpers"))
    keys = ["village_code", "pairing_kind"]
    reached = join_frames(residents, helpers, on=["household_id"]).group_by(*keys).agg(
        count_where(nw.col("helpers") == 1).alias("reached_by_one"), count_where(nw.col("helpers") > 1).alias("reached_by_several")
    )  # fmt: skip
    met = distinct_rows(join_frames(residents, pairs, on=["household_id"]).select(*keys, "member_id"))
    people = met.group_by(*keys).agg(count_where(~nw.col("member_id").is_null()).alias("helpers"))
    zero = dict.fromkeys(("reached_by_one", "reached_by_several", "helpers"), 0)
    whole = _with_any(join_frames(reached, people, on=keys), frames["Village"].select(nw.col("code").alias("village_code")), "village_code", zero)
    totals = residents.group_by("village_code").agg(count_rows().alias("households")).with_columns(nw.col("village_code").alias("subject_id"))
    known = join_frames(whole, totals.drop("village_code"), on=["subject_id"], how="left").with_columns(nw.col("households").fill_null(0))
    paired = nw.col("reached_by_one") + nw.col("reached_by_several")
    reach = known.with_columns(paired.alias("paired_households"), (nw.col("households") - paired).alias("reached_by_none"))
    return _finish(_with_poor(reach, _poor(frames, residents, helpers)), "Village")


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


def _households(frames: Frames) -> Frame:
    expected = frames["Household"].select(nw.col("id").alias("household_id"))
    return _finish(_with_any(frames["helpers"], expected, "household_id", {"helpers": 0}), "Household")


def _with_any(counted: Frame, expected: Frame, key: str, zero: Mapping[str, int]) -> Frame:
    """Add a row of kind ``any`` with zeros for each expected subject that has none; the key becomes subject_id."""
    there = counted.filter(nw.col("pairing_kind") == ANY)
    absent = join_frames(expected, there.select(key), on=[key], how="anti")
    zeros = absent.with_columns(nw.lit(ANY).alias("pairing_kind"), *(nw.lit(value).cast(nw.Int64).alias(name) for name, value in zero.items()))
    rest = [name for name in counted.collect_schema().names() if name not in {key, "pairing_kind", *zero}]
    filled = zeros.with_columns(nw.lit(None).cast(nw.Int64).alias(name) for name in rest)
    whole = stack_frames([counted, filled], counted.collect_schema().names())
    return whole.with_columns(nw.col(key).alias("subject_id")).drop(key)


def _finish(frame: Frame, kind: str) -> Frame:
    """Add the order of kinds of pairing, and take the counts of this kind of subject."""
    order = nw.lit(len(PAIRING_KINDS))
    for position, name in enumerate(PAIRING_KINDS):
        order = nw.when(nw.col("pairing_kind") == name).then(nw.lit(position)).otherwise(order)
    counts = (nw.col(name).cast(nw.Int64).alias(name) for name in _COUNTED[kind])
    return frame.select("subject_id", order.cast(nw.Int64).alias("pairing_order"), "pairing_kind", *counts)


_FIRST: Mapping[str, tuple[Callable[[Frames], Frame], pa.Schema]] = {
    "pairs": (_pairs, pa.schema([("member_id", _STRING), ("household_id", _STRING), ("pairing_kind", _STRING), ("last_visit_on", pa.date32())])),
    "helpers": (_helpers, pa.schema([("household_id", _STRING), ("pairing_kind", _STRING), ("helpers", _COUNT)])),
    "residents": (_residents, pa.schema([("household_id", _STRING), ("village_code", _STRING)])),
}
"""What the questions use more than once."""
