"""Columns that a mapping keeps without saying what they mean: text that travels along as properties of what the row is about."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc

from graphkit.data.tables import arrow_schema
from graphkit.model.model import Model
from graphkit.model.types import NodeType
from graphkit.privacy import ID_NUMBER, PHONE, SEPARATORS
from graphkit.words import Text, fold
from loaders.gathered import Gathered
from loaders.mapping.language import Cell, Extra, Saying
from loaders.mapping.rows import Rows

_NAME = re.compile(r"[a-z][a-z0-9_]{0,30}")


def name_extra(heading: str) -> str:
    """The name of the property for a heading: its own where it can be one, else a name made of it, the same at every load.

    >>> name_extra("Land area"), name_extra("家庭收入")
    ('land_area', 'extra_7ec561')
    """
    own = re.sub(r"\W+", "_", heading.strip().lower())
    return own if _NAME.fullmatch(own) else f"extra_{hashlib.sha256(fold(heading).encode()).hexdigest()[:6]}"


def carry_extras(sayings: Sequence[Saying], rows: Rows, extras: Sequence[Extra]) -> tuple[Saying, ...]:
    """Sayings in which what a row is about takes along the columns kept: the first node that every row says, and those before it that some rows say."""
    there = {extra.name: Cell(column=extra.heading) for extra in extras if rows.get(extra.heading) is not None}
    carried, ended = [], False
    for saying in sayings:
        kind = saying.kind
        if not isinstance(kind, NodeType):
            carried.append(saying)
            continue
        wide = replace(kind, properties=(*kind.properties, *(extra.property for extra in extras)))
        own = {name: replace(cell, keep="first") if any(c.keep for c in saying.cells.values()) else cell for name, cell in there.items()}
        carried.append(replace(saying, kind=wide, cells=saying.cells if ended else {**saying.cells, **own}))
        ended |= not saying.where
    return tuple(carried)


def declare_extras(model: Model, extras: Sequence[Extra], tables: Iterable[str]) -> Model:
    """The model with the columns kept as properties of the kinds of nodes among these."""
    nodes = {kind.table for kind in model.nodes} & set(tables)
    return model.extend(properties={table: [extra.property for extra in extras] for table in nodes}) if extras else model


def settle_extras(gathered: Gathered, model: Model, extras: Sequence[Extra]) -> None:
    """Leave out the columns that no file had, and what rows of one thing say differently: that is not known of it, and said."""
    names = {extra.name for extra in extras}
    held: dict[str, list[Extra]] = {}
    for kind in model.nodes:
        for extra in extras:
            if any(extra.name in part.column_names and part[extra.name].null_count < part.num_rows for part in gathered.parts.get(kind.table, ())):
                held.setdefault(kind.table, []).append(extra)
    gathered.model = model.extend(properties={table: [extra.property for extra in kept] for table, kept in held.items()}) if held else model
    for kind in gathered.model.nodes:
        if names & {name for part in gathered.parts.get(kind.table, ()) for name in part.column_names}:
            whole = pa.concat_tables(gathered.parts[kind.table]).select(arrow_schema(kind).names).combine_chunks()
            for extra in held.get(kind.table, ()):
                whole = _without_numbers(whole, kind, extra, gathered)
            gathered.parts[kind.table] = [_agreed(whole, kind, held.get(kind.table, ()), gathered)]


def _without_numbers(whole: pa.Table, kind: NodeType, extra: Extra, gathered: Gathered) -> pa.Table:
    """The table without identity numbers in the column, which are never kept, nor phones where it is not said to be personal."""
    column = whole.schema.get_field_index(extra.name)
    plain = pc.utf8_normalize(whole[extra.name], form="NFKC")
    digits = pc.replace_substring_regex(plain, SEPARATORS, "")
    found = pc.match_substring_regex(digits, ID_NUMBER)
    found = found if extra.personal else pc.or_(found, pc.or_(pc.match_substring_regex(digits, PHONE), pc.match_substring_regex(plain, PHONE)))
    number = int(pc.sum(found).as_py() or 0)
    if not number:
        return whole
    remedy = Text("", "") if extra.personal else Text("；电话应写在 personal 下", "; phones belong under personal")
    gathered.tell(
        kind.table,
        Text(f"“{extra.heading}”里的身份证号或电话没有保留：{number} 格{remedy.zh}", f"{extra.heading!r}: identity numbers or phones, not kept: {number} cells{remedy.en}"),
    )  # fmt: skip
    kept = pc.if_else(pc.fill_null(found, fill_value=False), pa.scalar(None, pa.string()), whole[extra.name])
    return whole.set_column(column, whole.schema.field(column), kept)


def _agreed(whole: pa.Table, kind: NodeType, extras: Iterable[Extra], gathered: Gathered) -> pa.Table:
    """The table with what rows of one thing say alike in all of them; where they differ, in none."""
    for extra in extras:
        said = whole.group_by(kind.key, use_threads=False).aggregate([(extra.name, "count_distinct"), (extra.name, "first")])
        place = pc.index_in(whole[kind.key], value_set=said[kind.key].combine_chunks())
        differ = pc.greater(said[f"{extra.name}_count_distinct"], 1).combine_chunks().take(place.combine_chunks())
        value = said[f"{extra.name}_first"].combine_chunks().take(place.combine_chunks())
        settled = pc.if_else(pc.is_null(whole[kind.key]), whole[extra.name], pc.if_else(differ, pa.scalar(None, pa.string()), value))
        column = whole.schema.get_field_index(extra.name)
        whole = whole.set_column(column, whole.schema.field(column), settled)
        if things := int(pc.sum(pc.greater(said[f"{extra.name}_count_distinct"], 1)).as_py() or 0):
            gathered.tell(
                kind.table,
                Text(f"“{extra.heading}”在同一{kind.heading.zh}的几行里不同，没有保留：{things} 个", f"{extra.heading!r} differs between rows of one {kind.heading.en}, not kept: {things}"),
            )  # fmt: skip
    return whole


def read_extras(said: Mapping[str, object]) -> tuple[Extra, ...]:
    """Columns under ``keep`` and ``personal``: a list of headings, or a table of names and headings."""
    found = []
    for verb in ("keep", "personal"):
        held = said.get(verb, [])
        pairs: Iterable[tuple[object, object]] = (
            held.items()
            if isinstance(held, dict)
            else [(name_extra(str(heading)), heading) for heading in held if held]
            if isinstance(held, list)
            else []
        )
        found += [Extra(str(name), str(heading), verb == "personal") for name, heading in pairs]
    return tuple(found)
