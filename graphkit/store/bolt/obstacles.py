"""Constraints that others made in a database, looked at before the first row: one of them may refuse a row in mid-load."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa

from graphkit.errors import StoreError
from graphkit.model.model import Model
from graphkit.model.types import NodeType, TieType
from graphkit.store.bolt.connection import Connection
from graphkit.store.bolt.statements import own_constraints, stored_columns, stored_kinds
from graphkit.store.failures import store_error
from graphkit.words import Text

CONSTRAINTS = "SHOW CONSTRAINTS YIELD name, type, labelsOrTypes, properties RETURN name, type, labelsOrTypes, properties ORDER BY name"
LOOKED_AT = 10_000  # values that the server is asked for at one time
OURS = ("dataset", "run")  # the same for every row of a write


@dataclass(frozen=True, slots=True)
class _Constraint:
    name: str
    type: str
    label: str
    properties: tuple[str, ...]

    @property
    def asks_for_one(self) -> bool:
        """Whether no two nodes or ties may have the same values."""
        return "UNIQUE" in self.type or "KEY" in self.type

    @property
    def asks_for_all(self) -> bool:
        """Whether every node or tie must have a value."""
        return "EXISTENCE" in self.type or "KEY" in self.type


def refuse_obstacles(connection: Connection, rows: Mapping[str, pa.Table], model: Model) -> None:
    """Raise if a constraint on a label or relationship type of the model would refuse a row; only Neo4j has such of others.

    Raises
    ------
    StoreError
        With the constraint's name, what it stops, and what to do.
    """
    if not connection.is_neo4j:
        return
    for record in connection.fetch(CONSTRAINTS):
        constraint = _Constraint(record["name"], record["type"], record["labelsOrTypes"][0], tuple(record["properties"]))
        label, properties = own_constraints(model).get(constraint.name, (constraint.label, constraint.properties))
        if (label, properties) != (constraint.label, constraint.properties):
            raise _in_the_way(connection, constraint, Text("graphkit 的约束要用这个名称", "graphkit needs its name for a constraint of its own"))
        for kind in stored_kinds(model):
            if constraint.label != (kind.label if isinstance(kind, NodeType) else kind.name) or kind.table not in rows:
                continue
            if why := next(_reasons(connection, constraint, kind, rows[kind.table]), None):
                raise _in_the_way(connection, constraint, why)


def _reasons(connection: Connection, constraint: _Constraint, kind: NodeType | TieType, rows: pa.Table) -> Iterator[Text]:
    """Why a constraint would refuse a row of this kind."""
    columns = [name for name in constraint.properties if name not in OURS]
    unknown = [name for name in columns if name not in stored_columns(kind)]
    lacking = unknown or [name for name in columns if rows[name].null_count]
    if constraint.asks_for_all and lacking:
        yield Text(f"{kind.table} 的行不都有 {'、'.join(lacking)}", f"not every row of {kind.table} has {', '.join(lacking)}")
    harmless = unknown or (isinstance(kind, NodeType) and {"dataset", kind.key} <= set(constraint.properties))
    if not constraint.asks_for_one or harmless:
        return
    whole = rows.select(columns).drop_null() if columns else rows.select(list(kind.identity))
    once = whole.group_by(columns).aggregate([]).num_rows if columns else min(whole.num_rows, 1)
    if once < whole.num_rows:
        yield Text(
            f"{kind.table} 中有 {whole.num_rows - once:,} 行与别的行取值相同",
            f"{whole.num_rows - once:,} rows of {kind.table} have the values of another",
        )
    if columns and "dataset" not in constraint.properties and (there := _count_others(connection, kind, columns, whole)):
        yield Text(f"{kind.table} 中有 {there:,} 行的取值已为别的数据所用", f"the values of {there:,} rows of {kind.table} are taken by other data")


def _count_others(connection: Connection, kind: NodeType | TieType, columns: Sequence[str], rows: pa.Table) -> int:
    """How many nodes or ties outside the dataset have values of `rows`; the constraint has an index by which they are found."""
    values = ", ".join(f"{name}: ${name}[i]" for name in columns)
    pattern = f"(a:{kind.label} {{{values}}})" if isinstance(kind, NodeType) else f"(a)-[r:{kind.name} {{{values}}}]->()"
    text = f"UNWIND range(0, size(${columns[0]}) - 1) AS i MATCH {pattern} WHERE coalesce(a.dataset, '') <> $dataset RETURN count(*) AS there"
    parts = (rows.slice(start, LOOKED_AT) for start in range(0, rows.num_rows, LOOKED_AT))
    return sum(int(connection.fetch(text, **{name: part[name].to_pylist() for name in columns})[0]["there"]) for part in parts)


def _in_the_way(connection: Connection, constraint: _Constraint, why: Text) -> StoreError:
    name = "`" + constraint.name.replace("`", "``") + "`"
    what = f"{constraint.label} ({', '.join(constraint.properties)}), {constraint.type}"
    return store_error(
        Text(
            f"{connection.url}：数据库里的约束 {constraint.name}（{what}）不是 graphkit 建的，会拒绝这次装入：{why.zh}。一行都没有写入。"
            f"若不再需要它：DROP CONSTRAINT {name}；否则请装入另一个数据库（--database）。",
            f"{connection.url}: the constraint {constraint.name} on {what}, which graphkit did not make, would refuse this load: {why.en}. "
            f"No row was written. If it is no longer needed: DROP CONSTRAINT {name}; else load into another database (--database).",
        )
    )


def doubled_keys(connection: Connection, name: str, model: Model) -> StoreError:
    """The error of graphkit's constraint `name`, which cannot be made because nodes of others have the same key."""
    label, properties = own_constraints(model)[name]
    key = ", ".join(f"n.{one} AS {one}" for one in properties)
    shown = f"MATCH (n:{label}) WITH {key}, count(*) AS times WHERE times > 1 RETURN {', '.join(properties)}, times"
    return store_error(
        Text(
            f"{connection.url}：数据库里有几个 {label} 节点的 {'、'.join(properties)} 完全相同，graphkit 的约束建不成。一行都没有写入。"
            f"用这条语句查看：{shown}。它们可能是别人的数据：删去多余的，或装入另一个数据库（--database）。",
            f"{connection.url}: several nodes of {label} have the same {' and '.join(properties)}, so graphkit's constraint cannot be made. "
            f"No row was written. See which: {shown}. They may be somebody's own: remove what is doubled, or load into another database (--database).",
        )
    )
