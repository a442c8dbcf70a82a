"""A plan carried out on paper: the tables as they would be, to be asked again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from graphkit.data.tables import Tables, arrow_schema
from graphkit.errors import ParameterError
from graphkit.questions.finding import Finding
from graphkit.questions.plans.units import PEOPLE
from graphkit.words import Text

PLANS = ("select_covering_set", "select_maximal_coverage")
SERVES = {"Village": ("Branch SERVES Village", "village_code"), "Cooperative": ("Branch SERVES Cooperative", "cooperative_id")}


def apply_plan(tables: Tables, plan: Finding) -> Tables:
    """What would the district be if a plan were carried out?

    Each body of the plan is set up on the plan's day, serves its units and reports to its superior; the Party members there, full and
    probationary, are tied to it as members whom it assists, and nobody's membership is moved; each liaison is tied to the co-operative. What
    nothing could be done for stays as it is.

    Parameters
    ----------
    tables : Tables
        The district that the plan was made for; it is not changed.
    plan : Finding
        Of `select_covering_set` or `select_maximal_coverage`.

    Returns
    -------
    Tables
        With the bodies and ties of the plan.

    Raises
    ------
    ParameterError
        If the finding is no plan, or is applied twice.

    Examples
    --------
    >>> from graphkit.questions.coverage.find import find_coverage_gaps
    >>> from graphkit.questions.plans.select import select_covering_set
    >>> tables = Tables({
    ...     "Cooperative": pa.table({"id": ["c1"], "name": ["稻米协会"], "scope": ["village"]}),
    ...     "Member": pa.table({"id": ["m1", "m2", "m3"], "stage": ["full"] * 3}),
    ...     "Member WORKS_IN Cooperative": pa.table({"member_id": ["m1", "m2", "m3"], "cooperative_id": ["c1"] * 3}),
    ... })
    >>> plan = select_covering_set(tables, as_of=dt.date(2012, 4, 30))
    >>> after = find_coverage_gaps(apply_plan(tables, plan), as_of=dt.date(2012, 4, 30))
    >>> after.select("Cooperative")["outcome"].tolist()  # the body is there; under which superior, nobody has said
    ['met', 'unknown']
    """
    if plan.question not in PLANS or plan.as_of is None:
        raise ParameterError(
            Text(
                f"须是方案（{'、'.join(PLANS)} 的回答），而不是 {plan.question} 的",
                f"takes a plan, a finding of {' or '.join(PLANS)}, not of {plan.question}",
            ),
        )
    rows = [row for row in plan.rows.to_dict("records") if row["act"] != "none"]
    if {row["subject_id"] for row in rows if row["act"] != "liaison"} & set(tables["Branch"]["id"].to_pylist()):
        raise ParameterError(Text("方案中的党组织已经存在：同一方案只能实行一次", "a body of the plan is there already: a plan is applied once"))
    new: dict[str, list[dict[str, Any]]] = {}
    units = {kind: [unit for row in rows if row["unit_kind"] == kind for unit in row["units"]] for kind in PEOPLE}
    people = people_in(tables.at(plan.as_of), units, plan.provenance["stages"])
    for row in rows:
        if row["act"] == "liaison":
            new.setdefault("Member LIAISES Cooperative", []).extend(
                {"member_id": row["subject_id"], "cooperative_id": unit, "since": plan.as_of} for unit in row["units"]
            )
        else:
            _found(row, plan.as_of, people, new)
    return add_rows(tables, new)


def _found(row: Mapping[Any, Any], day: dt.date, people: Mapping[tuple[str, str], set[str]], new: dict[str, list[dict[str, Any]]]) -> None:
    """The rows that one new body brings."""
    body = row["subject_id"]
    new.setdefault("Branch", []).append(
        {"id": body, "name": row["name"], "kind": row["body_kind"], "management": row["management"], "founded_on": day}
    )
    table, key = SERVES[row["unit_kind"]]
    new.setdefault(table, []).extend({"branch_id": body, key: unit, "since": day} for unit in row["units"])
    if row["superior_id"] is not None:
        new.setdefault("Branch REPORTS_TO Branch", []).append({"branch_id": body, "superior_id": row["superior_id"], "since": day})
    if row["act"] != "group":  # a group is part of a branch, where its members are
        members = together(people, row["unit_kind"], row["units"])
        new.setdefault("Member BELONGS_TO Branch", []).extend(
            {"member_id": who, "branch_id": body, "primary": False, "since": day} for who in members
        )


def people_in(tables: Tables, units: Mapping[str, Iterable[str]], stages: Sequence[str]) -> dict[tuple[str, str], set[str]]:
    """Ids of the people of some stages who work or live in each unit; `units` are ids by kind."""
    members = tables["Member"]
    wanted = pc.unique(members.filter(pc.is_in(members["stage"], value_set=pa.array(list(stages), pa.string())))["id"])
    found: dict[tuple[str, str], set[str]] = {}
    for kind, ids in units.items():
        table, key = PEOPLE[kind]
        ties = tables[table].filter(pc.is_in(tables[table][key], value_set=pa.array(list(ids), pa.string())))
        ties = ties.filter(pc.is_in(ties["member_id"], value_set=wanted))
        for who, unit in zip(ties["member_id"].to_pylist(), ties[key].to_pylist(), strict=True):
            found.setdefault((kind, unit), set()).add(who)
    return found


def together(people: Mapping[tuple[str, str], set[str]], kind: str, units: Iterable[str]) -> list[str]:
    """The people of several units, each once, in order."""
    return sorted(set().union(*(people.get((kind, unit), ()) for unit in units)))


def add_rows(tables: Tables, new: Mapping[str, Sequence[Mapping[str, Any]]]) -> Tables:
    """Return tables with more rows; what a row does not say is empty."""
    added = {name: pa.Table.from_pylist(list(rows), schema=arrow_schema(tables.model.table_type(name))) for name, rows in new.items()}
    return tables.replace({name: pa.concat_tables([tables[name], rows]) for name, rows in added.items()})


def today() -> dt.date:
    """The reader's own day."""
    return dt.date.today()  # noqa: DTZ011
