"""Every public value and every error goes through pickle and deepcopy and comes back the same: to a pool of processes, into a cache."""

import copy
import datetime as dt
import functools
import inspect
import pickle

import pandas as pd
import pyarrow as pa
import pytest

import graphkit
from graphkit import errors
from graphkit.model import kinds as schema
from graphkit.model.kinds import MODEL
from graphkit.queries.names import read_names
from graphkit.questions.finding import Column

DAY = dt.date(2012, 4, 30)
LOST = graphkit.Tables({"Village": pa.table({"code": ["2301121040"]})})
[PROBLEM] = graphkit.check_tables(LOST)


@functools.cache
def example():
    """The example and its network, made once: nothing here changes them."""
    district = graphkit.generate_acheng()
    return district, graphkit.Network.from_tables(district, as_of=DAY)


@functools.cache
def sample(kind):
    """One of the public class `kind`, with something in every part of it."""
    district, network = example()
    made = {
        "Add": lambda: graphkit.Add("Household", {"id": "h1"}),
        "Lose": lambda: graphkit.Lose("Member", "m1"),
        "Merge": lambda: graphkit.Merge("Village", "230112104001", "230112104002"),
        "Move": lambda: graphkit.Move("Member BELONGS_TO Branch", "m1", "b1"),
        "Choice": lambda: MODEL.node_type("Village").properties[2].choices[0],
        "Claim": lambda: graphkit.Claim("s43", "share", whole="17", result="86.9%"),
        "End": lambda: MODEL.table_type("Branch REPORTS_TO Branch").target_end,
        "Finding": lambda: graphkit.find_bridge_figures(network),
        "Model": lambda: MODEL,
        "Network": lambda: network,
        "NodeType": lambda: MODEL.node_type("Village"),
        "Problem": lambda: PROBLEM,
        "Property": lambda: MODEL.node_type("Village").properties[2],
        "Tables": lambda: district,
        "Text": lambda: graphkit.Text("村", "village"),
        "TieType": lambda: MODEL.table_type("Member HELPS Household"),
    }
    return made[kind]()


def error_of(kind):
    if kind is errors.TableError:
        return kind([PROBLEM, PROBLEM], lang="zh")
    if kind is errors.SourceError:
        return kind(graphkit.Text("坏", "bad"), path="a.xlsx", sheet="村", column="代码")
    return kind(graphkit.Text("坏", "bad"))


ERRORS = [kind for _, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, errors.GraphkitError)]
CLASSES = [name for name in graphkit.__all__ if inspect.isclass(getattr(graphkit, name)) and not issubclass(getattr(graphkit, name), Exception)]
WAYS = {"pickle": lambda value: pickle.loads(pickle.dumps(value)), "deepcopy": copy.deepcopy, "copy": copy.copy}
ways = pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)


def test_every_error_is_looked_at():
    assert {kind.__name__ for kind in ERRORS} == {
        name for name in graphkit.__all__ if inspect.isclass(getattr(graphkit, name)) and issubclass(getattr(graphkit, name), Exception)
    }


@ways
@pytest.mark.parametrize("kind", ERRORS)
def test_an_error_comes_back_whole(kind, way):
    error = error_of(kind)
    back = way(error)
    assert type(back) is kind
    assert (str(back), back.args, back.say("zh"), back.say("en"), vars(back)) == (
        str(error),
        error.args,
        error.say("zh"),
        error.say("en"),
        vars(error),
    )


@ways
@pytest.mark.parametrize("name", [name for name in CLASSES if name != "Store"])  # a store is a place, and a protocol
def test_a_public_value_comes_back_whole(name, way):
    value = sample(name)
    back = way(value)
    assert type(back) is type(value)
    if name == "Finding":
        pd.testing.assert_frame_equal(back.rows, value.rows)
        assert (back.columns, back.caveats, dict(back.parameters), back.as_of) == (value.columns, value.caveats, dict(value.parameters), value.as_of)
    elif name == "Network":
        assert repr(back) == repr(value)
        assert (back.ids == value.ids).all()
        assert set(back.groups) == set(value.groups)
    else:
        assert back == value


OTHERS = {
    "pack": lambda: graphkit.read_rule_pack("rural-2018"),
    "rule": lambda: graphkit.read_rule_pack("rural-2018").find_rule("art5"),
    "query": lambda: graphkit.list_queries()[0],
    "names": lambda: read_names(graphkit.list_queries()[0].text),
    "kind": lambda: schema.MEMBER,
    "tie": lambda: schema.MODEL.ties[6],
    "constraint": lambda: schema.MODEL.constraints[0],
    "column": lambda: Column("verdict", graphkit.Text("结论", "verdict"), graphkit.Text("", ""), values={"due": graphkit.Text("应建", "due")}),
}


@ways
@pytest.mark.parametrize("make", OTHERS.values(), ids=OTHERS)
def test_what_public_functions_return_comes_back_equal(make, way):
    assert way(make()) == make()


@ways
def test_numbers_of_a_rule_stay_read_only(way):
    rule = way(graphkit.read_rule_pack("rural-2018").find_rule("art5"))
    with pytest.raises(TypeError):
        rule.numbers["threshold"] = ()
