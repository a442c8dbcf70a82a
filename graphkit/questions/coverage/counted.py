"""Counting, on the engine that was asked for: DuckDB by numbers for ids, or Spark by the ids themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from graphkit.data.chosen import Chosen
from graphkit.data.coding import Coded, code_ids, coded_schema, id_columns
from graphkit.data.tables import PROVENANCE, Tables, arrow_schema
from graphkit.engines.duckdb import Plan, run_plans, write_plans
from graphkit.engines.engine import At
from graphkit.engines.frames import Asked
from graphkit.engines.spark import SparkEngine
from graphkit.model.kinds import MODEL
from graphkit.questions.coverage.bodies import role_table
from graphkit.questions.coverage.counting import PART_KEYS, PARTS, ROLES, TABLES, Counting, PartOf
from graphkit.questions.coverage.judging import superior_name
from graphkit.rules.pack import Rule, RulePack, Superior

_SUBJECT = pa.field("subject_id", pa.string())
_PLANS: dict[object, Plan] = {}
_MOST_PLANS = 64
Question = tuple[str, int]  # of a kind the whole counting, or the part of this number


def count_asked(
    asked: Mapping[str, Sequence[Rule]], tables: Tables, pack: RulePack, engine: SparkEngine | None = None, at: At | None = None
) -> dict[str, pa.Table]:
    """Count what the rules ask about, a table a kind; `tables` stood on the day of `at`, which an engine of its own needs."""
    names = list(dict.fromkeys(name for kind in asked for name in TABLES[kind]))
    roles = {ROLES[kind]: role_table(pack.bodies, of_village=kind == "Village") for kind in asked if kind in ROLES}
    counting = {kind: Counting(kind, pack, _superiors(rules)) for kind, rules in asked.items()}
    if engine is not None and at is not None:
        frames = engine.open_frames(Chosen(tables, tuple(names), roles), at.tables, at.day)
        return {kind: engine.run(count, frames, count.schema, order=["subject_id"]) for kind, count in counting.items()}
    coded = code_ids(tables, names)
    counted = run_plans(_plans(counting), {**coded.tables, **roles})
    found = {kind: _put_parts(counting[kind], counted, coded) if kind in PARTS else counted[kind, 0] for kind in asked}
    return {kind: table.set_column(0, _SUBJECT, coded.spell(kind, table[_SUBJECT.name])) for kind, table in found.items()}


def count_kind(kind: str, tables: Tables, pack: RulePack, engine: SparkEngine | None = None, at: At | None = None) -> pa.Table:
    """Count every subject of one kind, without regard to any rule; the other parameters are those of `count_asked`."""
    return count_asked({kind: ()}, tables, pack, engine, at)[kind]


def _superiors(rules: Sequence[Rule]) -> dict[str, Superior]:
    """What the rules name as superiors, each under a name of its own."""
    return {superior_name(rule, n): superior for rule in rules for n, superior in enumerate(rule.superior)}


def _put_parts(counting: Counting, counted: Mapping[Question, pa.Table], coded: Coded) -> pa.Table:
    """The counts of each subject, in the order of its number: each part is put where its numbers say, which costs less than joining it."""
    kind = counting.kind
    subjects = coded.tables[kind].rename_columns({MODEL.node_type(kind).key: _SUBJECT.name})
    if not _ascends(subjects[_SUBJECT.name]):
        subjects = subjects.sort_by(_SUBJECT.name)
    every = _ascends(subjects[_SUBJECT.name]) and subjects.num_rows == len(coded.ids[kind])
    place = None if every else subjects[_SUBJECT.name].combine_chunks()
    columns = {name: subjects[name] for name in subjects.column_names}
    for number in range(len(PARTS[kind])):
        part = counted[kind, number].filter(pc.field(PART_KEYS[kind]).is_valid())
        at = part[PART_KEYS[kind]].to_numpy()
        for name in part.column_names[1:]:
            columns[name] = _put(part[name], at, place, len(coded.ids[kind]))
    schema = coded_schema(counting.schema, [_SUBJECT.name])
    return pa.table([columns[name] for name in schema.names], schema=schema)


def _ascends(numbers: pa.ChunkedArray) -> bool:
    if numbers.null_count:
        return False
    values = numbers.to_numpy()
    return bool((values[1:] > values[:-1]).all())


def _put(values: pa.ChunkedArray, at: NDArray[np.int32], place: pa.Array | None, size: int) -> pa.Array:
    """What stands for each subject, by its number, or at the numbers `place`: a count of 0, or no day, where there is nothing."""
    days = pa.types.is_date32(values.type)
    spread = np.full(size, _NO_DAY, np.int32) if days else np.zeros(size, np.int64)
    spread[at] = pc.fill_null(values.cast(pa.int32()), _NO_DAY).to_numpy() if days else values.to_numpy()
    if place is not None:  # a subject without a key has no ties; and who is only named at the end of one is none
        spread = np.where(
            place.is_valid().to_numpy(zero_copy_only=False), spread[place.fill_null(0).to_numpy(zero_copy_only=False)], _NO_DAY if days else 0
        )
    if days:
        return pa.array(spread.astype(np.int32), mask=spread == _NO_DAY).cast(values.type)
    return pa.array(spread, pa.int64())


_NO_DAY = np.iinfo(np.int32).min


def _plans(counting: Mapping[str, Counting]) -> dict[Question, Plan]:
    """The plans of the counting of each kind: written at the first question, together, and kept for those that count the same."""
    keys = {question: (question, *_told(count)) for kind, count in counting.items() for question in _questions(kind)}
    if missing := [question for question, key in keys.items() if key not in _PLANS]:
        if len(_PLANS) + len(missing) > _MOST_PLANS:
            _PLANS.clear()
        columns = {name: _columns_of(name) for kind in counting for name in TABLES[kind]}
        roles = {ROLES[kind]: role_table(count.pack.bodies, of_village=kind == "Village").schema for kind, count in counting.items() if kind in ROLES}
        missing = [question for question, key in keys.items() if key not in _PLANS]
        written = write_plans({question: _asked(question, counting[question[0]]) for question in missing}, columns | roles)
        _PLANS.update({keys[question]: plan for question, plan in written.items()})
    return {question: _PLANS[key] for question, key in keys.items()}


def _questions(kind: str) -> list[Question]:
    return [(kind, number) for number in range(len(PARTS.get(kind, (None,))))]


def _told(count: Counting) -> tuple[object, ...]:
    """What a plan hangs on."""
    pack = count.pack
    return (tuple(count.superiors.items()), *(tuple(words.items()) for words in (pack.members, pack.bodies, pack.offices)))


def _asked(question: Question, count: Counting) -> Asked:
    kind, number = question
    if kind not in PARTS:
        return Asked(count, coded_schema(count.schema, [_SUBJECT.name]), [_SUBJECT.name])
    part = PartOf(count, PARTS[kind][number])
    return Asked(part, coded_schema(part.schema, [PART_KEYS[kind]]))


def _columns_of(table: str) -> pa.Schema:
    """The columns that a counting may read of a table, numbers for ids; where its rows came from is none of them, and need not be there."""
    declared = pa.schema([field for field in arrow_schema(MODEL.table_type(table)) if field.name not in PROVENANCE.names])
    return coded_schema(declared, dict(id_columns(MODEL, table)))
