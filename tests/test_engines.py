"""The guards over narwhals, one test a trap; the same question means the same on DuckDB and on Arrow."""

import datetime as dt

import narwhals.stable.v2 as nw
import pyarrow as pa
import pytest

from graphkit.engines.duckdb import open_frames, run_question
from graphkit.engines.frames import (
    add_up,
    collect_rows,
    count_distinct,
    count_rows,
    count_where,
    join_frames,
    need_columns,
    number_rows,
    sort_rows,
    stack_frames,
    year_of,
)
from graphkit.errors import ModelError

ROWS = pa.table({"group": ["甲", "甲", "乙", None], "value": [1, None, None, 4], "day": [dt.date(2012, 4, 30), None, dt.date(1999, 1, 1), None]})


def ask(question, schema, order, **tables):
    return run_question(question, tables, pa.schema(schema), order=order).to_pydict()


def test_a_null_is_no_distinct_value():
    answer = ask(
        lambda f: f["t"].group_by("group").agg(count_distinct("value").alias("n")), [("group", pa.string()), ("n", pa.int64())], ["group"], t=ROWS
    )
    assert answer == {"group": ["乙", "甲", None], "n": [0, 1, 1]}


def test_counts_and_sums_are_int64_in_the_expression_itself():
    with open_frames({"t": ROWS}) as frames:
        lazy = frames["t"].group_by("group").agg(
            count_rows().alias("rows"), add_up("value").alias("sum"), count_where(nw.col("value") > 1).alias("where"),
            count_distinct("value").alias("distinct"),
        )  # fmt: skip
        table = lazy.collect("pyarrow").to_native()
    assert {name: table.schema.field(name).type for name in table.column_names[1:]} == dict.fromkeys(["rows", "sum", "where", "distinct"], pa.int64())


def test_a_sum_over_no_value_is_zero_and_a_null_condition_is_not_true():
    schema = [("group", pa.string()), ("sum", pa.int64()), ("where", pa.int64())]
    answer = ask(
        lambda f: f["t"].group_by("group").agg(add_up("value").alias("sum"), count_where(nw.col("value") > 1).alias("where")),
        schema, ["group"], t=ROWS,
    )  # fmt: skip
    assert answer == {"group": ["乙", "甲", None], "sum": [0, 1, 4], "where": [0, 0, 1]}


def test_counts_mean_the_same_on_another_engine():
    expressions = {"distinct": count_distinct("value"), "rows": count_rows(), "sum": add_up("value"), "where": count_where(nw.col("value") > 1)}
    expected = {"distinct": [2], "rows": [4], "sum": [5], "where": [1]}
    assert nw.from_native(ROWS).select(**expressions).to_dict(as_series=False) == expected
    with open_frames({"t": ROWS}) as frames:
        assert frames["t"].select(**expressions).collect("pyarrow").to_dict(as_series=False) == expected


def test_frames_are_stacked_by_name_not_by_position():
    other = pa.table({"value": [9], "group": ["丙"]})
    answer = ask(
        lambda f: stack_frames([f["a"].select("group", "value"), f["b"]], ["group", "value"]),
        [("group", pa.string()), ("value", pa.int64())], ["group", "value"], a=ROWS, b=other,
    )  # fmt: skip
    assert answer == {"group": ["丙", "乙", "甲", "甲", None], "value": [9, None, 1, None, 4]}


def test_nulls_stand_last_whatever_the_engine_prefers():
    with open_frames({"t": ROWS}) as frames:
        assert sort_rows(frames["t"], ["value", "group"]).collect("pyarrow").to_native()["value"].to_pylist() == [1, 4, None, None]


@pytest.mark.parametrize(("descending", "numbers"), [(False, [1, 2, None, 1]), (True, [2, 1, None, 1])])
def test_rows_are_numbered_downwards_too(descending, numbers):
    table = pa.table({"group": ["甲", "甲", "甲", "乙"], "value": [1, 5, None, 3]})
    schema = [("group", pa.string()), ("value", pa.int64()), ("n", pa.int64())]
    answer = ask(lambda f: number_rows(f["t"], "n", by="value", descending=descending, within=["group"]), schema, ["group", "value"], t=table)
    assert answer["n"] == [numbers[3], *numbers[:3]]  # 乙 sorts before 甲


def test_rows_are_numbered_over_the_whole_table():
    schema = [("value", pa.int64()), ("n", pa.int64())]
    answer = ask(lambda f: number_rows(f["t"], "n", by="value", descending=True), schema, ["value"], t=pa.table({"value": [3, 8, 5]}))
    assert answer == {"value": [3, 5, 8], "n": [3, 2, 1]}


def test_a_year_is_int64():
    with open_frames({"t": ROWS}) as frames:
        table = frames["t"].select(year_of("day").alias("year")).collect("pyarrow").to_native()
    assert table.schema.field("year").type == pa.int64()
    assert sorted(table["year"].drop_null().to_pylist()) == [1999, 2012]


def test_a_misspelt_column_is_refused_when_the_question_is_built():
    with open_frames({"t": ROWS}) as frames:
        with pytest.raises(ModelError, match="no column 'valeu'; there are group, value, day"):
            need_columns(frames["t"], ["valeu"])
        with pytest.raises(ModelError, match="no column 'villages'"):
            join_frames(frames["t"], frames["t"], on=["villages"])
        with pytest.raises(ModelError, match="no column 'n'"):
            stack_frames([frames["t"]], ["group", "n"])


def test_a_join_on_a_floating_point_key_is_refused():
    table = pa.table({"key": [1.0, float("nan")]})
    with open_frames({"t": table}) as frames, pytest.raises(ModelError, match="floating-point"):
        join_frames(frames["t"], frames["t"], on=["key"])


def test_a_null_key_joins_nothing():
    schema = [("group", pa.string()), ("n", pa.int64())]
    answer = ask(
        lambda f: join_frames(f["t"], f["u"], on=["group"]).group_by("group").agg(count_rows().alias("n")),
        schema, ["group"], t=ROWS, u=pa.table({"group": ["甲", None]}),
    )  # fmt: skip
    assert answer == {"group": ["甲"], "n": [2]}


def test_all_tables_of_a_question_share_one_connection():
    with open_frames({"t": ROWS, "u": ROWS}, threads=1, memory="250MB") as frames:
        assert (
            join_frames(frames["t"], frames["u"], on=["group"], how="semi")
            .select(count_rows().alias("n"))
            .collect("pyarrow")
            .to_native()["n"][0]
            .as_py()
            == 3
        )


def test_an_answer_has_exactly_the_columns_and_types_declared():
    schema = pa.schema([("value", pa.int32()), ("group", pa.string())])
    with open_frames({"t": ROWS}) as frames:
        table = collect_rows(frames["t"], schema, order=["group", "value"])
        assert table.schema == schema
        with pytest.raises(ModelError, match="does not fit its declared types: value holds string, not int32") as raised:
            collect_rows(frames["t"].select(nw.lit("张三丰").alias("value"), "group"), schema, order=["group"])
    assert "张三丰" not in str(raised.value)
