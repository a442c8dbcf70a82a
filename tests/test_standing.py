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
    members = {
        "id": ["m1", "m2", "m3", "m4", "m5", "m6"], "stage": ["full", "full", None, "applicant", "full", "probationary"],
        "applied_on": [None, None, None, ON, None, BEFORE], "activist_on": [None, None, None, None, None, ON],
        "candidate_on": [None, None, None, None, ON, None], "admitted_on": [BEFORE, AFTER, None, None, AFTER, AFTER],
        "full_on": [ON, None, None, None, AFTER, None],
    }  # fmt: skip
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


ADMISSION = {
    "applied_on": dt.date(2008, 1, 1), "activist_on": dt.date(2009, 1, 1), "candidate_on": dt.date(2011, 3, 1),
    "admitted_on": dt.date(2012, 1, 1), "full_on": dt.date(2013, 1, 1),
}  # fmt: skip


@pytest.mark.parametrize(
    ("recorded", "dated", "day", "stage"),
    [
        # every step dated: each day has one answer, the day of a step included, the day before it not
        *[("full", tuple(ADMISSION), dt.date.fromisoformat(day), stage) for day, stage in (
            ("2005-01-01", "not_applied"), ("2007-12-31", "not_applied"), ("2008-01-01", "applicant"), ("2010-01-01", "activist"),
            ("2011-06-01", "candidate"), ("2012-12-31", "probationary"), ("2013-01-01", "full"),
        )],
        ("applicant", ("applied_on",), dt.date(2005, 1, 1), "not_applied"),  # an applicant of today had not applied yet
        ("applicant", (), dt.date(2005, 1, 1), "applicant"),  # and without a date it is as recorded
        ("full", ("admitted_on",), dt.date(2011, 6, 1), None),  # not admitted yet, but which of the stages before is not on record
        ("full", ("admitted_on",), dt.date(2012, 6, 1), "full"),
        ("full", ("candidate_on", "admitted_on"), dt.date(2011, 6, 1), "candidate"),
        ("full", ("activist_on", "admitted_on"), dt.date(2011, 6, 1), None),  # may have been made a candidate in between
        ("full", ("full_on",), dt.date(2012, 6, 1), None),
        ("probationary", ("admitted_on", "full_on"), dt.date(2012, 6, 1), "probationary"),
        (None, ("candidate_on", "admitted_on"), dt.date(2011, 6, 1), "candidate"),  # an empty cell, and the dates say it
        (None, ("candidate_on", "admitted_on"), dt.date(2012, 6, 1), None),  # probationary or full by then
    ],
)  # fmt: skip
def test_a_stage_is_that_of_the_day(recorded, dated, day, stage):
    member = {"id": ["m"], "stage": [recorded], **{name: [ADMISSION[name]] for name in dated}}
    tables = Tables(
        {"Member": pa.table(member, schema=pa.schema([(name, pa.string() if name in ("id", "stage") else pa.date32()) for name in member]))}
    )
    known = tables.at(day)
    assert known["Member"]["stage"].to_pylist() == [stage]
    assert known.at(day) == known
    later = [value for name in ADMISSION for value in known["Member"][name].to_pylist() if value is not None and value > day]
    assert later == []
    with open_frames({"Member": tables["Member"]}) as frames:
        assert stand_frames(frames, ["Member"], MODEL, day)["Member"].collect("pyarrow").to_native()["stage"].to_pylist() == [stage]
