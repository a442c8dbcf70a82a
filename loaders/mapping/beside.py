"""What stands beside the table that a read takes: cells that nothing reads, another table with the same headings, columns with one heading.

None of it is taken for more rows of the same: two lists side by side may as well be of two years, or of who helps and who is helped.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from xlsxwriter.utility import xl_col_to_name

from graphkit.words import Text, fold
from loaders.regions import Region, find_regions, flatten_headings
from loaders.sheets import Grid


def say_beside(grid: Grid, filled: NDArray[np.bool_], region: Region, others: Sequence[Region]) -> tuple[list[Text], list[Text]]:
    """Say which cells beside the region of a read nothing reads, and which of them are a table like it; `others` are regions of other reads."""
    rest = filled[region.top : region.bottom].copy()
    rest[:, region.left : region.right] = False
    for other in others:
        rest[max(other.top - region.top, 0) : max(other.bottom - region.top, 0), other.left : other.right] = False
    count = int(rest.sum())
    if not count:
        return [], []
    own = flatten_headings(grid, region) if region.heading_rows else []
    alike = [
        other
        for other in find_regions(grid, filled)
        if (other.right <= region.left or other.left >= region.right)
        and rest[max(other.top - region.top, 0) : max(other.bottom - region.top, 0), other.left : other.right].any()
        and flatten_headings(grid, other) == own
    ]
    told = [_say_table(grid, other) for other in alike]
    return [Text(f"表格左右另有 {count} 格没有读取", f"{count} cells beside the table are not read"), *told], told


def _say_table(grid: Grid, other: Region) -> Text:
    rows = other.bottom - other.top - other.heading_rows
    at = f"{xl_col_to_name(other.left)}{int(grid.rows[other.top])}:{xl_col_to_name(other.right - 1)}"
    return Text(
        f'旁边还有一张表头相同的表（{at}，{rows} 行），没有读；要读它，再写一段 [[read]]，加上 at = "{at}"',
        f'another table with the same headings stands beside it ({at}, {rows} rows), not read; to read it, write one more [[read]] with at = "{at}"',
    )


def say_doubled(headings: Sequence[str], used: frozenset[str]) -> list[Text]:
    """Say which columns have the heading of another and are not read by the name that tells them apart; `used` are folded names that are read.

    Examples
    --------
    >>> say_doubled(["户", "人口", "户", "人口"], frozenset({"户", "人口"}))[0].en
    "columns C, D have headings of columns before them and are not read ('户#2', '人口#2'); for a table of its own write one more [[read]] with at, else these names"
    """
    places: dict[str, int] = {}
    doubled = []
    for place, heading in enumerate(headings):
        name = fold(heading)
        places[name] = places.get(name, 0) + 1
        if name and places[name] > 1 and name in used and f"{name}#{places[name]}" not in used:
            doubled.append((xl_col_to_name(place), f"{heading}#{places[name]}"))
    if not doubled:
        return []
    letters, names = ([pair[side] for pair in doubled] for side in (0, 1))
    return [
        Text(
            f"第 {'、'.join(letters)} 列与前面的列同名，没有读（{'、'.join(names)}）；若是另一张表，再写一段 [[read]] 用 at 指明，否则用这些名称",
            f"columns {', '.join(letters)} have headings of columns before them and are not read ({', '.join(map(repr, names))}); "
            "for a table of its own write one more [[read]] with at, else these names",
        )
    ]
