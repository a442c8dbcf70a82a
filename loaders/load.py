"""Loading: a folder or a workbook in the canonical form, one file or sheet for each kind, into sound Tables."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pyarrow as pa

from graphkit.data.breaches import RULES, Breach
from graphkit.data.checks import inspect_tables, list_problems, set_aside, sort_problems
from graphkit.data.problems import Problem
from graphkit.data.pseudonyms import need_outside, open_key, pseudonymise_ids
from graphkit.data.tables import COUNTS, QUARANTINE, UNREAD, Tables
from graphkit.errors import SourceError
from graphkit.model.kinds import COMPLETENESS, MODEL
from graphkit.model.types import NodeType, TieType
from loaders.columns import fold, kinds_by_name, name_nearest, type_columns
from loaders.files import OTHER_SHEET_SUFFIXES, READ_SUFFIXES, read_file
from loaders.sheets import Sheet, refuse

GUIDE_SHEETS = ("说明", "guide")  # the first page of the template explains and holds no rows


@dataclass(slots=True, eq=False)
class _Gathered:
    """What was read so far, by table."""

    parts: dict[str, list[pa.Table]] = field(default_factory=dict)
    breaches: list[Breach] = field(default_factory=list)
    misfits: list[tuple[str, Sheet, int, str]] = field(default_factory=list)

    def add(self, sheet: Sheet, kind: NodeType | TieType) -> None:
        table, breaches = type_columns(sheet, kind)
        parts = self.parts.setdefault(kind.table, [])
        before = sum(part.num_rows for part in parts)
        self.breaches.extend(replace(b, rows=b.rows + before) for b in breaches)
        self.misfits.extend((kind.table, sheet, number, text) for number, text in sheet.misfits)
        parts.append(table)


def load_folder(path: str | Path, *, encoding: str | None = None, pseudonyms: str | Path | None = None) -> Tables:
    r"""Load a folder of CSV and XLSX files in the canonical form, one file for each kind.

    A file is named after its kind, a heading after its column: in Chinese, in English, or as stored
    (村.csv, village.csv, ``Member_HELPS_Household.csv``), whatever the case, spaces, ``_`` and ``-``.
    Fixed values likewise; 是/否, yes/no, true/false or 1/0; dates as ``2012-04-30``, 2012/4/30,
    2012.4.30 or 2012年4月30日; an empty cell is unknown. An XLSX file may hold several kinds, a sheet
    each, or one kind after which the file is named. Two files of one kind are put together. Files of
    other programs, hidden ones, and those that a spreadsheet locks (``~$…``) are passed over.

    Parameters
    ----------
    path : path
        The folder.
    encoding : str, optional
        Of the CSV files. If not given, each is read as UTF-8, and where that fails as GB18030.
    pseudonyms : path, optional
        File of a key, outside the folder; made if it is not there. The ids of members and households
        are then replaced by pseudonyms, the same at both ends of every tie, for the same key always.

    Returns
    -------
    Tables
        The sound rows, each with its file, sheet and row (the heading is row 1). Rows that break a
        rule stand in ``.quarantine``; in ``.counts``, read = loaded + merged + quarantined. A cell that cannot be
        read costs its row only where the row cannot be placed without it (a key, an end of a tie); what was not read
        stands in ``.unread``. A file or sheet named 完整性 or completeness says which tables have every row
        there is (``.completeness``).
        `check_source` says what is wrong with them and what to do.

    Raises
    ------
    SourceError
        If a file cannot be read or a heading is not known: once, for all files.
    ParameterError
        If the key lies in the folder.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = (Path(folder) / "村.csv").write_text("代码,名称\n230112104001,一村\n7,二村\n", encoding="gb18030")
    ...     tables = load_folder(folder)
    >>> tables["Village"].num_rows, tables.quarantine["source_row"].to_pylist()
    (1, [3])
    """
    return _load(_list_files(Path(path)), Path(path), encoding, pseudonyms)[0]


def load_workbook(path: str | Path, *, pseudonyms: str | Path | None = None) -> Tables:
    """Load an XLSX workbook in the canonical form, one sheet for each kind, such as the filled template.

    Names, headings and values are read as `load_folder` reads them. A formula counts as what it last
    gave; one that gave an error (``#N/A``), or was never computed, is not an empty cell but one that could not be read.

    Raises
    ------
    SourceError
        If the file is no workbook, is protected by a password, or has a sheet or heading that is not known.
    """
    path = Path(path)
    if path.suffix.lower() == ".csv" or path.is_dir():
        raise refuse("这不是工作簿；请用 load_folder 或 load", "this is no workbook; use load_folder or load", path=path)
    return _load([path], path, None, pseudonyms)[0]


def load(path: str | Path, *, encoding: str | None = None, pseudonyms: str | Path | None = None) -> Tables:
    """Load a folder, a workbook or a single CSV file, by what `path` is; see `load_folder`."""
    return _load(_files_of(Path(path)), Path(path), encoding, pseudonyms)[0]


def check_source(path: str | Path, *, encoding: str | None = None, pseudonyms: str | Path | None = None) -> tuple[Tables, list[Problem]]:
    """Load a folder, a workbook or a single CSV file, and say everything that is wrong with its rows.

    Returns
    -------
    Tables
        As `load_folder` returns them.
    list of Problem
        In the order of tables, files and rows: for each row set aside every rule that it breaks, then
        also what is only reported. No personal value stands in any of them.

    Raises
    ------
    SourceError
        As `load_folder`.
    """
    return _load(_files_of(Path(path)), Path(path), encoding, pseudonyms, describe=True)


def _files_of(path: Path) -> list[Path]:
    return _list_files(path) if path.is_dir() else [path]


def _list_files(folder: Path) -> list[Path]:
    """Files that hold rows, by name."""
    if not folder.is_dir():
        raise refuse("没有这个文件夹", "there is no such folder", path=folder)
    seen = sorted(file for file in folder.iterdir() if file.is_file() and not file.name.startswith((".", "~$")))
    files = [file for file in seen if file.suffix.lower() in (*READ_SUFFIXES, *OTHER_SHEET_SUFFIXES)]
    if not files:
        raise refuse(
            "文件夹里没有表格；应有以表名命名的 .csv 或 .xlsx，如 村.csv",
            "there is no table in the folder; there should be .csv or .xlsx files named after tables, such as Village.csv",
            path=folder,
        )
    return files


def _together(errors: Sequence[SourceError], path: Path) -> SourceError:
    """One error for all files that cannot be read."""
    zh, en = ("\n  ".join(["", *(error.say(lang) for error in errors)]) for lang in ("zh", "en"))
    return SourceError(en, zh=zh, path=str(path))


def _load(
    files: Sequence[Path], path: Path, encoding: str | None, pseudonyms: str | Path | None, *, describe: bool = False
) -> tuple[Tables, list[Problem]]:
    if pseudonyms is not None:
        need_outside(pseudonyms, path)
    gathered = _Gathered()
    errors: list[SourceError] = []
    for file in files:
        try:
            for sheet, kind in _name_kinds(read_file(file, encoding=encoding)):
                gathered.add(sheet, kind)
        except SourceError as error:
            errors.append(error)
    if errors:
        raise errors[0] if len(errors) == 1 else _together(errors, path)
    tables = _as_read(gathered)
    if pseudonyms is not None:
        tables = pseudonymise_ids(tables, open_key(pseudonyms))
    inspection = inspect_tables(tables, gathered.breaches)
    problems = sort_problems([*map(_misfit_problem, gathered.misfits), *list_problems(inspection)], tables.model) if describe else []
    return set_aside(inspection), problems


def _name_kinds(sheets: list[Sheet]) -> list[tuple[Sheet, NodeType | TieType]]:
    """Which kind each sheet holds, by its name; a lone sheet may go by the name of its file."""
    kinds = kinds_by_name()
    rows = [sheet for sheet in sheets if sheet.name is None or fold(sheet.name) not in GUIDE_SHEETS]
    found = []
    for sheet in rows:
        kind = kinds.get(fold(sheet.name or sheet.path.stem)) or (kinds.get(fold(sheet.path.stem)) if len(rows) == 1 else None)
        if kind is None:
            raise _unknown_kind(sheet)
        found.append((sheet, kind))
    return found


def _unknown_kind(sheet: Sheet) -> SourceError:
    name = sheet.name or sheet.path.stem
    near_zh = name_nearest(name, [kind.heading.zh for kind in MODEL.kinds])
    near_en = name_nearest(name, [spelling for kind in MODEL.kinds for spelling in (kind.table, kind.heading.en)])
    zh = f"；是否为“{near_zh or near_en}”？" if near_zh or near_en else ""
    en = f"; is it {near_en or near_zh!r}?" if near_zh or near_en else ""
    return refuse(
        f"没有名为“{name}”的表{zh} 可用的表：{'、'.join(kind.heading.zh for kind in MODEL.kinds)}",
        f"there is no table named {name!r}{en} There are: {', '.join(kind.table for kind in MODEL.kinds)}",
        path=sheet.path, sheet=sheet.name,
    )  # fmt: skip


def _as_read(gathered: _Gathered) -> Tables:
    """Every row that fitted its heading, sound or not; those that did not fit are in quarantine already."""
    tables = {name: pa.concat_tables(parts).combine_chunks() for name, parts in gathered.parts.items()}
    said = tables.pop(COMPLETENESS.table, None)
    misfits = [misfit for misfit in gathered.misfits if misfit[0] != COMPLETENESS.table]
    lost = Counter(table for table, *_ in misfits)
    counts = [
        {"table": kind.table, "read": rows + lost[kind.table], "loaded": rows, "merged": 0, "quarantined": lost[kind.table]}
        for kind in MODEL.kinds
        for rows in [tables[kind.table].num_rows if kind.table in tables else 0]
    ]
    places = [
        {"table": table, "source_file": sheet.path.name, "source_sheet": sheet.name, "source_row": number} for table, sheet, number, _ in misfits
    ]
    aside = [
        {**place, "column": None, "rule": "row.width", "row": json.dumps({"text": text}, ensure_ascii=False)}
        for place, (*_, text) in zip(places, misfits, strict=True)
    ]
    unread = [
        {**place, "fault": fault, "column": None, "state": "set_aside", "subject_kind": label, "subject_id": None}
        for fault, place in enumerate(places)
        for label in _labels(MODEL.table_type(str(place["table"])))
    ]
    return Tables(
        tables,
        quarantine=pa.Table.from_pylist(aside, schema=QUARANTINE),
        counts=pa.Table.from_pylist(counts, schema=COUNTS),
        unread=pa.Table.from_pylist(unread, schema=UNREAD),
        completeness=None if said is None else _with_names(said),
    )


def _labels(kind: NodeType | TieType) -> tuple[str, ...]:
    """Kinds of what a row of this table names."""
    return (kind.label,) if isinstance(kind, NodeType) else (kind.source, kind.target)


def _with_names(said: pa.Table) -> pa.Table:
    """The completeness with tables by their names, whatever heading they were called by."""
    kinds = kinds_by_name()
    names = [kinds[fold(word)].table if word and fold(word) in kinds else word for word in said["table"].to_pylist()]
    return said.set_column(0, said.schema.field("table"), pa.array(names, pa.string()))


def _misfit_problem(misfit: tuple[str, Sheet, int, str]) -> Problem:
    """The problem of a row of another width; its text stays out of it, since nothing says which cell holds what."""
    table, sheet, number, _ = misfit
    rule = RULES["row.width"]
    return Problem(table, sheet.path.name, sheet.name, number, None, None, rule.id, rule.text, rule.remedy, rule.effect)
