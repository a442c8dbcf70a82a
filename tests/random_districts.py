"""Small random districts for the laws: every tie that coverage and reach read, unknown values, dates on every side of the day asked."""

import datetime as dt

import pyarrow as pa
from hypothesis import strategies as st

from graphkit.data.tables import Tables, arrow_schema
from graphkit.model.kinds import MODEL

DAY = dt.date(2012, 4, 30)
BEFORE, ON, AFTER = DAY - dt.timedelta(days=400), DAY, DAY + dt.timedelta(days=1)

VILLAGES = [f"23011210000{i}" for i in range(3)]
TOWNSHIPS = ["230112100", "230112101"]
COOPERATIVES, BRANCHES = ["c1", "c2", "c3"], ["b1", "b2", "b3", "b4"]
MEMBERS, HOUSEHOLDS, ZONES, PROMISES = [f"m{i}" for i in range(7)], [f"h{i}" for i in range(5)], ["z1", "z2"], ["p1", "p2"]
ENDS = {
    "Village": VILLAGES, "Township": TOWNSHIPS, "Cooperative": COOPERATIVES, "Branch": BRANCHES, "Member": MEMBERS, "Household": HOUSEHOLDS,
    "Zone": ZONES, "Promise": PROMISES,
}  # fmt: skip
TIES = (
    "Village IN Township", "Cooperative OPERATES_IN Village", "Branch SERVES Cooperative", "Branch SERVES Village", "Branch REPORTS_TO Branch",
    "Member BELONGS_TO Branch", "Member WORKS_IN Cooperative", "Member LIVES_IN Village", "Household LIVES_IN Village",
    "Household JOINED Cooperative", "Member HELPS Household", "Member MENTORS Member", "Member LIAISES Cooperative",
    "Member RESPONSIBLE_FOR Zone", "Zone COVERS Household", "Member HOLDS_POST_IN Village",
    "Promise MADE_BY Member",
)  # fmt: skip


def make(tables: dict[str, list[dict]]) -> Tables:
    """Tables from rows as dictionaries; a column left out is null."""
    return Tables({name: pa.Table.from_pylist(rows, schema=arrow_schema(MODEL.table_type(name))) for name, rows in tables.items()})


def _values(draw, column):
    if column.choices:
        return draw(st.sampled_from([*column.values, None]))
    if column.type == "boolean":
        return draw(st.sampled_from([True, False, None]))
    if column.type == "integer":
        return draw(st.sampled_from([1, 5, 10, None]))
    if column.name == "office":
        return draw(st.sampled_from([None, None, "书记", "委员"]))
    return None


def _dates(draw):
    return {"since": draw(st.sampled_from([None, None, None, BEFORE, ON, AFTER])), "until": draw(st.sampled_from([None, None, None, ON, AFTER]))}


def _tie_row(draw, kind):
    row = {end.name: draw(st.sampled_from(ENDS[label])) for end, label in zip(kind.ends, (kind.source, kind.target), strict=True)}
    for column in kind.properties:
        if column.name == "last_visit_on":
            row[column.name] = draw(st.sampled_from([None, DAY - dt.timedelta(days=184), DAY - dt.timedelta(days=183), DAY]))
        elif column.required and column.choices:
            row[column.name] = draw(st.sampled_from(column.values))
        else:
            row[column.name] = _values(draw, column)
    if "since" in {column.name for column in kind.properties}:
        row |= _dates(draw)
    return row


@st.composite
def districts(draw) -> Tables:
    """A random district of at most seven people and five households."""
    stages = [*(["full"] * 4), "probationary", "candidate", "activist", "applicant", None]
    kinds = ["committee", "general_branch", "branch", "joint_branch", "temporary_branch", "group", "liaison_post", None]
    rows: dict[str, list[dict]] = {
        "Township": [{"code": code} for code in TOWNSHIPS],
        "Village": [{"code": code, "name": f"村{code[-1]}"} for code in VILLAGES],
        "Cooperative": [
            {"id": i, "name": f"社{i}", "founded_on": draw(st.sampled_from([None, BEFORE, AFTER])),
             "scope": draw(st.sampled_from([None, None, "village", "cross_village", "township", "cross_township"]))}
            for i in COOPERATIVES
        ],
        "Branch": [
            {"id": i, "kind": draw(st.sampled_from(kinds)), "management": draw(st.sampled_from(["direct", "sector", None])),
             "dissolved_on": draw(st.sampled_from([None, None, ON, AFTER]))}
            for i in BRANCHES
        ],
        "Member": [{"id": i, "name": "不可外传", "stage": draw(st.sampled_from(stages))} for i in MEMBERS],
        "Household": [{"id": i, "is_poor": draw(st.sampled_from([True, False, None]))} for i in HOUSEHOLDS],
        "Zone": [{"id": i} for i in ZONES],
        "Promise": [{"id": i, "kind": draw(st.sampled_from(["one_to_five", "technical", None]))} for i in PROMISES],
    }  # fmt: skip
    for name in TIES:
        kind = MODEL.table_type(name)
        rows[name] = [_tie_row(draw, kind) for _ in range(draw(st.integers(0, 9)))]
    return make(rows)


def stands(tables: Tables, name: str, day: dt.date = DAY) -> list[dict]:
    """Rows of a table that stood on the day, by definition and one by one; ties to bodies that did not stand are left out."""
    kind = MODEL.table_type(name)
    ends = {
        end.name: label for end, label in zip(getattr(kind, "ends", ()), (getattr(kind, "source", ""), getattr(kind, "target", "")), strict=False)
    }
    there = {label: {r["id"] for r in stands(tables, label, day)} for label in set(ends.values()) & {"Branch", "Cooperative"}}
    kept = []
    for row in tables[name].to_pylist():
        since, until = row.get("since") or row.get("founded_on"), row.get("until") or row.get("dissolved_on")
        in_time = (since is None or since <= day) and (until is None or until > day)
        if in_time and all(row[column] in there[label] for column, label in ends.items() if label in there):
            kept.append(row)
    return kept


def relabel(tables: Tables, names: dict[str, str]) -> Tables:
    """The same district under other ids, everywhere an id stands."""
    keys = {"id", "code", *(end.name for t in map(MODEL.table_type, TIES) for end in t.ends)}
    changed = {
        name: [{k: names.get(v, v) if k in keys else v for k, v in row.items()} for row in tables[name].to_pylist()] for name in tables
    }  # fmt: skip
    return make(changed)


def shuffle(tables: Tables, random) -> Tables:
    """The same district with the rows of every table in another order."""
    changed = {}
    for name in tables:
        rows = tables[name].to_pylist()
        random.shuffle(rows)
        changed[name] = rows
    return make(changed)
