"""Lists an office needs: the roster of a branch, its offices and superiors, the page of a household or a person."""

from __future__ import annotations

import pandas as pd

from graphkit.data.tables import Tables
from graphkit.model.types import TieType
from graphkit.queries.twins.frames import TODAY, Day, choose, count_distinct, counted, frame, returned, standing

BELONGS_TO = "Member BELONGS_TO Branch"
DETAILS = ("kind", "office", "post")
"""Properties that say more about a tie; a tie has one of them at most."""


def list_branch_roster(tables: Tables, *, branch_id: str | None = None, as_of: Day = TODAY, dataset: str | None = None) -> pd.DataFrame:
    """List who is in a branch, or in every branch, and in what capacity; it holds names."""
    there = standing(tables, as_of, dataset)
    ties = frame(there, BELONGS_TO)
    ties = ties if branch_id is None else ties[ties["branch_id"] == branch_id]
    rows = ties.merge(frame(there, "Member"), left_on="member_id", right_on="id")
    return returned("branch_roster", rows, by=["branch_id", "member_id", "since"])


def list_branch_officers(tables: Tables, *, as_of: Day = TODAY, dataset: str | None = None) -> pd.DataFrame:
    """List who holds office in each branch, with year of birth and schooling."""
    there = standing(tables, as_of, dataset)
    ties = frame(there, BELONGS_TO).dropna(subset=["office"])
    rows = ties.merge(frame(there, "Member"), left_on="member_id", right_on="id")
    rows = rows.assign(branch_name=rows["branch_id"].map(frame(there, "Branch").set_index("id")["name"]))
    keys = ["branch_id", "member_id", "office"]
    return returned("branch_officers", rows.drop_duplicates(keys), by=keys)


def list_branch_without_office(tables: Tables, *, office: str = "书记", as_of: Day = TODAY, dataset: str | None = None) -> pd.DataFrame:
    """List the branches in which nobody holds an office, such as secretary."""
    there = standing(tables, as_of, dataset)
    ties = frame(there, BELONGS_TO)
    rows = frame(there, "Branch").rename(columns={"id": "branch_id"})
    rows = rows[~rows["branch_id"].isin(ties[ties["office"] == office]["branch_id"])]
    people = count_distinct(ties, "branch_id", "member_id")
    return returned("branch_without_office", rows.assign(people=counted(rows["branch_id"], people)), by=["branch_id"])


def list_branch_superiors(tables: Tables, *, as_of: Day = TODAY, dataset: str | None = None) -> pd.DataFrame:
    """List the superior that each branch reports to, and how it is managed."""
    there = standing(tables, as_of, dataset)
    rows = frame(there, "Branch").rename(columns={"id": "branch_id"})
    ties = frame(there, "Branch REPORTS_TO Branch")[["branch_id", "superior_id"]].drop_duplicates()
    rows = rows.merge(ties, on="branch_id", how="left")
    rows = rows.assign(superior_kind=rows["superior_id"].map(frame(there, "Branch").set_index("id")["kind"]))
    return returned("branch_superiors", rows, by=["branch_id", "superior_id"])


def list_household_page(tables: Tables, *, household_id: str | None = None, dataset: str | None = None) -> pd.DataFrame:
    """List every tie of a household, or of every household, past ones included."""
    chosen = choose(tables, dataset)
    subjects = frame(chosen, "Household").rename(columns={"id": "household_id"})
    subjects = subjects if household_id is None else subjects[subjects["household_id"] == household_id]
    rows = subjects.merge(_ties_of(chosen, "Household", details=("kind",)), left_on="household_id", right_on="own_id", how="left")
    return returned("household_page", rows, by=["household_id", "tie", "direction", "other_id", "detail", "since"])


def list_member_page(tables: Tables, *, member_id: str | None = None, dataset: str | None = None) -> pd.DataFrame:
    """List every tie of a person, or of everybody, past ones included; it holds names."""
    chosen = choose(tables, dataset)
    subjects = frame(chosen, "Member").rename(columns={"id": "member_id"})
    subjects = subjects if member_id is None else subjects[subjects["member_id"] == member_id]
    rows = subjects.merge(_ties_of(chosen, "Member", details=DETAILS), left_on="member_id", right_on="own_id", how="left")
    return returned("member_page", rows, by=["member_id", "tie", "direction", "other_id", "detail", "since"])


def _ties_of(tables: Tables, label: str, *, details: tuple[str, ...]) -> pd.DataFrame:
    """Every tie that ends at a node of kind `label`, seen from there."""
    seen = [(tie, end) for tie in tables.model.ties for end in (0, 1) if (tie.source, tie.target)[end] == label]
    parts = [_seen_from(frame(tables, tie.table), tie, end, details) for tie, end in seen]
    return pd.concat(parts, ignore_index=True)


def _seen_from(ties: pd.DataFrame, tie: TieType, end: int, details: tuple[str, ...]) -> pd.DataFrame:
    """The ties of one kind, seen from its source (`end` 0) or target; a tie to oneself is seen from its source alone."""
    if end and tie.source == tie.target:
        ties = ties[ties[tie.ends[0].name] != ties[tie.ends[1].name]]
    detail = next((name for name in details if name in ties), None)
    nothing = pd.Series(pd.NA, index=ties.index, dtype="string")
    never = pd.Series(None, index=ties.index, dtype=object)
    return pd.DataFrame(
        {
            "own_id": ties[tie.ends[end].name],
            "tie": pd.Series(tie.name, index=ties.index, dtype="string"),
            "direction": pd.Series(("out", "in")[end], index=ties.index, dtype="string"),
            "other_id": ties[tie.ends[1 - end].name],
            "detail": ties[detail] if detail else nothing,
            "since": ties.get(tie.since_column, never),
            "until": ties.get("until", never),
        }
    )
