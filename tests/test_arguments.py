"""Every public door says what to call where it is given something else, and takes what can be taken without guessing."""

import datetime as dt

import networkx as nx
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

import graphkit
import graphkit.arguments
from graphkit.data.checks import quarantine_problems
from graphkit.data.tables import Tables
from graphkit.errors import ModelError, ParameterError
from graphkit.queries.twins.people import list_member_mentoring
from graphkit.store.local.store import LocalStore

DAY = dt.date(2012, 4, 30)
TABLES = Tables({"Member": pa.table({"id": ["m"], "stage": ["full"]})})

OF_TABLES = {
    "check_tables": graphkit.check_tables,
    "require_sound": graphkit.require_sound,
    "quarantine_problems": quarantine_problems,
    "find_pairing_reach": graphkit.find_pairing_reach,
    "write_folder": lambda given: graphkit.write_folder(given, "nowhere"),
    "write_map": lambda given: graphkit.write_map(given, {}, "nowhere.html"),
    "write_report": lambda given: graphkit.write_report(given, {}, "nowhere.html"),
    "Network.from_tables": graphkit.Network.from_tables,
    "a query's twin": list_member_mentoring,
    "LocalStore.write": lambda given: LocalStore("nowhere.gk").write(given),
}
GIVEN = {
    "path": ("acheng.gk", "graphkit.connect(path).read()"),
    "store": (LocalStore("acheng.gk"), "store.read()"),
    "frame": (pd.DataFrame({"id": ["m"]}), "from_pandas"),
    "mapping": ({"Member": pa.table({"id": ["m"]})}, "graphkit.Tables(mapping)"),
    "networkx": (nx.Graph(), "graphkit.Tables("),
    "nothing": (None, "graphkit.Tables("),
}


@pytest.mark.parametrize("given", GIVEN)
@pytest.mark.parametrize("door", OF_TABLES)
def test_what_is_no_tables_is_told_what_to_call(door, given, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    value, says = GIVEN[given]
    with pytest.raises(ParameterError) as raised:
        OF_TABLES[door](value)
    assert says in raised.value.say("en")
    assert says in raised.value.say("zh")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ("acheng.gk", "graphkit.connect(path).read()"),
        (LocalStore("acheng.gk"), "store.read()"),
        (nx.Graph(), "from_networkx(g)"),
        (TABLES, "Network.from_tables(tables)"),
        (pd.DataFrame(), "Network.from_tables(…)"),
    ],
)
def test_what_is_no_network_is_told_what_to_call(given, says):
    with pytest.raises(ParameterError, match="Network") as raised:
        graphkit.is_cut_point(given)
    assert says in raised.value.say("en")


SAME_DAY = [DAY, dt.datetime(2012, 4, 30), pd.Timestamp("2012-04-30"), np.datetime64("2012-04-30"), np.datetime64("2012-04-30T00:00:00")]  # noqa: DTZ001


@pytest.mark.parametrize("day", SAME_DAY, ids=repr)
def test_a_day_may_come_from_pandas_or_numpy(day):
    assert graphkit.arguments.read_date(day) == DAY
    assert TABLES.at(day) == TABLES.at(DAY)
    assert graphkit.find_pairing_reach(TABLES, as_of=day).as_of == DAY


NO_DAY = ["2012-04-30", 20120430, None, pd.NaT, np.datetime64("NaT"), pd.Timestamp("2012-04-30 08:00"), pd.Timestamp("2012-04-30", tz="UTC"),
          np.datetime64("2012-04-30T08"), dt.datetime(2012, 4, 30, tzinfo=dt.UTC)]  # fmt: skip


@pytest.mark.parametrize("day", NO_DAY, ids=repr)
def test_what_is_not_one_day_exactly_is_none(day):
    with pytest.raises(ParameterError, match="as_of"):
        graphkit.arguments.read_date(day)


def test_whole_numbers_of_numpy_are_whole_numbers():
    assert graphkit.find_pairing_reach(TABLES, max_steps=np.int64(2)).parameters["max_steps"] == 2
    for wrong in (True, 2.0, np.float64(2), "2", 0):
        with pytest.raises(ParameterError, match="max_steps"):
            graphkit.find_pairing_reach(TABLES, max_steps=wrong)


def test_nan_is_not_true():
    given = Tables({"Household": pa.table({"id": ["a", "b", "c"], "is_poor": np.array([1.0, np.nan, 0.0])})})
    assert given["Household"]["is_poor"].to_pylist() == [True, None, False]
    with pytest.raises(ModelError, match="is_poor"):
        Tables({"Household": pa.table({"id": ["a"], "is_poor": [2.0]})})


def test_ids_that_pandas_made_floats_of_are_whole_again():
    given = Tables({"Household": pa.table({"id": np.array([1_230_001.0, np.nan]), "people": np.array([np.nan, 3.0])})})
    assert given["Household"].select(["id", "people"]).to_pylist() == [{"id": "1230001", "people": None}, {"id": None, "people": 3}]
    with pytest.raises(ModelError, match="'id' holds double"):
        Tables({"Household": pa.table({"id": [1.5]})})
