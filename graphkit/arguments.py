"""What a caller may give: one guard for each kind of argument, the same at every door."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Mapping

import numpy as np

from graphkit.errors import ParameterError
from graphkit.words import Text


def need_lang(lang: str) -> None:
    """Raise ParameterError unless `lang` is ``"zh"`` or ``"en"``.

    Examples
    --------
    >>> need_lang("zh")
    """
    if lang not in ("zh", "en"):
        raise ParameterError(Text(f"lang 只能是 'zh' 或 'en'，不能是 {lang!r}", f"lang is 'zh' or 'en', not {lang!r}"))


def need_a(wanted: type, value: object, name: str) -> None:
    """Raise ParameterError unless `value` is a `wanted` (Tables or Network), saying what to call to make one of it.

    Examples
    --------
    >>> class Tables: ...
    >>> need_a(Tables, "acheng.gk", "find_coverage_gaps")
    Traceback (most recent call last):
    graphkit.errors.ParameterError: find_coverage_gaps takes graphkit Tables, not a path: give it graphkit.connect(path).read() or loaders.load(path)
    find_coverage_gaps 须给 graphkit 的 Tables，而不是路径：请给 graphkit.connect(path).read() 或 loaders.load(path)
    """
    if isinstance(value, wanted):
        return
    given, ways = _what_it_is(value), _WAYS[wanted.__name__]
    way = ways.get(given, ways[""])
    called, called_zh = _CALLED.get(given, (f"{type(value).__module__.partition('.')[0]}.{type(value).__name__}",) * 2)
    article = "" if wanted.__name__ == "Tables" else "a "
    raise ParameterError(
        Text(
            f"{name} 须给 graphkit 的 {wanted.__name__}，而不是{'' if called_zh in _CHINESE else ' '}{called_zh}：请给 {way.replace('|', ' 或 ')}",
            f"{name} takes {article}graphkit {wanted.__name__}, not {called}: give it {way.replace('|', ' or ')}",
        ),
    )


_WAYS: dict[str, dict[str, str]] = {
    "Tables": {
        "path": "graphkit.connect(path).read()|loaders.load(path)",
        "store": "store.read()",
        "pandas": 'graphkit.Tables({"Member": pyarrow.Table.from_pandas(frame)})',
        "pyarrow": 'graphkit.Tables({"Member": table})',
        "mapping": "graphkit.Tables(mapping)",
        "": "graphkit.Tables(…)|loaders.load(path)",
    },
    "Network": {
        "networkx": "Network.from_networkx(g)",
        "igraph": "Network.from_networkx(g.to_networkx())",
        "tables": "Network.from_tables(tables)",
        "path": "Network.from_tables(graphkit.connect(path).read())",
        "store": "Network.from_tables(store.read())",
        "": "Network.from_tables(…)|Network.from_networkx(…)",
    },
}
_CALLED = {"path": ("a path", "路径"), "store": ("a store", "存储")}
_CHINESE = ("路径", "存储")
_PACKAGES = {
    "networkx": "networkx",
    "igraph": "igraph",
    "pandas": "pandas",
    "pyarrow": "pyarrow",
    "graphkit.data.tables": "tables",
    "graphkit.store": "store",
}


def _what_it_is(value: object) -> str:
    """Which of the things that people give instead."""
    if isinstance(value, (str, os.PathLike)):
        return "path"
    homes = [f"{kind.__module__}." for kind in type(value).__mro__]
    named = next((what for package, what in _PACKAGES.items() if any(home.startswith(f"{package}.") for home in homes)), "")
    return named or ("mapping" if isinstance(value, Mapping) else "")


def read_date(value: object, name: str = "as_of") -> dt.date:
    """Return the day that `value` is: a date, or a moment of pandas, numpy or Python that is exactly the beginning of a day and of no time zone.

    Raises
    ------
    ParameterError
        If it is anything else, such as a text, a moment within a day, or NaT.

    Examples
    --------
    >>> import pandas as pd
    >>> read_date(pd.Timestamp("2012-04-30")), read_date(dt.datetime(2012, 4, 30))
    (datetime.date(2012, 4, 30), datetime.date(2012, 4, 30))
    """
    day = value
    if isinstance(day, np.datetime64) and not np.isnat(day):
        day = day.astype("datetime64[us]").item() if day == day.astype("datetime64[D]") else None
    if isinstance(day, dt.datetime) and day == day and day.tzinfo is None and day.time() == dt.time() and not getattr(day, "nanosecond", 0):  # noqa: PLR0124 - NaT differs from itself
        day = day.date()
    if not isinstance(day, dt.date) or isinstance(day, dt.datetime):
        raise ParameterError(Text(f"{name} 须是 datetime.date，而不是 {value!r}", f"{name} takes a datetime.date, not {value!r}"))
    return day


def read_whole(value: object, name: str, *, least: int) -> int:
    """Return the whole number that `value` is, of Python or numpy, if it is `least` or more.

    Examples
    --------
    >>> read_whole(np.int64(2), "max_steps", least=1)
    2
    """
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or value < least:
        raise ParameterError(
            Text(f"{name} 须是不小于 {least} 的整数，而不是 {value!r}", f"{name} takes a whole number, {least} or more, not {value!r}")
        )
    return int(value)
