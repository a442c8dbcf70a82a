"""Numbers for ids, and rows that are alike: against the definition in plain Python."""

import datetime as dt
from collections import defaultdict

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphkit.data.arrays import alike_rows, codes_of
from graphkit.data.coding import code_ids
from graphkit.data.tables import Tables
from loaders.columns import _NO_DATA_BEGINS, _NO_VALUE, _NO_VALUE_BEGINS, _begin, _hold, _says_no_data

DAYS = [None, dt.date(1, 1, 1), dt.date(1970, 1, 1), dt.date(2012, 4, 30), dt.date(9999, 12, 31)]
rows = st.lists(st.tuples(st.sampled_from(["a", "b", "c", None]), st.sampled_from(DAYS), st.sampled_from([True, False, None])), max_size=12)


def table_of(cells):
    return pa.table({name: pa.array([row[place] for row in cells], kind) for place, (name, kind) in enumerate(
        [("id", pa.string()), ("since", pa.date32()), ("primary", pa.bool_())])})  # fmt: skip


@given(rows, st.data())
def test_rows_are_alike_where_every_cell_is(cells, data):
    columns = data.draw(st.sampled_from([["id"], ["since"], ["id", "since"], ["id", "since", "primary"]]))
    chosen = data.draw(st.lists(st.sampled_from(range(len(cells))), unique=True)) if cells else []  # in any order
    groups = defaultdict(list)
    for row in chosen:
        groups[tuple(cells[row][["id", "since", "primary"].index(name)] for name in columns)].append(row)
    known = {"id": np.array(["abc".find(row[0]) if row[0] else -1 for row in cells], np.int64)} if data.draw(st.booleans()) else {}
    numbers, found = alike_rows(table_of(cells), columns, np.array(chosen, np.int64), known)
    together = defaultdict(list)
    for number, row in zip(numbers.tolist(), found.tolist(), strict=True):
        together[number].append(row)
    assert sorted(together.values()) == sorted(group for group in groups.values() if len(group) > 1)
    codes = codes_of(table_of(cells), columns, np.array(chosen, np.int64), known)
    assert len(set(codes.tolist())) == len(groups)


def test_numbers_stand_in_the_order_of_ids_whatever_the_order_of_rows():
    tables = Tables({
        "Household": pa.table({"id": ["h2", "h10", "h1"]}),
        "Member": pa.table({"id": ["m1"]}),
        "Member HELPS Household": pa.table({"member_id": ["m1", "m1", None], "household_id": ["h1", "h9", "h2"]}),
    })  # fmt: skip
    coded = code_ids(tables, ["Household", "Member HELPS Household"])
    assert coded.ids["Household"].to_pylist() == ["h1", "h10", "h2", "h9"]  # as texts stand in order
    assert coded.tables["Household"]["id"].to_pylist() == [2, 1, 0]
    assert coded.tables["Member HELPS Household"]["member_id"].to_pylist() == [0, 0, None]
    assert [ends.tolist() for ends in coded.ends_of("Member HELPS Household", ("member_id", "Member"), ("household_id", "Household"))] == [[0], [0]]
    assert coded.number("Household", pa.array(["h9", "h0"])).to_pylist() == [3, None]
    assert coded.spell("Household", pa.array([3, 0])).to_pylist() == ["h9", "h1"]


@pytest.mark.parametrize("form", ["{}", "\uff03{}", " {}", "{}：", "\ufeff{}", "({})"])
def test_no_word_that_tells_of_nothing_is_passed_over_for_how_it_begins(form):
    said = ["#N/A", "＃Ｎ／Ａ", "/", "／", "—", "－", "不适用", "不 适 用", "Ｎ／Ａ", "n/a", "not applicable", "ｎｏｔ applicable", "\uf967适用", "_",
            "合计", "合 计", "Total", "ｔｏｔａｌ", "小计：", "填表人：某某", "制表人", "备注", "注：", "Note", "村", "某村", "王家村", "h1"]  # fmt: skip
    words = pa.array([form.format(word) for word in said])
    everything = np.ones(len(words), bool)
    for holds in _NO_VALUE.values():
        assert _hold(words, holds, _begin(words, _NO_VALUE_BEGINS)).tolist() == _hold(words, holds, everything).tolist()
    assert _hold(words, _says_no_data, _begin(words, _NO_DATA_BEGINS)).tolist() == _hold(words, _says_no_data, everything).tolist()
