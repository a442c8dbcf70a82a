"""What is not known of a district: what was there and could not be read, whom it concerns, and which tables may miss rows.

A cell that cannot be read is empty in the table, and an empty cell often says something: that a tie still
goes on, that nobody visited. So what was not read is kept beside the rows, with the things it would have
said something of, for every answer to count them and to call no verdict about them certain.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping

import pyarrow as pa
import pyarrow.compute as pc

from graphkit.data.arrays import whole
from graphkit.data.tables import Tables
from graphkit.model.model import Model

_ALWAYS = ("set_aside", "contradicts")


def touched_subjects(tables: Tables, *, columns: Mapping[str, Collection[str]] | None = None) -> dict[str, pa.Array]:
    """Return the keys, by kind, of everything of which something was to be read and was not.

    A row that was set aside touches each thing that it names and that is there; so does a tie that contradicts another.
    A cell that could not be read touches the thing, or both ends of the tie, in whose row it stands.

    Parameters
    ----------
    tables : Tables
        As loaded; also of one day (`Tables.at`).
    columns : mapping of str to collection of str, optional
        By table, the columns that a question reads: only lost rows of these tables and unread cells of these columns
        count, and the two that say from when to when a row holds count always. If not given, every table counts, and every column
        in which an empty cell says something (`Property.empty_says`): where it says only "unknown", it is that already.

    Returns
    -------
    dict of str to Array
        Distinct keys by label, in ascending order; a label of which nothing is touched is left out. What could not be
        placed at all, `unplaced_rows` counts.

    Examples
    --------
    >>> from graphkit.data.checks import quarantine_problems
    >>> given = {"Member": pa.table({"id": ["m1", "m2"]}), "Branch": pa.table({"id": ["b1"]}),
    ...     "Member BELONGS_TO Branch": pa.table({"member_id": ["m1", "m2"], "branch_id": ["b1", "b9"], "primary": [True, True]})}
    >>> {kind: keys.to_pylist() for kind, keys in touched_subjects(quarantine_problems(Tables(given))).items()}
    {'Member': ['m2']}
    """
    read = _concerning(tables, columns)
    found = {}
    for kind in tables.model.nodes:
        keys = read.filter((pc.field("subject_kind") == kind.label) & pc.field("subject_id").is_valid())["subject_id"]
        if len(keys):
            found[kind.label] = whole(pc.unique(keys)).sort()
    return found


def unplaced_rows(tables: Tables, *, columns: Mapping[str, Collection[str]] | None = None) -> dict[str, int]:
    """Return, by kind, how many rows that were set aside speak of a thing of this kind of which it is not known which it is.

    Any one of the kind may be meant, or one that is in no table. `columns` as for `touched_subjects`.

    Examples
    --------
    >>> from graphkit.data.checks import quarantine_problems
    >>> given = {"Member": pa.table({"id": ["m1"]}), "Branch": pa.table({"id": ["b1"]}),
    ...     "Member BELONGS_TO Branch": pa.table({"member_id": ["m1"], "branch_id": ["b9"], "primary": [True]})}
    >>> unplaced_rows(quarantine_problems(Tables(given)))
    {'Branch': 1}
    """
    read = _concerning(tables, columns).filter(pc.field("subject_id").is_null() & pc.field("subject_kind").is_valid())
    counted = read.group_by("subject_kind", use_threads=False).aggregate([([], "count_all")]).to_pylist()
    return {row["subject_kind"]: row["count_all"] for row in counted}


def count_faults(tables: Tables, *, columns: Mapping[str, Collection[str]] | None = None) -> dict[str, dict[str, int]]:
    """Return, by kind and key, how many rows and cells that were not read speak of each thing; `columns` as for `touched_subjects`.

    Examples
    --------
    >>> from graphkit.data.checks import quarantine_problems
    >>> given = {"Member": pa.table({"id": ["m1"]}), "Branch": pa.table({"id": ["b1"]}),
    ...     "Member BELONGS_TO Branch": pa.table({"member_id": ["m1"], "branch_id": ["b9"], "primary": [True]})}
    >>> count_faults(quarantine_problems(Tables(given)))
    {'Member': {'m1': 1}}
    """
    read = _concerning(tables, columns).filter(pc.field("subject_id").is_valid())
    found: dict[str, dict[str, int]] = {}
    counted = read.group_by(["subject_kind", "subject_id"], use_threads=False).aggregate([("fault", "count_distinct")]).to_pylist()
    for row in counted:
        found.setdefault(row["subject_kind"], {})[row["subject_id"]] = row["fault_count_distinct"]
    return found


def count_unread(tables: Tables) -> dict[str, int]:
    """Return how much was not read, by why: cells by state, and rows as ``set_aside``; a cell or row counts once, whomever it touches.

    Examples
    --------
    >>> from graphkit.data.checks import quarantine_problems
    >>> given = quarantine_problems(Tables({"Household": pa.table({"id": ["h1", None], "people": [-5, 3]})}))
    >>> count_unread(given)
    {'set_aside': 1, 'unreadable': 1}
    """
    distinct = tables.unread.group_by(["fault", "state"], use_threads=False).aggregate([])
    counted = distinct.group_by("state", use_threads=False).aggregate([([], "count_all")]).to_pylist()
    return {row["state"]: row["count_all"] for row in sorted(counted, key=lambda row: str(row["state"]))}


def _concerning(tables: Tables, columns: Mapping[str, Collection[str]] | None) -> pa.Table:
    """What was not read of these columns."""
    unread = tables.unread
    if not unread.num_rows:
        return unread
    wanted = pa.array([f"{table}\0{column}" for table, column in _columns_that_count(tables.model, columns)], pa.string())
    cells = pc.binary_join_element_wise(unread["table"], pc.fill_null(unread["column"], ""), "\0")
    rows = pc.is_in(unread["state"], value_set=pa.array(_ALWAYS))
    if columns is not None:
        rows = pc.and_(rows, pc.is_in(unread["table"], value_set=pa.array(list(columns), pa.string())))
    return unread.filter(pc.or_(rows, pc.is_in(cells, value_set=wanted)))


def _columns_that_count(model: Model, columns: Mapping[str, Collection[str]] | None) -> Iterator[tuple[str, str]]:
    for kind in model.kinds if columns is None else [model.table_type(table) for table in columns]:
        for column in kind.columns:
            asked = column.empty_says if columns is None else column.name in columns[kind.table]
            if asked or column.name in (kind.since_column, kind.until_column):
                yield kind.table, column.name


# What is complete


def open_tables(tables: Tables, day: dt.date | None = None) -> tuple[str, ...]:
    """Return the names of the tables that may miss rows: all but those said to be complete, as a whole, that lost none.

    A table is complete if a line of ``tables.completeness`` says so of the whole district, without a period or for one in which `day` lies,
    no line says the contrary, it has as many rows as were expected where a number is given, and none of its rows was set aside.

    Examples
    --------
    >>> said = pa.table({"table": ["Village"], "extent": ["complete"]})
    >>> given = Tables({"Village": pa.table({"code": ["230112104001"]})}, completeness=said)
    >>> "Village" in open_tables(given), "Household" in open_tables(given)
    (False, True)
    """
    lost = set(pc.unique(tables.unread.filter(pc.field("state") == "set_aside")["table"]).to_pylist())
    lines = [line for line in tables.completeness.to_pylist() if line["within_id"] is None and speaks_of(line, day)]
    closed = {line["table"] for line in lines if says_complete(tables, line)} - {line["table"] for line in lines if not says_complete(tables, line)}
    return tuple(kind.table for kind in tables.model.kinds if kind.table not in closed - lost)


def speaks_of(line: Mapping[str, object], day: dt.date | None) -> bool:
    """Whether a line of the completeness speaks of the day: it has no period, or one in which the day lies (its end is no more in it)."""
    since, until = line["since"], line["until"]
    if since is None and until is None:
        return True
    return day is not None and (not isinstance(since, dt.date) or since <= day) and (not isinstance(until, dt.date) or day < until)


def says_complete(tables: Tables, line: Mapping[str, object]) -> bool:
    """Whether a line of the completeness says that every row is there, and the rows do not speak against it."""
    if line["extent"] == "partial" or (line["extent"] is None and line["expected"] is None):
        return False
    there = count_within(tables, line, tables.model)
    return line["expected"] is None or there is None or there == line["expected"]


def count_within(tables: Mapping[str, pa.Table], line: Mapping[str, object], model: Model) -> int | None:
    """How many rows a table has of what the line speaks of; None where that cannot be counted.

    Of a period those count that held on some day of it; of a kind without dates, all. Within a place or a body those count that lie in it or belong to it by a tie of their own; of a tie table, those that end there.
    """
    name, kind, key = str(line["table"]), line["within_kind"], line["within_id"]
    if key is None and isinstance(tables, Tables) and not (line["since"] or line["until"]):
        return tables.count(name)
    if key is None:
        return int(_in_period(tables, name, line, model).num_rows)
    for tie in model.ties:
        ends = [end.name for end, label in zip(tie.ends, (tie.source, tie.target), strict=True) if label == kind]
        is_own = tie.source == name and tie.target == kind and tie.role in ("place", "membership")
        if ends and (tie.table == name or is_own):
            there = _in_period(tables, tie.table, line, model).filter(pc.field(ends[-1]) == key)
            return int(there.num_rows if tie.table == name else pc.count_distinct(there[tie.ends[0].name]).as_py())
    return None


def _in_period(tables: Mapping[str, pa.Table], name: str, line: Mapping[str, object], model: Model) -> pa.Table:
    """The rows of a table that held on some day of the period of the line; all of them where it has none."""
    kind, table = model.table_type(name), tables[name]
    if kind.since_column and line["until"]:
        table = table.filter(pc.field(kind.since_column).is_null() | (pc.field(kind.since_column) < pa.scalar(line["until"], pa.date32())))
    if kind.until_column and line["since"]:
        table = table.filter(pc.field(kind.until_column).is_null() | (pc.field(kind.until_column) > pa.scalar(line["since"], pa.date32())))
    return table
