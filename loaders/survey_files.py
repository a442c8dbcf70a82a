"""Files of Stata and SPSS, .dta and .sav: one table each, read by pyreadstat in a process of its own.

A heading is the name of a variable; its label is told beside it. A value with a label is the label, missing codes (.a, or those that SPSS is told of)
are unknown and counted, and what is stored as a count of days or months is a date.
"""

from __future__ import annotations

import datetime as dt
import importlib.util
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from graphkit.errors import SourceError
from graphkit.words import Text
from loaders.apart import Refused, read_apart, run_child
from loaders.encodings import NAMES, choose_encoding
from loaders.sheets import MOST_CELLS, MOST_COLUMNS, Grid, refuse
from loaders.workbook_text import say_number

_SHOWN = 30
_BYTES = "ISO-8859-1"  # gives every byte back as it was
_FIRST_UNICODE = 118  # the format of Stata 14; before it a file does not say what its texts are in
_DOUBT, _LARGE = "encoding", "cells"  # words of the child
_ENCODED = re.compile("(?i)encod|convert")

_Columns = dict[str, list[Any]]
_Decode = Callable[[str], str]
_Reader = Callable[..., tuple[_Columns, Any]]


def read_survey(path: Path, data: bytes, encoding: str | None = None) -> Grid:
    """Read a .dta or .sav: the names of its variables as the first row, then its observations; `path` is named where it cannot be read.

    Raises
    ------
    SourceError
        If pyreadstat is not installed, the file is damaged, is larger than any table of a county, or does not tell its encoding.
    """
    if importlib.util.find_spec("pyreadstat") is None:
        install = "pip install 'graphkit-networks[surveys]'"
        raise refuse(
            f"读取 .dta、.sav 要用 pyreadstat：{install}；或另存为 CSV",
            f"to read .dta and .sav pyreadstat is needed: {install}; or save it as CSV",
            path=path,
        )
    apart = read_apart(path, data, "loaders.survey_files", (path.suffix.lower(), encoding or ""))
    if apart.refused is not None or apart.overran:
        raise _refusal(path, apart.refused or "")
    if not apart.grids[0].columns:
        raise refuse("文件里没有变量", "it has no variables", path=path)
    return replace(apart.grids[0], name=None)


def _refusal(path: Path, reason: str) -> SourceError:
    if reason.startswith(_DOUBT):
        names = reason.removeprefix(_DOUBT).strip()
        return refuse(
            f"看不出文字的编码；请用 --encoding 指明，可能是：{names}",
            f"its encoding cannot be told; name it with --encoding, it may be: {names}",
            path=path,
        )
    if reason in (_LARGE, ""):
        return refuse(
            f"超过 {MOST_COLUMNS} 列或 {MOST_CELLS:,} 格，或要用的内存或时间过多；请只留要用的变量",
            f"it has more than {MOST_COLUMNS} columns or {MOST_CELLS:,} cells, or asks for too much memory or time; keep the variables that are needed",
            path=path,
        )
    return refuse(
        f"不是可以读取的 Stata 或 SPSS 文件（{reason[:40]}）", f"it is not a file of Stata or SPSS that can be read ({reason[:40]})", path=path
    )


# In the child


def _read_here(data: bytes, arguments: list[str]) -> list[Grid]:
    import pyreadstat

    suffix, encoding = arguments
    read = {".dta": pyreadstat.read_dta, ".sav": pyreadstat.read_sav}[suffix]
    with tempfile.NamedTemporaryFile(suffix=suffix) as file:  # the reader takes a path alone
        file.write(data)
        file.flush()
        return [_as_grid(*_read_whole(read, file.name, unmarked=_is_unmarked(data, suffix), encoding=encoding))]


def _is_unmarked(data: bytes, suffix: str) -> bool:
    """Whether the file is of a Stata that did not say in which encoding it writes."""
    if suffix != ".dta":
        return False
    release = data[28:31] if data.startswith(b"<stata_dta>") else str(data[0]).encode()
    return release.isdigit() and int(release) < _FIRST_UNICODE


def _read_whole(read: _Reader, name: str, *, unmarked: bool, encoding: str) -> tuple[_Columns, Any, _Decode, tuple[Text, ...]]:
    """The columns, what the file says of them, how its texts are to be decoded, and what is to be said of that."""
    import pyreadstat

    raw = unmarked and not encoding
    try:
        columns, meta = _read_as(read, name, _BYTES if raw else encoding)
    except pyreadstat.ReadstatError as error:
        if raw or encoding or not _ENCODED.search(str(error)):
            raise
        raw = True  # what the file says of its encoding is not so
        columns, meta = _read_as(read, name, _BYTES)
    return (columns, meta, *(_tell_encoding(columns, meta) if raw else (str, ())))


def _read_as(read: _Reader, name: str, encoding: str) -> tuple[_Columns, Any]:
    """Read once the size is known to be that of a table."""
    said = {"encoding": encoding} if encoding else {}
    _, meta = read(name, metadataonly=True, **said)
    width, height = len(meta.column_names), meta.number_rows or 0
    if width > MOST_COLUMNS or width * height > MOST_CELLS:
        raise Refused(_LARGE)
    return read(name, user_missing=True, output_format="dict", **said)


def _tell_encoding(columns: _Columns, meta: Any) -> tuple[_Decode, tuple[Text, ...]]:
    """How texts that were read byte by byte are to be decoded, told from all of them together."""
    texts = [*columns, *(text for values in columns.values() for text in values if isinstance(text, str)), *_labels(meta)]
    choice = choose_encoding("\n".join(texts).encode(_BYTES, errors="replace"))
    if choice.codec is None:
        raise Refused(f"{_DOUBT} {', '.join(choice.candidates)}")
    codec, shown = choice.codec, NAMES[choice.codec]
    note = Text(f"按 {shown} 读取；若不对，请用 --encoding 指明", f"read as {shown}; if that is wrong, name it with --encoding")
    said = () if all(text.isascii() for text in texts) else (note,)
    return lambda text: text.encode(_BYTES, errors="replace").decode(codec, errors="replace"), said


def _labels(meta: Any) -> Iterator[str]:
    yield from (label for label in meta.column_names_to_labels.values() if label)
    yield from (str(label) for labels in meta.variable_value_labels.values() for label in labels.values())


def _as_grid(columns: dict[str, list[Any]], meta: Any, decode: _Decode, notes: tuple[Text, ...]) -> Grid:
    written, told = [], list(notes)
    labelled = [f"{decode(name)} {decode(label)}" for name, label in meta.column_names_to_labels.items() if label]
    if labelled:
        shown = "; ".join(labelled[:_SHOWN]) + (" …" if len(labelled) > _SHOWN else "")
        told.append(Text(f"变量的标签：{shown}", f"labels of the variables: {shown}"))
    for name, values in columns.items():
        cells, missing = _as_text(values, name, meta, decode)
        written.append(pa.array([decode(name), *cells], pa.string()))
        if missing:
            codes = ", ".join(missing)
            told.append(
                Text(
                    f"“{decode(name)}”的缺失码算未知：{missing.total()} 格（{codes}）",
                    f"missing codes of {decode(name)!r} are unknown: {missing.total()} cells ({codes})",
                )
            )
    rows = len(written[0]) if written else 0
    return Grid(Path("survey"), None, tuple(written), np.arange(1, rows + 1), notes=tuple(told))


def _as_text(values: list[Any], name: str, meta: Any, decode: _Decode) -> tuple[list[str | None], Counter[str]]:
    """The cells of a variable, and how many hold which missing code; each different value is written once."""
    labels = meta.variable_value_labels.get(name, {})
    is_text = meta.readstat_variable_types.get(name) == "string"
    ranges, style = meta.missing_ranges.get(name, ()), meta.original_variable_types.get(name) or ""
    narrow = meta.readstat_variable_types.get(name) == "float"
    words: dict[Any, str | None] = {None: None}
    codes: dict[Any, str] = {}
    for value in dict.fromkeys(values):
        label = decode(labels[value]) if value in labels else ""
        if value is None:
            continue
        if (isinstance(value, str) and not is_text) or _is_within(value, ranges):
            code = decode(value) if is_text else f".{value}" if isinstance(value, str) else _say(value, style, narrow=narrow)
            codes[value], words[value] = f"{code} {label}".strip(), None
        else:
            words[value] = label or (decode(value) if isinstance(value, str) else _say(value, style, narrow=narrow))
    return [words[value] for value in values], Counter(codes[value] for value in values if value in codes)


def _is_within(value: Any, ranges: Any) -> bool:
    """Whether a value is one that SPSS is told means missing."""
    return any(isinstance(value, str) == isinstance(one["lo"], str) and one["lo"] <= value <= one["hi"] for one in ranges)


def _say(value: Any, style: str, *, narrow: bool) -> str:
    """A number or a day as a person would have typed it; months and years of Stata too."""
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(" ")
    if isinstance(value, (dt.date, str)):
        return str(value)
    if style.startswith("%tm") and float(value).is_integer():
        return f"{1960 + int(value) // 12}-{int(value) % 12 + 1:02}"
    return say_number(float(str(np.float32(value)))) if narrow else say_number(float(value))


if __name__ == "__main__":
    sys.exit(run_child(_read_here))
