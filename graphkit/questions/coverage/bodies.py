"""How bodies stand to what they serve, and what of it is counted for villages and co-operatives: lazy frames in, lazy frames out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import narwhals.stable.v2 as nw
import pyarrow as pa

from graphkit.engines.frames import Frame, Frames, count_distinct, count_rows, count_where, distinct_rows, join_frames
from graphkit.rules.facts import BODY_KINDS, STRUCTURES, counted_as
from graphkit.rules.pack import RulePack, Superior

UNKNOWN = "?"
COUNTS = (
    "own_bodies",
    "general_bodies",
    "committees",
    "temporary_bodies",
    "joint_bodies",
    "territorial_bodies",
    "groups",
    "posts",
    "superior_bodies",
)
UNKNOWN_BODIES = tuple(f"unknown_{structure}" for structure in STRUCTURES)


def role_table(bodies: Mapping[str, Sequence[str]], *, of_village: bool) -> pa.Table:
    """What a body counts as, by kind and structure: one row each, a column for each count, 1 or 0; an unknown kind counts by its structure."""
    rows = []
    for structure in STRUCTURES:
        for kind in BODY_KINDS:
            counted = counted_as(kind, structure, bodies, of_village=of_village)
            rows.append({"body_kind": kind, "structure": structure} | {name: int(name in counted) for name in (*COUNTS, *UNKNOWN_BODIES)})
        unknown = {name: int(name == f"unknown_{structure}") for name in (*COUNTS, *UNKNOWN_BODIES)}
        rows.append({"body_kind": UNKNOWN, "structure": structure} | unknown)
    counts = [(name, pa.int64()) for name in (*COUNTS, *UNKNOWN_BODIES)]
    return pa.Table.from_pylist(rows, schema=pa.schema([("body_kind", pa.string()), ("structure", pa.string()), *counts]))


def stand_bodies(frames: Frames) -> Frame:
    """Every body with its kind, and how many co-operatives, villages and bodies it is over."""
    bodies = frames["Branch"].select(nw.col("id").alias("branch_id"), nw.col("kind").fill_null(UNKNOWN).alias("body_kind"), "management")
    hosts = frames["Branch SERVES Cooperative"].group_by("branch_id").agg(count_distinct("cooperative_id").alias("hosts"))
    villages = frames["Branch SERVES Village"].group_by("branch_id").agg(count_distinct("village_code").alias("villages"))
    below = frames["Branch REPORTS_TO Branch"].group_by(nw.col("superior_id").alias("branch_id")).agg(count_rows().alias("below"))
    for counts in (hosts, villages, below):
        bodies = join_frames(bodies, counts, on=["branch_id"], how="left")
    return bodies.with_columns(nw.col(name).fill_null(0) for name in ("hosts", "villages", "below"))


def _structure(*, of_village: bool) -> nw.Expr:
    several = nw.col("villages") > 1 if of_village else nw.col("hosts") > 1
    beside = nw.lit(value=False) if of_village else nw.col("villages") > 0
    return (
        nw.when(beside).then(nw.lit("village")).when(several).then(nw.lit("several")).when(nw.col("below") > 0).then(nw.lit("above"))
        .otherwise(nw.lit("alone")).alias("structure")
    )  # fmt: skip


def serving(frames: Frames, bodies: Frame, ties: str, key: str, roles: str) -> Frame:
    """Distinct pairs of a unit and a body that serves it, with what the body counts as."""
    pairs = join_frames(distinct_rows(frames[ties].select(key, "branch_id")), bodies, on=["branch_id"])
    placed = pairs.with_columns(_structure(of_village=key == "village_code"), (nw.col("hosts") + nw.col("villages")).alias("units"))
    return join_frames(placed, frames[roles], on=["body_kind", "structure"])


def count_bodies(served: Frame, key: str) -> Frame:
    """What serves each unit, by role; and the units of its largest joint body."""
    units = nw.when(nw.col("joint_bodies") == 1).then(nw.col("units")).otherwise(nw.lit(0)).max().cast(nw.Int64).alias("joint_units")
    return served.group_by(key).agg(*(nw.col(name).sum().cast(nw.Int64).alias(name) for name in (*COUNTS, *UNKNOWN_BODIES)), units)


def count_stages(ties: Frame, people: Frame, key: str, pack: RulePack) -> Frame:
    """Distinct people tied to each unit, by stage: full, probationary, unknown."""
    there = join_frames(distinct_rows(ties.select(key, "member_id")), people, on=["member_id"])
    stage = nw.col("stage")
    return there.group_by(key).agg(
        count_where(stage.is_in(list(pack.members["full"]))).alias("full_members"),
        count_where(stage.is_in(list(pack.members["probationary"]))).alias("probationary_members"),
        count_where(stage.is_null()).alias("unknown_stage_members"),
    )


def people_of(frames: Frames) -> Frame:
    """Everybody, with the stage of admission."""
    return frames["Member"].select(nw.col("id").alias("member_id"), "stage")


def count_superiors(frames: Frames, served: Frame, superior: Superior, ties: Sequence[tuple[str, str, str]], name: str) -> Frame:
    """Whether a body of each co-operative reports to `superior`: how many superiors it has, how many cannot be told, how many agree.

    `ties` are the steps of the superior's path: table, column that is come from, column that is gone to.
    """
    own = (nw.col("own_bodies") + nw.col("temporary_bodies") + nw.col("joint_bodies")) > 0
    covering = served.filter(own).select(nw.col("cooperative_id").alias("subject_id"), "branch_id", "management")
    first = distinct_rows(frames[ties[0][0]].select(nw.col(ties[0][1]).alias("branch_id"), nw.col(ties[0][2]).alias("at")))
    walk = join_frames(covering, first, on=["branch_id"])
    kinds = frames["Branch"].select(nw.col("id").alias("at"), nw.col("kind").alias("superior_kind"))
    walk = join_frames(walk, kinds, on=["at"])
    fits, unsure = _fits(superior)
    walk = walk.with_columns(fits.alias("fits"), unsure.alias("unsure"))
    if len(ties) > 1:
        walk = join_frames(walk, _closing(frames, ties[1:]), on=["subject_id", "at"], how="left")
        closed, told = nw.col("closed").fill_null(0) == 1, _touches(frames, ties[1])
        walk = join_frames(walk, told, on=["at"], how="left")
        walk = walk.with_columns(
            (nw.col("fits") & closed).alias("fits"),
            ((nw.col("unsure") & closed) | (nw.col("fits") & nw.col("touches").is_null())).alias("unsure"),
        )
    return walk.group_by("subject_id").agg(
        count_rows().alias(f"{name}_superiors"), count_where(nw.col("fits")).alias(f"{name}_agree"),
        count_where(nw.col("unsure") & ~nw.col("fits")).alias(f"{name}_unsure"),
    )  # fmt: skip


def _fits(superior: Superior) -> tuple[nw.Expr, nw.Expr]:
    """Whether a superior is of the kind and its body managed in the way that the rule names; and whether that is unknown."""
    fits, may_fit = nw.lit(value=True), nw.lit(value=True)
    for column, wanted in (("superior_kind", superior.kinds), ("management", superior.management)):
        if wanted:
            known = nw.col(column).is_in(list(wanted)).fill_null(value=False)
            fits, may_fit = fits & known, may_fit & (known | nw.col(column).is_null())
    return fits, may_fit & ~fits


def _closing(frames: Frames, ties: Sequence[tuple[str, str, str]]) -> Frame:
    """Pairs of a superior and a subject that the rest of the path joins."""
    table, come, go = ties[0]
    walk = frames[table].select(nw.col(come).alias("at"), nw.col(go).alias("next"))
    for table, come, go in ties[1:]:
        step = frames[table].select(nw.col(come).alias("next"), nw.col(go).alias("then"))
        walk = join_frames(walk, step, on=["next"]).select("at", nw.col("then").alias("next"))
    return distinct_rows(walk.select("at", nw.col("next").alias("subject_id"))).with_columns(nw.lit(1).alias("closed"))


def _touches(frames: Frames, tie: tuple[str, str, str]) -> Frame:
    """Superiors of which the next tie is recorded at all; of any other it cannot be told where it stands."""
    return distinct_rows(frames[tie[0]].select(nw.col(tie[1]).alias("at"))).with_columns(nw.lit(1).alias("touches"))


def count_places(frames: Frames) -> Frame:
    """Villages that a co-operative operates in, and the known townships of those."""
    places = frames["Cooperative OPERATES_IN Village"].select("cooperative_id", "village_code")
    townships = frames["Village IN Township"].select("village_code", "township_code")
    both = join_frames(places, townships, on=["village_code"], how="left")
    return both.group_by("cooperative_id").agg(count_distinct("village_code").alias("places"), count_distinct("township_code").alias("townships"))


def scope_of() -> nw.Expr:
    """The scope declared, or told by the villages it operates in."""
    declared, places, townships = nw.col("scope"), nw.col("places"), nw.col("townships")
    return (
        nw.when(~declared.is_null()).then(declared)
        .when(places == 1).then(nw.lit("village"))
        .when(townships >= 2).then(nw.lit("cross_township"))
        .when(places >= 2).then(nw.lit("cross_village"))
        .otherwise(nw.lit(None, nw.String))
    )  # fmt: skip
