"""Lists about coverage: of whom the rules of the pack ask something, what they come to, and what is near to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pandas as pd

from graphkit.data.tables import Tables
from graphkit.queries.defaults import default_of, pack_with, words_of
from graphkit.queries.twins.frames import (
    TODAY,
    Day,
    as_recorded,
    choose,
    count_distinct,
    counted,
    frame,
    lowest_village,
    read_day,
    returned,
    standing,
)
from graphkit.questions.coverage.find import find_coverage_gaps
from graphkit.rules import RulePack

Kinds = Sequence[str]
THRESHOLD, FEW_BELOW, VILLAGE_THRESHOLD, BRANCH_THRESHOLD, STALE_DAYS = (
    int(str(default_of(place)))
    for place in ("s12-15.threshold", "s16.threshold", "2007-villages.threshold", "2007-branches.threshold", "s51.stale_days")
)
HOSTS_FROM, VILLAGES_FROM, BRANCHES_FROM, MEMBERS_FROM, HOUSEHOLDS_FROM = (
    str(default_of(f"{rule}.in_force_from")) for rule in ("s12-15", "2007-villages", "2007-branches", "s31-32", "s51")
)
CHAIN_FROM = str(default_of("s32.in_force_from"))
FIVE, FIVE_FROM, ZONES_FROM = int(str(default_of("s20.households"))), str(default_of("s20.in_force_from")), str(default_of("s57.in_force_from"))
OWN, TEMPORARY, JOINT, SUPERIOR, SUPPORT, MANAGING = (
    words_of(place) for place in ("bodies.own", "bodies.temporary", "bodies.joint", "bodies.superior", "bodies.group bodies.post", "bodies.managing")
)


def list_cooperative_coverage(
    tables: Tables,
    *,
    as_of: Day = TODAY,
    threshold: int = THRESHOLD,
    few_below: int = FEW_BELOW,
    in_force_from: Day = HOSTS_FROM,
    own_kinds: Kinds = OWN,
    temporary_kinds: Kinds = TEMPORARY,
    joint_kinds: Kinds = JOINT,
    superior_kinds: Kinds = SUPERIOR,
    support_kinds: Kinds = SUPPORT,
    dataset: str | None = None,
) -> pd.DataFrame:
    """List every co-operative with what is asked of it, whether it is met, and the counts that rest on."""
    kinds = _kinds(own=own_kinds, temporary=temporary_kinds, joint=joint_kinds, superior=superior_kinds, support=support_kinds)
    rows = _hosts(
        tables,
        as_of=as_of,
        in_force_from=in_force_from,
        dataset=dataset,
        numbers={"s12-15.threshold": threshold, "s16.threshold": few_below},
        kinds=kinds,
    )
    return returned("cooperative_coverage", rows[rows["rule"].isin(["s12-15", "s16"])], by=["cooperative_id", "rule"])


def list_cooperative_due_branch(
    tables: Tables,
    *,
    as_of: Day = TODAY,
    threshold: int = THRESHOLD,
    few_below: int = FEW_BELOW,
    in_force_from: Day = HOSTS_FROM,
    own_kinds: Kinds = OWN,
    temporary_kinds: Kinds = TEMPORARY,
    joint_kinds: Kinds = JOINT,
    superior_kinds: Kinds = SUPERIOR,
    support_kinds: Kinds = SUPPORT,
    dataset: str | None = None,
) -> pd.DataFrame:
    """List the co-operatives with enough full members and no body of their own."""
    kinds = _kinds(own=own_kinds, temporary=temporary_kinds, joint=joint_kinds, superior=superior_kinds, support=support_kinds)
    rows = _hosts(
        tables,
        as_of=as_of,
        in_force_from=in_force_from,
        dataset=dataset,
        numbers={"s12-15.threshold": threshold, "s16.threshold": few_below},
        kinds=kinds,
    )
    return returned("cooperative_due_branch", _open(rows, "s12-15"), by=["cooperative_id"])


def list_cooperative_blank(
    tables: Tables,
    *,
    as_of: Day = TODAY,
    threshold: int = THRESHOLD,
    few_below: int = FEW_BELOW,
    in_force_from: Day = HOSTS_FROM,
    own_kinds: Kinds = OWN,
    temporary_kinds: Kinds = TEMPORARY,
    joint_kinds: Kinds = JOINT,
    superior_kinds: Kinds = SUPERIOR,
    support_kinds: Kinds = SUPPORT,
    dataset: str | None = None,
) -> pd.DataFrame:
    """List the co-operatives with too few full members for a body, and no group, liaison post or liaison."""
    kinds = _kinds(own=own_kinds, temporary=temporary_kinds, joint=joint_kinds, superior=superior_kinds, support=support_kinds)
    rows = _hosts(
        tables,
        as_of=as_of,
        in_force_from=in_force_from,
        dataset=dataset,
        numbers={"s12-15.threshold": threshold, "s16.threshold": few_below},
        kinds=kinds,
    )
    return returned("cooperative_blank", _open(rows, "s16"), by=["cooperative_id"])


def list_cooperative_near_threshold(
    tables: Tables,
    *,
    as_of: Day = TODAY,
    threshold: int = THRESHOLD,
    few_below: int = FEW_BELOW,
    in_force_from: Day = HOSTS_FROM,
    own_kinds: Kinds = OWN,
    temporary_kinds: Kinds = TEMPORARY,
    joint_kinds: Kinds = JOINT,
    superior_kinds: Kinds = SUPERIOR,
    support_kinds: Kinds = SUPPORT,
    dataset: str | None = None,
) -> pd.DataFrame:
    """List the co-operatives that are near to the number of full members for a body."""
    kinds = _kinds(own=own_kinds, temporary=temporary_kinds, joint=joint_kinds, superior=superior_kinds, support=support_kinds)
    rows = _hosts(
        tables,
        as_of=as_of,
        in_force_from=in_force_from,
        dataset=dataset,
        numbers={"s12-15.threshold": threshold, "s16.threshold": few_below},
        kinds=kinds,
    )
    near = rows["flags"].astype(object).fillna("").map(lambda flags: "watch" in flags.split(";"))
    chosen = rows[(rows["rule"] == "s16") & (rows["asked"] == "yes") & near]
    return returned("cooperative_near_threshold", chosen, by=["cooperative_id"])


def list_cooperative_wrong_superior(
    tables: Tables,
    *,
    as_of: Day = TODAY,
    threshold: int = THRESHOLD,
    in_force_from: Day = HOSTS_FROM,
    own_kinds: Kinds = OWN,
    temporary_kinds: Kinds = TEMPORARY,
    joint_kinds: Kinds = JOINT,
    superior_kinds: Kinds = SUPERIOR,
    support_kinds: Kinds = SUPPORT,
    dataset: str | None = None,
) -> pd.DataFrame:
    """List the co-operatives none of whose bodies reports to the superior that their scope asks for."""
    kinds = _kinds(own=own_kinds, temporary=temporary_kinds, joint=joint_kinds, superior=superior_kinds, support=support_kinds)
    rows = _hosts(tables, as_of=as_of, in_force_from=in_force_from, dataset=dataset, numbers={"s12-15.threshold": threshold}, kinds=kinds)
    disagrees = rows["superior_agrees"].astype("boolean").eq(False).fillna(False)
    return returned("cooperative_wrong_superior", rows[(rows["rule"] == "s12-15") & disagrees], by=["cooperative_id"])


def list_village_coverage(
    tables: Tables,
    *,
    as_of: Day = TODAY,
    threshold: int = VILLAGE_THRESHOLD,
    in_force_from: Day = VILLAGES_FROM,
    own_kinds: Kinds = OWN,
    temporary_kinds: Kinds = TEMPORARY,
    joint_kinds: Kinds = JOINT,
    superior_kinds: Kinds = SUPERIOR,
    support_kinds: Kinds = SUPPORT,
    dataset: str | None = None,
) -> pd.DataFrame:
    """List every village with enough full members, and whether it has a body of its own or a joint one."""
    kinds = _kinds(own=own_kinds, temporary=temporary_kinds, joint=joint_kinds, superior=superior_kinds, support=support_kinds)
    numbers = {"2007-villages.threshold": threshold, "art30-villages.threshold": threshold}
    rows = _gaps(tables, "Village", "village_code", as_of=as_of, in_force_from=in_force_from, dataset=dataset, pack=pack_with(numbers, kinds))
    return returned("village_coverage", rows, by=["village_code"])


def list_branch_coverage(
    tables: Tables, *, as_of: Day = TODAY, threshold: int = BRANCH_THRESHOLD, in_force_from: Day = BRANCHES_FROM, dataset: str | None = None
) -> pd.DataFrame:
    """List every branch and general branch, and whether it has enough full members."""
    pack = pack_with({"2007-branches.threshold": threshold, "art30-branches.threshold": threshold})
    rows = _gaps(tables, "Branch", "branch_id", as_of=as_of, in_force_from=in_force_from, dataset=dataset, pack=pack)
    return returned("branch_coverage", rows, by=["branch_id"])


def list_member_coverage(
    tables: Tables, *, as_of: Day = TODAY, in_force_from: Day = MEMBERS_FROM, managing_kinds: Kinds = MANAGING, dataset: str | None = None
) -> pd.DataFrame:
    """List every person of whom it is asked: managed by one body, or brought on by a mentor."""
    rows = _gaps(
        tables, "Member", "member_id", as_of=as_of, in_force_from=in_force_from, dataset=dataset, pack=pack_with({}, {"managing": managing_kinds})
    )
    rows = rows[rows["rule"].isin(["s31-32", "s23-24"])].rename(columns={"helpers": "mentors", "branches": "managing_bodies"})
    stages = frame(standing(tables, as_of, dataset), "Member").set_index("id")["stage"]
    return returned("member_coverage", rows.assign(stage=rows["member_id"].map(stages)), by=["member_id", "rule"])


def list_member_workplace_assists(
    tables: Tables,
    *,
    as_of: Day = TODAY,
    in_force_from: Day = CHAIN_FROM,
    own_kinds: Kinds = OWN,
    temporary_kinds: Kinds = TEMPORARY,
    joint_kinds: Kinds = JOINT,
    superior_kinds: Kinds = SUPERIOR,
    dataset: str | None = None,
) -> pd.DataFrame:
    """List every member whose membership was not moved to the body of a workplace, and whether that body assists."""
    pack = pack_with({}, {"own": own_kinds, "temporary": temporary_kinds, "joint": joint_kinds, "superior": superior_kinds})
    rows = _gaps(tables, "Member", "member_id", as_of=as_of, in_force_from=in_force_from, dataset=dataset, pack=pack)
    return returned("member_workplace_assists", rows[rows["rule"] == "s32"], by=["member_id"])


def list_member_duties(
    tables: Tables, *, as_of: Day = TODAY, threshold: int = FIVE, in_force_from: Day = FIVE_FROM, dataset: str | None = None
) -> pd.DataFrame:
    """List every person of whom five households outside the association or a post are asked, and whether it is met."""
    rows = _gaps(
        tables, "Member", "member_id", as_of=as_of, in_force_from=in_force_from, dataset=dataset, pack=pack_with({"s20.households": threshold})
    )
    return returned("member_duties", rows[rows["rule"].isin(["s20", "s52"])], by=["member_id", "rule"])


def list_zone_coverage(tables: Tables, *, as_of: Day = TODAY, in_force_from: Day = ZONES_FROM, dataset: str | None = None) -> pd.DataFrame:
    """List every zone, and whether somebody answers for it."""
    rows = _gaps(tables, "Zone", "zone_id", as_of=as_of, in_force_from=in_force_from, dataset=dataset, pack=pack_with({}))
    return returned("zone_coverage", rows, by=["zone_id"])


def list_household_coverage(
    tables: Tables, *, as_of: Day = TODAY, stale_days: int = STALE_DAYS, in_force_from: Day = HOUSEHOLDS_FROM, dataset: str | None = None
) -> pd.DataFrame:
    """List every poor household, with its helpers and whether they came of late."""
    rows = _gaps(
        tables, "Household", "household_id", as_of=as_of, in_force_from=in_force_from, dataset=dataset, pack=pack_with({"s51.stale_days": stale_days})
    )
    stale = rows["flags"].astype(object).fillna("").map(lambda flags: "stale" in flags.split(";")).astype("boolean")
    return returned("household_coverage", rows.assign(stale=stale), by=["household_id"])


def list_household_uncovered(tables: Tables, *, as_of: Day = TODAY, in_force_from: Day = HOUSEHOLDS_FROM, dataset: str | None = None) -> pd.DataFrame:
    """List the poor households, and those of which that is unknown, that have no helper, with their village."""
    rows = _gaps(tables, "Household", "household_id", as_of=as_of, in_force_from=in_force_from, dataset=dataset, pack=pack_with({}))
    rows = rows[rows["outcome"] == "open"]
    poor = frame(tables, "Household").set_index("id")["is_poor"]
    places = lowest_village(standing(tables, as_of, dataset), rows["household_id"])
    return returned("household_uncovered", rows.assign(is_poor=rows["household_id"].map(poor), village_code=places), by=["household_id"])


def list_member_without_primary(tables: Tables, *, as_of: Day = TODAY, dataset: str | None = None) -> pd.DataFrame:
    """List the members, and people of unknown stage, whom no branch manages."""
    people = _memberships(tables, as_of, dataset)
    wanted = people["stage"].isin(["full", "probationary"]) | people["stage"].isna()
    rows = people[wanted & (people["primary_branches"] == 0)].rename(columns={"branches": "assisting_branches"})
    return returned("member_without_primary", rows, by=["member_id"])


def list_member_doubled_primary(tables: Tables, *, as_of: Day = TODAY, dataset: str | None = None) -> pd.DataFrame:
    """List the people with two or more primary branches at a time."""
    people = _memberships(tables, as_of, dataset)
    return returned("member_doubled_primary", people[people["primary_branches"] >= 2], by=["member_id"])


def list_member_dual_management(tables: Tables, *, as_of: Day = TODAY, dataset: str | None = None) -> pd.DataFrame:
    """List the people with a primary branch and an assisting one, a row a pair of branches."""
    ties = frame(standing(tables, as_of, dataset), "Member BELONGS_TO Branch")
    primary = ties[ties["primary"]].rename(columns={"branch_id": "primary_branch_id"})
    assisting = ties[~ties["primary"]].rename(columns={"branch_id": "assisting_branch_id"})
    pairs = primary.merge(assisting, on="member_id")
    pairs = pairs[pairs["primary_branch_id"] != pairs["assisting_branch_id"]]
    columns = ["member_id", "primary_branch_id", "assisting_branch_id"]
    return returned("member_dual_management", pairs.drop_duplicates(columns), by=columns)


def list_zone_without_member(tables: Tables, *, as_of: Day = TODAY, dataset: str | None = None) -> pd.DataFrame:
    """List the zones that nobody answers for, with the households in them."""
    there = standing(tables, as_of, dataset)
    zones = frame(there, "Zone").rename(columns={"id": "zone_id"})
    zones = zones[~zones["zone_id"].isin(frame(there, "Member RESPONSIBLE_FOR Zone")["zone_id"])]
    covered = count_distinct(frame(there, "Zone COVERS Household"), "zone_id", "household_id")
    return returned("zone_without_member", zones.assign(households=counted(zones["zone_id"], covered)), by=["zone_id"])


def list_household_outside_zones(tables: Tables, *, as_of: Day = TODAY, dataset: str | None = None) -> pd.DataFrame:
    """List the households that lie in no zone, with their village."""
    there = standing(tables, as_of, dataset)
    rows = frame(there, "Household").rename(columns={"id": "household_id"})
    rows = rows[~rows["household_id"].isin(frame(there, "Zone COVERS Household")["household_id"])]
    return returned("household_outside_zones", rows.assign(village_code=lowest_village(there, rows["household_id"])), by=["household_id"])


def _kinds(*, own: Kinds, temporary: Kinds, joint: Kinds, superior: Kinds, support: Kinds) -> Mapping[str, Kinds]:
    """Kinds of bodies as a pack names them; whether a body supports as a group or as a post makes no difference to a list."""
    return {"own": own, "temporary": temporary, "joint": joint, "superior": superior, "group": support, "post": ()}


def _hosts(
    tables: Tables, *, as_of: Day, in_force_from: Day, dataset: str | None, numbers: Mapping[str, int], kinds: Mapping[str, Kinds]
) -> pd.DataFrame:
    return _gaps(tables, "Cooperative", "cooperative_id", as_of=as_of, in_force_from=in_force_from, dataset=dataset, pack=pack_with(numbers, kinds))


def _gaps(tables: Tables, kind: str, key: str, *, as_of: Day, in_force_from: Day, dataset: str | None, pack: RulePack) -> pd.DataFrame:
    """Rows of the coverage finding about one kind, the subject under the query's name for it, rules by id."""
    mine = [rule for rule in pack if rule.applies_to == kind]  # no other kind is counted
    first = min(rule.in_force_from for rule in mine if rule.in_force_from)
    rules = tuple(replace(rule, in_force_from=read_day(in_force_from)) if rule.in_force_from == first else rule for rule in mine)
    rows = find_coverage_gaps(as_recorded(choose(tables, dataset)), rules=replace(pack, rules=rules), as_of=read_day(as_of)).rows
    return rows.assign(rule=rows["rule"].map(lambda name: name.partition(".")[2])).rename(columns={"subject_id": key})


def _open(rows: pd.DataFrame, rule: str) -> pd.DataFrame:
    return rows[(rows["rule"] == rule) & (rows["asked"] == "yes") & (rows["outcome"] == "open")]


def _memberships(tables: Tables, as_of: Day, dataset: str | None) -> pd.DataFrame:
    """Every person with the number of branches, and of primary ones."""
    there = standing(tables, as_of, dataset)
    ties = frame(there, "Member BELONGS_TO Branch")
    people = frame(there, "Member").rename(columns={"id": "member_id"})
    primary = count_distinct(ties[ties["primary"]], "member_id", "branch_id")
    return people.assign(
        branches=counted(people["member_id"], count_distinct(ties, "member_id", "branch_id")), primary_branches=counted(people["member_id"], primary)
    )
