"""Lists about bridge figures: people who span bodies and places, and bodies that hang on one person."""

from __future__ import annotations

import pandas as pd

from graphkit.data.tables import Tables
from graphkit.queries.twins.frames import TODAY, Day, count_distinct, counted, frame, returned, standing

BELONGS_TO, WORKS_IN = "Member BELONGS_TO Branch", "Member WORKS_IN Cooperative"


def list_member_two_offices(tables: Tables, *, as_of: Day = TODAY, dataset: str | None = None) -> pd.DataFrame:
    """List the people who hold office in two or more branches and co-operatives."""
    there = standing(tables, as_of, dataset)
    rows = frame(there, "Member")[["id"]].rename(columns={"id": "member_id"})
    for column, tie, body in (("branch_offices", BELONGS_TO, "branch_id"), ("cooperative_offices", WORKS_IN, "cooperative_id")):
        held = frame(there, tie).dropna(subset=["office"])
        rows[column] = counted(rows["member_id"], count_distinct(held, "member_id", body))
    rows["offices"] = rows["branch_offices"] + rows["cooperative_offices"]
    return returned("member_two_offices", rows[rows["offices"] >= 2], by=["member_id"], most_first="offices")


def list_member_spans_villages(tables: Tables, *, as_of: Day = TODAY, min_villages: int = 2, dataset: str | None = None) -> pd.DataFrame:
    """List the people whose home, posts and helped households span at least `min_villages` villages."""
    return _spans("member_spans_villages", _count_spans(standing(tables, as_of, dataset)), "villages", min_villages)


def list_member_spans_cooperatives(tables: Tables, *, as_of: Day = TODAY, min_cooperatives: int = 2, dataset: str | None = None) -> pd.DataFrame:
    """List the people who work in, or are liaison to, at least `min_cooperatives` co-operatives."""
    return _spans("member_spans_cooperatives", _count_spans(standing(tables, as_of, dataset)), "cooperatives", min_cooperatives)


def list_member_spans_branches(tables: Tables, *, as_of: Day = TODAY, min_branches: int = 2, dataset: str | None = None) -> pd.DataFrame:
    """List the people who belong to at least `min_branches` branches."""
    return _spans("member_spans_branches", _count_spans(standing(tables, as_of, dataset)), "branches", min_branches)


def list_body_one_person(tables: Tables, *, as_of: Day = TODAY, dataset: str | None = None) -> pd.DataFrame:
    """List the branches and co-operatives in which there is one person only."""
    rows = _bodies(tables, as_of, dataset)
    alone = rows.groupby(["body_kind", "body_id"], as_index=False).agg(
        people=("member_id", "nunique"), member_id=("member_id", "min"), name=("name", "first")
    )
    return returned("body_one_person", alone[alone["people"] == 1], by=["body_kind", "body_id"])


def list_body_one_officer(tables: Tables, *, as_of: Day = TODAY, dataset: str | None = None) -> pd.DataFrame:
    """List the branches and co-operatives with one office holder only."""
    rows = _bodies(tables, as_of, dataset)
    rows = rows.assign(officer=rows["member_id"].where(rows["office"].notna()))
    bodies = rows.groupby(["body_kind", "body_id"], as_index=False).agg(
        people=("member_id", "nunique"), officers=("officer", "nunique"), member_id=("officer", "min"), name=("name", "first")
    )
    return returned("body_one_officer", bodies[bodies["officers"] == 1], by=["body_kind", "body_id"])


def _count_spans(there: Tables) -> pd.DataFrame:
    """Every person with the different villages, co-operatives and branches they have to do with."""
    homes = frame(there, "Household LIVES_IN Village")[["household_id", "village_code"]]
    helped = frame(there, "Member HELPS Household")[["member_id", "household_id"]].merge(homes, on="household_id")
    bodies = {
        ("villages", "village_code"): (frame(there, "Member LIVES_IN Village"), frame(there, "Member HOLDS_POST_IN Village"), helped),
        ("cooperatives", "cooperative_id"): (frame(there, WORKS_IN), frame(there, "Member LIAISES Cooperative")),
        ("branches", "branch_id"): (frame(there, BELONGS_TO),),
    }
    rows = frame(there, "Member")[["id"]].rename(columns={"id": "member_id"})
    for (column, key), parts in bodies.items():
        ties = pd.concat([part[["member_id", key]] for part in parts], ignore_index=True)
        rows[column] = counted(rows["member_id"], count_distinct(ties, "member_id", key))
    return rows


def _spans(name: str, rows: pd.DataFrame, what: str, at_least: int) -> pd.DataFrame:
    return returned(name, rows[rows[what] >= at_least], by=["member_id"], most_first=what)


def _bodies(tables: Tables, as_of: Day, dataset: str | None) -> pd.DataFrame:
    """Every tie of a person to a body: its kind, id and name, the person and the office."""
    there = standing(tables, as_of, dataset)
    parts = []
    for kind, tie, key in (("Branch", BELONGS_TO, "branch_id"), ("Cooperative", WORKS_IN, "cooperative_id")):
        ties = frame(there, tie).rename(columns={key: "body_id"})[["member_id", "body_id", "office"]]
        names = frame(there, kind).set_index("id")["name"]
        parts.append(ties.assign(body_kind=kind, name=ties["body_id"].map(names)))
    return pd.concat(parts, ignore_index=True)
