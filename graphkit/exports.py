"""Files for other programs: the canonical folder of CSVs, and the workbook to fill in."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from graphkit.errors import ParameterError
from graphkit.schema import TABLE_TYPES, NodeType, Property, Text, TieType
from graphkit.tables import Tables

BOM = b"\xef\xbb\xbf"  # with it a spreadsheet takes the file for UTF-8
FORMULA = r"^([=+\-@\t\r'])"  # texts that a spreadsheet would run, and the apostrophe that marks them; loaders.columns takes one off again
YES, NO = Text("是", "yes"), Text("否", "no")


def write_folder(tables: Tables, path: str | Path, *, lang: str = "zh") -> Path:
    """Write tables as a folder of CSV files that `loaders.load_folder` reads back, and return the folder.

    One file for each kind that has rows, named after its table with ``_`` for a space
    (``Member_HELPS_Household.csv``), UTF-8 with BOM, headings and fixed values as words in `lang`,
    dates as ``2012-04-30``, 是/否 or yes/no, empty for unknown. Rows stand in the order of what tells
    them apart. A text that a spreadsheet would run as a formula (it begins with ``= + - @``, a tab or
    a carriage return), or that begins with an apostrophe, is written with an apostrophe before it, and
    the loader takes that off. Provenance is not written: read again, a row comes from its new file.

    The folder is made if it is not there. Files of the same names in it are replaced; the file of a
    kind that has no rows now is removed, so that what is read is what was written. Other files stay.

    Parameters
    ----------
    tables : Tables
        What to write.
    path : path
        The folder.
    lang : {"zh", "en"}
        Language of headings and fixed values.

    Raises
    ------
    ParameterError
        If `lang` is another, or `path` is a file.

    Examples
    --------
    >>> import tempfile
    >>> t = Tables({"Village": pa.table({"code": ["230112104001"], "name": ["一村"]})})
    >>> with tempfile.TemporaryDirectory() as place:
    ...     text = (write_folder(t, place, lang="en") / "Village.csv").read_text(encoding="utf-8-sig")
    >>> print(text.splitlines()[1])
    "230112104001","一村",,
    """
    folder = _need_folder(Path(path))
    _need_lang(lang)
    for kind in TABLE_TYPES:
        file = folder / f"{kind.table.replace(' ', '_')}.csv"
        if tables[kind.table].num_rows:
            _write_csv(_in_words(_in_order(tables[kind.table], kind), kind, lang), file)
        else:
            file.unlink(missing_ok=True)
    return folder


def _need_lang(lang: str) -> None:
    if lang not in ("zh", "en"):
        raise ParameterError(f"lang takes 'zh' or 'en', not {lang!r}")


def _need_folder(folder: Path) -> Path:
    if folder.exists() and not folder.is_dir():
        raise ParameterError(f"{folder} is a file; give a folder")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _in_order(table: pa.Table, kind: NodeType | TieType) -> pa.Table:
    """Rows by identity, then by the rest, so that equal tables give equal files."""
    names = [*kind.identity, *(c.name for c in kind.columns if c.name not in kind.identity)]
    return table.select([c.name for c in kind.columns]).sort_by([(name, "ascending") for name in names])


def _in_words(table: pa.Table, kind: NodeType | TieType, lang: str) -> pa.Table:
    columns = [_words(table[column.name], column, lang) for column in kind.columns]
    return pa.Table.from_arrays(columns, names=[column.heading.say(lang) for column in kind.columns])


def _words(values: pa.ChunkedArray, column: Property, lang: str) -> pa.ChunkedArray:
    """Values as the words that stand in the file."""
    if column.type == "boolean":
        return pc.if_else(values, YES.say(lang), NO.say(lang))
    if column.choices:
        stored = pa.array(column.values)
        shown = pa.array([choice.heading.say(lang) for choice in column.choices])
        values = pc.coalesce(shown.take(pc.index_in(values, stored).combine_chunks()), values)
    if column.type != "string":
        return values.cast(pa.string())
    return pc.replace_substring_regex(values, FORMULA, r"'\1")


def _write_csv(table: pa.Table, file: Path) -> None:
    with file.open("wb") as sink:
        sink.write(BOM)
        pa.csv.write_csv(table, sink)
