"""Files for ``neo4j-admin database import full``: the first load of some million rows, several times faster than over Bolt."""

from __future__ import annotations

import datetime as dt
import shlex
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pcsv

from graphkit.errors import ParameterError
from graphkit.schema import NodeType, TieType
from graphkit.store import statements
from graphkit.store.statements import RUN_LABEL, STORED_KINDS, TIE_KEY
from graphkit.store.writer import finished_ledger, refuse_unsound, rows_to_store, run_id, tie_keys
from graphkit.tables import Tables

SCHEMA_FILE, COMMAND_FILE = "schema.cypher", "import.sh"
_TYPES: tuple[tuple[pa.DataType, str], ...] = ((pa.int64(), ":long"), (pa.bool_(), ":boolean"), (pa.date32(), ":date"), (pa.string(), ":string"))


def write_import_files(tables: Tables, folder: str | Path, *, database: str = "neo4j") -> Path:
    """Write what ``neo4j-admin database import full`` needs to make the graph that a load over Bolt makes.

    A header and a data file (CSV, UTF-8) for each kind that has rows, the constraints and indexes as
    ``schema.cypher``, and the command itself as ``import.sh``. The import replaces the whole database
    and needs its server to be stopped, or the database not to be there yet.

    Parameters
    ----------
    tables : Tables
        What the database shall hold.
    folder : str or Path
        A folder that is empty or not there yet.
    database : str
        Name of the database that the command fills.

    Returns
    -------
    Path
        The script with the command; `import_command` gives its text.

    Raises
    ------
    ParameterError
        If the folder holds something.
    StoreError
        If a key is missing or doubled or a tie leads nowhere.

    Examples
    --------
    >>> import tempfile
    >>> where = tempfile.mkdtemp()
    >>> write_import_files(Tables({"Zone": pa.table({"id": ["z1"]})}), where).name
    'import.sh'
    >>> sorted(p.name for p in Path(where).iterdir())
    ['GraphkitRun.csv', 'GraphkitRun.header.csv', 'Zone.csv', 'Zone.header.csv', 'import.sh', 'schema.cypher']
    """
    refuse_unsound(tables)
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise ParameterError(
            f"{folder.name} is not empty: name another folder, so that no old file is imported",
            zh=f"{folder.name} 不是空的：换一个文件夹，以免导入旧文件",
        )
    rows = rows_to_store(tables)
    arguments = []
    for name, option, table in _files(rows, dataset=tables.dataset):
        _write(folder, name, table)
        arguments.append(f"{option}={name}.header.csv,{name}.csv")
    ledger = pa.Table.from_pylist([{":ID(run)": tables.dataset, "dataset": tables.dataset, **finished_ledger(tables, rows, run_id(tables))}])
    _write(folder, RUN_LABEL, ledger)
    arguments.append(f"--nodes={RUN_LABEL}={RUN_LABEL}.header.csv,{RUN_LABEL}.csv")
    texts = (*statements.constraint_statements(), *statements.index_statements())
    (folder / SCHEMA_FILE).write_text("".join(f"{text};\n" for text in texts), encoding="utf-8")
    script = folder / COMMAND_FILE
    script.write_text(_script(arguments, database, has_line_breaks=any(map(_has_line_breaks, rows.values()))), encoding="utf-8")
    return script


def import_command(script: str | Path) -> str:
    """Return the command within the script that `write_import_files` wrote: to be run in the script's folder."""
    return Path(script).read_text(encoding="utf-8").partition("\n\n")[2].strip()


def _files(rows: Mapping[str, pa.Table], *, dataset: str) -> Iterator[tuple[str, str, pa.Table]]:
    """For each kind that has rows: the name of its files, the option that imports them, and the table with its headings."""
    for kind in STORED_KINDS:
        if kind.table in rows:
            name = kind.table.replace(" ", "_")
            if isinstance(kind, NodeType):
                yield name, f"--nodes={kind.label}", _node_file(kind, rows[kind.table], dataset)
            else:
                yield name, f"--relationships={kind.name}", _tie_file(kind, rows[kind.table])


def _node_file(kind: NodeType, table: pa.Table, dataset: str) -> pa.Table:
    names = statements.stored_columns(kind)
    columns = [table[kind.key].cast(pa.string()), *(table[name] for name in names), pa.repeat(dataset, table.num_rows)]
    return pa.table(columns, names=[f":ID({kind.label})", *names, "dataset"])


def _tie_file(kind: TieType, table: pa.Table) -> pa.Table:
    source, target, *values = statements.stored_columns(kind)
    columns = [table[source], table[target], *(table[name] for name in values)]
    names = [f":START_ID({kind.source})", f":END_ID({kind.target})", *values]
    if kind.identity_properties:
        columns.append(pa.chunked_array([tie_keys(table, kind)]))
        names.append(TIE_KEY)
    return pa.table(columns, names=names)


def _write(folder: Path, name: str, table: pa.Table) -> None:
    """Header and data: a text stands in quotes, so that an empty one is told from an unknown one."""
    headings = [field.name if field.name.startswith(":") else f"{field.name}{dict(_TYPES)[field.type]}" for field in table.schema]
    (folder / f"{name}.header.csv").write_text(",".join(headings) + "\n", encoding="utf-8")
    pcsv.write_csv(table, folder / f"{name}.csv", pcsv.WriteOptions(include_header=False, quoting_style="needed"))


def _has_line_breaks(table: pa.Table) -> bool:
    texts = [table[field.name] for field in table.schema if field.type == pa.string()]
    return any(bool(pc.any(pc.match_substring_regex(text, "[\r\n]")).as_py()) for text in texts)


def _script(arguments: Sequence[str], database: str, *, has_line_breaks: bool) -> str:
    options = ["--id-type=string", *(["--multiline-fields=true"] if has_line_breaks else []), *arguments]
    lines = [f"neo4j-admin database import full {shlex.quote(database)}", *map(shlex.quote, options)]
    day = dt.datetime.now(dt.UTC).date().isoformat()
    return (
        "#!/bin/sh\n"
        f"# Written by graphkit on {day}. Stop the server, run this in this folder, start the server, then run {SCHEMA_FILE}:\n"
        f"#   cypher-shell --database {shlex.quote(database)} --file {SCHEMA_FILE}\n"
        f"# 由 graphkit 于 {day} 写出。先停服务器，在本文件夹运行此命令，再启动服务器，最后运行 {SCHEMA_FILE}（同上）。\n\n"
        + " \\\n  ".join(lines)
        + "\n"
    )
