"""What is sound: every rule of the schema held against the rows, and rows that break one set aside with the reason.

One walk over the tables answers everything here: first what a row breaks by itself, then doubled
keys, then ties whose ends are not there (what was set aside counts as not there), then rules over
several rows. Each step looks only at rows that passed the steps before it, so one walk is enough:
what it leaves has nothing more to set aside. All steps work on whole columns; only rows that break
a rule are ever looked at one by one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from graphkit.data.problems import Problem
from graphkit.data.tables import COUNTS, PROVENANCE, QUARANTINE, Tables
from graphkit.errors import TableError
from graphkit.model.kinds import CONSTRAINTS, COOPERATIVE, NODE_TYPES, TABLE_TYPES, TIE_TYPES, table_type
from graphkit.model.types import Constraint, NodeType, Property, TieType
from graphkit.privacy import ID_NUMBER, NAME_AS_ID, PHONE, SEPARATORS, shown_value
from graphkit.words import Text

Rows = NDArray[np.int64]
Mask = NDArray[np.bool_]


def _rule(rule: str, text: Text, remedy: Text, effect: Literal["quarantine", "report"] = "quarantine") -> Constraint:
    return Constraint(rule, tuple(kind.table for kind in TABLE_TYPES), text, remedy, effect)


# What a single cell or row must keep to; words in braces are filled in from the column.
_CELL_RULES = (
    _rule("row.width", Text("该行的格数与表头不符", "the row has more or fewer cells than the heading"),
          Text("检查是否多了或少了逗号，或引号没有成对", "look for a comma too many or too few, or a quotation mark without its pair")),
    _rule("type.lost_digits", Text("编号被存成了数字，后面的位数已丢失", "a code was stored as a number and has lost its last digits"),
          Text("把该列设为“文本”格式，从原件重新录入", "format the column as text and enter the code again from the original")),
    _rule("type.code", Text("应为 {digits} 位数字", "must be {digits} digits"),
          Text("把该列设为“文本”格式后重新录入，保留开头的零", "format the column as text and enter the code again, zeros at its start included")),
    _rule("type.date", Text("不是一个日期", "is not a date"),
          Text("写成 2012-04-30 的样子；不知道哪一天就留空", "write it like 2012-04-30; leave it empty if the day is not known")),
    _rule("type.integer", Text("不是一个整数", "is not a whole number"),
          Text("只写数字，不带单位；不知道就留空", "write digits alone, without a unit; leave it empty if not known")),
    _rule("type.boolean", Text("不是“是”或“否”", "is neither yes nor no"), Text("写“是”或“否”；不知道就留空", "write yes or no; leave it empty if not known")),
    _rule("id.number", Text("身份证号、手机号或电话号码不可作编号", "an identity number or a phone may not be an id"),
          Text("改用自编的编号，各表一致；没有别的编号，就用 --pseudonyms 换成假名",
               "use ids of your own, the same in every table; with nothing else, have them replaced by --pseudonyms")),
    _rule("id.name", Text("编号像是人名，或含有电话号码，会出现在回答、地图和报告里", "ids look like names of people, or hold phones, and will stand in answers, map and report"),
          Text("若是人名，改用自编的编号，或用 --pseudonyms 换成假名", "if they are, use ids of your own, or have them replaced by --pseudonyms"), "report"),
    _rule("id.line_break", Text("编号里有换行", "an id holds a line break"),
          Text("去掉换行；在 CSV 里多半是引号没有成对，后面的行被并了进来", "take it out; in a CSV a quotation mark probably lacks its pair, and rows after it were taken in")),
    _rule("place.unknown", Text("名单上没有这个地方", "there is no such place in the list"),
          Text("改正地名，或在地名表里补上", "correct the name, or add the place to the list")),
    _rule("place.several", Text("名单上有几个地方叫这个名字", "several places of the list bear this name"),
          Text("写上乡镇，或直接写 12 位代码", "put the township before it, or write the code of 12 digits")),
    _rule("value.required", Text("不可为空", "may not be empty"), Text("补上", "fill it in")),
    _rule("value.choice", Text("不是允许的值", "is not one of the values allowed"), Text("改为其中之一：{words_zh}", "write one of: {words_en}")),
    _rule("value.range", Text("超出范围：{range_zh}", "is out of range: {range_en}"), Text("改正；不知道就留空", "correct it; leave it empty if not known")),
)  # fmt: skip

RULES: dict[str, Constraint] = {rule.id: rule for rule in (*_CELL_RULES, *CONSTRAINTS)}

LOST_DIGITS = r"^[0-9](\.[0-9]+)?[eE]\+[0-9]+$"  # what a spreadsheet makes of a long number, such as 2.30112E+11
_ROUNDED = r"^[1-9][0-9]{14}000$"  # 18 digits of which a spreadsheet keeps 15


@dataclass(frozen=True, slots=True, eq=False)
class Breach:
    """Rows of one table that break one rule in one column.

    Attributes
    ----------
    table, rule : str
        Name of the table; id of the rule, a key of `RULES`.
    column : str or None
        The column at fault; None where it is the row.
    rows : int64 array
        Positions in the table.
    values : list of str or None, optional
        What stood in the file, one for each of `rows`, where the table could not hold it.
    notes : list of Text, optional
        What more is to say of each of `rows`.
    """

    table: str
    rule: str
    column: str | None
    rows: Rows
    values: list[str | None] | None = None
    notes: list[Text] | None = None


@dataclass(slots=True, eq=False)
class Inspection:
    """What one walk over `tables` found: breaches, rows that stand, rows merged into an equal one."""

    tables: Tables
    breaches: list[Breach] = field(default_factory=list)
    standing: dict[str, Mask] = field(default_factory=dict)
    merged: dict[str, int] = field(default_factory=dict)

    def list_problems(self) -> list[Problem]:
        """Return every breach as a problem a person can read, in the order of tables, files and rows."""
        return sort_problems(problem for breach in self.breaches for problem in _describe(self.tables[breach.table], breach))

    def quarantine(self) -> Tables:
        """Return the tables without the rows that must be set aside; these stand in ``.quarantine``, and ``.counts`` adds up."""
        aside = {kind.table: _rows_aside(self, kind.table) for kind in TABLE_TYPES}
        kept = {name: table.filter(pa.array(self.standing[name])) for name, table in self.tables.items() if not self.standing[name].all()}
        return Tables(
            {**self.tables, **kept},
            quarantine=pa.concat_tables([self.tables.quarantine, *aside.values()]),
            counts=_recount(self, {name: rows.num_rows for name, rows in aside.items()}),
            dataset=self.tables.dataset,
        )

    def drop(self, breach: Breach) -> None:
        """Note a breach; its rows stand no longer if its rule sets them aside."""
        if len(breach.rows):
            self.breaches.append(breach)
            if RULES[breach.rule].effect == "quarantine":
                self.standing[breach.table][breach.rows] = False

    def standing_rows(self, table: str) -> Rows:
        """Positions of the rows that broke nothing so far."""
        return np.flatnonzero(self.standing[table])

    def standing_keys(self, kind: NodeType) -> pa.Array:
        """Keys of the nodes that are there for a tie to join."""
        return _whole(self.tables[kind.table][kind.key].filter(pa.array(self.standing[kind.table])))


def check_tables(tables: Tables) -> list[Problem]:
    """Return every row that breaks a rule of the model: where, why, and what to do.

    Holds every rule of the schema against every row: required cells, digits of codes, allowed values
    and ranges, and `graphkit.model.kinds.CONSTRAINTS` between rows. Equal rows are no problem; they are
    merged when the tables are loaded. A tie to a row that breaks a rule is a problem as well, since
    that row will be set aside.

    Parameters
    ----------
    tables : Tables
        From a loader or made in Python.

    Returns
    -------
    list of Problem
        In the order of tables, files and rows; empty if all is sound. Those of effect
        ``"quarantine"`` name rows that are set aside on loading, those of effect ``"report"`` name
        rows that stay. No personal value stands in any of them.

    Examples
    --------
    >>> lost = Tables({"Village": pa.table({"code": ["2301121040"]})})
    >>> check_tables(lost)[0].describe()
    "Village · code: '2301121040': must be 12 digits; format the column as text and enter the code again, zeros at its start included [type.code]"
    """
    return inspect_tables(tables).list_problems()


def quarantine_problems(tables: Tables) -> Tables:
    """Return the sound part of `tables`, with the rest in ``.quarantine``.

    Rows that break a rule of effect ``"quarantine"`` are set aside, each once, under the first rule
    it breaks; so are the ties of nodes set aside. Of rows with one key, equal ones are merged, and of
    differing ones the first by file, sheet and row is kept. Read = loaded + merged + quarantined in
    ``.counts``, table by table. What is returned has nothing more to set aside.

    Examples
    --------
    >>> t = quarantine_problems(Tables({"Village": pa.table({"code": ["230112104001", "7"]})}))
    >>> t["Village"].num_rows, t.quarantine["rule"].to_pylist()
    (1, ['type.code'])
    """
    return inspect_tables(tables).quarantine()


def require_sound(tables: Tables) -> Tables:
    """Return `tables`, equal rows merged, if no row breaks a rule for which it would be set aside.

    Raises
    ------
    TableError
        Once, with all of these problems.

    Examples
    --------
    >>> require_sound(Tables({"Household": pa.table({"id": ["h1", "h1"]})}))["Household"].num_rows
    1
    """
    inspection = inspect_tables(tables)
    if problems := [problem for problem in inspection.list_problems() if problem.effect == "quarantine"]:
        raise TableError(problems)
    return inspection.quarantine()


def sort_problems(problems: Iterable[Problem]) -> list[Problem]:
    """Return problems in the order of tables, files, sheets and rows."""
    order = {kind.table: place for place, kind in enumerate(TABLE_TYPES)}
    return sorted(problems, key=lambda p: (order[p.table], p.file or "", p.sheet or "", p.row or 0))


def inspect_tables(tables: Tables, found: Sequence[Breach] = ()) -> Inspection:
    """Walk once over `tables`; `found` are breaches that a reader saw before the rows became a table."""
    walk = Inspection(tables)
    for kind in TABLE_TYPES:
        walk.standing[kind.table] = np.ones(tables[kind.table].num_rows, bool)
        walk.merged[kind.table] = 0
    for breach in found:
        walk.drop(breach)
    for kind in TABLE_TYPES:
        for breach in list(_check_rows(tables[kind.table], kind, found)):
            walk.drop(breach)
    for node in NODE_TYPES:
        _check_doubles(walk, node)
    for tie in TIE_TYPES:
        _check_ends(walk, tie)
        _check_doubles(walk, tie)
    _check_one_primary(walk)
    _check_some_primary(walk)
    _check_scope(walk)
    return walk


# What a row breaks by itself


def _check_rows(table: pa.Table, kind: NodeType | TieType, found: Sequence[Breach]) -> Iterator[Breach]:
    if not table.num_rows:
        return
    names = [column.name for column in kind.columns]
    for column in kind.columns:
        unseen = np.ones(table.num_rows, bool)
        for breach in found:
            if breach.table == kind.table and breach.column == column.name:
                unseen[breach.rows] = False
        for rule, broken in _check_cells(table[column.name], column, column.name in kind.identity):
            yield Breach(kind.table, rule, column.name, np.flatnonzero(_mask(broken) & unseen))
    if isinstance(kind, NodeType) and not kind.properties[0].digits:
        yield from _names_as_ids(table, kind)
    for since, until in (("since", "until"), ("founded_on", "dissolved_on")):
        if until in names:
            yield Breach(kind.table, "period.order", until, np.flatnonzero(_mask(pc.less(table[until], table[since]))))


def _names_as_ids(table: pa.Table, kind: NodeType) -> Iterator[Breach]:
    """Ids that look like names: told once a table, at the first, with their number; a name is only likely, and a district has many."""
    plain = pc.utf8_normalize(table[kind.key], form="NFKC")
    like = _mask(pc.match_substring_regex(plain, NAME_AS_ID)) & ~_mask(_personal_numbers(table[kind.key]))
    if count := int(like.sum()):
        note = Text(f"（本表共 {count:,} 个）", f" ({count:,} in this table)")
        yield Breach(kind.table, "id.name", kind.key, np.flatnonzero(like)[:1], notes=[note])


def _check_cells(cells: pa.ChunkedArray, column: Property, is_key: bool) -> Iterator[tuple[str, pa.ChunkedArray]]:
    empty = pc.is_null(cells)
    if column.type == "string":
        empty = pc.or_(empty, pc.fill_null(pc.equal(cells, ""), fill_value=False))
    if column.required:
        yield "value.required", empty
    if column.type == "string" and is_key and not column.choices:
        lost = _lost_digits(cells)
        yield "type.lost_digits", lost
        yield "id.line_break", pc.match_substring(cells, "\n")
        if not column.digits:
            yield "id.number", pc.and_not(_personal_numbers(cells), lost)
        else:
            wrong = pc.invert(pc.match_substring_regex(cells, f"^[0-9]{{{column.digits}}}$"))
            yield "type.code", pc.and_not(pc.and_not(wrong, lost), empty)
    if column.choices:
        yield "value.choice", pc.and_not(pc.invert(pc.is_in(cells, value_set=pa.array(column.values))), empty)
    if column.minimum is not None:
        yield "value.range", pc.less(cells, column.minimum)
    if column.maximum is not None:
        yield "value.range", pc.greater(cells, column.maximum)


def _lost_digits(cells: pa.ChunkedArray) -> pa.ChunkedArray:
    """Keys that went through a number: written with an exponent, or an 18-digit ID number whose last digits became zeros."""
    lost = pc.match_substring_regex(cells, LOST_DIGITS)
    rounded = pc.match_substring_regex(cells, _ROUNDED)
    if not pc.any(rounded).as_py():
        return lost
    worn = _mask(rounded).copy()
    worn[worn] = [is_worn(digits) for digits in cells.filter(pa.array(worn)).to_pylist()]
    return pc.or_(lost, pa.array(worn))


def is_worn(key: str) -> bool:
    """Whether a key went through a number and lost its last digits.

    Examples
    --------
    >>> is_worn("2.30112E+11"), is_worn("230112199001011000"), is_worn("m-07")
    (True, True, False)
    """
    return bool(re.match(LOST_DIGITS, key)) or (bool(re.match(_ROUNDED, key)) and not _is_id_number(key))


_SHORTEST_PERSONAL = 10  # bytes: a landline with its area code


def _personal_numbers(cells: pa.ChunkedArray) -> pa.ChunkedArray:
    """Ids that are an identity number or a phone, whatever the width of the digits and what stands between them."""
    if (pc.max(pc.binary_length(cells)).as_py() or 0) < _SHORTEST_PERSONAL:
        return pa.chunked_array([pa.repeat(pa.scalar(value=False), len(cells))])
    plain = pc.utf8_normalize(cells, form="NFKC")
    joined = pc.replace_substring_regex(plain, SEPARATORS, "")
    return pc.or_(pc.match_substring_regex(joined, ID_NUMBER), pc.match_substring_regex(plain, PHONE))


def _is_id_number(digits: str) -> bool:
    """Whether the check digit of an 18-digit identity number holds (GB 11643: ISO 7064, MOD 11-2)."""
    return sum(int(digit) * pow(2, 17 - place, 11) for place, digit in enumerate(digits[:17])) % 11 == (12 - int(digits[17])) % 11


# What rows break together


def _check_doubles(walk: Inspection, kind: NodeType | TieType) -> None:
    """Of rows with one identity keep the first: merge those equal to it, set aside those that differ."""
    rows = walk.standing_rows(kind.table)
    table = walk.tables[kind.table]
    identity = _codes(table, kind.identity, rows)
    doubled = np.bincount(identity)[identity] > 1
    if not doubled.any():
        return
    identity, rows = identity[doubled], rows[doubled]
    order = np.lexsort((_by_place(table, rows), identity))
    identity, rows = identity[order], rows[order]
    first = _first_of_run(identity)
    content = _codes(table, [column.name for column in kind.columns], rows)
    equal = content == content[first]
    later = first != np.arange(len(first))
    walk.standing[kind.table][rows[later & equal]] = False
    walk.merged[kind.table] += int((later & equal).sum())
    differing = later & ~equal
    notes = _point_to(table, rows[first[differing]])
    walk.drop(Breach(kind.table, "key.once", kind.identity[0], rows[differing], notes=notes))


def _check_ends(walk: Inspection, tie: TieType) -> None:
    table = walk.tables[tie.table]
    if not table.num_rows:
        return
    for end, label in zip(tie.ends, (tie.source, tie.target), strict=True):
        there = _mask(pc.is_in(table[end.name], value_set=walk.standing_keys(table_type(label))))  # type: ignore[arg-type]
        walk.drop(Breach(tie.table, "tie.ends", end.name, np.flatnonzero(~there & walk.standing[tie.table])))


def _check_one_primary(walk: Inspection) -> None:
    """Set aside what overlaps in time with a primary membership of the same full member that begins earlier."""
    table = walk.tables["Member BELONGS_TO Branch"]
    full = _full_members(walk)
    rows = np.flatnonzero(walk.standing["Member BELONGS_TO Branch"] & _mask(table["primary"]) & _mask(pc.is_in(table["member_id"], value_set=full)))
    member = _codes(table, ["member_id"], rows)
    several = np.bincount(member)[member] > 1
    member, rows = member[several], rows[several]
    since, until = _days(table["since"], rows, -(2**31)), _days(table["until"], rows, 2**31)
    order = np.lexsort((_by_place(table, rows), since, member))
    rows, later_than = rows[order], _overlapped(member[order], since[order], until[order])
    broken = later_than >= 0
    walk.drop(Breach("Member BELONGS_TO Branch", "member.one_primary", "primary", rows[broken], notes=_point_to(table, rows[later_than[broken]])))


def _overlapped(group: Rows, since: Rows, until: Rows) -> Rows:
    """For spans sorted by group and begin: the position of the standing span of the group that each one overlaps, or -1."""
    overlapped = np.full(len(group), -1, np.int64)
    last = -1  # the standing span of this group that ends last
    for row in _rows_of_crowded_groups(group, since, until):
        if last < 0 or group[last] != group[row]:
            last = row
        elif since[row] < until[last] and since[row] < until[row]:
            overlapped[row] = last
        elif until[row] > until[last]:
            last = row
    return overlapped


def _rows_of_crowded_groups(group: Rows, since: Rows, until: Rows) -> list[int]:
    """Rows of the groups in which some span begins before an earlier one has ended: all others need no look at single rows."""
    if len(group) < 2:
        return []
    span = 2**34  # longer than any span of days, so that a running maximum never reaches over into the next group
    latest = np.maximum.accumulate(until + group * span)
    crowded = group[1:][(group[1:] == group[:-1]) & (since[1:] + group[1:] * span < latest[:-1])]
    return [int(row) for row in np.flatnonzero(np.isin(group, crowded))]


def _check_some_primary(walk: Inspection) -> None:
    memberships = walk.tables["Member BELONGS_TO Branch"].filter(pa.array(walk.standing["Member BELONGS_TO Branch"]))
    managed = _whole(memberships.filter(pc.field("primary"))["member_id"])
    table = walk.tables["Member"]
    full = _mask(pc.equal(table["stage"], "full")) & walk.standing["Member"]
    walk.drop(Breach("Member", "member.some_primary", "id", np.flatnonzero(full & ~_mask(pc.is_in(table["id"], value_set=managed)))))


def _check_scope(walk: Inspection) -> None:
    """Compare the declared scope with the villages and townships where the co-operative still operates; what is unknown breaks nothing."""
    rows = walk.standing_rows("Cooperative")
    scopes = walk.tables["Cooperative"]["scope"].take(pa.array(rows))
    villages, townships, unplaced = _reach_of_cooperatives(walk)
    allowed = {
        "village": villages == 1,
        "cross_village": (villages >= 2) & (townships <= 1),
        "township": townships <= 1,
        "cross_township": townships + np.minimum(unplaced, 2) >= 2,
    }
    broken = np.zeros(len(rows), bool)
    for scope, agrees in allowed.items():
        broken |= _mask(pc.equal(scopes, scope)) & ~agrees & (villages > 0)
    walk.drop(Breach("Cooperative", "cooperative.scope", "scope", rows[broken]))


def _reach_of_cooperatives(walk: Inspection) -> tuple[Rows, Rows, Rows]:
    """For each co-operative that stands: the number of villages, of known townships, and of villages whose township is unknown."""
    operates, within = (
        walk.tables[name].filter(pa.array(walk.standing[name])) for name in ("Cooperative OPERATES_IN Village", "Village IN Township")
    )
    operates = operates.filter(pc.field("until").is_null())
    place = pc.index_in(operates["village_code"], value_set=_whole(within["village_code"]))
    township = within["township_code"].take(_whole(place)) if within.num_rows else pa.nulls(operates.num_rows, pa.string())
    keys = walk.standing_keys(COOPERATIVE)
    cooperative = pc.index_in(operates["cooperative_id"], value_set=keys)
    pairs = pa.table({"cooperative": cooperative, "village": operates["village_code"], "township": township})
    return (
        _count_distinct(pairs, "village", len(keys)),
        _count_distinct(pairs.filter(pc.field("township").is_valid()), "township", len(keys)),
        _count_distinct(pairs.filter(pc.field("township").is_null()), "village", len(keys)),
    )


def _count_distinct(pairs: pa.Table, column: str, count: int) -> Rows:
    distinct = pairs.group_by(["cooperative", column], use_threads=False).aggregate([])
    return np.bincount(distinct["cooperative"].to_numpy(), minlength=count).astype(np.int64)


# Columns as arrays


def _whole(values: pa.ChunkedArray | pa.Array) -> pa.Array:
    return values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values


def _mask(values: pa.ChunkedArray | pa.Array) -> Mask:
    """Truth values as numpy; unknown is false."""
    mask: Mask = pc.fill_null(values, fill_value=False).to_numpy(zero_copy_only=False) if isinstance(values, pa.Array) else _mask(_whole(values))
    return mask


def _days(dates: pa.ChunkedArray, rows: Rows, unknown: int) -> Rows:
    days = _whole(dates.take(pa.array(rows))).cast(pa.int32()).cast(pa.int64())
    values: Rows = pc.fill_null(days, fill_value=unknown).to_numpy(zero_copy_only=False)
    return values


def _full_members(walk: Inspection) -> pa.Array:
    members = walk.tables["Member"].filter(pa.array(walk.standing["Member"]))
    return _whole(members.filter(pc.field("stage") == "full")["id"])


def _codes(table: pa.Table, columns: Sequence[str], rows: Rows) -> Rows:
    """Number the rows from 0 by what stands in `columns`: equal cells (empty ones too), equal numbers."""
    codes, size = np.zeros(len(rows), np.int64), 1
    taken = table.select(list(columns))
    if not np.array_equal(rows, np.arange(table.num_rows)):
        taken = taken.take(pa.array(rows))
    for name in columns:
        cells, count = _dense(_whole(taken[name]))
        if size * count > 2**62:
            codes, size = _dense(pa.array(codes))
        codes, size = codes * count + cells, size * count
    return _dense(pa.array(codes))[0]


def _dense(values: pa.Array) -> tuple[Rows, int]:
    encoded = pc.dictionary_encode(values, null_encoding="encode")
    return encoded.indices.to_numpy(zero_copy_only=False).astype(np.int64), max(len(encoded.dictionary), 1)


def _by_place(table: pa.Table, rows: Rows) -> Rows:
    """Rank of each of `rows` by file, sheet and row; rows without a place by their position."""
    places = table.select(PROVENANCE.names).take(pa.array(rows)).append_column("position", pa.array(rows))
    order = pc.sort_indices(places, sort_keys=[(name, "ascending") for name in places.column_names])
    rank = np.empty(len(rows), np.int64)
    rank[order.to_numpy()] = np.arange(len(rows))
    return rank


def _first_of_run(codes: Rows) -> Rows:
    """For sorted codes: the position at which the run of each begins."""
    begins = np.append(True, codes[1:] != codes[:-1])
    first: Rows = np.maximum.accumulate(np.where(begins, np.arange(len(codes)), 0))
    return first


# Words for people, rows for the quarantine


def _point_to(table: pa.Table, rows: Rows) -> list[Text]:
    places = table.select(PROVENANCE.names).take(pa.array(rows)).to_pylist()
    return [_place(**place) for place in places]


def _place(source_file: str | None, source_sheet: str | None, source_row: int | None) -> Text:
    """The row that stands, in words; nothing for a row made in Python."""
    if source_row is None:
        return Text("", "")
    file = " · ".join(dict.fromkeys(part for part in (source_file, source_sheet) if part))
    return Text(f"（保留的是 {file} 第{source_row}行）", f" (the one kept is {file} row {source_row})")


def _describe(table: pa.Table, breach: Breach) -> Iterator[Problem]:
    kind = table_type(breach.table)
    rule = RULES[breach.rule]
    rows = table.take(pa.array(breach.rows)).to_pylist()
    column = next((c for c in kind.columns if c.name == breach.column), None)
    for position, row in enumerate(rows):
        note = breach.notes[position] if breach.notes else Text("", "")
        text = _fill(rule.text, column)
        yield Problem(
            breach.table, row["source_file"], row["source_sheet"], row["source_row"], breach.column, _value(breach, kind, position, row),
            rule.id, Text(text.zh + note.zh, text.en + note.en), _fill(rule.remedy, column), rule.effect,
        )  # fmt: skip


def _value(breach: Breach, kind: NodeType | TieType, position: int, row: dict[str, object]) -> str | None:
    """What stands in the cell, or what tells the row apart, fit for a message."""
    by_name = {column.name: column for column in kind.columns}
    if breach.rule in ("key.once", "member.one_primary"):
        parts = [shown_value(by_name[name], row[name]) for name in kind.identity]
        return " · ".join(part for part in parts if part is not None)
    if breach.column is None:
        return None
    return shown_value(by_name[breach.column], breach.values[position] if breach.values else row[breach.column])


def _fill(text: Text, column: Property | None) -> Text:
    """Put what the column declares into the words of a rule."""
    if column is None or "{" not in text.zh + text.en:
        return text
    least, most = column.minimum, column.maximum
    words = {
        "digits": column.digits,
        "words_zh": "、".join(choice.heading.zh for choice in column.choices),
        "words_en": ", ".join(choice.heading.en for choice in column.choices),
        "range_zh": f"不小于 {least}" if most is None else f"{least} 到 {most}",
        "range_en": f"{least} or more" if most is None else f"{least} to {most}",
    }
    return Text(text.zh.format(**words), text.en.format(**words))


def _rows_aside(walk: Inspection, name: str) -> pa.Table:
    """The rows of one table that are set aside, each once, under the first rule found broken."""
    first: dict[int, Breach] = {}
    read: dict[int, dict[str, str | None]] = {}
    for breach in walk.breaches:
        if breach.table != name or RULES[breach.rule].effect != "quarantine":
            continue
        for position, row in enumerate(breach.rows.tolist()):
            first.setdefault(row, breach)
            if breach.values and breach.column:
                read.setdefault(row, {})[breach.column] = breach.values[position]
    positions = sorted(first)
    rows = walk.tables[name].take(pa.array(positions, pa.int64())).to_pylist()
    entries = [
        {"table": name, **{p: row[p] for p in PROVENANCE.names}, "column": first[place].column, "rule": first[place].rule,
         "row": _row_json({**row, **read.get(place, {})})}
        for place, row in zip(positions, rows, strict=True)
    ]  # fmt: skip
    return pa.Table.from_pylist(entries, schema=QUARANTINE)


def _row_json(row: dict[str, object]) -> str:
    known = {name: value for name, value in row.items() if value is not None and name not in PROVENANCE.names}
    return json.dumps(known, ensure_ascii=False, default=str)


def _recount(walk: Inspection, aside: dict[str, int]) -> pa.Table:
    before = {row["table"]: row for row in walk.tables.counts.to_pylist()}
    rows = []
    for name, table in walk.tables.items():
        count = before.get(name) or {"read": table.num_rows, "merged": 0, "quarantined": 0}
        merged, quarantined = walk.merged[name], aside[name]
        loaded = table.num_rows - merged - quarantined
        rows.append(
            {"table": name, "read": count["read"], "loaded": loaded, "merged": count["merged"] + merged,
             "quarantined": count["quarantined"] + quarantined}
        )  # fmt: skip
    return pa.Table.from_pylist(rows, schema=COUNTS)
