"""What stood on a day, over lazy frames: on planted cases, the rows of `Tables.at`."""

import datetime as dt

import narwhals.stable.v2 as nw
import pyarrow as pa
import pytest

from graphkit.data.tables import Tables
from graphkit.engines.duckdb import open_frames
from graphkit.engines.frames import collect_rows
from graphkit.engines.standing import needed_with, stand_frames
from graphkit.model.kinds import MODEL

NAMES = ("Branch", "Member", "Household", "Promise", "Member BELONGS_TO Branch", "Member HELPS Household", "Promise MADE_BY Member")
BEFORE, ON, AFTER = dt.date(2009, 6, 30), dt.date(2009, 7, 1), dt.date(2012, 5, 1)


def planted():
    """Look-alikes on both sides of each date: begun, ended, later, unknown, planned; an end that has fallen; a stage that came later."""
    members = {"id": ["m1", "m2", "m3"], "stage": ["full", "full", None], "admitted_on": [BEFORE, AFTER, None]}
    branches = {"id": ["b1", "b2", "b3", "b4"], "founded_on": [BEFORE, AFTER, None, BEFORE], "dissolved_on": [None, None, None, ON]}
    belongs = {
        "member_id": ["m1", "m1", "m1", "m1", "m2"], "branch_id": ["b1", "b2", "b3", "b4", "b1"],
        "since": [ON, None, AFTER, None, BEFORE], "until": [AFTER, None, None, None, ON],
    }  # fmt: skip
    helps = {
        "member_id": ["m1", "m2", "m3"], "household_id": ["h1", "h1", "h1"], "kind": ["one_to_one"] * 3,
        "last_visit_on": [ON, AFTER, None],
    }  # fmt: skip
    promises = {"id": ["p1", "p2"], "promised_on": [BEFORE, AFTER], "from_on": [ON, ON], "until_on": [AFTER, None], "target": [5, 3]}
    return Tables(
        {
            "Promise": pa.table(promises), "Promise MADE_BY Member": pa.table({"promise_id": ["p1", "p2"], "member_id": ["m1", "m1"]}),
            "Branch": pa.table(branches), "Member": pa.table(members), "Household": pa.table({"id": ["h1"]}),
            "Member BELONGS_TO Branch": pa.table(belongs), "Member HELPS Household": pa.table(helps),
        }
    )  # fmt: skip


def rows_of(table):
    return sorted(map(str, table.to_pylist()))


@pytest.mark.parametrize("day", [dt.date(1990, 1, 1), BEFORE, ON, dt.date(2012, 4, 30), AFTER])
def test_frames_stand_as_tables_do(day):
    tables = planted()
    standing = tables.at(day)
    with open_frames({name: tables[name] for name in needed_with(NAMES, MODEL)}) as frames:
        found = stand_frames(frames, NAMES, MODEL, day)
        for name in NAMES:
            assert rows_of(collect_rows(found[name], standing[name].schema, order=standing[name].column_names)) == rows_of(standing[name]), name


def test_a_branch_that_ended_on_the_day_takes_its_ties_along():
    tables = planted()
    with open_frames({name: tables[name] for name in needed_with(NAMES, MODEL)}) as frames:
        ties = stand_frames(frames, NAMES, MODEL, ON)["Member BELONGS_TO Branch"]
        left = ties.select(nw.col("member_id"), nw.col("branch_id")).collect("pyarrow").to_native().to_pylist()
    assert sorted((row["member_id"], row["branch_id"]) for row in left) == [("m1", "b1")]
