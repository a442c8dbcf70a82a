"""What a cell of a workbook holds as text, written as a person would have typed it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any

import pyarrow as pa

_EXACT = 1e15  # a spreadsheet keeps 15 digits of a number


def as_text(values: Sequence[Any]) -> pa.Array:
    """Return the cells of a column as text; each different value is written once.

    >>> as_text(["户", 2.0, dt.date(2012, 4, 30), True, ""]).to_pylist()
    ['户', '2', '2012-04-30', 'true', None]
    """
    kinds = set(map(type, values))
    if kinds <= {str}:
        return pa.array(values, pa.string())
    if len(kinds - {str}) == 1:  # among values of several types True is 1
        said = _Said()
        return pa.array([value or None if type(value) is str else said[value] for value in values], pa.string())
    return pa.array([value or None if type(value) is str else _say(value) for value in values], pa.string())


class _Said(dict[Any, "str | None"]):
    """What each value that was met is as text."""

    def __missing__(self, value: Any) -> str | None:
        said = self[value] = _say(value)
        return said


def _say(value: Any) -> str | None:
    return _SAY.get(type(value), str)(value) or None


def say_number(number: float) -> str:
    """Write a number as text: a whole one without a point; one too long for a spreadsheet with its exponent, so that what it lost is seen."""
    if number.is_integer() and abs(number) < _EXACT:
        return str(int(number))
    return f"{number:.14e}" if abs(number) >= _EXACT else repr(number)


_EPOCH = dt.date(1899, 12, 30)
FIRST_DAY, LAST_DAY = dt.date(1910, 1, 1), dt.date(2100, 12, 31)


def _say_day(day: dt.date) -> str:
    """A day; where it cannot be meant, the number that was typed: 2010 or 201003 in a cell formatted as a date is 1905-07-02 or 2450-04-28."""
    return day.isoformat() if FIRST_DAY <= day <= LAST_DAY else str((day - _EPOCH).days)


def _say_moment(moment: dt.datetime) -> str:
    if moment.time() == dt.time() or not FIRST_DAY <= moment.date() <= LAST_DAY:
        return _say_day(moment.date())
    return moment.isoformat(" ")


_SAY: dict[type, Callable[[Any], str]] = {
    str: str,
    bool: lambda value: "true" if value else "false",
    int: lambda value: say_number(float(value)),
    float: say_number,
    dt.datetime: _say_moment,
    dt.date: _say_day,
}
