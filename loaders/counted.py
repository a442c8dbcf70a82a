"""Sheets of counts: how many households a village has, not which; told apart from lists, so that nobody takes a row of them for a household."""

from __future__ import annotations

import re

import pyarrow as pa
import pyarrow.compute as pc

from graphkit.words import Text, fold
from loaders.regions import cut, find_regions
from loaders.sheets import Grid, Sheet

_NAMED = re.compile(r"统计|汇总|summary|statistic|counts|totals")
_COUNT = re.compile(
    r"(?:[户人个社数]数|数|人次|率|占比|比例|比重|合计|小计|总计|金额|产值|面积|\([户人个名%]\))$|^(?:number|count|total|share|rate|percent)|(?:count|total|share|rate)s?$"
)
_OF_ONE = re.compile(r"编号|姓名|户主|身份|代表|name of head|headname|person|^id$|(?:household|member|branch|cooperative)id$")
_BY_WHAT = re.compile(
    r"[县区乡镇村屯社组]$|地区|单位|名称|类别|类型|年|月|季|项目|指标|产业|行业|代码|序号|备注|county|town|village|place|unit|name$|kind|type|year|month|item|code|sector"
)
_NUMBER = r"^[\s]*[0-9０-９][0-9０-９,，]*(?:[.．][0-9０-９]+)?[\s]*(?:户|家|人|个|名|元|万元|亩|次|%|％)?[\s]*$"
_FEWEST_COUNTED = 0.5  # of the columns that hold numbers, by what their headings say

COUNTS = Text("统计数，不是逐个登记", "counts, and no list")


def find_counts(grid: Grid) -> bool:
    """Whether a sheet holds counts by place, body or period: it says so by its name, its headings and its cells.

    A list says of each row which household or person it is, and has few columns of counts; it is none, whatever its name.

    Examples
    --------
    >>> from pathlib import Path
    >>> import numpy as np
    >>> columns = (pa.array(["村", "甲村"]), pa.array(["户数", "30"]), pa.array(["困难户数", "4"]))
    >>> find_counts(Grid(Path("a.xlsx"), "农户统计", columns, np.arange(1, 3)))
    True
    >>> columns = (pa.array(["户主姓名", "某某"]), pa.array(["人口", "3"]))
    >>> find_counts(Grid(Path("a.xlsx"), "农户统计", columns, np.arange(1, 3)))
    False
    """
    if not _NAMED.search(fold(grid.name or grid.path.stem)):
        return False
    tables = [cut(grid, region) for region in find_regions(grid)]
    return bool(tables) and all(map(_counts, tables))


def _counts(sheet: Sheet) -> bool:
    headings = [fold(heading) for heading in sheet.headings]
    if not len(sheet.rows) or any(_OF_ONE.search(heading) for heading in headings):
        return False
    is_number = [_are_numbers(column) and not _is_code(column) for column in sheet.columns]
    numbers = [heading for heading, held in zip(headings, is_number, strict=True) if held]
    named = list(zip(*(column.to_pylist() for column, held in zip(sheet.columns, is_number, strict=True) if not held), strict=True))
    if len({*named}) < len(named):
        return False  # of two rows with one name neither is the count of it
    counted = [heading for heading in numbers if _COUNT.search(heading)]
    by_what = all(_BY_WHAT.search(heading) for heading, held in zip(headings, is_number, strict=True) if heading and not held)
    return by_what and bool(counted) and len(counted) >= _FEWEST_COUNTED * len(numbers)


def _are_numbers(column: pa.Array) -> bool:
    """Whether every cell that holds something is a number."""
    held = column.drop_null().filter(pc.not_equal(pc.utf8_trim_whitespace(column.drop_null()), ""))
    return bool(len(held)) and bool(pc.all(pc.match_substring_regex(held, _NUMBER)).as_py())


def _is_code(column: pa.Array) -> bool:
    """Whether the numbers are so long that they are codes."""
    return bool(pc.min(pc.utf8_length(column.drop_null())).as_py() >= 9)


def say_counts(rows: int) -> Text:
    """Say what such a sheet is, and where what it says belongs.

    Examples
    --------
    >>> say_counts(2).en.partition(":")[0]
    '2 rows of counts, not of single households or persons, not read'
    """
    return Text(
        f"{rows:,} 行统计数，不是逐户、逐人的登记，没有读：哪张表都不因它而缺行；要拿合计核对，把应有的行数写进“完整性”表",
        f"{rows:,} rows of counts, not of single households or persons, not read: no table lacks a row because of it; to have a total held against the rows, "
        "write how many rows are expected in the table completeness",
    )
