"""Files for ``neo4j-admin database import full``: the first load of some million rows, several times faster than over Bolt."""

from __future__ import annotations

import datetime as dt
import re
import shlex
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pcsv

from graphkit.data.tables import Tables
from graphkit.errors import ParameterError
from graphkit.files import PRIVATE_FOLDER, make_private_folder, replacing
from graphkit.model.model import Model
from graphkit.model.types import NodeType, TieType
from graphkit.store.bolt import statements
from graphkit.store.bolt.statements import RUN_LABEL, TIE_KEY, stored_kinds
from graphkit.store.bolt.writer import finished_ledger, rows_to_store, run_id, tie_keys
from graphkit.store.unsound import refuse_unsound
from graphkit.words import Text

_DATABASE = re.compile(r"(?!system)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", re.IGNORECASE)  # as Neo4j names databases
SCHEMA_FILE, COMMAND_FILE = "schema.cypher", "import.sh"
_TYPES: tuple[tuple[pa.DataType, str], ...] = ((pa.int64(), ":long"), (pa.bool_(), ":boolean"), (pa.date32(), ":date"), (pa.string(), ":string"))


def write_import_files(tables: Tables, folder: str | Path, *, database: str = "neo4j") -> Path:
    """Write what ``neo4j-admin database import full`` needs to make the graph that a load over Bolt makes.

    A header and a data file (CSV, UTF-8) for each kind that has rows, the constraints and indexes as
    ``schema.cypher``, and the command itself as ``import.sh``. The import replaces the whole database
    and needs its server to be stopped, or the database not to be there yet. The files hold all names, so
    nobody but their owner may read them (modes 0700 and 0600): run the command as the same user.

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
        If the folder holds something, or Neo4j would not take the name of the database.
    StoreError
        If a key is missing or doubled or a tie leads nowhere.
    WriteError
        If the disk is full, or the place cannot be written; what was begun is removed again.

    Examples
    --------
    >>> import tempfile
    >>> where = tempfile.mkdtemp()
    >>> write_import_files(Tables({"Zone": pa.table({"id": ["z1"]})}), where).name
    'import.sh'
    >>> sorted(p.name for p in Path(where).iterdir())
    ['GraphkitRun.csv', 'GraphkitRun.header.csv', 'Zone.csv', 'Zone.header.csv', 'import.sh', 'schema.cypher']
    """
    _refuse_database(database)
    refuse_unsound(tables)
    folder = Path(folder)
    made = make_private_folder(folder)
    if any(folder.iterdir()):
        raise ParameterError(
            Text(
                f"{folder.name} 不是空的：换一个文件夹，以免导入旧文件",
                f"{folder.name} is not empty: name another folder, so that no old file is imported",
            ),
        )
    try:
        return _write_all(tables, folder, database)
    except BaseException:
        _remove_all(folder, tables.model)
        if made:
            folder.rmdir()
        raise


def _refuse_database(name: str) -> None:
    """Refuse what Neo4j would not take as the name of a database; the command that is written holds it."""
    if not _DATABASE.fullmatch(name):
        raise ParameterError(
            Text(
                f"{name!r} 不能作数据库的名称：应为 3 到 63 个英文字母、数字、点和连字符，首尾不能是点和连字符，也不能以 system 开头",
                f"{name!r} names no database: 3 to 63 letters a to z, digits, dots and dashes, no dot or dash at an end, and not 'system…'",
            ),
        )


def _write_all(tables: Tables, folder: Path, database: str) -> Path:
    """Write every file, the script last."""
    rows = rows_to_store(tables)
    ledger = pa.Table.from_pylist([{":ID(run)": tables.dataset, "dataset": tables.dataset, **finished_ledger(tables, rows, run_id(tables))}])
    arguments = []
    for name, option, table in (*_files(tables.model, rows, dataset=tables.dataset), (RUN_LABEL, f"--nodes={RUN_LABEL}", ledger)):
        _write_table(folder, name, table)
        arguments.append(f"{option}={name}.header.csv,{name}.csv")
    texts = (*statements.constraint_statements(tables.model), *statements.index_statements(tables.model))
    _write_text(folder / SCHEMA_FILE, "".join(f"{text};\n" for text in texts))
    script = folder / COMMAND_FILE
    _write_text(script, _script(arguments, database, has_line_breaks=any(map(_has_line_breaks, rows.values()))))
    script.chmod(PRIVATE_FOLDER)  # as a folder is, so that it can be run
    return script


def _remove_all(folder: Path, model: Model) -> None:
    """Remove what `_write_all` has written so far; the folder was empty before."""
    names = [*(_file_name(kind) for kind in stored_kinds(model)), RUN_LABEL]
    for file in (*(f"{name}{end}" for name in names for end in (".header.csv", ".csv")), SCHEMA_FILE, COMMAND_FILE):
        (folder / file).unlink(missing_ok=True)


def import_command(script: str | Path) -> str:
    """Return the command within the script that `write_import_files` wrote: to be run in the script's folder."""
    return Path(script).read_text(encoding="utf-8").partition("\n\n")[2].strip()


def _files(model: Model, rows: Mapping[str, pa.Table], *, dataset: str) -> Iterator[tuple[str, str, pa.Table]]:
    """For each kind that has rows: the name of its files, the option that imports them, and the table with its headings."""
    for kind in stored_kinds(model):
        if kind.table in rows:
            name = _file_name(kind)
            if isinstance(kind, NodeType):
                yield name, f"--nodes={kind.label}", _node_file(kind, rows[kind.table], dataset)
            else:
                yield name, f"--relationships={kind.name}", _tie_file(kind, rows[kind.table])


def _file_name(kind: NodeType | TieType) -> str:
    return kind.table.replace(" ", "_")


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


def _write_table(folder: Path, name: str, table: pa.Table) -> None:
    """Header and data: a text stands in quotes, so that an empty one is told from an unknown one."""
    headings = [field.name if field.name.startswith(":") else f"{field.name}{dict(_TYPES)[field.type]}" for field in table.schema]
    _write_text(folder / f"{name}.header.csv", ",".join(headings) + "\n")
    with replacing(folder / f"{name}.csv", private=True) as coming:
        pcsv.write_csv(table, coming, pcsv.WriteOptions(include_header=False, quoting_style="needed"))


def _write_text(file: Path, text: str) -> None:
    with replacing(file, private=True) as coming:
        coming.write_text(text, encoding="utf-8")


def _has_line_breaks(table: pa.Table) -> bool:
    texts = [table[field.name] for field in table.schema if field.type == pa.string()]
    return any(bool(pc.any(pc.match_substring_regex(text, "[\r\n]")).as_py()) for text in texts)


def _script(arguments: Sequence[str], database: str, *, has_line_breaks: bool) -> str:
    options = ["--id-type=string", *(["--multiline-fields=true"] if has_line_breaks else []), *arguments]
    lines = [f"neo4j-admin database import full {shlex.quote(database)}", *map(shlex.quote, options)]
    day = dt.datetime.now(dt.UTC).date().isoformat()
    return (
        "#!/bin/sh\n"
        f"# Written by graphkit on {day}. The files hold all names and only you may read them: run this as yourself.\n"
        f"# Stop the server, run this in this folder, start the server, then run {SCHEMA_FILE} in the same database:\n"
        f"#   cypher-shell --database DATABASE --file {SCHEMA_FILE}\n"
        f"# 由 graphkit 于 {day} 写出。文件里有全部人名，只有您本人能读：请用自己的账户运行。\n"
        f"# 先停服务器，在本文件夹运行此命令，再启动服务器，最后在同一个数据库里运行 {SCHEMA_FILE}（同上）。\n\n" + " \\\n  ".join(lines) + "\n"
    )
