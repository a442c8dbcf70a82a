"""One suite for every store: what is written comes back, whole, whatever happens on the way."""

from __future__ import annotations

import pyarrow as pa
import pytest

from graphkit import generate
from graphkit.data.tables import Tables
from graphkit.store.base import Store
from graphkit.store.local.store import LocalStore


@pytest.fixture(params=["local", pytest.param("neo4j", marks=pytest.mark.neo4j), pytest.param("embedded", marks=pytest.mark.embedded)])
def store(request, tmp_path):
    """An empty store of each kind."""
    if request.param == "local":
        with LocalStore(tmp_path / "district.gk") as opened:
            yield opened
        return
    with request.getfixturevalue(f"{request.param}_store") as opened:
        yield opened


def shuffled(tables: Tables, seed: int) -> Tables:
    """The same rows in another order."""
    import numpy as np

    order = np.random.default_rng(seed)
    return tables.replace({name: table.take(pa.array(order.permutation(table.num_rows))) for name, table in tables.items()})


def test_it_is_a_store(store):
    assert isinstance(store, Store)


def test_what_is_written_comes_back(store, district):
    store.write(district)
    assert store.read() == district


def test_the_quarantine_comes_back(store, district):
    aside = pa.table({"table": ["Member"], "source_file": ["人员.csv"], "source_sheet": [None], "source_row": [7], "column": ["id"],
                      "rule": ["key.once"], "row": ['{"编号": "m1"}']})  # fmt: skip
    store.write(Tables(dict(district), quarantine=aside.cast(district.quarantine.schema)))
    assert store.read().quarantine.to_pylist() == aside.to_pylist()


def test_what_was_merged_comes_back_with_every_place(store, district):
    merged = {"table": "Member", "source_file": "人员.csv", "source_sheet": None, "source_row": 7, "id": "m7", "into_id": "m1",
              "into_file": "名册.xlsx", "into_sheet": "党员", "into_row": 3, "reason": "decision"}  # fmt: skip
    store.write(Tables(dict(district), merged=pa.Table.from_pylist([merged], schema=district.merged.schema)))
    assert store.read().merged.to_pylist() == [merged]


def test_twice_is_once(store, district):
    store.write(district)
    store.write(district)
    assert store.read() == district


def test_row_order_does_not_matter(store, district):
    store.write(shuffled(district, 1))
    store.write(shuffled(district, 2))
    assert store.read() == district


def test_a_new_write_replaces_all_that_was_there(store, district):
    store.write(generate.generate_district(villages=4, seed=99))
    store.write(district)
    assert store.read() == district


def test_an_empty_district_is_a_district(store):
    store.write(Tables({}))
    assert store.read() == Tables({})


def test_chinese_and_odd_text_come_back(store):
    odd = ["城建村", "𠮷田村", "a'b\"c\\d\n", "", "=1+1"]
    tables = Tables({"Village": pa.table({"code": [f"2301120010{i:02d}" for i in range(len(odd))], "name": odd})})
    store.write(tables)
    assert store.read() == tables
