"""A first draft of a mapping, from the headings and values of a file: what is likely with its confidence, what is a guess with a question mark."""

from __future__ import annotations

import difflib
import json
import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from graphkit.identity.matching import acheng_gazetteer
from graphkit.model.kinds import MODEL
from graphkit.model.types import Property
from graphkit.privacy import may_be_personal
from graphkit.words import fold
from loaders.mapping.reader import unit_of
from loaders.mapping.rows import DITTO
from loaders.mapping.synonyms import COLUMNS, FIXED, HEADS, PEOPLE, PLACE_TIES, PLACES, SUBJECTS, TIE_COLUMNS, TIES, TOWNSHIPS, WORDS
from loaders.normalise import UNIT_FACTORS, plain, read_date, read_id_number
from loaders.regions import BETWEEN, find_regions
from loaders.regions import cut as cut_region
from loaders.sheets import Grid, Sheet

_NEAR, _SURE = 0.6, 0.95
_MOST_WORDS = 20
_MARKS = "、，,/；;"
_LOOKED_AT = 200


@dataclass(frozen=True, slots=True)
class Guess:
    """A heading that probably means a column.

    Attributes
    ----------
    heading : str
        As the mapping names it.
    column : str
        Name of the column, or of the end of a tie.
    confidence : float
        From 0 to 1; 1 where the heading is one that is known.
    """

    heading: str
    column: str
    confidence: float

    @property
    def mark(self) -> str:
        """What the draft says beside it."""
        return "" if self.confidence >= _SURE else f"  # ? {self.confidence:.2f}"


def draft_mapping(grids: Sequence[Grid]) -> str:
    """Write a first draft, a ``[[read]]`` for the largest table of each sheet; lines to be looked at carry ``# ?``.

    Parameters
    ----------
    grids : sequence of Grid
        Every sheet that is to be read.

    Returns
    -------
    str
        TOML, to be corrected by a person. It holds headings and words of fixed values, and no value that may be personal.
    """
    tables = [table for table in map(_find_table, grids) if table]
    subjects = {table.subject for table in tables}
    drafts = [_draft(table, subjects) for table in tables]
    head = ["# A draft: look at every line marked with ?  草稿：带 ? 的各行请逐一核对", "", *_draft_places(tables, drafts)]
    dropped = [heading for draft in drafts for line in draft if line.startswith("#drop ") for heading in [line.removeprefix("#drop ")]]
    if dropped:
        head += [
            "[extra]",
            f"drop = {_list(dict.fromkeys(dropped))}  # ? read by nothing; under keep or personal they travel along  没有用到；写在 keep 或 personal 下则随行保留",
            "",
        ]
    body = [line for draft in drafts for line in (*draft, "") if not line.startswith("#drop ")]
    return "\n".join([*head, *body]).rstrip() + "\n"


def _draft_places(tables: Sequence[_Table], drafts: Sequence[Sequence[str]]) -> list[str]:
    """Where places are looked up: in the shipped list if that knows most of those written, else by their names."""
    written: dict[tuple[str | None, ...], None] = {}
    for table, lines in zip(tables, drafts, strict=True):
        for headings in {tuple(tomllib.loads(line.partition("#")[0])["code"]["place"]) for line in lines if line.startswith("code = {place = ")}:
            columns = [table.sheet.columns[table.sheet.headings.index(heading)][:_LOOKED_AT].to_pylist() for heading in headings]
            written |= dict.fromkeys(parts for parts in zip(*columns, strict=True) if parts[-1])
    if not written and not any("place = " in line for lines in drafts for line in lines):
        return []
    known = sum(bool(acheng_gazetteer().find(parts).codes) for parts in written)
    if 2 * known > len(written):
        return ["[places]", 'list = "acheng-2023"  # ? or your own CSV: code, name, township_name  或自己的地名表', ""]
    return [
        "[places]",
        'list = "names"  # ? places go by their names; better a CSV of yours: code, name, township_name  按名称分辨；有地名表（CSV）更好',
        "",
    ]


@dataclass(frozen=True, slots=True, eq=False)
class _Table:
    """The largest table of a sheet, and what its rows are about."""

    grid: Grid
    sheet: Sheet
    heading_rows: int
    subject: str

    @property
    def headings(self) -> list[str]:
        return [heading for heading in self.sheet.headings if heading]


def _find_table(grid: Grid) -> _Table | None:
    regions = find_regions(grid)
    if not regions:
        return None
    region = max(regions, key=lambda r: (r.bottom - r.top) * (r.right - r.left))
    sheet = cut_region(grid, region)
    return _Table(grid, sheet, region.heading_rows, choose_subject(grid, [heading for heading in sheet.headings if heading]))


def _draft(table: _Table, subjects: set[str]) -> list[str]:
    grid, sheet, headings, subject = table.grid, table.sheet, table.headings, table.subject
    lines = ["[[read]]", f"files = {_text(grid.source or grid.path.name)}"]
    if grid.name is not None:
        lines.append(f"sheet = {_text(grid.name)}")
    if table.heading_rows > 1:
        lines.append(f"heading_rows = {table.heading_rows}")
    lines.append('missing = ["无", "不详", "-", "/"]  # ?')
    if several := [heading for heading in headings if _is_several(sheet, heading, subject)]:
        lines.append(f"split = {{{', '.join(f'{_text(heading)} = {_text(_MARKS)}' for heading in several)}}}")
    used: set[str] = set()
    lines += [line for part in _parts(table, subjects, used) for line in ("", *part)]
    return [*lines, *(f"#drop {heading}" for heading in headings if heading not in used)]


def _is_several(sheet: Sheet, heading: str, subject: str) -> bool:
    """Whether a column that names other things holds several in a cell."""
    if not any(guess_columns([heading], {end: words}) for _, end, words in TIES[subject]):
        return False
    return any(mark in text for text in sheet.columns[sheet.headings.index(heading)][:_LOOKED_AT].to_pylist() if text for mark in _MARKS)


def choose_subject(grid: Grid, headings: Sequence[str]) -> str:
    """Return the kind of node that the rows are about: by the names of sheet and file, else by the headings."""
    named = fold(f"{grid.name or ''} {grid.path.stem}")
    matches = [(len(word), label) for label, words in SUBJECTS.items() for word in words if fold(word) in named]
    if matches:
        return max(matches, key=lambda match: match[0])[1]
    return max(COLUMNS, key=lambda label: _weigh(headings, label))


def _weigh(headings: Sequence[str], label: str) -> float:
    """How well headings fit a kind of node; its key counts twice, as rows about others name things by less."""
    key = MODEL.node_type(label).key
    return sum(guess.confidence * (2 if guess.column == key else 1) for guess in guess_columns(headings, COLUMNS[label]))


def guess_columns(headings: Sequence[str], synonyms: dict[str, tuple[str, ...]]) -> list[Guess]:
    """Return for each column the heading that is most like it, if any is; a heading means one column.

    Examples
    --------
    >>> [(g.heading, g.column) for g in guess_columns(["户编号", "家庭情况 / 人口"], COLUMNS["Household"])]
    [('户编号', 'id'), ('家庭情况 / 人口', 'people')]
    """
    likely = sorted(
        (
            (_likeness(heading, words), -place, column, heading)
            for column, words in synonyms.items()
            for place, heading in enumerate(headings)
        ),
        reverse=True,
    )  # fmt: skip
    taken: dict[str, Guess] = {}
    for confidence, _, column, heading in likely:
        if confidence >= _NEAR and column not in taken and heading not in {guess.heading for guess in taken.values()}:
            taken[column] = Guess(heading, column, confidence)
    return [taken[column] for column in synonyms if column in taken]


def _likeness(heading: str, words: Sequence[str]) -> float:
    """How like a heading is to the nearest of several words: its last part counts, units in brackets do not; among equals the earlier word."""
    bare = fold(re.sub(r"[（(].*?[）)]", "", heading.rsplit(BETWEEN, maxsplit=1)[-1]))
    best = 0.0
    for place, word in enumerate(words):
        alike = 1.0 if bare == fold(word) else difflib.SequenceMatcher(None, bare, fold(word)).ratio() * 0.9
        best = max(best, alike - place * 0.001)
    return best


# What the rows say


def _parts(found: _Table, subjects: set[str], used: set[str]) -> Iterator[list[str]]:
    sheet, headings, subject = found.sheet, found.headings, found.subject
    kind = MODEL.node_type(subject)
    guesses = guess_columns(headings, COLUMNS[subject])
    columns = {column.name: column for column in kind.columns}
    key = next((guess for guess in guesses if guess.column == kind.key), None)
    village = next(iter(guess_columns(headings, {"village": PLACES})), None) if subject != "Village" else None
    township = next(iter(guess_columns(headings, {"township": TOWNSHIPS})), None)
    used.update(guess.heading for guess in (*guesses, village, township) if guess)
    said_key = _text(key.heading) if key else _place_key(subject, guesses, township) or _made_key(sheet, headings, village, used)
    node = ["[[read.node]]", f"table = {_text(subject)}", f"{kind.key} = {said_key}{key.mark if key else '  # ?'}"]
    node += [f"{guess.column} = {_cell(sheet, guess, columns[guess.column])}{guess.mark}" for guess in guesses if guess.column != kind.key]
    yield node
    if subject == "Village" and township:
        yield _township(township, said_key)
    if village:
        yield _place_tie(subject, said_key, village, township)
    for table, end, words in TIES[subject]:
        if guess := next(iter(guess_columns([h for h in headings if h not in used], {end: words})), None):
            used.add(guess.heading)
            more = guess_columns([h for h in headings if h not in used], TIE_COLUMNS.get(table, {}))
            used.update(other.heading for other in more)
            columns = {column.name: column for column in MODEL.table_type(table).columns}
            said = [f"{other.column} = {_cell(sheet, other, columns[other.column])}{other.mark}" for other in more]
            far, other_end = _far_end(table, guess, subjects)
            if far:
                yield far
            yield [*_tie(table, guess, said_key, other_end), *said]


def _far_end(table: str, guess: Guess, subjects: set[str]) -> tuple[list[str], str]:
    """How the other end of a tie is said: by its id; by its name, if it is read elsewhere; else it is a thing that this column alone tells of."""
    tie = next(tie for tie in MODEL.ties if tie.table == table)
    label = tie.source if guess.column == tie.ends[0].name else tie.target
    if any(word in fold(guess.heading) for word in ("编号", "代码", "id")):
        return [], _text(guess.heading)
    if label in subjects or label in PEOPLE:
        return [], f"{{named = {_list([guess.heading])}}}"
    kind = MODEL.node_type(label)
    return ["[[read.node]]", f"table = {_text(label)}", f"{kind.key} = {_text(guess.heading)}  # ?", f"name = {_text(guess.heading)}"], _text(
        guess.heading
    )


def _place_key(subject: str, guesses: Sequence[Guess], township: Guess | None) -> str:
    """The key of a village that has a name and no code: the place of that name; empty of anything else."""
    name = next((guess.heading for guess in guesses if guess.column == "name"), None) if subject == "Village" else None
    return f"{{place = {_list([*([township.heading] if township else []), name])}}}" if name else ""


def _made_key(sheet: Sheet, headings: Sequence[str], village: Guess | None, used: set[str]) -> str:
    """A key where no column is one: an identity number, which becomes a pseudonym; else the running number, within the village if there is one."""
    number = next((h for h in headings if any(read_id_number(cell).state == "value" for cell in _cells(sheet, h))), None)
    if number:
        return f"{{secret = {_list([number])}}}"
    numbers = [heading for heading in headings if fold(heading.split(BETWEEN)[-1]) in ("序号", "号", "no", "no.")][:1]
    if numbers or not village:
        parts = [*([village.heading] if village else []), *(numbers or headings[:1])]
        used.update(parts)
        return f"{{make = {_list(parts)}}}"
    named = next(iter(guess_columns(headings, {"name": HEADS})), None)
    parts = [village.heading, *([named.heading] if named else [h for h in headings if h != village.heading][:1])]
    used.update(parts)
    return f"{{secret = {_list(parts)}}}"


def _place_tie(subject: str, said_key: str, village: Guess, township: Guess | None) -> list[str]:
    table = MODEL.table_type(PLACE_TIES[subject])
    names = [township.heading, village.heading] if township else [village.heading]
    place = f"{{place = {_list(names)}}}"
    village_node = ["[[read.node]]", 'table = "Village"', f"code = {place}{village.mark}", f"name = {_text(village.heading)}"]
    tie = ["", "[[read.tie]]", f"table = {_text(table.table)}", f"{table.columns[0].name} = {said_key}", f"village_code = {place}{village.mark}"]
    return [*village_node, *tie, *(["", *_township(township, place)] if township else [])]


def _township(township: Guess, place: str) -> list[str]:
    """That a village lies in a township, by which answers are split."""
    code = f"{{place = {_list([township.heading])}}}"
    node = ["[[read.node]]", 'table = "Township"', f"code = {code}{township.mark}", f"name = {_text(township.heading)}", ""]
    return [*node, "[[read.tie]]", 'table = "Village IN Township"', f"village_code = {place}", f"township_code = {code}{township.mark}"]


def _tie(table: str, guess: Guess, said_key: str, other_end: str) -> list[str]:
    kind = MODEL.table_type(table)
    own = next(column.name for column in kind.columns[:2] if column.name != guess.column)
    fixed = [f"{name} = {_text(value)}  # ?" for name, value in FIXED.get(table, {}).items()]
    return ["[[read.tie]]", f"table = {_text(table)}", f"{own} = {said_key}", f"{guess.column} = {other_end}{guess.mark}", *fixed]


def _cells(sheet: Sheet, heading: str) -> list[str]:
    """The first cells under a heading that hold something."""
    return [text for text in sheet.columns[sheet.headings.index(heading)][:_LOOKED_AT].to_pylist() if text]


def _cell(sheet: Sheet, guess: Guess, column: Property) -> str:
    """How the cells under a heading are read, from its unit and its values."""
    cells = _cells(sheet, guess.heading)
    said = f"column = {_text(guess.heading)}"
    if column.name == "birth_year" and any(read_id_number(cell).state == "value" for cell in cells):
        return f'{{{said}, take = "id_birth_year"}}'
    if column.name == "birth_year":
        return f'{{{said}, take = "id_birth_year"}}' if any(not cell.strip().isdigit() for cell in cells) else _text(guess.heading)
    if column.choices or column.type == "boolean":
        return _words(cells, guess, column)
    if column.type == "integer":
        unit = next((word for word in re.findall(r"[（(](.*?)[）)]", guess.heading) if word in UNIT_FACTORS.get(unit_of(column), {})), "")
        return f"{{{said}, unit = {_text(unit)}}}" if unit else _text(guess.heading)
    if column.type == "date":
        least = {read_date(cell).precision for cell in cells} & {"month", "year"}
        precision = "year" if "year" in least else "year_month"
        return f'{{{said}, date = "{precision}"}}' if least else _text(guess.heading)
    return _text(guess.heading)


def _words(cells: Sequence[str], guess: Guess, column: Property) -> str:
    """The list of words found, each with the value it probably means; what may be personal, or is one of too many, is not written down."""
    found = list(dict.fromkeys(cell.strip() for cell in cells if plain(cell) not in DITTO))
    allowed = {fold(word): choice.value for choice in column.choices for word in (choice.value, choice.heading.zh, choice.heading.en)}
    if column.type == "boolean":
        allowed = {"是": "yes", "否": "no", "yes": "yes", "no": "no", "有": "yes", "无": "no"}
    if all(fold(word) in allowed for word in found):
        return _text(guess.heading)
    if len(found) > _MOST_WORDS or any(may_be_personal(word) for word in found):
        return f'{{column = {_text(guess.heading)}, words = {{"*" = ""}}}}'
    said = ", ".join(f"{_text(word)} = {_text(_meaning(word, column, allowed))}" for word in found)
    return f"{{column = {_text(guess.heading)}, words = {{{said}}}}}"


def _meaning(word: str, column: Property, allowed: dict[str, str]) -> str:
    """The value that a word of an office means; empty, which is unknown, where it is not known."""
    if fold(word) in allowed:
        return allowed[fold(word)]
    meanings = {fold(alias): value for value, aliases in WORDS.get(column.name, {}).items() for alias in aliases}
    values = set(column.values) or {"yes", "no"}
    exact = meanings.get(fold(word), "")
    return exact if exact in values else ""


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)


def _list(values: Sequence[str] | dict[str, None]) -> str:
    return f"[{', '.join(_text(value) for value in values)}]"
