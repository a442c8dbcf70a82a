"""What a row breaks by itself: cells that are empty, out of range, no code, or dates that cannot be."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphkit.data.arrays import Mask, mask_of, whole
from graphkit.data.breaches import OF_ONE_CELL, Breach
from graphkit.data.buffers import holds_any
from graphkit.data.numbered import Form
from graphkit.data.precision import bounds_of
from graphkit.model.types import NodeType, Order, Property, TieType
from graphkit.privacy import ID_NUMBER, NAME_AS_ID, PHONE, SEPARATORS
from graphkit.words import Text

LOST_DIGITS = r"^[0-9](\.[0-9]+)?[eE]\+[0-9]+$"  # what a spreadsheet makes of a long number, such as 2.30112E+11
_ROUNDED = r"^[1-9][0-9]{14}000$"  # 18 digits of which a spreadsheet keeps 15
_LONGEST_NUMBER = 18
_DATE_AS_ID = r"^(19|20)[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])( 00:00:00)?$"  # what it makes of 3-5


def check_rows(table: pa.Table, kind: NodeType | TieType, found: Sequence[Breach], today: dt.date) -> Iterator[Breach]:
    """Breaches of single rows of the table of `kind`, but for cells of which a reader `found` one already."""
    if not table.num_rows:
        return
    unread: dict[str, Mask] = {}
    dates: dict[str, pa.ChunkedArray] = {}
    known = [breach for breach in found if breach.table == kind.table and breach.inexact]
    for column in kind.columns:
        early, late = bounds_of(table[column.name], column.name, known)
        dates[column.name] = late
        for rule, broken in _check_cells(early, late, column, is_key=column.name in kind.identity, today=today):
            if not pc.any(broken).as_py():
                continue
            rows = mask_of(broken) & _unseen(table, kind, column.name, found)
            yield Breach(kind.table, rule, column.name, np.flatnonzero(rows), needs_column=column.required)
            if rule in OF_ONE_CELL and rows.any():
                unread[column.name] = rows | unread.get(column.name, False)
    if isinstance(kind, NodeType) and not kind.properties[0].digits:
        yield from _names_as_ids(table, kind, _unseen(table, kind, kind.key, found))
    for breach in list(_check_orders(table, dates, kind, unread)):
        yield breach
        for name in breach.doubted:
            unread[name] = unread.get(name, np.zeros(table.num_rows, bool)).copy()
            unread[name][breach.rows] = True
    yield from _check_steps(dates, kind, unread, today)


def _unseen(table: pa.Table, kind: NodeType | TieType, column: str, found: Sequence[Breach]) -> Mask:
    """Rows in which nothing was found wrong with this column, nor with the row as a whole."""
    unseen = np.ones(table.num_rows, bool)
    for breach in found:
        if breach.table == kind.table and (breach.column == column or breach.column is None) and not breach.inexact:
            unseen[breach.rows] = False
    return unseen


def _names_as_ids(table: pa.Table, kind: NodeType, unseen: Mask) -> Iterator[Breach]:
    """Ids that look like names, or like dates: told once a table, at the first, with their number; it is only likely, and a district has many."""
    if _tell_nothing(whole(table[kind.key])):
        return
    plain = _narrow(table[kind.key])
    for rule, pattern in (("id.name", NAME_AS_ID), ("id.date", _DATE_AS_ID)):
        like = mask_of(pc.match_substring_regex(plain, pattern))
        if rule == "id.name" and like.any():
            like &= ~mask_of(_personal_numbers(table[kind.key]))
        if count := int((like & unseen).sum()):
            note = Text(f"（本表共 {count:,} 个）", f" ({count:,} in this table)")
            yield Breach(kind.table, rule, kind.key, np.flatnonzero(like & unseen)[:1], notes=[note])


def _tell_nothing(ids: pa.StringArray) -> bool:
    """Whether ids are one beginning and a number each, too short for a phone, and the beginning is that of no name and no date."""
    form = Form.of(ids[0].as_py() or "") if len(ids) else None
    if form is None or form.width >= _SHORTEST_PERSONAL or "-" in form.beginning or form.read(ids) is None:
        return False
    return not pc.match_substring_regex(ids[:1], NAME_AS_ID)[0].as_py()  # of a name any digits may follow


def _check_cells(
    cells: pa.ChunkedArray, late: pa.ChunkedArray, column: Property, *, is_key: bool, today: dt.date
) -> Iterator[tuple[str, pa.ChunkedArray]]:
    """What the cells of a column break by themselves; dates of less precision as early as they may be in `cells`, and as `late`."""
    empty = pc.is_null(cells)
    if column.type == "string":
        empty = pc.or_(empty, pc.fill_null(pc.equal(pc.binary_length(cells), 0), fill_value=False))
    if column.required:
        yield "value.required", empty
    if column.type == "string" and is_key and not column.choices:
        yield from _check_key(cells, column, empty)
    if column.choices:
        yield "value.choice", pc.and_not(pc.invert(pc.is_in(cells, value_set=pa.array(column.values))), empty)
    if column.minimum is not None:
        yield "value.range", pc.less(cells, column.minimum)
    if column.maximum is not None:
        yield "value.range", pc.greater(cells, column.maximum)
    if column.earliest:
        yield "date.early", pc.less(late, pa.scalar(dt.date.fromisoformat(column.earliest)))
    if column.type == "date" and not column.planned:
        yield "date.future", pc.greater(cells, pa.scalar(today))


def _check_key(cells: pa.ChunkedArray, column: Property, empty: pa.ChunkedArray) -> Iterator[tuple[str, pa.ChunkedArray]]:
    if column.digits and _are_codes(whole(cells), column.digits):
        return
    lost = _lost_digits(cells)
    yield "type.lost_digits", lost
    yield "id.line_break", _hold_word(cells, "\n")
    if not column.digits:
        yield "id.number", pc.and_not(_personal_numbers(cells), lost)
    else:
        wrong = pc.invert(pc.match_substring_regex(cells, f"^[0-9]{{{column.digits}}}$"))
        yield "type.code", pc.and_not(pc.and_not(wrong, lost), empty)


def _are_codes(codes: pa.StringArray, digits: int) -> bool:
    """Whether every cell is a code of so many digits, too few for zeros at its end to say that a number was rounded."""
    form = Form("", digits)
    return digits < _LONGEST_NUMBER and form.read(codes) is not None


def _hold_word(cells: pa.ChunkedArray, word: str) -> pa.ChunkedArray:
    """Which cells hold `word`; each is looked at only where the column holds it."""
    if not holds_any(whole(cells), (word,)):
        return pa.chunked_array([pa.repeat(pa.scalar(value=False), len(cells))])
    return pc.match_substring(cells, word)


def _lost_digits(cells: pa.ChunkedArray) -> pa.ChunkedArray:
    """Keys that went through a number: written with an exponent, or an 18-digit ID number whose last digits became zeros."""
    lost = _hold_word(cells, "+")
    if pc.any(lost).as_py():
        lost = pc.match_substring_regex(cells, LOST_DIGITS)
    if (pc.max(pc.binary_length(cells)).as_py() or 0) < _LONGEST_NUMBER:
        return lost
    rounded = pc.match_substring_regex(cells, _ROUNDED)
    if not pc.any(rounded).as_py():
        return lost
    worn = mask_of(rounded).copy()
    worn[worn] = [is_worn(digits) for digits in cells.filter(pa.array(worn)).to_pylist()]
    return pc.or_(lost, pa.array(worn))


def is_worn(key: str) -> bool:
    """Whether a key went through a number and lost its last digits.

    Examples
    --------
    >>> is_worn("2.30112E+11"), is_worn("230112199001011000"), is_worn("m-07")
    (True, True, False)
    """
    return bool(re.match(LOST_DIGITS, key)) or (bool(re.match(_ROUNDED, key)) and not is_id_number(key))


def _narrow(cells: pa.ChunkedArray) -> pa.ChunkedArray:
    """Cells in the form NFKC; what is ASCII has it already."""
    return cells if pc.all(pc.string_is_ascii(cells)).as_py() is not False else pc.utf8_normalize(cells, form="NFKC")


_SHORTEST_PERSONAL = 10  # bytes: a landline with its area code


def _personal_numbers(cells: pa.ChunkedArray) -> pa.ChunkedArray:
    """Ids that are an identity number or a phone, whatever the width of the digits and what stands between them."""
    if (pc.max(pc.binary_length(cells)).as_py() or 0) < _SHORTEST_PERSONAL:
        return pa.chunked_array([pa.repeat(pa.scalar(value=False), len(cells))])
    plain = _narrow(cells)
    joined = pc.replace_substring_regex(plain, SEPARATORS, "")
    return pc.or_(pc.match_substring_regex(joined, ID_NUMBER), pc.match_substring_regex(plain, PHONE))


def is_id_number(text: str) -> bool:
    """Whether a text is an identity number of 18 digits whose check digit holds and whose day of birth is one (GB 11643: ISO 7064, MOD 11-2).

    Examples
    --------
    >>> is_id_number("11010519491231002X"), is_id_number("110105194912310021"), is_id_number("110105194913310029")
    (True, False, False)
    """
    if not re.fullmatch(r"[1-9][0-9]{16}[0-9X]", text):
        return False
    try:
        dt.date(int(text[6:10]), int(text[10:12]), int(text[12:14]))
    except ValueError:
        return False
    return (
        sum(int(digit) * pow(2, 17 - place, 11) for place, digit in enumerate(text[:17])) % 11
        == (12 - (10 if text[17] == "X" else int(text[17]))) % 11
    )


# Dates


def _check_orders(table: pa.Table, late: Mapping[str, pa.ChunkedArray], kind: NodeType | TieType, unread: Mapping[str, Mask]) -> Iterator[Breach]:
    """Dates of a row that cannot have come in this order, the second as `late` as it may be; a cell that is `unread` speaks against none."""
    since, until = kind.since_column, kind.until_column
    orders = (Order(since, until, doubted=(since, until)), *kind.orders) if since and until else kind.orders
    for order in (*orders, *_orders_of_steps(kind)):
        broken = _breaks(table, late, order)
        for column in (order.first, order.then):
            broken &= ~unread.get(column, np.zeros(table.num_rows, bool))
        rows = np.flatnonzero(broken)
        if order.then == until:
            yield Breach(kind.table, "period.order", until, rows, doubted=order.doubted)
        else:
            yield Breach(kind.table, "date.order", order.then, rows, notes=[_say_order(kind, order)] * len(rows), doubted=order.doubted)


def _orders_of_steps(kind: NodeType | TieType) -> Iterator[Order]:
    """No step of a course is taken before one that comes before it, whichever between them has no date."""
    for column in kind.columns:
        dates = column.course.dates if column.course else ()
        yield from (Order(first, then, doubted=(first, then)) for first, then in combinations(dates, 2))


def _check_steps(late: Mapping[str, pa.ChunkedArray], kind: NodeType | TieType, unread: Mapping[str, Mask], today: dt.date) -> Iterator[Breach]:
    """Values of a course that lag behind its dates: a later step was taken than the one recorded, and it is not known which is wrong."""
    for column in kind.columns:
        if column.course is None:
            continue
        nothing = np.zeros(len(late[column.name]), bool)
        behind = nothing.copy()
        for place, step in enumerate(column.course.steps):
            below = (*((column.course.before,) if column.course.before else ()), *(one.value for one in column.course.steps[:place]))
            taken = mask_of(pc.less_equal(late[step.dated_by], pa.scalar(today))) & ~unread.get(step.dated_by, nothing)
            behind |= taken & mask_of(pc.is_in(late[column.name], value_set=pa.array(below, pa.string())))
        yield Breach(kind.table, "date.ahead", column.name, np.flatnonzero(behind), doubted=(column.name,))


def _say_order(kind: NodeType | TieType, order: Order) -> Text:
    first = next(column.heading for column in kind.columns if column.name == order.first)
    years = (f"满 {order.years} 年", f" by {order.years} years") if order.years else ("", "")
    return Text(f"：应在“{first.zh}”之后{years[0]}", f": it should follow '{first.en}'{years[1]}")


def _breaks(table: pa.Table, late: Mapping[str, pa.ChunkedArray], order: Order) -> Mask:
    """Rows whose two dates stand in the other order; of a calendar year alone the year counts."""
    first, then = table[order.first], late[order.then]
    if pa.types.is_integer(first.type):
        return mask_of(pc.less(pc.year(then), pc.add(first, order.years))).copy()
    return mask_of(pc.less(then, first)).copy()
