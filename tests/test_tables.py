"""Tables: equality, hash, the day, and what a message may show."""

import datetime as dt

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphkit.data.problems import Problem
from graphkit.data.tables import PROVENANCE, Tables, arrow_schema
from graphkit.errors import ModelError, ParameterError
from graphkit.model.kinds import MODEL
from graphkit.model.types import Property
from graphkit.privacy import shown_value
from graphkit.words import Text
from tests.table_samples import tables

NAME = Property("name", "string", Text("名称", "name"), Text("", ""), personal=True)
TOPIC = Property("topic", "string", Text("主题", "topic"), Text("", ""))
CODE = Property("code", "string", Text("代码", "code"), Text("", ""), digits=12)


def shuffled(given, random):
    return Tables({name: table.take(pa.array(random.sample(range(table.num_rows), table.num_rows), pa.int64())) for name, table in given.items()})


@given(tables(), st.randoms(use_true_random=False))
def test_order_of_rows_changes_neither_equality_nor_hash(given, random):
    other = shuffled(given, random)
    assert other == given
    assert other.content_hash() == given.content_hash()


@given(tables(), tables())
def test_equal_and_same_hash_are_the_same(one, other):
    assert (one == other) == (one.content_hash() == other.content_hash())


def test_a_value_moved_to_another_row_is_seen():
    one = Tables({"Household": pa.table({"id": ["a", "b"], "people": [1, 2]})})
    other = Tables({"Household": pa.table({"id": ["a", "b"], "people": [2, 1]})})
    assert one != other
    assert one.content_hash() != other.content_hash()


def test_null_is_not_zero_nor_the_empty_text():
    rows = [Tables({"Zone": pa.table({"id": ["z"], "name": pa.array([name], pa.string())})}) for name in (None, "", "0")]
    assert len({t.content_hash() for t in rows}) == 3


def test_where_a_row_was_read_is_part_of_it():
    here, there = (Tables({"Zone": pa.table({"id": ["z"], "source_row": [row]})}) for row in (2, 3))
    assert here != there


def test_the_hash_does_not_see_chunks():
    whole = pa.table({"id": ["a", "b", "c"]})
    cut = pa.concat_tables([whole.slice(0, 1), whole.slice(1)])
    assert Tables({"Household": whole}).content_hash() == Tables({"Household": cut}).content_hash()


def test_tables_hold_every_kind_and_its_columns():
    given = Tables({})
    assert list(given) == [kind.table for kind in MODEL.kinds]
    assert all(given[kind.table].schema == arrow_schema(kind) for kind in MODEL.kinds)
    assert given["Village"].column_names[-3:] == PROVENANCE.names


def test_what_is_not_declared_is_refused():
    with pytest.raises(ModelError, match="no table 'Hamlet'"):
        Tables({"Hamlet": pa.table({"id": ["x"]})})
    with pytest.raises(ModelError, match="no column 'age'"):
        Tables({"Member": pa.table({"id": ["m"], "age": [1]})})
    with pytest.raises(ModelError, match="'people' holds string"):
        Tables({"Household": pa.table({"id": ["h"], "people": ["many"]})})
    for ask in (lambda: Tables({}).count("Hamlet"), lambda: Tables({}).columns("Hamlet", "code")):
        with pytest.raises(ModelError, match="no table 'Hamlet'"):
            ask()


def test_replace_leaves_the_rest_and_the_original():
    one = Tables({"Household": pa.table({"id": ["a"]}), "Zone": pa.table({"id": ["z"]})}, dataset="acheng")
    other = one.replace({"Zone": pa.table({"id": ["y"]})})
    assert (one["Zone"]["id"].to_pylist(), other["Zone"]["id"].to_pylist(), other.dataset) == (["z"], ["y"], "acheng")
    assert other["Household"] is not None
    assert other["Household"]["id"].to_pylist() == ["a"]


# The day: what began on it stands, what ended on it does not


def of_day(day):
    given = Tables(
        {
            "Branch": pa.table({"id": ["old", "new", "always"], "founded_on": [dt.date(2000, 1, 1), dt.date(2012, 4, 30), None],
                                "dissolved_on": [dt.date(2012, 4, 30), None, None]}),
            "Cooperative": pa.table({"id": ["early", "late"], "founded_on": [dt.date(2008, 1, 1), dt.date(2013, 1, 1)]}),
            "Branch SERVES Cooperative": pa.table({"branch_id": ["old", "new", "always", "always"], "cooperative_id": ["early", "early", "early", "late"],
                                                   "since": pa.nulls(4, pa.date32())}),
            "Member LIVES_IN Village": pa.table({"member_id": ["m", "m", "m"], "village_code": ["a", "b", "c"],
                                                 "since": [None, dt.date(2012, 4, 30), dt.date(2012, 5, 1)],
                                                 "until": [dt.date(2012, 4, 30), None, None]}),
        }
    )  # fmt: skip
    stood = given.at(day)
    served = sorted(zip(*(stood["Branch SERVES Cooperative"][name].to_pylist() for name in ("branch_id", "cooperative_id")), strict=True))
    return sorted(stood["Branch"]["id"].to_pylist()), sorted(stood["Member LIVES_IN Village"]["village_code"].to_pylist()), served


@pytest.mark.parametrize(
    ("day", "branches", "villages", "served"),
    [
        (dt.date(2012, 4, 29), ["always", "old"], ["a"], [("always", "early"), ("old", "early")]),
        (dt.date(2012, 4, 30), ["always", "new"], ["b"], [("always", "early"), ("new", "early")]),
        (dt.date(2013, 1, 1), ["always", "new"], ["b", "c"], [("always", "early"), ("always", "late"), ("new", "early")]),
    ],
)
def test_what_stood_on_a_day(day, branches, villages, served):
    assert of_day(day) == (branches, villages, served)


@pytest.mark.parametrize(("day", "trainings", "attended"), [(dt.date(2011, 12, 31), ["t0"], 1), (dt.date(2012, 1, 1), ["t0", "t1"], 3)])
def test_a_training_is_there_once_it_was_held(day, trainings, attended):
    given = Tables({
        "Training": pa.table({"id": ["t0", "t1"], "held_on": pa.array([None, dt.date(2012, 1, 1)], pa.date32())}),
        "Member": pa.table({"id": ["m1", "m2"]}),
        "Member ATTENDED Training": pa.table({"member_id": ["m1", "m1", "m2"], "training_id": ["t0", "t1", "t1"]}),
    })  # fmt: skip
    stood = given.at(day)
    assert stood["Training"]["id"].to_pylist() == trainings
    assert stood["Member ATTENDED Training"].num_rows == attended
    assert stood["Member"].num_rows == 2


def test_every_date_that_begins_or_ends_something_is_declared():
    """Of all dates of the model only these say nothing about when the row holds."""
    dated = {(kind.table, c) for kind in MODEL.kinds for c in (kind.since_column, kind.until_column) if c}
    other = {(kind.table, c.name) for kind in MODEL.kinds for c in kind.columns if c.type == "date"} - dated
    steps = {("Member", name) for name in ("applied_on", "activist_on", "candidate_on", "admitted_on", "full_on")}  # these date the stage
    assert other == {*steps, ("Promise", "from_on"), ("Promise", "until_on"), ("Member HELPS Household", "last_visit_on")}


@given(tables(), st.dates(dt.date(2008, 1, 1), dt.date(2013, 1, 1)))
def test_the_same_day_twice_is_once(given, day):
    assert given.at(day).at(day) == given.at(day)


@pytest.mark.parametrize("day", ["2012-04-30", None, dt.datetime(2012, 4, 30, tzinfo=dt.UTC)])
def test_a_day_is_a_date(day):
    with pytest.raises(ParameterError, match="as_of"):
        Tables({}).at(day)


# Messages


@pytest.mark.parametrize(
    ("column", "value", "shown"),
    [
        (NAME, "张三", "***"),
        (TOPIC, "230112199001011234", "***"),
        (TOPIC, "电话 138-1234-5678", "***"),
        (TOPIC, "23011219900101123X", "***"),
        (TOPIC, "水稻种植", "水稻种植"),
        (TOPIC, None, None),
        (TOPIC, "m" * 100, "m" * 40),
        (CODE, "230112104001", "230112104001"),
    ],
)
def test_what_a_message_shows(column, value, shown):
    assert shown_value(column, value) == shown


def problem(**given):
    about = {"table": "Household", "file": None, "sheet": None, "row": None, "column": None, "value": None}
    return Problem(**{**about, **given}, rule="r", text=Text("错了", "is wrong"), remedy=Text("改正", "correct it"))


@pytest.mark.parametrize(
    ("given", "zh", "en"),
    [
        ({}, "Household: 错了。改正 [r]", "Household: is wrong; correct it [r]"),
        (
            {"column": "is_poor", "value": "x", "heading": Text("是否困难户", "is poor")},
            "Household · 是否困难户: “x”：错了。改正 [r]",
            "Household · is poor: 'x': is wrong; correct it [r]",
        ),
        (
            {"file": "a.xlsx", "sheet": "农户", "row": 7, "column": "people", "heading": Text("人口", "people")},
            "a.xlsx · 农户 · 第7行 · 人口: 错了。改正 [r]",
            "a.xlsx · 农户 · row 7 · people: is wrong; correct it [r]",
        ),
    ],
)
def test_a_problem_says_where_what_and_what_to_do(given, zh, en):
    assert problem(**given).describe("zh") == zh
    assert problem(**given).describe("en") == en


def test_a_table_is_found_by_its_sentence():
    assert MODEL.table_type("Member HELPS Household").identity == ("member_id", "household_id", "kind", "since")
