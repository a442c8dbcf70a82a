"""Columns: from headings and text to the columns a kind declares, typed.

A name is known in Chinese, in English and as stored, whatever its case, spaces, ``_`` and ``-``.
All conversion is done on whole columns. A cell has a state: it holds a value, is empty, does not apply
(``/``, 不适用), cannot be read, holds the error of a formula, or a formula that was never computed. The last three
become empty and are handed on as breaches with what stood there; so are rows that are no data.
"""

from __future__ import annotations

import difflib
import functools
import re
from collections.abc import Callable, Iterable, Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphkit.data.arrays import Mask
from graphkit.data.breaches import Breach
from graphkit.data.tables import ARROW_TYPES, arrow_schema
from graphkit.errors import SHOWN_PROBLEMS, SourceError
from graphkit.formulas import unguard_texts
from graphkit.model.model import Model
from graphkit.model.types import NodeType, Property, TieType
from graphkit.privacy import shown_heading
from graphkit.words import Text, fold
from loaders.sheets import NOT_COMPUTED, Sheet, refuse

TRUE_WORDS, FALSE_WORDS = ("是", "yes", "true", "1"), ("否", "no", "false", "0")

_MIDNIGHT = r"[ T]00:00(:00(\.0+)?)?$"
_ISO_DATE = r"^[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}$"
_DATE = r"^(?P<year>[0-9]{4})[-/.年](?P<month>[0-9]{1,2})[-/.月](?P<day>[0-9]{1,2})日?$"
_INTEGER = r"^([+-]?[0-9]{1,18})(\.0+)?$"
_NEAR = 0.4


@functools.cache
def kinds_by_name(model: Model) -> dict[str, NodeType | TieType]:
    """Every spelling of a table's name, folded, with its kind; a sheet's name ends after 31 characters."""
    names: dict[str, NodeType | TieType] = {}
    for kind in model.sheets:
        for name in (kind.table, kind.heading.zh, kind.heading.en):
            names[fold(name)] = names[fold(name[:31])] = kind
    return names


@functools.cache
def columns_by_heading(kind: NodeType | TieType) -> dict[str, Property]:
    """Every spelling of a heading of the table of `kind`, folded, with its column."""
    return {fold(name): column for column in kind.columns for name in (column.name, column.heading.zh, column.heading.en)}


def name_nearest(name: str, spellings: Iterable[str]) -> str | None:
    """Return the one of `spellings` most like `name`, or None if none is like it."""
    by_fold = {fold(spelling): spelling for spelling in spellings}
    near = difflib.get_close_matches(fold(name), by_fold, n=1, cutoff=_NEAR)
    return by_fold[near[0]] if near else None


def type_columns(sheet: Sheet, kind: NodeType | TieType) -> tuple[pa.Table, list[Breach]]:
    """Turn the text of a sheet into the table of `kind`, provenance included, and say which cells could not be.

    Rows in which every cell is empty are left out.

    Raises
    ------
    SourceError
        If a heading is unknown or stands twice, a column without heading holds something, or a
        column that must be there is not.
    """
    placed = _place_columns(sheet, kind)
    cells = {name: _encode(sheet.columns[position]) for name, position in placed.items()}
    filled = np.flatnonzero(_any_valid(cells.values(), len(sheet.rows)))
    if len(filled) < len(sheet.rows):
        cells = {name: held.take(pa.array(filled)) for name, held in cells.items()}
    columns: dict[str, pa.Array] = {}
    no_data = find_no_data(cells, kind)
    breaches = [Breach(kind.table, "row.no_data", None, np.flatnonzero(no_data))] if no_data.any() else []
    for column in kind.columns:
        if column.name not in cells:
            columns[column.name] = pa.nulls(len(filled), ARROW_TYPES[column.type])
            continue
        columns[column.name], found = _read_cells(cells[column.name], column, is_key=column.name in kind.identity)
        for rule, failed in found.items():
            rows = np.flatnonzero(failed & ~no_data)
            if len(rows):
                stood = pc.replace_substring(_decode(cells[column.name].take(pa.array(rows))), NOT_COMPUTED, "=").to_pylist()
                breaches.append(Breach(kind.table, rule, column.name, rows, stood, needs_column=column.required))
    return pa.table({**columns, **_provenance(sheet, filled)}, schema=arrow_schema(kind)), breaches


def _provenance(sheet: Sheet, filled: np.ndarray) -> dict[str, pa.Array]:
    return {
        "source_file": pa.repeat(pa.scalar(sheet.file), len(filled)),
        "source_sheet": pa.repeat(pa.scalar(sheet.name, pa.string()), len(filled)),
        "source_row": pa.array(sheet.rows[filled], pa.int64()),
    }


# Headings


def _place_columns(sheet: Sheet, kind: NodeType | TieType) -> dict[str, int]:
    """Where each declared column stands in the sheet."""
    known = columns_by_heading(kind)
    placed: dict[str, int] = {}
    unknown: list[str] = []
    for position, heading in enumerate(sheet.headings):
        column = known.get(fold(heading))
        if column is None and not fold(heading):
            _refuse_without_heading(sheet, position)
        elif column is None:
            unknown.append(heading)
        elif column.name in placed:
            raise refuse(f"“{heading}”这一列出现两次", f"the column {heading!r} stands twice", path=sheet.path, sheet=sheet.name, column=heading)
        else:
            placed[column.name] = position
    if unknown:
        raise _unknown_heading(sheet, kind, unknown, some_known=bool(placed))
    _refuse_missing(sheet, kind, placed)
    return placed


def _refuse_without_heading(sheet: Sheet, position: int) -> None:
    if sheet.columns[position].null_count < len(sheet.columns[position]) and pc.any(pc.is_valid(_clean(sheet.columns[position]))).as_py():
        raise refuse(
            f"第{position + 1}列有内容而没有表头", f"column {position + 1} holds something and has no heading", path=sheet.path, sheet=sheet.name
        )


def _unknown_heading(sheet: Sheet, kind: NodeType | TieType, unknown: list[str], *, some_known: bool) -> SourceError:
    every = ("、".join(c.heading.zh for c in kind.columns), ", ".join(c.heading.en for c in kind.columns))
    if not some_known:  # then these may be no headings at all but somebody's data, and are not repeated here
        return refuse(
            f"第一行没有“{kind.heading.zh}”表的表头；第一行应为：{every[0]}",
            f"the first row has no heading of the table {kind.table!r}; it should be: {every[1]}",
            path=sheet.path, sheet=sheet.name,
        )  # fmt: skip
    named = [_name_heading(text, sheet.headings.index(text) + 1, kind) for text in unknown[:SHOWN_PROBLEMS]]
    rest = len(unknown) - len(named)
    more = (f"，另有 {rest} 个", f" and {rest} more") if rest else ("", "")
    return refuse(
        f"“{kind.heading.zh}”表没有这样的表头：{'、'.join(said.zh for _, said in named)}{more[0]}。可用的表头：{every[0]}",
        f"the table {kind.table!r} has no such heading: {', '.join(said.en for _, said in named)}{more[1]}. There are: {every[1]}",
        path=sheet.path, sheet=sheet.name, column=named[0][0],
    )  # fmt: skip


def _name_heading(text: str, column: int, kind: NodeType | TieType) -> tuple[str, Text]:
    """A heading that is not known as it may be shown, and in words: where it stands, and which one may be meant."""
    near_zh, near_en = (name_nearest(text, [c.heading.say(lang) for c in kind.columns]) for lang in ("zh", "en"))
    shown = shown_heading(text, near_zh or near_en)
    meant = (f"；是否为“{near_zh or near_en}”？", f"; is it {near_en or near_zh!r}?") if near_zh or near_en else ("", "")
    return shown, Text(f"“{shown}”（第{column}列{meant[0]}）", f"{shown!r} (column {column}{meant[1]})")


def _refuse_missing(sheet: Sheet, kind: NodeType | TieType, placed: dict[str, int]) -> None:
    if missing := [column for column in kind.columns if column.required and column.name not in placed]:
        raise refuse(
            f"缺少必需的列：{'、'.join(c.heading.zh for c in missing)}",
            f"a column that must be there is missing: {', '.join(c.heading.en for c in missing)}",
            path=sheet.path, sheet=sheet.name, column=missing[0].name,
        )  # fmt: skip


# Cells


def _read_cells(cells: pa.DictionaryArray, column: Property, *, is_key: bool) -> tuple[pa.Array, dict[str, Mask]]:
    """The values of a column, and by rule which of its cells held something of which none could be made; each different word is read once."""
    words = cells.dictionary
    likely = _begin(words, _NO_VALUE_BEGINS)
    states = {rule: _hold(words, holds, likely) for rule, holds in _NO_VALUE.items()}
    if column.type == "string" and not column.choices:
        states["not_applicable"][:] = False  # of a text, any may be meant
    found = {rule: state for rule, state in states.items() if state.any()}
    for none in found.values():
        words = pc.if_else(pa.array(none), pa.scalar(None, pa.string()), words)
    if is_key and not column.choices and column.type == "string":
        words = normalise_ids(words)
    values, failed = _CONVERT[column.type](words, column)
    found.pop("not_applicable", None)
    found[f"type.{column.type}"] = failed
    return values.take(cells.indices), {rule: _where(cells.indices, state) for rule, state in found.items() if state.any()}


def _begin(words: pa.Array, begins: str) -> Mask:
    """Which of `words` begin as `begins` says, a pattern."""
    mask: Mask = pc.fill_null(pc.match_substring_regex(words, begins), fill_value=False).to_numpy(zero_copy_only=False)
    return mask


def _hold(words: pa.Array, holds: Callable[[str], bool], likely: Mask) -> Mask:
    """For which of `words` something holds; only those that are `likely`, by how they begin, are looked at one by one."""
    mask = likely.copy()
    if mask.any():
        mask[mask] = [holds(word) for word in words.filter(pa.array(mask)).to_pylist()]
    return mask


def _where(places: pa.Array, state: Mask) -> Mask:
    """For which cells something holds, given for which words it does."""
    if not state.any():
        return np.zeros(len(places), bool)
    if state.all() and not places.null_count:
        return np.ones(len(places), bool)
    there: Mask = pc.fill_null(pa.array(state).take(places), fill_value=False).to_numpy(zero_copy_only=False)
    return there


ERRORS = frozenset(
    [
        "#n/a",
        "#ref!",
        "#value!",
        "#div/0!",
        "#name?",
        "#null!",
        "#num!",
        "#spill!",
        "#calc!",
        "#field!",
        "#blocked!",
        "#connect!",
        "#unknown!",
        "#busy!",
        "#getting_data",
    ]
)
_NOT_APPLICABLE = frozenset(fold(word) for word in ("/", "\\", "—", "——", "--", "N/A", "NA", "不适用", "not applicable") if fold(word)) | {""}
_NO_VALUE: dict[str, Callable[[str | None], bool]] = {
    "cell.error": lambda word: word is not None and word.casefold() in ERRORS,
    "cell.not_computed": lambda word: word is not None and word.startswith(NOT_COMPUTED),
    "not_applicable": lambda word: word is not None and fold(word) in _NOT_APPLICABLE,
}


def normalise_ids(cells: pa.Array) -> pa.Array:
    """Ids as they are compared: in composed form (NFC), without what is not seen, full-width letters and digits made half.

    Examples
    --------
    >>> normalise_ids(pa.array(["ｈ\u200b１", "h1", None])).to_pylist()
    ['h1', 'h1', None]
    """
    if pc.all(pc.string_is_ascii(cells)).as_py() is not False:
        return cells
    seen = pc.replace_substring_regex(pc.utf8_normalize(cells, form="NFC"), r"\p{Cf}", "")
    encoded = seen.dictionary_encode()
    narrow = pa.array([word.translate(_NARROW) for word in encoded.dictionary.to_pylist()], pa.string())
    return narrow.take(encoded.indices)


_NARROW = {0x3000: 0x20, **{wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)}}


# What a word with another state begins with, and what one that tells of no data does: any beginning that is not ASCII may be one of them.
_NO_VALUE_BEGINS = r"^(?:$|[\s_\-#/\\nN]|[^\x00-\x7f])"
_NO_DATA_BEGINS = r"^(?:[\s_\-tsgnTSGN]|[^\x00-\x7f])"


# Rows that are none


_TOTAL = frozenset(["合计", "小计", "总计", "共计", "累计", "本页合计", "本页小计", "total", "subtotal", "sum", "grandtotal"])
_SIGNED = re.compile(
    r"^(填表人|填报人|制表人|审核人|负责人|填表日期|制表日期|填报日期|填报单位|注|备注|说明|note|notes)[:：]|^(注|备注|说明|填表人|note|notes)$"
)


def _says_no_data(word: str) -> bool:
    return fold(word).rstrip(":") in _TOTAL or bool(_SIGNED.match(fold(word)))


def _like(words: Iterable[str]) -> str:
    """The pattern of whatever may be one of `words`, folded: by their first letters, among which there may be what folding takes out."""
    starts = sorted({r"[\s_\-]*".join(map(re.escape, word[:4])) for word in words if word and word.isascii()})
    return rf"(?i)^(?:[\s_\-]*(?:{'|'.join(starts)})|[^\x00-\x7f])"


def find_no_data(cells: Mapping[str, pa.DictionaryArray], kind: NodeType | TieType) -> Mask:
    """Rows that are a total, a note, a signature, or the heading once more: told by their first cell, or by a key that is the word of its heading."""
    rows = len(next(iter(cells.values())))
    no_data, ahead = np.zeros(rows, bool), np.ones(rows, bool)  # ahead: every cell so far was empty
    for held in cells.values():
        no_data |= ahead & _where(held.indices, _hold(held.dictionary, _says_no_data, _begin(held.dictionary, _NO_DATA_BEGINS)))
        ahead &= ~_valid(held)
        if not ahead.any():
            break
    key = next((column for column in kind.columns if column.required), kind.columns[0])
    if key.name in cells:
        spelt = {fold(word) for word in (key.name, key.heading.zh, key.heading.en)}
        held = cells[key.name]
        likely = _begin(held.dictionary, _like(spelt))
        no_data |= _where(held.indices, _hold(held.dictionary, lambda word: fold(word) in spelt, likely))
    return no_data


def _encode(cells: pa.Array) -> pa.DictionaryArray:
    """Cells as places in a list of different words, each cleaned once and read once; an empty word is missing from the list."""
    encoded = cells.dictionary_encode()
    return pa.DictionaryArray.from_arrays(encoded.indices, _clean(encoded.dictionary), safe=False)


def _decode(cells: pa.DictionaryArray) -> pa.Array:
    return cells.dictionary.take(cells.indices)


def _valid(cells: pa.DictionaryArray) -> Mask:
    return _where(cells.indices, pc.is_valid(cells.dictionary).to_numpy(zero_copy_only=False))


def _clean(cells: pa.Array) -> pa.Array:
    """Take white space off both ends; nothing left is an empty cell."""
    trimmed = pc.utf8_trim_whitespace(cells)
    return pc.if_else(pc.equal(trimmed, ""), pa.scalar(None, pa.string()), trimmed)


def _any_valid(columns: Iterable[pa.DictionaryArray], rows: int) -> Mask:
    filled = np.zeros(rows, bool)
    for cells in columns:
        filled |= _valid(cells)
        if filled.all():
            break
    return filled


def _failed(cells: pa.Array, values: pa.Array) -> Mask:
    """Cells that held something of which nothing could be made."""
    failed: Mask = pc.and_(pc.is_valid(cells), pc.is_null(values)).to_numpy(zero_copy_only=False)
    return failed


def _narrow_form(cells: pa.Array) -> pa.Array:
    """Cells in the form NFKC; what is ASCII has it already."""
    return cells if pc.all(pc.string_is_ascii(cells)).as_py() is not False else pc.utf8_normalize(cells, form="NFKC")


def _to_string(cells: pa.Array, column: Property) -> tuple[pa.Array, Mask]:
    """Text as it stands; a fixed value as the word stored. What is wrong with it the checks say, as for tables made in Python."""
    if column.choices:
        words = {fold(word): c.value for c in column.choices for word in (c.value, c.heading.zh, c.heading.en)}
        cells = pc.coalesce(_look_up(cells, words, pa.string()), cells)
    elif column.digits:
        cells = pc.replace_substring_regex(_narrow_form(cells), r"^([0-9]+)\.0+$", r"\1")
    else:
        cells = unguard_texts(cells)
    return cells, np.zeros(len(cells), bool)


def _to_boolean(cells: pa.Array, _column: Property) -> tuple[pa.Array, Mask]:
    words = {**dict.fromkeys(TRUE_WORDS, True), **dict.fromkeys(FALSE_WORDS, False)}
    values = _look_up(cells, words, pa.bool_())
    return values, _failed(cells, values)


def _look_up(cells: pa.Array, words: Mapping[str, object], to: pa.DataType) -> pa.Array:
    """The value behind each cell's word, null where it is none of `words`."""
    return pa.array([None if word is None else words.get(fold(word)) for word in cells.to_pylist()], to)


def _to_integer(cells: pa.Array, _column: Property) -> tuple[pa.Array, Mask]:
    plain = _narrow_form(cells)
    whole = pc.replace_substring_regex(plain, _INTEGER, r"\1")
    values = pc.if_else(pc.match_substring_regex(plain, _INTEGER), whole, pa.scalar(None, pa.string()))
    values = pc.replace_substring_regex(values, r"^\+", "").cast(pa.int64())
    return values, _failed(cells, values)


def _to_date(cells: pa.Array, _column: Property) -> tuple[pa.Array, Mask]:
    plain = pc.replace_substring_regex(_narrow_form(cells), _MIDNIGHT, "")
    if pc.all(pc.match_substring_regex(plain, _ISO_DATE)).as_py() is not False:
        try:
            return plain.cast(pa.date32()), np.zeros(len(cells), bool)
        except pa.ArrowInvalid:
            pass  # a day that no calendar has, such as 2012-02-30: look at the parts
    values = _from_parts(pc.extract_regex(plain, pattern=_DATE))
    return values, _failed(cells, values)


def _from_parts(parts: pa.Array) -> pa.Array:
    """Dates from year, month and day; null where the calendar has no such day."""
    year, month, day = (
        pc.fill_null(pc.struct_field(parts, name).cast(pa.int64()), fill_value=0).to_numpy(zero_copy_only=False) for name in ("year", "month", "day")
    )
    plausible = (year >= 1) & (month >= 1) & (month <= 12) & (day >= 1)
    months = ((year - 1970) * 12 + month - 1).astype("datetime64[M]")
    days = months.astype("datetime64[D]") + (day - 1)
    return pa.array(days, pa.date32(), mask=~(plausible & (days.astype("datetime64[M]") == months)))


_CONVERT = {"string": _to_string, "integer": _to_integer, "date": _to_date, "boolean": _to_boolean}
