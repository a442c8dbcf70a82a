"""Lists about pairing: who reaches whom, twice, never, only on paper, within the own association, and after whom."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from graphkit.data.tables import Tables
from graphkit.queries.twins.frames import TODAY, Day, as_recorded, choose, frame, lowest_village, read_day, returned, standing
from graphkit.questions.people.succession import find_succession
from graphkit.questions.promises.find import find_promises
from graphkit.questions.reach.find import find_pairing_reach

HELPS = "Member HELPS Household"


def list_member_direct_reach(tables: Tables, *, as_of: Day = TODAY, dataset: str | None = None) -> pd.DataFrame:
    """List the households each person helps, by kind of pairing and under any, and how many have somebody else too."""
    rows = _reach(tables, "Member", "member_id", as_of, dataset).rename(columns={"paired_households": "households"})
    return returned("member_direct_reach", rows[rows["households"] > 0], by=["member_id", "pairing_kind"])


def list_member_two_step_reach(tables: Tables, *, as_of: Day = TODAY, max_body_people: int = 50, dataset: str | None = None) -> pd.DataFrame:
    """List the households each member reaches with those who share a branch, a co-operative or a mentoring tie."""
    rows = _reach(tables, "Member", "member_id", as_of, dataset, max_steps=2, max_body_people=max_body_people).rename(
        columns={"paired_households": "households"}
    )
    return returned("member_two_step_reach", rows[rows["pairing_kind"] == "any"], by=["member_id"])


def list_member_sole_households(tables: Tables, *, as_of: Day = TODAY, dataset: str | None = None) -> pd.DataFrame:
    """List the people on whom alone households hang: the only one who helps them or answers for their zone, none of them in a co-operative with people."""
    there = standing(tables, as_of, dataset)
    zones = frame(there, "Zone COVERS Household").merge(frame(there, "Member RESPONSIBLE_FOR Zone"), on="zone_id")
    persons = pd.concat([rows[["household_id", "member_id"]] for rows in (frame(there, HELPS), zones)]).drop_duplicates()
    peopled = pd.concat([frame(there, f"Member {tie} Cooperative")["cooperative_id"] for tie in ("WORKS_IN", "LIAISES")])
    joined = frame(there, "Household JOINED Cooperative")
    held = joined.loc[joined["cooperative_id"].isin(peopled), "household_id"]
    alone = persons[~persons["household_id"].duplicated(keep=False) & ~persons["household_id"].isin(held)]
    rows = alone.groupby("member_id").size().rename("households").reset_index()
    return returned("member_sole_households", rows, by=["member_id"], most_first="households")


def list_village_reach(tables: Tables, *, as_of: Day = TODAY, dataset: str | None = None) -> pd.DataFrame:
    """List the villages with their households that have one helper, several, or none."""
    rows = _reach(tables, "Village", "village_code", as_of, dataset)
    return returned("village_reach", rows[rows["pairing_kind"] == "any"], by=["village_code"])


def list_household_double_helped(tables: Tables, *, as_of: Day = TODAY, dataset: str | None = None) -> pd.DataFrame:
    """List the households with two or more helpers."""
    rows = _reach(tables, "Household", "household_id", as_of, dataset)
    rows = rows[(rows["pairing_kind"] == "any") & (rows["helpers"] >= 2)]
    return returned("household_double_helped", rows, by=["household_id"], most_first="helpers")


def list_household_without_helper(tables: Tables, *, as_of: Day = TODAY, dataset: str | None = None) -> pd.DataFrame:
    """List the households that nobody helps, with their village."""
    rows = _reach(tables, "Household", "household_id", as_of, dataset)
    rows = rows[(rows["pairing_kind"] == "any") & (rows["helpers"] == 0)]
    places = lowest_village(standing(tables, as_of, dataset), rows["household_id"])
    return returned("household_without_helper", rows.assign(village_code=places), by=["household_id"])


def list_member_promised_recorded(tables: Tables, *, as_of: Day = TODAY, dataset: str | None = None) -> pd.DataFrame:
    """List what each person promised, against what is recorded in the same kind, unit and period."""
    rows = find_promises(as_recorded(choose(tables, dataset)), as_of=read_day(as_of)).select("Member")
    return returned("member_promised_recorded", rows.rename(columns={"subject_id": "member_id"}), by=["member_id", "promise_id"])


def list_member_stale_pairings(tables: Tables, *, as_of: Day = TODAY, stale_days: int = 183, dataset: str | None = None) -> pd.DataFrame:
    """List the people with households whose last recorded visit is more than `stale_days` days ago."""
    rows = _reach(tables, "Member", "member_id", as_of, dataset, stale_days=stale_days).rename(columns={"paired_households": "households"})
    return returned("member_stale_pairings", rows[rows["stale_households"] > 0], by=["member_id", "pairing_kind"])


def list_member_own_association(tables: Tables, *, as_of: Day = TODAY, dataset: str | None = None) -> pd.DataFrame:
    """List the people who help households of the co-operative they work in."""
    rows = _reach(tables, "Member", "member_id", as_of, dataset).rename(columns={"paired_households": "households"})
    rows = rows[(rows["pairing_kind"] == "any") & (rows["own_association_households"] > 0)]
    return returned("member_own_association", rows, by=["member_id"])


def list_pairing_stale(tables: Tables, *, as_of: Day = TODAY, stale_days: int = 183, dataset: str | None = None) -> pd.DataFrame:
    """List the pairings whose last recorded visit is more than `stale_days` days ago."""
    day = read_day(as_of)
    ties = frame(standing(tables, as_of, dataset), HELPS).dropna(subset=["last_visit_on"]).rename(columns={"kind": "pairing_kind"})
    pairs = ties.groupby(["member_id", "household_id", "pairing_kind"], as_index=False)["last_visit_on"].max()
    pairs = pairs.assign(days=_days(pairs["last_visit_on"], [day] * len(pairs)))
    return returned("pairing_stale", pairs[pairs["days"] > stale_days], by=["member_id", "household_id", "pairing_kind"], most_first="days")


def list_pairing_own_association(tables: Tables, *, as_of: Day = TODAY, dataset: str | None = None) -> pd.DataFrame:
    """List the pairings of a person and a household of one co-operative."""
    there = standing(tables, as_of, dataset)
    joined = frame(there, "Household JOINED Cooperative")
    joined = joined[joined["kind"].fillna("member") == "member"]
    columns = ["member_id", "household_id", "cooperative_id"]
    pairs = (
        frame(there, HELPS).merge(joined, on="household_id").merge(frame(there, "Member WORKS_IN Cooperative"), on=["member_id", "cooperative_id"])
    )
    return returned("pairing_own_association", pairs.drop_duplicates(columns), by=columns)


def list_household_succession(tables: Tables, *, as_of: Day = TODAY, dataset: str | None = None) -> pd.DataFrame:
    """List where one helper ended and the next one began, with the days between."""
    rows = find_succession(as_recorded(choose(tables, dataset)), as_of=read_day(as_of)).rows
    rows = rows.dropna(subset=["next_member_id"]).rename(columns={"subject_id": "household_id"})
    return returned("household_succession", rows, by=["household_id", "former_member_id", "ended_on", "next_member_id"])


def list_household_helper_lost(tables: Tables, *, as_of: Day = TODAY, dataset: str | None = None) -> pd.DataFrame:
    """List the households that had a helper and have none on the day."""
    ties = frame(choose(tables, dataset), HELPS)
    there = standing(tables, as_of, dataset)
    lost = set(frame(there, "Household")["id"]) - set(frame(there, HELPS)["household_id"])
    ended = ties[_until_day(ties["until"], read_day(as_of)) & ties["household_id"].isin(lost)]
    rows = ended.groupby("household_id", as_index=False).agg(ended_on=("until", "max"), former_helpers=("member_id", "nunique"))
    return returned("household_helper_lost", rows, by=["household_id"])


def list_pairing_by_kind(tables: Tables, *, as_of: Day = TODAY, dataset: str | None = None) -> pd.DataFrame:
    """List the kinds of pairing with their pairs, people and households, each counted once."""
    pairs = frame(standing(tables, as_of, dataset), HELPS).drop_duplicates(["kind", "member_id", "household_id"])
    rows = pairs.groupby("kind", as_index=False).agg(
        pairings=("member_id", "size"), members=("member_id", "nunique"), households=("household_id", "nunique")
    )
    return returned("pairing_by_kind", rows.rename(columns={"kind": "pairing_kind"}), by=["pairing_kind"])


def _reach(tables: Tables, kind: str, key: str, as_of: Day, dataset: str | None, *, max_steps: int = 1, **options: int) -> pd.DataFrame:
    """Rows of the reach finding about one kind, the subject under the query's name for it."""
    finding = find_pairing_reach(choose(tables, dataset), max_steps=max_steps, as_of=read_day(as_of), **options)
    return finding.select(kind).drop(columns=["households"] if kind == "Member" else []).rename(columns={"subject_id": key})


def _until_day(dates: pd.Series, day: dt.date) -> pd.Series:
    """Which dates are known and not after the day."""
    return dates.map(lambda date: date is not None and not pd.isna(date) and date <= day).astype(bool)


def _days(earlier: pd.Series, later: pd.Series | list[dt.date]) -> pd.Series:
    days = [(b - a).days for a, b in zip(earlier, later, strict=True)]
    return pd.Series(days, index=earlier.index, dtype="Int64")
