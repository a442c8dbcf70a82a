"""From rows to the columns of a kind: each cell read as the mapping says, every repair counted, what cannot be read left as it stands for the checks to tell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphkit.data.breaches import Breach
from graphkit.data.tables import PROVENANCE
from graphkit.identity.matching import Gazetteer, PlaceMatch
from graphkit.model.kinds import TOWNSHIP
from graphkit.model.types import NodeType, Property, TieType
from graphkit.privacy import may_be_personal
from graphkit.words import Text, fold
from loaders.mapping.language import NON_EMPTY, Cell, Saying, label_of
from loaders.mapping.reader import unit_of
from loaders.mapping.rows import Rows, filter_columns, missing_column, say_missing
from loaders.mapping.shown import beside_of, picked_of
from loaders.normalise import REPAIRS, UNKNOWN_WORDS, Normal, read_birth_year, read_date, read_id_number, read_number, read_text
from loaders.repaired import list_repaired
from loaders.sheets import Sheet

_SHOWN = 5
_PRECISE_ENOUGH = {"day": ("day",), "year_month": ("day", "month"), "year": ("day", "month", "year")}


@dataclass(slots=True, eq=False)
class Counts:
    """What was done to cells, by column: repairs, and dates and numbers taken at less precision; and the places found so far."""

    repairs: Counter[tuple[str, str]] = field(default_factory=Counter)
    said: Counter[tuple[str, str]] = field(default_factory=Counter)
    places: dict[tuple[str, tuple[str | None, ...]], PlaceMatch] = field(default_factory=dict)  # by kind of place and what is written
    examples: dict[tuple[str, str], tuple[str, str]] = field(default_factory=dict)
    repaired: list[pa.Table] = field(default_factory=list)

    def notes(self) -> list[Text]:
        """Say it, a line for each column and matter, with the first cell as it stood and as it was read."""
        lines = []
        for (column, repair), n in self.repairs.items():
            shown = self._example(column, repair)
            lines.append(Text(f"“{column}”{REPAIRS[repair].zh}：{n} 格{shown.zh}", f"{column!r}: {REPAIRS[repair].en}: {n} cells{shown.en}"))
        for (column, matter), n in self.said.items():
            shown = self._example(column, matter)
            lines.append(Text(f"“{column}”{_SAID[matter].zh}：{n}{shown.zh}", f"{column!r}: {_SAID[matter].en}: {n}{shown.en}"))
        return lines

    def keep_example(self, column: str, matter: str, raw: str, value: str | None) -> None:
        """Keep the first cell that may be shown, where its text tells more than the matter does."""
        if value is not None and matter not in _PLAIN and (column, matter) not in self.examples and not may_be_personal(raw):
            self.examples[column, matter] = raw.strip(), value

    def _example(self, column: str, matter: str) -> Text:
        if (column, matter) not in self.examples:
            return Text("", "")
        raw, value = self.examples[column, matter]
        return Text(f"，如“{raw}”读作“{value}”", f", such as {raw!r} read as {value!r}")


_PLAIN = ("width", "unknown_word")  # what stood there shows nothing that its reading does not
_SAID = {
    "inexact": Text("只知道月份或年份", "known to the month or year alone"),
    "successor": Text("已撤并或改名，按其后继", "no longer so called or merged, what it became is taken"),
    "low": Text("不是确数，取其下限", "no exact number, its lower bound is taken"),
}


@dataclass(frozen=True, slots=True, eq=False)
class Said:
    """What rows say of one kind.

    Attributes
    ----------
    sheet : Sheet
        Its columns, headings as stored.
    found : list of Breach
        Places that the list does not tell, and columns that are not there.
    named : dict
        By column, what is written in each row where names are looked for once everything is read, the name first.
    shown : dict
        By end of a tie, the names shown beside it: those picked with the id, and those in a column of their own.
    """

    sheet: Sheet
    found: list[Breach]
    named: dict[str, list[tuple[str | None, ...]]]
    shown: dict[str, tuple[pa.Array, pa.Array]]


def say_rows(rows: Rows, saying: Saying, places: Gazetteer | None, counts: Counts) -> Said:
    """Return what the rows say of one kind, in the order of the rows.

    Raises
    ------
    SourceError
        If the rows have not the columns that the mapping names, and without which nothing can be said.
    """
    saying, gone = _without_gone(rows, saying)
    chosen = _where(rows, saying)
    kept = chosen.to_numpy(zero_copy_only=False)
    taken = Rows(rows.sheet, filter_columns(rows.columns, kept), rows.numbers[kept], rows.read)
    cells = {name: _column(taken, saying, name, places, counts) for name in saying.cells}
    numbers, cells = _keep(saying, cells | _names_beside(taken, saying) | _words_beside(taken, saying), taken.numbers)
    said = np.zeros(len(numbers), bool)
    for name in saying.cells:
        said |= pc.is_valid(cells[name]).to_numpy(zero_copy_only=False)
    cells = dict(filter_columns(cells, said))
    written = {name: _take_written(cells, name) for name, cell in saying.cells.items() if cell.named or cell.place}
    shown = {name: (cells.pop(picked_of(name)), cells.pop(beside_of(name))) for name in saying.cells if picked_of(name) in cells}
    sheet = Sheet(rows.sheet.path, rows.sheet.name, tuple(cells), tuple(cells.values()), numbers[said], (), rows.sheet.source)
    found = [breach for name, columns in written.items() if saying.cells[name].place for breach in _not_found(saying.kind, name, columns, counts)]
    found += [_say_gone(rows.sheet, saying, name, headings, int(said.sum())) for name, headings in gone.items()]
    later = {name for name, cell in saying.cells.items() if cell.named or (cell.place and places is None)}
    named = {name: _by_row(columns) for name, columns in written.items() if name in later}
    return Said(sheet, [breach for breach in found if len(breach.rows)], named, shown)


def _words_beside(rows: Rows, saying: Saying) -> dict[str, pa.Array]:
    """What is said beside a name or a place, the nearest first: it goes with its row until that is looked for, or was not found."""
    headings = {name: (cell.named or cell.place[::-1])[1:] for name, cell in saying.cells.items()}
    return {_beside(name, place): rows.columns[fold(heading)] for name, beside in headings.items() for place, heading in enumerate(beside)}


def _names_beside(rows: Rows, saying: Saying) -> dict[str, pa.Array]:
    """What is shown beside the ends of a tie: it goes with its row until everything is read that it is held against."""
    ends = {end.name for end in saying.kind.ends} if isinstance(saying.kind, TieType) else set()
    found: dict[str, pa.Array] = {}
    for name, cell in saying.cells.items():
        held = [rows.columns.get(of(cell.column)) if cell.column and name in ends else None for of in (picked_of, beside_of)]
        if any(column is not None for column in held):
            none = pa.nulls(len(rows.numbers), pa.string())
            found |= {of(name): none if column is None else column for of, column in zip((picked_of, beside_of), held, strict=True)}
    return found


def _without_gone(rows: Rows, saying: Saying) -> tuple[Saying, dict[str, list[str]]]:
    """The saying without the columns it can do without whose headings the rows do not have, and those headings by column."""
    gone = {name: lacking for name, cell in saying.cells.items() if (lacking := [heading for heading in cell.columns if rows.get(heading) is None])}
    needed = [heading for name in gone if _declared(saying, name).required for heading in gone[name]]
    needed += [heading for heading in saying.where if rows.get(heading) is None]
    if needed:
        raise missing_column(rows.sheet, list(dict.fromkeys(needed)))
    return replace(saying, cells={name: cell for name, cell in saying.cells.items() if name not in gone}), gone


def _say_gone(sheet: Sheet, saying: Saying, name: str, headings: Sequence[str], rows: int) -> Breach:
    """That a column which the mapping reads is not there: what it would have said of each row is not known."""
    said, kind, column = say_missing(sheet, headings), saying.kind, _declared(saying, name)
    note = Text(
        f"：{said.zh}；“{kind.heading.zh}”的“{column.heading.zh}”因而未知",
        f": {said.en}; so {column.heading.en!r} of {kind.heading.en!r} is not known",
    )
    says = column.empty_says or name in (kind.since_column, kind.until_column)
    return Breach(kind.table, "heading.gone", None, np.arange(rows), notes=[note] * rows, doubted=(name,) if says else (), once=True)


def _beside(name: str, place: int) -> str:
    return f"{name}\0{place}"


def _take_written(cells: dict[str, pa.Array], name: str) -> list[pa.Array]:
    """Take out of the columns what is said beside a name, and return the name and that."""
    return [cells[name], *(cells.pop(column) for column in [*cells] if column.startswith(_beside(name, 0)[:-1]))]


def _by_row(columns: Sequence[pa.Array]) -> list[tuple[str | None, ...]]:
    return list(zip(*(column.to_pylist() for column in columns), strict=True))


def _not_found(kind: NodeType | TieType, name: str, columns: Sequence[pa.Array], counts: Counts) -> Iterator[Breach]:
    """Rows whose place is none or several of the list, with the nearest."""
    label = label_of(kind, name)
    missed = {parts[::-1]: match for (sort, parts), match in counts.places.items() if match.code is None and sort == label}
    written = _by_row(columns) if missed else []
    for rule, several in (("place.unknown", False), ("place.several", True)):
        rows = [row for row, parts in enumerate(written) if parts in missed and bool(missed[parts].codes) == several]
        if rows:
            yield Breach(kind.table, rule, name, np.array(rows), [written[row][0] for row in rows], [_say_near(missed[written[row]]) for row in rows])


def _say_near(match: PlaceMatch) -> Text:
    """The places that may be meant, which stand in a public list."""
    near = match.called[:_SHOWN] or match.nearest
    if match.off_day:
        return Text("（名单里有，但在那一天没有，也没有写明后继）", " (the list has it, but not on that day, and does not say what it became)")
    if not near:
        return Text("", "")
    return Text(
        f"（{'可能是' if match.codes else '相近的有'}：{'、'.join(near)}）", f" ({'it may be' if match.codes else 'near ones'}: {', '.join(near)})"
    )


def _declared(saying: Saying, name: str) -> Property:
    return next(column for column in saying.kind.columns if column.name == name)


def _where(rows: Rows, saying: Saying) -> pa.Array:
    """Which rows say it; a tie of which an end stands empty in the file is not said."""
    chosen = pa.array(np.ones(len(rows.numbers), bool))
    for heading, values in saying.where.items():
        column = rows.get(heading)
        held = pc.is_valid(column) if NON_EMPTY in values else pc.fill_null(pc.is_in(column, value_set=pa.array(values)), fill_value=False)
        chosen = pc.and_(chosen, held)
    if hasattr(saying.kind, "ends"):
        for end in saying.kind.ends:
            cell = saying.cells[end.name]
            if cell.columns:
                heading = cell.columns[0 if cell.named else -1]  # beside a place stands what it lies in, beside a name what it is tied to
                chosen = pc.and_(chosen, _is_there(rows, heading))
    return chosen


def _is_there(rows: Rows, heading: str) -> pa.Array:
    """Where an end is given: by its id, or by a name that stands there without one, for which the row will be set aside."""
    there, beside = pc.is_valid(rows.get(heading)), rows.columns.get(beside_of(heading))
    return there if beside is None else pc.or_(there, pc.is_valid(beside))


def _column(rows: Rows, saying: Saying, name: str, places: Gazetteer | None, counts: Counts) -> pa.Array:
    cell, column = saying.cells[name], _declared(saying, name)
    if cell.constant is not None:
        return pa.repeat(pa.scalar(cell.constant, pa.string()), len(rows.numbers))
    held = [rows.get(heading) for heading in cell.columns]
    if cell.place:
        return _places(held, label_of(saying.kind, name), places, counts, cell.columns[-1]) if places else held[-1]
    if cell.make or cell.secret:
        return _made(held, secret=bool(cell.secret))
    if column.type == "string" and not (cell.words or cell.missing or column.choices) and pc.all(pc.string_is_ascii(held[0])).as_py() is not False:
        return held[0]  # blanks are off its ends already, and nothing else could be repaired in it
    texts, normals = _read(held[0], _reader(cell, column), cell.columns[0], counts)
    if any(normal.repairs or normal.precision not in ("exact", "day") for normal in normals):
        hidden = bool(cell.take)  # a number of identity, of which the year of birth alone is kept
        counts.repaired.append(list_repaired(saying.kind, column, _places_of(rows), texts, normals, hidden=hidden))
    return pa.array([normal.value for normal in normals], pa.string()).take(texts.indices)


def _places_of(rows: Rows) -> pa.Table:
    file, sheet = (pa.repeat(pa.scalar(word, pa.string()), len(rows.numbers)) for word in (rows.sheet.file, rows.sheet.name))
    return pa.table([file, sheet, pa.array(rows.numbers, pa.int64())], schema=PROVENANCE)


def _read(cells: pa.Array, read: Callable[[str], Normal], heading: str, counts: Counts) -> tuple[pa.DictionaryArray, list[Normal]]:
    """Each different text read once; what is unreadable stays as it stands."""
    encoded = cells.dictionary_encode()
    normals = [read(text) for text in encoded.dictionary.to_pylist()]
    if any(normal.repairs or normal.precision not in ("exact", "day") for normal in normals):
        _count(
            encoded.dictionary.to_pylist(),
            normals,
            np.bincount(pc.drop_null(encoded.indices).to_numpy(), minlength=len(normals)).tolist(),
            heading,
            counts,
        )
    return encoded, normals


def _count(texts: Sequence[str], normals: Sequence[Normal], times: Sequence[int], heading: str, counts: Counts) -> None:
    for text, normal, number in zip(texts, normals, times, strict=True):
        for repair in normal.repairs:
            counts.repairs[heading, repair] += int(number)
            counts.keep_example(heading, repair, text, normal.value)
        matter = _MATTERS.get(normal.precision) if normal.state == "value" else None
        if matter:
            counts.said[heading, matter] += int(number)
            counts.keep_example(heading, matter, text, normal.value)


_MATTERS = {"month": "inexact", "year": "inexact", "more_than": "low", "about": "low", "between": "low"}


def _reader(cell: Cell, column: Property) -> Callable[[str], Normal]:
    unknown = (*cell.missing, *(UNKNOWN_WORDS if column.type != "string" or column.choices else ()))
    if cell.words:
        words = {fold(word): value for word, value in cell.words.items() if word != NON_EMPTY}
        other = cell.words.get(NON_EMPTY)
        return lambda text: Normal(words.get(fold(text), other)) if other is not None or fold(text) in words else read_text(text, unknown=unknown)
    if cell.take == "id_birth_year":
        return read_birth_year
    if column.type == "integer":
        return lambda text: _exact(read_number(text, unit=unit_of(column), cell_unit=cell.unit, unknown=unknown), text, cell)
    if column.type == "date":
        enough = _PRECISE_ENOUGH[cell.date]
        return lambda text: _precise(read_date(text, unknown=unknown), text, enough)
    return lambda text: read_text(text, unknown=unknown)


def _exact(normal: Normal, text: str, cell: Cell) -> Normal:
    """A bound is no value, unless the mapping says so."""
    if normal.state == "value" and normal.precision != "exact" and not cell.inexact:
        return Normal(text, "unreadable")
    return normal


def _precise(normal: Normal, text: str, enough: Sequence[str]) -> Normal:
    """A date as far as it is known, ``2012`` or ``2012-03``, if that is enough for the mapping."""
    if normal.state != "value" or not normal.value:
        return normal
    if normal.precision not in enough:
        return Normal(text, "unreadable")
    return replace(normal, value=normal.value[: {"year": 4, "month": 7}.get(normal.precision, 10)])


def _made(held: Sequence[pa.Array], *, secret: bool) -> pa.Array:
    """Keys out of several columns; none where one of them is empty. Identity numbers are brought to one form where they become pseudonyms."""
    texts = [[_plain_number(cell) if secret and cell else cell for cell in column.to_pylist()] for column in held]
    return pa.array(["-".join(parts) if all(parts) else None for parts in zip(*texts, strict=True)], pa.string())


def _plain_number(cell: str) -> str:
    number = read_id_number(cell)
    return number.value if number.state == "value" and number.value else cell


def _places(held: Sequence[pa.Array], label: str, places: Gazetteer, counts: Counts, heading: str) -> pa.Array:
    """Codes of places; where a name means none, or several, the name stays, and its row will be set aside."""
    codes = []
    known = places.townships if label == TOWNSHIP.label else places
    for parts in zip(*(cells.to_pylist() for cells in held), strict=True):
        if (label, parts) not in counts.places and parts[-1]:
            counts.places[label, parts] = known.find(parts)
        match = counts.places.get((label, parts))
        codes.append(match.code or parts[-1] if match else parts[-1])
        if match and match.code and match.followed:
            counts.said[heading, "successor"] += 1
    return pa.array(codes, pa.string())


# One row from many


def _keep(saying: Saying, cells: dict[str, pa.Array], numbers: np.ndarray) -> tuple[np.ndarray, dict[str, pa.Array]]:
    """Rows that differ only in columns with a rule made one by it; the first of them gives the number."""
    rules: dict[str, str] = {name: cell.keep for name, cell in saying.cells.items() if cell.keep}
    if rules:
        rules |= {of(name): "first" for name in saying.cells for of in (picked_of, beside_of) if of(name) in cells}
    if not rules or not len(numbers):
        return numbers, cells
    groups: dict[tuple[str | None, ...], list[int]] = {}
    fixed = [cells[name].to_pylist() for name in cells if name not in rules]
    for row, key in enumerate(zip(*fixed, strict=True)):
        groups.setdefault(key, []).append(row)
    firsts = pa.array([rows[0] for rows in groups.values()])
    made = {}
    for name, column in cells.items():
        texts = column.to_pylist()
        made[name] = (
            column.take(firsts)
            if name not in rules
            else pa.array([_one(rules[name], [texts[row] for row in rows]) for rows in groups.values()], pa.string())
        )
    return numbers[firsts.to_numpy()], made


def _one(rule: str | None, texts: list[str | None]) -> str | None:
    """One value out of several; empty ones say nothing."""
    held = [text for text in texts if text is not None]
    if not held:
        return None
    if rule == "sum":
        return str(sum(int(text) for text in held)) if all(text.lstrip("-").isdigit() for text in held) else held[0]
    if rule == "any":
        return next((text for text in held if fold(text) in ("是", "yes", "true", "1")), held[0])
    return {"latest": max, "earliest": min}.get(str(rule), lambda texts: texts[0])(held)
