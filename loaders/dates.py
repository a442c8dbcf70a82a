"""Dates of which a cell gives the month or the year alone: one day that stands for it, and which of them they are."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from graphkit.data.arrays import Mask
from graphkit.data.precision import span_of

_WHOLE = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
_YEAR = r"^(?P<year>[12][0-9]{3})年?$"
_MONTH = r"^(?P<year>[12][0-9]{3})(?:[-/年](?P<one>0?[1-9]|1[0-2])月?|[.]?(?P<two>0[1-9]|1[0-2]))$"
"""After a dot, or run together, a month has two digits: 2010.1 may be what a spreadsheet left of 2010.10."""
_EARLIEST, _LATEST = 1850, 2100


def complete_dates(cells: pa.Array, *, last: bool) -> tuple[pa.Array, dict[str, Mask]]:
    """Write the first day (`last`: the last) for a month or year alone, and return by rule which cells that was done to.

    Parameters
    ----------
    cells : Array of string
        Cells in plain width.
    last : bool
        Whether the last day stands for it.

    Examples
    --------
    >>> cells, found = complete_dates(pa.array(["2010", "2012年3月", "2012-03-05", "2010.1", None]), last=False)
    >>> cells.to_pylist(), {rule: there.nonzero()[0].tolist() for rule, there in found.items()}
    (['2010-01-01', '2012-03-01', '2012-03-05', '2010.1', None], {'date.year': [0], 'date.month': [1]})
    """
    if pc.all(pc.match_substring_regex(cells, _WHOLE)).as_py() is not False:
        return cells, {}
    found: dict[str, Mask] = {}
    for rule, precision, form in (("date.year", "year", _YEAR), ("date.month", "month", _MONTH)):
        parts = pc.extract_regex(cells, pattern=form)
        years = pc.struct_field(parts, "year").cast(pa.int64())
        there = pc.fill_null(pc.and_(pc.greater_equal(years, _EARLIEST), pc.less_equal(years, _LATEST)), fill_value=False)
        if not pc.any(there).as_py():
            continue
        found[rule] = there.to_numpy(zero_copy_only=False)
        first = pc.binary_join_element_wise(pc.struct_field(parts, "year"), _month(parts), "01", "-")
        days = pc.if_else(there, first, pa.scalar(None, pa.string())).cast(pa.date32())
        cells = pc.if_else(there, span_of(days, precision)[last].cast(pa.string()), cells)
    return cells, found


def _month(parts: pa.StructArray) -> pa.Array:
    """The month that the parts give, in two digits; January of a year alone."""
    if parts.type.get_field_index("one") < 0:
        return pa.repeat(pa.scalar("01"), len(parts))
    one, two = (pc.struct_field(parts, name) for name in ("one", "two"))
    return pc.utf8_lpad(pc.if_else(pc.equal(one, ""), two, one), 2, padding="0")
