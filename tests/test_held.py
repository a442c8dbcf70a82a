"""Tables whose ends are known as rows of their nodes: the same rows, on any day, as tables that spell every id; and no more is read than is asked for."""

import datetime as dt
import pickle

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphkit.data import parquet
from graphkit.data.checks import quarantine_problems
from graphkit.data.coding import code_ids
from graphkit.data.tables import Tables
from graphkit.network import Network
from graphkit.questions.coverage.find import find_coverage_gaps
from graphkit.store.local import manifest
from graphkit.store.local.store import LocalStore
from tests.random_districts import AFTER, BEFORE, DAY, districts, shuffle

DAYS = [DAY, BEFORE, AFTER + dt.timedelta(days=400)]


def spelt(tables: Tables) -> Tables:
    """The same tables, of whose ends nothing is known but their ids."""
    return Tables(dict(tables), **tables.account(), dataset=tables.dataset, sound=tables.sound)


def planted() -> Tables:
    """Keys in no order, a branch and a household that stand no more, ties to both, and ties of earlier."""
    day = dt.date(2010, 1, 1)
    return quarantine_problems(
        Tables(
            {
                "Branch": pa.table({"id": ["b2", "b1", "b3"], "kind": ["branch"] * 3, "dissolved_on": [None, day, None]}),
                "Member": pa.table({"id": ["m3", "m1", "m2"], "stage": ["full", "full", None]}),
                "Household": pa.table({"id": ["h2", "h1"], "left_on": [day, None]}),
                "Member BELONGS_TO Branch": pa.table(
                    {
                        "member_id": ["m1", "m2", "m3", "m3"],
                        "branch_id": ["b1", "b2", "b3", "b2"],
                        "primary": [True, True, True, False],
                        "until": [None, None, None, day],
                    }
                ),
                "Member HELPS Household": pa.table({"member_id": ["m3", "m2"], "household_id": ["h2", "h1"], "kind": ["one_to_one"] * 2}),
            }
        )
    )


def test_what_stood_is_what_stood():
    stood = planted().at(dt.date(2012, 4, 30))
    assert stood.held() is not None
    assert stood["Branch"]["id"].to_pylist() == ["b2", "b3"]
    assert stood["Household"]["id"].to_pylist() == ["h1"]
    assert list(zip(*(stood["Member BELONGS_TO Branch"][name].to_pylist() for name in ("member_id", "branch_id")), strict=True)) == [
        ("m2", "b2"),
        ("m3", "b3"),
    ]
    assert stood["Member HELPS Household"]["household_id"].to_pylist() == ["h1"]
    coded = code_ids(stood, ["Branch", "Member", "Member BELONGS_TO Branch"])
    assert coded.ids["Member"].to_pylist() == ["m1", "m2", "m3"]
    assert coded.tables["Member"]["id"].to_pylist() == [2, 0, 1]
    assert coded.tables["Member BELONGS_TO Branch"]["member_id"].to_pylist() == [1, 2]
    assert coded.tables["Member BELONGS_TO Branch"]["branch_id"].to_pylist() == [0, 1]


@settings(max_examples=8, deadline=None)
@given(districts(), st.randoms(use_true_random=False))
def test_rows_days_and_numbers_are_those_of_tables_that_spell_every_id(district, random):
    held = quarantine_problems(shuffle(district, random))
    plain = spelt(held)
    assert held.held() is not None
    assert plain.held() is None
    for day in DAYS:
        for mine, other in ((held.at(day), plain.at(day)), (held.known_on(day), plain.known_on(day))):
            assert [mine.count(name) for name in mine] == [other.count(name) for name in other]
            assert all(mine[name].equals(other[name]) for name in mine)
        mine, other = (code_ids(tables.at(day), list(tables)) for tables in (held, plain))
        assert all(mine.ids[label].equals(other.ids[label]) for label in other.ids)
        for name in held:
            assert all(mine.tables[name][column].equals(other.tables[name][column]) for column in mine.tables[name].column_names)
        assert Network.from_tables(held, as_of=day).content_hash == Network.from_tables(plain, as_of=day).content_hash


def test_a_store_reads_what_is_asked_for(tmp_path, monkeypatch):
    tables = planted()
    LocalStore(tmp_path / "d.gk").write(tables)
    read = []
    whole = parquet.Opened.read
    monkeypatch.setattr(parquet.Opened, "read", lambda self, **how: (read.append(self.schema.names[0]), whole(self, **how))[1])
    stored = LocalStore(tmp_path / "d.gk").read()
    read.clear()  # the account is read at once
    stood = stored.at(dt.date(2012, 4, 30))
    assert (stored.node_count, stored.tie_count, read) == (8, 6, [])
    assert stood.columns("Member HELPS Household", "kind").num_rows == 1
    assert sorted(read) == ["id", "id", "member_id"]  # the tie, and who is at its ends and may have gone
    assert stored == tables
    assert pickle.loads(pickle.dumps(stored)) == tables


def test_tables_put_together_of_two_are_looked_up_anew():
    """What one table says of rows of another is not believed of a third that took its place."""
    tables = planted()
    other = tables.replace({"Member": tables["Member"].take([1, 2, 0])})
    assert other.held() is None
    assert other.at(dt.date(2012, 4, 30))["Member BELONGS_TO Branch"]["member_id"].to_pylist() == ["m2", "m3"]
    assert code_ids(other, ["Member", "Member MENTORS Member", "Member BELONGS_TO Branch"]).tables["Member"]["id"].to_pylist() == [0, 1, 2]


@pytest.mark.parametrize("form", [3, manifest.FORMAT])
def test_an_answer_does_not_hang_on_how_the_store_keeps_ends(tmp_path, monkeypatch, form):
    tables = planted()
    if form < manifest.WITH_PLACES:
        monkeypatch.setattr(manifest, "FORMAT", form)
        monkeypatch.setattr("graphkit.store.local.sets.places_of", lambda _: {})
    LocalStore(tmp_path / "d.gk").write(tables)
    monkeypatch.undo()
    stored = LocalStore(tmp_path / "d.gk").read()
    assert stored == tables
    assert (stored.held() is None) == (form < manifest.WITH_PLACES)
    day = dt.date(2012, 4, 30)
    assert find_coverage_gaps(stored, as_of=day).rows.equals(find_coverage_gaps(spelt(tables), as_of=day).rows)
