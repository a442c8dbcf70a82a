"""Lists about coverage: co-operatives, villages, members, households and zones, with gaps and what is near to one."""

from __future__ import annotations

import pandas as pd

from graphkit.data.tables import Tables
from graphkit.queries.twins.frames import TODAY, Day, choose, count_distinct, counted, frame, lowest_village, read_day, returned, standing
from graphkit.questions.coverage.find import find_coverage_gaps

RULES = "acheng-2010"
"""The rule pack that the coverage queries spell out."""


def list_cooperative_coverage(tables: Tables, *, as_of: Day = TODAY, dataset: str | None = None) -> pd.DataFrame:
    """List every co-operative with its verdict and the counts it rests on."""
    return returned("cooperative_coverage", _gaps(tables, "Cooperative", "cooperative_id", as_of, dataset), by=["cooperative_id"])


def list_village_coverage(tables: Tables, *, as_of: Day = TODAY, dataset: str | None = None) -> pd.DataFrame:
    """List every village with its verdict and the counts it rests on."""
    return returned("village_coverage", _gaps(tables, "Village", "village_code", as_of, dataset), by=["village_code"])


def list_member_coverage(tables: Tables, *, as_of: Day = TODAY, dataset: str | None = None) -> pd.DataFrame:
    """List every person: managed by one primary branch, or on the way with a mentor."""
    rows = _gaps(tables, "Member", "member_id", as_of, dataset).rename(columns={"helpers": "mentors"})
    stages = frame(standing(tables, as_of, dataset), "Member").set_index("id")["stage"]
    return returned("member_coverage", rows.assign(stage=rows["member_id"].map(stages)), by=["member_id"])


def list_household_coverage(tables: Tables, *, as_of: Day = TODAY, dataset: str | None = None) -> pd.DataFrame:
    """List every household: paired, in a zone that somebody answers for, or neither."""
    return returned("household_coverage", _gaps(tables, "Household", "household_id", as_of, dataset), by=["household_id"])


def list_household_uncovered(tables: Tables, *, as_of: Day = TODAY, dataset: str | None = None) -> pd.DataFrame:
    """List the households that are blank, or due a helper, with their village."""
    rows = _gaps(tables, "Household", "household_id", as_of, dataset)
    rows = rows[rows["verdict"].isin(["due", "blank"])]
    poor = frame(tables, "Household").set_index("id")["is_poor"]
    places = lowest_village(standing(tables, as_of, dataset), rows["household_id"])
    return returned("household_uncovered", rows.assign(is_poor=rows["household_id"].map(poor), village_code=places), by=["household_id"])


def list_cooperative_due_branch(tables: Tables, *, as_of: Day = TODAY, dataset: str | None = None) -> pd.DataFrame:
    """List the co-operatives with enough full members and no branch."""
    rows = _gaps(tables, "Cooperative", "cooperative_id", as_of, dataset)
    return returned("cooperative_due_branch", rows[rows["verdict"] == "due"], by=["cooperative_id"])


def list_cooperative_blank(tables: Tables, *, as_of: Day = TODAY, dataset: str | None = None) -> pd.DataFrame:
    """List the co-operatives with no body and no liaison, and too few full members for a branch."""
    rows = _gaps(tables, "Cooperative", "cooperative_id", as_of, dataset)
    return returned("cooperative_blank", rows[rows["verdict"] == "blank"], by=["cooperative_id"])


def list_cooperative_near_threshold(tables: Tables, *, as_of: Day = TODAY, dataset: str | None = None) -> pd.DataFrame:
    """List the co-operatives without a branch that are near to the number of full members for one."""
    return returned("cooperative_near_threshold", _near(tables, "Cooperative", "cooperative_id", as_of, dataset), by=["cooperative_id"])


def list_village_near_threshold(tables: Tables, *, as_of: Day = TODAY, dataset: str | None = None) -> pd.DataFrame:
    """List the villages without a branch that are near to the number of full members for one."""
    return returned("village_near_threshold", _near(tables, "Village", "village_code", as_of, dataset), by=["village_code"])


def list_cooperative_wrong_superior(tables: Tables, *, as_of: Day = TODAY, dataset: str | None = None) -> pd.DataFrame:
    """List the co-operatives none of whose branches reports to the superior that their scope asks for."""
    rows = _gaps(tables, "Cooperative", "cooperative_id", as_of, dataset)
    disagrees = rows["superior_agrees"].astype("boolean").eq(False).fillna(False)
    return returned("cooperative_wrong_superior", rows[disagrees], by=["cooperative_id"])


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


def _gaps(tables: Tables, kind: str, key: str, as_of: Day, dataset: str | None) -> pd.DataFrame:
    """Rows of the coverage finding about one kind, the subject under the query's name for it."""
    finding = find_coverage_gaps(choose(tables, dataset), rules=RULES, as_of=read_day(as_of))
    return finding.select(kind).rename(columns={"subject_id": key})


def _near(tables: Tables, kind: str, key: str, as_of: Day, dataset: str | None) -> pd.DataFrame:
    rows = _gaps(tables, kind, key, as_of, dataset)
    return rows[rows["near_threshold"].astype("boolean").fillna(False) & (rows["branches"] == 0)]


def _memberships(tables: Tables, as_of: Day, dataset: str | None) -> pd.DataFrame:
    """Every person with the number of branches, and of primary ones."""
    there = standing(tables, as_of, dataset)
    ties = frame(there, "Member BELONGS_TO Branch")
    people = frame(there, "Member").rename(columns={"id": "member_id"})
    primary = count_distinct(ties[ties["primary"]], "member_id", "branch_id")
    return people.assign(
        branches=counted(people["member_id"], count_distinct(ties, "member_id", "branch_id")), primary_branches=counted(people["member_id"], primary)
    )
