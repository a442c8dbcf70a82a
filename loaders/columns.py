"""Columns: from headings and text to the columns a kind declares, typed.

All conversion is done on whole columns. A cell has a state: it holds a value, is empty, does not apply
(``/``, 不适用), cannot be read, holds the error of a formula, or a formula that was never computed. The last three
become empty and are handed on as breaches with what stood there; so are rows that are no data.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphkit.data.arrays import Mask
from graphkit.data.breaches import INEXACT, Breach
from graphkit.data.buffers import first_letters, holds_any, is_ascii, is_tidy
from graphkit.data.tables import ARROW_TYPES, arrow_schema
from graphkit.formulas import unguard_texts
from graphkit.model.types import NodeType, Property, TieType
from graphkit.words import Text, fold
from loaders.dates import complete_dates
from loaders.headings import Unread, read_headings
from loaders.repaired import list_mended, mended_words
from loaders.sheets import NOT_COMPUTED, Sheet

TRUE_WORDS, FALSE_WORDS = ("是", "yes", "true", "1"), ("否", "no", "false", "0")

_PIECE = 2**16  # rows

MENDED = "mended"  # among what was found in a column: written otherwise than it is kept, which is no fault

_MIDNIGHT = r"[ T]00:00(:00(\.0+)?)?$"
_ISO_DATE = r"^[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}$"
_DATE = r"^(?P<year>[0-9]{4})[-/.年](?P<month>[0-9]{1,2})[-/.月](?P<day>[0-9]{1,2})日?$"
_INTEGER = r"^([+-]?[0-9]{1,18})(\.0+)?$"


def type_columns(sheet: Sheet, kind: NodeType | TieType, repaired: list[pa.Table] | None = None) -> tuple[pa.Table, list[Breach]]:
    """Turn the text of a sheet into the table of `kind`, provenance included, and say which cells could not be; to `repaired` are added those read as something else.

    Rows in which every cell is empty are left out. A column under a heading that is not known is not read; where its heading is like one
    that the sheet lacks, or it has none, that is a breach.

    Raises
    ------
    SourceError
        If no heading is known or one stands twice, or a column that must be there is not.
    """
    headings = read_headings(sheet, kind)
    once = _said_once(kind)
    few = {column.name for column in kind.columns if column.type != "string" or column.choices}
    cells = {name: _encode(sheet.columns[position], once=name == once, few=name in few) for name, position in headings.placed.items()}
    filled = np.flatnonzero(_any_valid(cells.values(), len(sheet.rows)))
    extra = [_find_extra(sheet, other, kind, filled) for other in headings.doubtful]
    if len(filled) < len(sheet.rows):
        cells = {name: held.take(pa.array(filled)) for name, held in cells.items()}
    columns: dict[str, pa.Array] = {}
    no_data = find_no_data(cells, kind)
    breaches = [Breach(kind.table, "row.no_data", None, np.flatnonzero(no_data))] if no_data.any() else []
    mended: list[tuple[Property, dict[str, Mask]]] = []
    breaches += [replace(breach, rows=held) for breach in extra if len(held := breach.rows[~no_data[breach.rows]])]
    for column in kind.columns:
        if column.name not in cells:
            columns[column.name] = pa.nulls(len(filled), ARROW_TYPES[column.type])
            continue
        if _are_days(cells[column.name]):
            columns[column.name] = cells[column.name]
            continue
        columns[column.name], found = _read_cells(cells[column.name], column, is_key=column.name in kind.identity)
        if MENDED in found:
            mended.append((column, found))
        breaches += _find_faults(kind, column, cells[column.name], found, ~no_data)
    table = pa.table({**columns, **_provenance(sheet, filled)}, schema=arrow_schema(kind))
    if repaired is not None:
        for column, found in mended:
            rows = np.flatnonzero(found[MENDED] & ~no_data)
            raw = _decode(cells[column.name].take(pa.array(rows)))
            repaired.append(
                list_mended(table.take(pa.array(rows)), kind, column, raw, {rule: held[rows] for rule, held in found.items() if rule in INEXACT})
            )
    return table, breaches


def _find_faults(kind: NodeType | TieType, column: Property, cells: pa.DictionaryArray, found: Mapping[str, Mask], data: Mask) -> Iterator[Breach]:
    """Of a column what was found in rows that are data, by rule; dates of less precision are told once."""
    for rule, failed in found.items():
        rows = np.flatnonzero(failed & data)
        if len(rows) and rule != MENDED:
            stood = pc.replace_substring(_decode(cells.take(pa.array(rows))), NOT_COMPUTED, "=").to_pylist()
            told = [_say_cells(len(rows))] if rule in INEXACT else None
            yield Breach(kind.table, rule, column.name, rows, stood, told, needs_column=column.required, once=rule in INEXACT)


def _say_cells(number: int) -> Text:
    return Text(f"（本表共 {number:,} 格）", f" ({number:,} cells of this table)")


def _find_extra(sheet: Sheet, other: Unread, kind: NodeType | TieType, filled: np.ndarray) -> Breach:
    """The cells of a column that was not read though it may be one of the table's: they count as not read where an empty one would say something."""
    rows = np.flatnonzero(_valid(_encode(sheet.columns[other.position]))[filled])
    return Breach(kind.table, "heading.unknown", None, rows, notes=[other.say(len(rows))] * len(rows), doubted=other.doubted, once=True)


def _provenance(sheet: Sheet, filled: np.ndarray) -> dict[str, pa.Array | pa.ChunkedArray]:
    rows = sheet.rows if len(filled) == len(sheet.rows) else sheet.rows[filled]
    return {
        "source_file": _repeat(sheet.file, len(filled)),
        "source_sheet": _repeat(sheet.name, len(filled)),
        "source_row": pa.array(rows, pa.int64()),
    }


def _repeat(word: str | None, times: int) -> pa.ChunkedArray:
    """One word said many times, in pieces that are one and the same in memory."""
    piece = pa.repeat(pa.scalar(word, pa.string()), min(times, _PIECE))
    return pa.chunked_array([*[piece] * (times // _PIECE), piece[: times % _PIECE]], pa.string())


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
    stood = words
    if column.type == "date":
        words, inexact = complete_dates(_narrow_form(words), last=column.last_day)
        found |= inexact
    values, failed = _CONVERT[column.type](words, column)
    found.pop("not_applicable", None)
    if column.type in ("date", "integer"):
        found[MENDED] = mended_words(stood, values)
    found[f"type.{column.type}"] = failed
    spread = values if _is_whole(cells) else values.take(cells.indices)
    return spread, {rule: _where(cells.indices, state) for rule, state in found.items() if state.any()}


def _begin(words: pa.Array, begins: str, letters: str | None = None, said: Iterable[str] = ()) -> Mask:
    """Which of `words` begin as `begins` says, a pattern: none without a first letter that `letters` says, or the pattern itself.

    Where they are of ASCII, none do without the second letter of one that may be `said`.
    """
    seconds = [case for word in said if word.isascii() for case in (word[1:2].lower(), word[1:2].upper())]
    if seconds and all(seconds) and is_ascii(words) and not holds_any(words, seconds):
        return np.zeros(len(words), bool)
    firsts = first_letters(words)
    if firsts is not None and not pc.any(pc.match_substring_regex(pa.array(firsts, pa.string()), letters or begins)).as_py():
        return np.zeros(len(words), bool)
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
    if is_ascii(cells):
        return cells
    seen = pc.replace_substring_regex(pc.utf8_normalize(cells, form="NFC"), r"\p{Cf}", "")
    encoded = seen.dictionary_encode()
    narrow = pa.array([word.translate(_NARROW) for word in encoded.dictionary.to_pylist()], pa.string())
    return narrow.take(encoded.indices)


_NARROW = {0x3000: 0x20, **{wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)}}


# Rows that are none


_TOTAL = frozenset(["合计", "小计", "总计", "共计", "累计", "本页合计", "本页小计", "total", "subtotal", "sum", "grandtotal"])
_SIGNED = re.compile(
    r"^(填表人|填报人|制表人|审核人|负责人|填表日期|制表日期|填报日期|填报单位|注|备注|说明|note|notes)[:：]|^(注|备注|说明|填表人|note|notes)$"
)


_NO_DATA_WORDS = (*_TOTAL, "填", "制", "审", "负", "注", "备", "说", "note")  # with what a line begins that is signed, or a note


def _says_no_data(word: str) -> bool:
    return fold(word).rstrip(":") in _TOTAL or bool(_SIGNED.match(fold(word)))


def _begins_like(words: Iterable[str], *, also: str = "") -> str:
    r"""Write the pattern of whatever may begin one of `words`, folded, or with one of the characters `also`, a class.

    Letters and ideographs are what they are whatever folding does, but for case and what it takes out; anything else that is not ASCII may become
    any letter. So a column of names in Chinese is not looked at one by one.
    """
    letters = {letter for word in words if word for letter in (word[0], word[0].upper())}
    return rf"^(?:[\s_\-{also}{re.escape(''.join(sorted(letters)))}]|[^\x00-\x7f\x{{4E00}}-\x{{9FFF}}])"


def _like(words: Iterable[str]) -> str:
    """Write the pattern of whatever may be one of `words`, folded: by their first letters, among which there may be what folding takes out."""
    known = [word for word in words if word]
    starts = sorted({r"[\s_\-]*".join(map(re.escape, word[:4])) for word in known if word.isascii()})
    return rf"(?i)^[\s_\-]*(?:{'|'.join(starts)})|{_begins_like([word for word in known if not word.isascii()])}"


_NO_VALUE_BEGINS = rf"^$|{_begins_like(_NOT_APPLICABLE, also='#/' + NOT_COMPUTED[0])}"
_NO_DATA_BEGINS, _NO_DATA_IN_ASCII = _begins_like(_NO_DATA_WORDS), _like(_NO_DATA_WORDS)


def find_no_data(cells: Mapping[str, pa.DictionaryArray], kind: NodeType | TieType) -> Mask:
    """Rows that are a total, a note, a signature, or the heading once more: told by their first cell, or by a key that is the word of its heading."""
    rows = len(next(iter(cells.values())))
    no_data, ahead = np.zeros(rows, bool), np.ones(rows, bool)  # ahead: every cell so far was empty
    for held in cells.values():
        if not _are_days(held):
            begins = _NO_DATA_IN_ASCII if is_ascii(held.dictionary) else _NO_DATA_BEGINS
            no_data |= ahead & _where(
                held.indices, _hold(held.dictionary, _says_no_data, _begin(held.dictionary, begins, _NO_DATA_BEGINS, _NO_DATA_WORDS))
            )
        ahead &= ~_valid(held)
        if not ahead.any():
            break
    key = next((column for column in kind.columns if column.required), kind.columns[0])
    if key.name in cells and not _are_days(cells[key.name]):
        spelt = {fold(word) for word in (key.name, key.heading.zh, key.heading.en)}
        held = cells[key.name]
        likely = _begin(held.dictionary, _like(spelt), _begins_like(spelt), spelt)
        no_data |= _where(held.indices, _hold(held.dictionary, lambda word: fold(word) in spelt, likely))
    return no_data


def _said_once(kind: NodeType | TieType) -> str | None:
    """The column in which each row has a value of its own, if all is well: looking for equal ones would be in vain."""
    if isinstance(kind, TieType):
        return kind.ends[0].name if kind.is_single else None
    return kind.key


def _encode(cells: pa.Array, *, once: bool = False, few: bool = False) -> pa.DictionaryArray:
    """Cells as places in a list of different words, each cleaned once and read once; an empty word is missing from the list.

    Of a column in which each word stands `once` the cells are the list, and so they are where one look at the memory tells that nothing is to be
    cleaned, unless `few` words are said there many times. Days are what they are.
    """
    if _are_days(cells):
        return cells
    tidy = not few and pa.types.is_string(cells.type) and is_tidy(cells)
    if once or tidy:
        return pa.DictionaryArray.from_arrays(pa.array(np.arange(len(cells), dtype=np.int32)), cells if tidy else _clean(cells), safe=False)
    encoded = cells if pa.types.is_dictionary(cells.type) else cells.dictionary_encode()
    return pa.DictionaryArray.from_arrays(encoded.indices, _clean(encoded.dictionary), safe=False)


def _are_days(cells: pa.Array) -> bool:
    """Whether a reader gave the days of a column themselves, and none of its cells holds anything else."""
    return bool(pa.types.is_date32(cells.type))


def _is_whole(cells: pa.DictionaryArray) -> bool:
    """Whether the cells are the list itself, in order."""
    places = cells.indices
    return (
        len(places) == len(cells.dictionary) and not places.null_count and np.array_equal(places.to_numpy(), np.arange(len(places), dtype=np.int32))
    )


def _decode(cells: pa.DictionaryArray) -> pa.Array:
    return cells.dictionary.take(cells.indices)


def _valid(cells: pa.Array) -> Mask:
    if _are_days(cells):
        there: Mask = pc.is_valid(cells).to_numpy(zero_copy_only=False)
        return there
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
    return cells if is_ascii(cells) else pc.utf8_normalize(cells, form="NFKC")


def _to_string(cells: pa.Array, column: Property) -> tuple[pa.Array, Mask]:
    """Text as it stands; a fixed value as the word stored. What is wrong with it the checks say, as for tables made in Python."""
    if column.choices:
        words = {fold(word): c.value for c in column.choices for word in (c.value, c.heading.zh, c.heading.en)}
        cells = pc.coalesce(_look_up(cells, words, pa.string()), cells)
    elif column.digits:
        cells = _narrow_form(cells)
        if holds_any(cells, (".",)):
            cells = pc.replace_substring_regex(cells, r"^([0-9]+)\.0+$", r"\1")
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
