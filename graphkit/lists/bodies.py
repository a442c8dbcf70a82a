"""Lists about bridge figures: people who span bodies and places, and bodies that hang on one person."""

from __future__ import annotations

import pandas as pd

from graphkit.bridges import find_bridge_figures
from graphkit.lists.frames import EXAMPLE_DAY, Day, choose, count_distinct, counted, frame, read_day, returned, standing
from graphkit.network import Network
from graphkit.tables import Tables


def list_member_two_offices(tables: Tables, *, as_of: Day = EXAMPLE_DAY, dataset: str | None = None) -> pd.DataFrame:
    """List the people who hold office in two or more branches and co-operatives."""
    figures = _figures(tables, as_of, dataset)
    rows = figures[figures["offices"] >= 2]
    there = standing(tables, as_of, dataset)
    in_branches, in_cooperatives = (
        count_distinct(ties.dropna(subset=["office"]), "member_id", body)
        for ties, body in ((frame(there, "Member BELONGS_TO Branch"), "branch_id"), (frame(there, "Member WORKS_IN Cooperative"), "cooperative_id"))
    )
    rows = rows.assign(branch_offices=counted(rows["member_id"], in_branches), cooperative_offices=counted(rows["member_id"], in_cooperatives))
    return returned("member_two_offices", rows, by=["member_id"], most_first="offices")


def list_member_spans_villages(tables: Tables, *, as_of: Day = EXAMPLE_DAY, min_villages: int = 2, dataset: str | None = None) -> pd.DataFrame:
    """List the people whose home, posts and helped households span at least `min_villages` villages."""
    return _spans("member_spans_villages", _figures(tables, as_of, dataset), "villages", min_villages)


def list_member_spans_cooperatives(
    tables: Tables, *, as_of: Day = EXAMPLE_DAY, min_cooperatives: int = 2, dataset: str | None = None
) -> pd.DataFrame:
    """List the people who work in, or are liaison to, at least `min_cooperatives` co-operatives."""
    return _spans("member_spans_cooperatives", _figures(tables, as_of, dataset), "cooperatives", min_cooperatives)


def list_member_spans_branches(tables: Tables, *, as_of: Day = EXAMPLE_DAY, min_branches: int = 2, dataset: str | None = None) -> pd.DataFrame:
    """List the people who belong to at least `min_branches` branches."""
    return _spans("member_spans_branches", _figures(tables, as_of, dataset), "branches", min_branches)


def list_body_one_person(tables: Tables, *, as_of: Day = EXAMPLE_DAY, dataset: str | None = None) -> pd.DataFrame:
    """List the branches and co-operatives in which there is one person only."""
    rows = _bodies(tables, as_of, dataset)
    alone = rows.groupby(["body_kind", "body_id"], as_index=False).agg(
        people=("member_id", "nunique"), member_id=("member_id", "min"), name=("name", "first")
    )
    return returned("body_one_person", alone[alone["people"] == 1], by=["body_kind", "body_id"])


def list_body_one_officer(tables: Tables, *, as_of: Day = EXAMPLE_DAY, dataset: str | None = None) -> pd.DataFrame:
    """List the branches and co-operatives with one office holder only."""
    rows = _bodies(tables, as_of, dataset)
    rows = rows.assign(officer=rows["member_id"].where(rows["office"].notna()))
    bodies = rows.groupby(["body_kind", "body_id"], as_index=False).agg(
        people=("member_id", "nunique"), officers=("officer", "nunique"), member_id=("officer", "min"), name=("name", "first")
    )
    return returned("body_one_officer", bodies[bodies["officers"] == 1], by=["body_kind", "body_id"])


def _figures(tables: Tables, as_of: Day, dataset: str | None) -> pd.DataFrame:
    """Rows of the bridge finding, the person under the queries' name for it."""
    network = Network.from_tables(choose(tables, dataset), as_of=read_day(as_of))
    return find_bridge_figures(network).rows.rename(columns={"subject_id": "member_id"})


def _spans(name: str, figures: pd.DataFrame, what: str, at_least: int) -> pd.DataFrame:
    rows = figures.rename(columns={f"{what}_spanned": what})
    return returned(name, rows[rows[what] >= at_least], by=["member_id"], most_first=what)


def _bodies(tables: Tables, as_of: Day, dataset: str | None) -> pd.DataFrame:
    """Every tie of a person to a body: its kind, id and name, the person and the office."""
    there = standing(tables, as_of, dataset)
    parts = []
    for kind, tie, key in (("Branch", "Member BELONGS_TO Branch", "branch_id"), ("Cooperative", "Member WORKS_IN Cooperative", "cooperative_id")):
        ties = frame(there, tie).rename(columns={key: "body_id"})[["member_id", "body_id", "office"]]
        names = frame(there, kind).set_index("id")["name"]
        parts.append(ties.assign(body_kind=kind, name=ties["body_id"].map(names)))
    return pd.concat(parts, ignore_index=True)
