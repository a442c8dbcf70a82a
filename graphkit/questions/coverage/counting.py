"""What is counted of every subject, a kind at a time: pure functions from lazy frames to one lazy frame."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import narwhals.stable.v2 as nw
import pyarrow as pa

from graphkit.engines.frames import Frame, Frames, add_up, count_distinct, count_rows, count_where, distinct_rows, join_frames, stack_frames
from graphkit.model.kinds import MODEL
from graphkit.questions.coverage.bodies import (
    COUNTS,
    UNKNOWN,
    UNKNOWN_BODIES,
    count_bodies,
    count_places,
    count_stages,
    count_superiors,
    people_of,
    scope_of,
    serving,
    stand_bodies,
)
from graphkit.rules.pack import RulePack, Superior

_PARTY = ("full_members", "probationary_members", "unknown_stage_members")
_HOST = (*_PARTY, *COUNTS, *UNKNOWN_BODIES, "joint_units")
ROLES = {"Village": "village roles", "Cooperative": "host roles", "Member": "host roles"}
"""Name of the table of roles that a kind's counting reads."""

TABLES: Mapping[str, tuple[str, ...]] = {
    "Village": ("Village", "Branch", "Member", "Branch SERVES Village", "Branch SERVES Cooperative", "Branch REPORTS_TO Branch",
                "Member LIVES_IN Village"),
    "Cooperative": ("Cooperative", "Branch", "Member", "Branch SERVES Cooperative", "Branch SERVES Village", "Branch REPORTS_TO Branch",
                    "Member WORKS_IN Cooperative", "Member LIAISES Cooperative", "Household JOINED Cooperative", "Cooperative OPERATES_IN Village",
                    "Village IN Township"),
    "Branch": ("Branch", "Member", "Member BELONGS_TO Branch", "Branch SERVES Cooperative", "Branch SERVES Village", "Branch REPORTS_TO Branch"),
    "Member": ("Member", "Branch", "Member BELONGS_TO Branch", "Member WORKS_IN Cooperative", "Branch SERVES Cooperative", "Branch SERVES Village",
               "Branch REPORTS_TO Branch", "Member MENTORS Member", "Member HOLDS_POST_IN Village", "Member HELPS Household",
               "Household JOINED Cooperative", "Promise", "Promise MADE_BY Member"),
    "Household": ("Household", "Member HELPS Household", "Zone COVERS Household", "Member RESPONSIBLE_FOR Zone"),
    "Zone": ("Zone", "Member RESPONSIBLE_FOR Zone", "Zone COVERS Household"),
}  # fmt: skip
"""Tables that the counting of a kind reads."""

WORKPLACES = ("assisted", "unassisted", "perhaps_unassisted", "perhaps_chain_unassisted", "perhaps_chain_assisted")
"""Workplaces of a member by what is known of their bodies: see `_workplaces`."""

COUNTED: Mapping[str, tuple[str, ...]] = {
    "Village": _HOST,
    "Cooperative": (*_HOST, "liaisons", "households", "places"),
    "Branch": (*_PARTY, "officers", "secretaries", "units", "superiors"),
    "Member": ("managing", "unknown_managing", "primary_ties", "assisting_bodies", "workplaces", *WORKPLACES, "mentors", "offices", "posts",
               "five_promises", "unknown_promises", "five_pairings", "outside_households"),
    "Household": ("helpers", "one_to_one_helpers", "unvisited", "zones", "answered_zones"),
    "Zone": ("responsible_members", "households"),
}  # fmt: skip
"""Counts of each kind: 0 where there is no tie."""

RECORDED: Mapping[str, tuple[tuple[str, pa.DataType], ...]] = {
    "Village": (("name", pa.string()), ("kind", pa.string())),
    "Cooperative": (("name", pa.string()), ("scope", pa.string()), ("kind", pa.string()), ("sector", pa.string())),
    "Branch": (("name", pa.string()), ("kind", pa.string()), ("management", pa.string())),
    "Member": (("stage", pa.string()), ("is_cadre", pa.bool_())),
    "Household": (("is_poor", pa.bool_()), ("people", pa.int64()), ("last_visit_on", pa.date32())),
    "Zone": (("name", pa.string()),),
}
"""What is recorded of each kind, as it stands there; null where unknown."""


@dataclass(frozen=True, slots=True)
class Counting:
    """The counting of one kind by one pack; `superiors` are what its rules name, each under a name of its own."""

    kind: str
    pack: RulePack
    superiors: Mapping[str, Superior]

    def __call__(self, frames: Frames) -> Frame:
        """Count."""
        counted = _COUNTERS[self.kind](frames, self)
        names = [*COUNTED[self.kind], *self.superior_columns]
        whole = counted.with_columns(nw.col(name).fill_null(0).cast(nw.Int64) for name in names)
        return whole.select("subject_id", *(name for name, _ in RECORDED[self.kind]), *names)

    @property
    def superior_columns(self) -> tuple[str, ...]:
        """Columns that say of each superior how many there are, how many agree and of how many it cannot be told."""
        return tuple(f"{name}_{part}" for name in self.superiors for part in ("superiors", "agree", "unsure"))

    @property
    def schema(self) -> pa.Schema:
        """Columns and types of what is counted."""
        counts = [(name, pa.int64()) for name in (*COUNTED[self.kind], *self.superior_columns)]
        return pa.schema([("subject_id", pa.string()), *RECORDED[self.kind], *counts])


def _subjects(frames: Frames, kind: str, *columns: str) -> Frame:
    return frames[kind].select(nw.col(MODEL.node_type(kind).key).alias("subject_id"), *columns)


def _add(subjects: Frame, counts: Frame, key: str) -> Frame:
    """Join counts to their subjects."""
    return join_frames(subjects, counts.rename({key: "subject_id"}), on=["subject_id"], how="left")


def _villages(frames: Frames, asked: Counting) -> Frame:
    served = serving(frames, stand_bodies(frames), "Branch SERVES Village", "village_code", ROLES["Village"])
    people = count_stages(frames["Member LIVES_IN Village"], people_of(frames), "village_code", asked.pack)
    return _add(_add(_subjects(frames, "Village", "name", "kind"), people, "village_code"), count_bodies(served, "village_code"), "village_code")


def _cooperatives(frames: Frames, asked: Counting) -> Frame:
    served = serving(frames, stand_bodies(frames), "Branch SERVES Cooperative", "cooperative_id", ROLES["Cooperative"])
    counted = _subjects(frames, "Cooperative", "name", "scope", "kind", "sector")
    for counts in (
        count_stages(frames["Member WORKS_IN Cooperative"], people_of(frames), "cooperative_id", asked.pack),
        count_bodies(served, "cooperative_id"),
        frames["Member LIAISES Cooperative"].group_by("cooperative_id").agg(count_distinct("member_id").alias("liaisons")),
        frames["Household JOINED Cooperative"].group_by("cooperative_id").agg(count_distinct("household_id").alias("households")),
        count_places(frames),
    ):
        counted = _add(counted, counts, "cooperative_id")
    for name, superior in asked.superiors.items():
        counted = join_frames(counted, count_superiors(frames, served, superior, path_steps(superior.path), name), on=["subject_id"], how="left")
    return counted.with_columns(scope_of().alias("scope"))


def path_steps(path: Sequence[str]) -> list[tuple[str, str, str]]:
    """Return the ties of a path with the column that each is entered by and the one that it is left by, from a body on."""
    ties = {tie.table: tie for tie in MODEL.ties}
    at, steps = "Branch", []
    for name in path:
        tie = ties[name]
        ends = tie.ends if tie.source == at else tie.ends[::-1]
        at = tie.target if tie.source == at else tie.source
        steps.append((name, ends[0].name, ends[1].name))
    return steps


def _branches(frames: Frames, asked: Counting) -> Frame:
    ties, offices = frames["Member BELONGS_TO Branch"], asked.pack.offices
    held = distinct_rows(ties.filter(~nw.col("office").is_null()).select("branch_id", "member_id", "office"))
    officers = (
        held.filter(nw.col("office").is_in(list(offices["committee"]))).group_by("branch_id").agg(count_distinct("member_id").alias("officers"))
    )
    heads = (
        held.filter(nw.col("office").is_in(list(offices["secretary"]))).group_by("branch_id").agg(count_distinct("member_id").alias("secretaries"))
    )
    units = stack_frames(
        [distinct_rows(frames["Branch SERVES Cooperative"].select("branch_id", nw.col("cooperative_id").alias("unit"))),
         distinct_rows(frames["Branch SERVES Village"].select("branch_id", nw.col("village_code").alias("unit")))], ["branch_id", "unit"],
    ).group_by("branch_id").agg(count_rows().alias("units"))  # fmt: skip
    above = frames["Branch REPORTS_TO Branch"].group_by("branch_id").agg(count_distinct("superior_id").alias("superiors"))
    counted = _subjects(frames, "Branch", "name", "kind", "management")
    for counts in (count_stages(ties, people_of(frames), "branch_id", asked.pack), officers, heads, units, above):
        counted = _add(counted, counts, "branch_id")
    return counted


def _memberships(frames: Frames) -> Frame:
    """Pairs of a person and a body, and whether one of their ties is primary."""
    pairs = frames["Member BELONGS_TO Branch"].group_by("member_id", "branch_id").agg(count_where(nw.col("primary")).alias("is_primary"))
    return pairs.with_columns((nw.col("is_primary") > 0).alias("is_primary"))


def _managed(frames: Frames, asked: Counting) -> Frame:
    kind, primary = nw.col("body_kind"), nw.col("is_primary")
    bodies = stand_bodies(frames).select("branch_id", "body_kind")
    return join_frames(_memberships(frames), bodies, on=["branch_id"]).group_by("member_id").agg(
        count_where(primary & kind.is_in(list(asked.pack.bodies["managing"]))).alias("managing"),
        count_where(primary & (kind == UNKNOWN)).alias("unknown_managing"),
        count_where(primary).alias("primary_ties"), count_where(~primary).alias("assisting_bodies"),
    )  # fmt: skip


def _mentored(frames: Frames, _asked: Counting) -> Frame:
    pairs = distinct_rows(frames["Member MENTORS Member"].select(nw.col("mentee_id").alias("member_id"), "mentor_id"))
    return pairs.group_by("member_id").agg(count_where(~nw.col("mentor_id").is_null()).alias("mentors"))


def _posted(frames: Frames, _asked: Counting) -> Frame:
    posts = distinct_rows(frames["Member HOLDS_POST_IN Village"].select("member_id", "village_code", "post"))
    return posts.group_by("member_id").agg(count_rows().alias("posts"))


def _offices(frames: Frames, _asked: Counting) -> Frame:
    held = [
        frames[name].filter(~nw.col("office").is_null()).select("member_id") for name in ("Member BELONGS_TO Branch", "Member WORKS_IN Cooperative")
    ]
    return stack_frames(held, ["member_id"]).group_by("member_id").agg(count_rows().alias("offices"))


def _promised_five(frames: Frames, _asked: Counting) -> Frame:
    """Promises of one to five of each member, and those of unknown kind, which may be of it."""
    kinds = frames["Promise"].select(nw.col("id").alias("promise_id"), "kind")
    made = join_frames(frames["Promise MADE_BY Member"].select("promise_id", "member_id").unique(), kinds, on=["promise_id"])
    return made.group_by("member_id").agg(
        count_where(nw.col("kind") == "one_to_five").alias("five_promises"), count_where(nw.col("kind").is_null()).alias("unknown_promises")
    )


def _five(frames: Frames, _asked: Counting) -> Frame:
    """Households paired one to five with each member, and those of them that are in no co-operative in which the member works."""
    pairs = distinct_rows(frames["Member HELPS Household"].filter(nw.col("kind") == "one_to_five").select("member_id", "household_id"))
    works = frames["Member WORKS_IN Cooperative"].select("member_id", "cooperative_id")
    joined = frames["Household JOINED Cooperative"].filter(nw.col("kind").is_null() | (nw.col("kind") != "served"))
    places = join_frames(pairs, works, on=["member_id"])  # from the pairs on: members by households of a co-operative are many times as many
    both = distinct_rows(
        join_frames(places, joined.select("household_id", "cooperative_id"), on=["household_id", "cooperative_id"], how="semi").select(
            "member_id", "household_id"
        )
    )
    marked = join_frames(pairs, both.with_columns(nw.lit(1).alias("inside")), on=["member_id", "household_id"], how="left")
    return marked.group_by("member_id").agg(count_rows().alias("five_pairings"), count_where(nw.col("inside").is_null()).alias("outside_households"))


def _workplaces(frames: Frames, _asked: Counting) -> Frame:
    """Workplaces of each person by their industry bodies (own, temporary or joint) and the person's ties to them.

    A workplace to whose body the membership was moved asks for no assisting tie. Where a body is of unknown kind it may be no industry body at all.
    """
    works = distinct_rows(frames["Member WORKS_IN Cooperative"].select("member_id", "cooperative_id"))
    memberships = _memberships(frames)
    served = serving(frames, stand_bodies(frames), "Branch SERVES Cooperative", "cooperative_id", ROLES["Member"])
    marked = served.select(
        "cooperative_id", "branch_id", ((nw.col("own_bodies") + nw.col("temporary_bodies") + nw.col("joint_bodies")) > 0).alias("industry"),
        (nw.col("body_kind") == UNKNOWN).alias("unsure"),
    )  # fmt: skip
    tied = join_frames(join_frames(works, marked, on=["cooperative_id"], how="left"), memberships, on=["member_id", "branch_id"], how="left")
    industry, unsure = nw.col("industry").fill_null(value=False), nw.col("unsure").fill_null(value=False)
    there, primary = ~nw.col("is_primary").is_null(), nw.col("is_primary").fill_null(value=False)
    places = tied.group_by("member_id", "cooperative_id").agg(
        count_where(industry).alias("known"), count_where(unsure).alias("open"), count_where(industry & primary).alias("moved"),
        count_where(unsure & primary).alias("moved_perhaps"), count_where(industry & there).alias("tied"),
        count_where(unsure & there).alias("tied_perhaps"),
    )  # fmt: skip
    c = {name: nw.col(name) > 0 for name in ("known", "open", "moved", "moved_perhaps", "tied", "tied_perhaps")}
    stays = c["known"] & ~c["moved"] & ~c["moved_perhaps"]
    perhaps = ~c["moved"] & ((c["known"] & c["moved_perhaps"]) | (~c["known"] & c["open"] & ~c["moved_perhaps"]))
    assists = (c["known"] & c["tied"]) | (~c["known"] & c["tied_perhaps"])
    return places.group_by("member_id").agg(
        count_rows().alias("workplaces"), count_where(stays & c["tied"]).alias("assisted"),
        count_where(stays & ~c["tied"] & ~c["tied_perhaps"]).alias("unassisted"),
        count_where(stays & ~c["tied"] & c["tied_perhaps"]).alias("perhaps_unassisted"),
        count_where(perhaps & ~assists).alias("perhaps_chain_unassisted"), count_where(perhaps & assists).alias("perhaps_chain_assisted"),
    )  # fmt: skip


def _helped(frames: Frames, _asked: Counting) -> Frame:
    """Helpers of each household; first by pair, as a pairing may be there under several kinds."""
    ties = frames["Member HELPS Household"]
    pairs = ties.group_by("household_id", "member_id").agg(
        count_where(nw.col("kind") == "one_to_one").alias("single"),
        count_where(nw.col("last_visit_on").is_null()).alias("unvisited"),
        nw.col("last_visit_on").max().alias("last_visit_on"),
    )
    there = ~nw.col("member_id").is_null()
    return pairs.group_by("household_id").agg(
        count_where(there).alias("helpers"), count_where(there & (nw.col("single") > 0)).alias("one_to_one_helpers"),
        add_up("unvisited").alias("unvisited"), nw.col("last_visit_on").max().alias("last_visit_on"),
    )  # fmt: skip


def _zoned(frames: Frames, _asked: Counting) -> Frame:
    answered = distinct_rows(frames["Member RESPONSIBLE_FOR Zone"].select("zone_id")).with_columns(nw.lit(1).alias("answered"))
    covers = join_frames(distinct_rows(frames["Zone COVERS Household"].select("household_id", "zone_id")), answered, on=["zone_id"], how="left")
    return covers.group_by("household_id").agg(count_rows().alias("zones"), count_where(~nw.col("answered").is_null()).alias("answered_zones"))


def _zones(frames: Frames, _asked: Counting) -> Frame:
    answer = frames["Member RESPONSIBLE_FOR Zone"].group_by("zone_id").agg(count_distinct("member_id").alias("responsible_members"))
    homes = frames["Zone COVERS Household"].group_by("zone_id").agg(count_distinct("household_id").alias("households"))
    return _add(_add(_subjects(frames, "Zone", "name"), answer, "zone_id"), homes, "zone_id")


@dataclass(frozen=True, slots=True)
class Part:
    """One of several countings that stand beside each other at the subjects of a kind, under their key."""

    count: Callable[[Frames, Counting], Frame]
    columns: tuple[str, ...]


PARTS: Mapping[str, tuple[Part, ...]] = {
    "Member": (
        Part(_managed, ("managing", "unknown_managing", "primary_ties", "assisting_bodies")),
        Part(_workplaces, ("workplaces", *WORKPLACES)),
        Part(_mentored, ("mentors",)),
        Part(_offices, ("offices",)),
        Part(_posted, ("posts",)),
        Part(_promised_five, ("five_promises", "unknown_promises")),
        Part(_five, ("five_pairings", "outside_households")),
    ),
    "Household": (
        Part(_helped, ("helpers", "one_to_one_helpers", "unvisited", "last_visit_on")),
        Part(_zoned, ("zones", "answered_zones")),
    ),
}
"""The kinds with most subjects: what is counted of them is a few countings, which one engine joins and another puts into place."""
PART_KEYS: Mapping[str, str] = {"Member": "member_id", "Household": "household_id"}
"""Under which key."""


@dataclass(frozen=True, slots=True)
class PartOf:
    """One part of the counting of a kind, as a question of its own: a row a subject that has any, the key first."""

    counting: Counting
    part: Part

    def __call__(self, frames: Frames) -> Frame:
        """Count."""
        return self.part.count(frames, self.counting).select(PART_KEYS[self.counting.kind], *self.part.columns)

    @property
    def schema(self) -> pa.Schema:
        """Columns and types of what is counted."""
        recorded = dict(RECORDED[self.counting.kind])
        counts = [(name, recorded.get(name, pa.int64())) for name in self.part.columns]
        return pa.schema([(PART_KEYS[self.counting.kind], pa.string()), *counts])


def _join_parts(frames: Frames, asked: Counting) -> Frame:
    counted, key = _subjects(frames, asked.kind, *OWN_COLUMNS[asked.kind]), PART_KEYS[asked.kind]
    for part in PARTS[asked.kind]:
        counted = _add(counted, part.count(frames, asked), key)
    return counted


OWN_COLUMNS: Mapping[str, tuple[str, ...]] = {"Member": ("stage", "is_cadre"), "Household": ("is_poor", "people")}
"""What stands in the row of the subject itself."""

_COUNTERS = {
    "Village": _villages, "Cooperative": _cooperatives, "Branch": _branches, "Member": _join_parts, "Household": _join_parts, "Zone": _zones,
}  # fmt: skip
