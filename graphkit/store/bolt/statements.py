"""Every Cypher statement of the Bolt stores, made from the schema: the same texts serve Neo4j and the embedded engine.

Rows travel as one list per column, which is several times faster than a map per row, and values travel
as parameters alone. Names come from the schema, where they are words of letters and underscores.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow as pa

from graphkit.data.tables import ACCOUNT_SCHEMAS, PROVENANCE
from graphkit.model.model import Model
from graphkit.model.types import NodeType, Property, TieType, ValueType
from graphkit.queries import Vocabulary
from graphkit.words import Text

RUN_LABEL = "GraphkitRun"
"""Label of the one node a dataset has that says which rows it should hold, and how far a write has come."""

_STORED_TYPES: dict[pa.DataType, ValueType] = {pa.string(): "string", pa.int64(): "integer", pa.date32(): "date"}


def _beside(part: str, label: str, heading: Text) -> NodeType:
    """The kind of node that holds the rows of a part of the account."""
    columns = [field for field in ACCOUNT_SCHEMAS[part] if field.name not in PROVENANCE.names]
    position = Property("position", "integer", Text("序号", "position"), Text("在表中的位置", "its place in the table"), required=True)
    properties = (Property(field.name, _STORED_TYPES[field.type], Text(field.name, field.name), Text(field.name, field.name)) for field in columns)
    return NodeType(label, heading, heading, "position", (position, *properties))


KINDS_BESIDE: dict[str, NodeType] = {
    "quarantine": _beside("quarantine", "GraphkitQuarantine", Text("搁置的行", "row set aside")),
    "unread": _beside("unread", "GraphkitUnread", Text("未能读取之处", "what was not read")),
    "completeness": _beside("completeness", "GraphkitCompleteness", Text("完整性", "completeness")),
    "merged": _beside("merged", "GraphkitMerged", Text("合并的行", "row merged")),
    "repaired": _beside("repaired", "GraphkitRepaired", Text("整理过的格", "cell repaired")),
}
"""Kept beside the graph, as nodes without ties, by part of the account; the counts stand in the ledger."""


def stored_nodes(model: Model) -> tuple[NodeType, ...]:
    """Every kind of node that a dataset of this model may have."""
    return (*model.nodes, *KINDS_BESIDE.values())


def stored_kinds(model: Model) -> tuple[NodeType | TieType, ...]:
    """Every kind of node, then of tie, that a dataset of this model may have."""
    return (*stored_nodes(model), *model.ties)


ACCOUNT_READ = (
    "MATCH (u:GraphkitUnread) WHERE $dataset IS NULL OR u.dataset = $dataset RETURN u.state AS state, count(DISTINCT [u.dataset, u.fault]) AS count ORDER BY state",
    "MATCH (c:GraphkitCompleteness) WHERE $dataset IS NULL OR c.dataset = $dataset\nRETURN count(c) AS count",
)
"""What was not read, by state, and how many lines say what is complete."""

SLICE_ROWS = 10_000  # rows a record when reading back: long enough for speed, short enough for memory
PAGE_NODES = 1_000_000  # nodes that the server holds references to at one time when reading back; only a kind that has more is put in order
TIE_KEY = "tie_key"  # a tie's identity properties as one string: a null cannot be part of MERGE
NO_VALUE, SEPARATOR = "\\N", "|"  # in a tie key; a backslash or bar of a value is escaped


@dataclass(frozen=True, slots=True)
class Reading:
    """A statement that returns one list per column, and the columns that come as text because they are dates."""

    text: str
    columns: tuple[str, ...]
    dates: frozenset[str]


def stored_names(model: Model) -> Vocabulary:
    """What graphkit itself keeps beside the model: labels and properties that a text may ask for."""
    ledger = {
        "batch_rows",
        "counts",
        "finished",
        "finished_at",
        "fresh",
        "locked_by",
        "model",
        "models_before",
        "owner",
        "rows",
        "schema_version",
        "started_at",
        "state",
        "total",
    }
    columns = {name for kind in stored_kinds(model) for name in stored_columns(kind)}
    labels, types = frozenset({RUN_LABEL, *(kind.label for kind in stored_nodes(model))}), frozenset(tie.name for tie in model.ties)
    return Vocabulary(labels, types, frozenset(ledger | columns | {TIE_KEY, "run"}))


NAMES_THERE = (
    "CALL db.labels() YIELD label RETURN collect(label) AS names",
    "CALL db.relationshipTypes() YIELD relationshipType RETURN collect(relationshipType) AS names",
    "CALL db.propertyKeys() YIELD propertyKey RETURN collect(propertyKey) AS names",
)
"""Labels, relationship types and properties that a database holds, of whomever."""


def stored_columns(kind: NodeType | TieType) -> tuple[str, ...]:
    """Columns of the table of `kind` as stored: those declared, then where the row came from."""
    return (*(column.name for column in kind.columns), *PROVENANCE.names)


def own_constraints(model: Model) -> dict[str, tuple[str, tuple[str, ...]]]:
    """The constraints that graphkit makes: by name, the label and the properties of which a value stands once."""
    keys = {RUN_LABEL: ("dataset",), **{kind.label: ("dataset", kind.key) for kind in stored_nodes(model)}}
    return {f"graphkit_{label.lower()}": (label, properties) for label, properties in keys.items()}


def constraint_statements(model: Model) -> tuple[str, ...]:
    """Statements that make a key stand once in a dataset: run before any row, or concurrent writes double it."""
    return tuple(
        f"CREATE CONSTRAINT {name} IF NOT EXISTS FOR (n:{label}) REQUIRE ({', '.join(f'n.{one}' for one in properties)}) IS UNIQUE"
        for name, (label, properties) in own_constraints(model).items()
    )


def index_statements(model: Model) -> tuple[str, ...]:
    """Statements that index the key alone, for queries that name a thing and no dataset: made last, when they are built in one go."""
    return tuple(
        f"CREATE INDEX graphkit_{kind.label.lower()}_{kind.key} IF NOT EXISTS FOR (n:{kind.label}) ON (n.{kind.key})" for kind in model.nodes
    )


def load_statement(kind: NodeType | TieType, *, fresh: bool = False) -> str:
    r"""Statement that writes a batch of rows of `kind`: a list parameter for each column, with `dataset` and `run` for all.

    In a `fresh` dataset, which held nothing before this run, rows are created without looking for them
    first, since the ledger lets each batch in once. They do not carry the run's number: nothing is stale
    now, and a later run takes a row without a number for one of another run. The statement returns the
    number of rows written: fewer than sent means that a tie's end is not in the database.

    Examples
    --------
    >>> from graphkit.model.kinds import ZONE
    >>> print(load_statement(ZONE).replace(", n.", ",\n    n."))
    UNWIND range(0, size($id) - 1) AS i
    MERGE (n:Zone {dataset: $dataset, id: $id[i]})
    SET n.name = $name[i],
        n.founded_on = $founded_on[i],
        n.dissolved_on = $dissolved_on[i],
        n.source_file = $source_file[i],
        n.source_sheet = $source_sheet[i],
        n.source_row = $source_row[i],
        n.run = $run
    RETURN count(*) AS written
    """
    rows, values = _rows(kind), [name for name in stored_columns(kind) if name not in kind.identity[:2]]
    pattern, identity = (f"n:{kind.label}", _key(kind, kind.key)) if isinstance(kind, NodeType) else (f"r:{kind.name}", _tie_key(kind))
    if fresh:  # one map, which is somewhat faster than to set each property afterwards
        everything = ", ".join([*identity, *(f"{name}: ${name}[i]" for name in values)])
        return f"{rows}CREATE {_drawn(kind, f'{pattern} {{{everything}}}')}\nRETURN count(*) AS written"
    known = f" {{{', '.join(identity)}}}" if identity else ""
    return f"{rows}MERGE {_drawn(kind, pattern + known)}\nSET {_assignments(pattern[0], values)}\nRETURN count(*) AS written"


def _rows(kind: NodeType | TieType) -> str:
    """The beginning of a statement: a row for each place in the lists, and for ties the two ends."""
    first = kind.columns[0].name
    rows = f"UNWIND range(0, size(${first}) - 1) AS i\n"
    if isinstance(kind, NodeType):
        return rows
    ends = zip("ab", (kind.source_type, kind.target_type), kind.ends, strict=True)
    return rows + "".join(f"MATCH ({one}:{node.label} {{{', '.join(_key(node, end.name))}}})\n" for one, node, end in ends)


def _key(kind: NodeType, parameter: str) -> list[str]:
    return ["dataset: $dataset", f"{kind.key}: ${parameter}[i]"]


def _tie_key(kind: TieType) -> list[str]:
    return [f"{TIE_KEY}: ${TIE_KEY}[i]"] if kind.identity_properties else []


def _drawn(kind: NodeType | TieType, inner: str) -> str:
    return f"({inner})" if isinstance(kind, NodeType) else f"(a)-[{inner}]->(b)"


def _assignments(name: str, columns: Sequence[str]) -> str:
    return ", ".join([f"{name}.{column} = ${column}[i]" for column in columns] + [f"{name}.run = $run"])


def read_nodes(kind: NodeType, *, pages: bool, first: bool) -> Reading:
    """Statement that reads all nodes of `kind`, or if there are `pages` one of them: the first, or the one that follows the key `$after`.

    Only pages are put in the order of the key: to sort costs the embedded engine five times what it costs to read.
    """
    columns = stored_columns(kind)
    dates = frozenset(column.name for column in kind.columns if column.type == "date")
    text = (
        f"MATCH (n:{kind.label} {{dataset: $dataset}})\n{'' if first else f'WHERE n.{kind.key} > $after{chr(10)}'}"
        f"WITH n{f' ORDER BY n.{kind.key}' if pages else ''} LIMIT $page\n"
        f"{_SLICES.format(one='n')}RETURN {_lists('n', [(c, c) for c in columns], dates)}"
    )
    return Reading(text, columns, dates)


def read_ties(kind: TieType, *, first: bool, last: bool) -> Reading:
    """Statement that reads the ties whose source key lies above `$after`, unless it is the `first` span, and up to `$last`, unless it is the last.

    Each bound stands alone, so that a server can seek it in its index.
    """
    columns = stored_columns(kind)
    dates = frozenset(column.name for column in kind.columns if column.type == "date")
    source, target = kind.source_type.key, kind.target_type.key
    ends = [f"[r IN part | startNode(r).{source}] AS {columns[0]}", f"[r IN part | endNode(r).{target}] AS {columns[1]}"]
    lists = _lists("r", [(c, c) for c in columns[2:]], dates)
    bounds = " AND ".join([f"a.{source} > $after"] * (not first) + [f"a.{source} <= $last"] * (not last))
    where = f"WHERE {bounds}\n" if bounds else ""
    text = (
        f"MATCH (a:{kind.source} {{dataset: $dataset}})-[r:{kind.name}]->(:{kind.target})\n{where}"
        f"{_SLICES.format(one='r')}RETURN {', '.join(ends)}, {lists}"
    )
    return Reading(text, columns, dates)


_SLICES = (
    "WITH collect({one}) AS everything\nUNWIND range(0, size(everything) - 1, $slice) AS start\nWITH everything[start..start + $slice] AS part\n"
)


def _lists(one: str, columns: Sequence[tuple[str, str]], dates: frozenset[str]) -> str:
    """One list for each column; a comprehension keeps the nulls that ``collect`` would drop, and dates travel as text."""
    return ", ".join(f"[{one} IN part | {f'toString({one}.{c})' if c in dates else f'{one}.{c}'}] AS {alias}" for c, alias in columns)


def stale_statements(kind: NodeType | TieType) -> tuple[Reading, str]:
    """Statement that lists what of `kind` the run `$run` has not written, in lists, and the statement that deletes such a list.

    Two statements, so that the work grows with what is there and not with its square.
    """
    if isinstance(kind, NodeType):
        listing = f"MATCH (n:{kind.label} {{dataset: $dataset}}) WHERE coalesce(n.run, 0) <> $run\n{_SLICES.format(one='n')}"
        listing += f"RETURN [n IN part | n.{kind.key}] AS source"
        delete = f"UNWIND $source AS key MATCH (n:{kind.label} {{dataset: $dataset, {kind.key}: key}}) DETACH DELETE n"
        return Reading(listing, ("source",), frozenset()), delete
    source, target = kind.source_type.key, kind.target_type.key
    listing = f"MATCH (:{kind.source} {{dataset: $dataset}})-[r:{kind.name}]->(:{kind.target}) WHERE coalesce(r.run, 0) <> $run\n"
    listing += f"{_SLICES.format(one='r')}RETURN [r IN part | startNode(r).{source}] AS source, [r IN part | endNode(r).{target}] AS target"
    delete = (
        "UNWIND range(0, size($source) - 1) AS i\n"
        f"MATCH (a:{kind.source} {{dataset: $dataset, {source}: $source[i]}})\n"
        f"MATCH (b:{kind.target} {{dataset: $dataset, {target}: $target[i]}})\n"
        f"MATCH (a)-[r:{kind.name}]->(b) WHERE coalesce(r.run, 0) <> $run DELETE r"
    )
    return Reading(listing, ("source", "target"), frozenset()), delete


# The ledger: one node a dataset. A transaction that writes it locks it first, by a property that says nothing
# else, and looks at it afterwards: a condition is evaluated before the lock is had, and not again.

LEDGER_READ = f"MATCH (g:{RUN_LABEL} {{dataset: $dataset}}) RETURN properties(g) AS ledger"
LEDGER_LIST = f"MATCH (g:{RUN_LABEL}) RETURN g.dataset AS dataset, properties(g) AS ledger ORDER BY dataset"
_LOCKED = "SET g.locked_by = $owner WITH g"
LEDGER_LOCK = f"MATCH (g:{RUN_LABEL} {{dataset: $dataset}}) {_LOCKED} RETURN properties(g) AS ledger"
LEDGER_TAKE = f"MERGE (g:{RUN_LABEL} {{dataset: $dataset}}) {_LOCKED} RETURN properties(g) AS ledger"
LEDGER_SET = f"MATCH (g:{RUN_LABEL} {{dataset: $dataset}}) SET g += $ledger"
LEDGER_ADVANCE = (
    f"MATCH (g:{RUN_LABEL} {{dataset: $dataset}}) {_LOCKED}\n"
    "WHERE g.owner = $owner AND g.finished = $position SET g.finished = $position + 1 RETURN g.finished AS finished"
)
LEDGER_DROP = f"MATCH (g:{RUN_LABEL} {{dataset: $dataset}}) DELETE g"


def any_node_statement(kind: NodeType) -> str:
    """Statement that returns a row if the dataset has a node of `kind`; Neo4j seeks it in the key's index, however many nodes other datasets have."""
    return f"MATCH (n:{kind.label} {{dataset: $dataset}}) WHERE n.{kind.key} IS NOT NULL RETURN n.{kind.key} AS key LIMIT 1"
